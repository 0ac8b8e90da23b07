import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { z } from 'zod'
import { Failure } from '../../foundation/failure.ts'
import { operation } from '../../foundation/operation.ts'
import { ownAccount } from './accounts.ts'
import { addPasskey, askPasskey, beginPasskey, listPasskeys, provePasskey } from './passkeys.ts'
import { enterRealm } from './realm.ts'
import { makeRecoveryCodes } from './recovery.ts'
import { readRules } from './rules.ts'
import { addFactor, beginSession } from './sessions.ts'
import { agent, nothing, session, wrongEntry, type IdentitySettings } from './shapes.ts'
import { mustNotGoRound } from './sign-in.ts'
import { mayEnrol } from './standing.ts'

/** What browsers and authenticators say to each other: WebAuthn's own JSON, which the library reads. */
const options = z.looseObject({ challenge: z.string() })
const base64 = z.string().max(4096)
const answer = z.looseObject({
  id: z.string().min(1).max(1400),
  rawId: base64,
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: base64 }),
  clientExtensionResults: z.looseObject({}),
})
const proved = z.object({ session })

/** The operations on passkeys: device and finger in one, so that one alone signs somebody in. */
export function passkeyOperations({ origin }: IdentitySettings) {
  return {
    passkeys: operation({
      action: 'identity.list-passkeys',
      says: 'The passkeys of who asks',
      input: nothing,
      output: z.object({
        passkeys: z.array(
          z.object({
            id: z.string(),
            label: z.string(),
            addedAt: z.number(),
            usedAt: z.number().nullable(),
          }),
        ),
      }),
      run: async (tx) => ({ passkeys: await listPasskeys(tx, (await ownAccount(tx)).id) }),
    }),
    beginPasskey: operation({
      action: 'identity.begin-passkey',
      says: 'What a browser needs to make a passkey',
      input: nothing,
      output: z.object({ options }),
      secret: true,
      entry: () => ({}),
      async run(tx) {
        await mayEnrol(tx)
        const made = await beginPasskey(tx, origin, await ownAccount(tx))
        return { options: { ...made } }
      },
    }),
    addPasskey: operation({
      action: 'identity.add-passkey',
      says: 'Adds a passkey; the first factor comes with recovery codes, shown once',
      input: z.strictObject({ label: z.string().trim().min(1).max(100), response: answer }),
      output: proved.extend({ codes: z.array(z.string()).nullable() }),
      secret: true,
      entry: () => ({}),
      refusal: wrongEntry,
      async run(tx, { label, response }) {
        const { totp, passkeys } = await mayEnrol(tx)
        const { id } = await ownAccount(tx)
        const given = response as unknown as RegistrationResponseJSON
        await addPasskey(tx, origin, { account: id, label, response: given })
        const codes = totp || passkeys > 0 ? null : await makeRecoveryCodes(tx, id)
        return { session: await addFactor(tx, 'passkey'), codes }
      },
    }),
    removePasskey: operation({
      action: 'identity.remove-passkey',
      says: 'Removes a passkey, if another factor stays or none is asked for',
      input: z.strictObject({ passkey: z.string().min(1).max(1400) }),
      output: z.object({}),
      entry: () => ({}),
      async run(tx, { passkey }) {
        const { totp, passkeys } = await mayEnrol(tx)
        const { id, tenant } = await ownAccount(tx)
        if (!totp && passkeys < 2 && tenant === null) {
          throw new Failure('conflict', 'the staff have a second factor at all times', {
            fix: 'add another first',
          })
        }
        const row = await tx.row`delete from identity.passkeys
          where id = ${passkey} and account = ${id} returning id`
        if (!row) throw new Failure('not-found', 'there is no such passkey')
        return {}
      },
    }),
    askPasskey: operation({
      action: 'identity.ask-passkey',
      says: 'What a browser needs to prove a passkey: one of who asks, or a stranger’s to sign in by',
      input: nothing,
      output: z.object({ options }),
      secret: true,
      async run(tx) {
        const asked = await askPasskey(tx, origin, tx.scope.actor.account ?? null)
        return { options: { ...asked } }
      },
    }),
    signInByPasskey: operation({
      action: 'identity.sign-in-by-passkey',
      says: 'Signs in by a passkey alone',
      input: z.strictObject({
        tenant: z.string().min(1).max(200).nullable().default(null),
        response: answer,
        agent,
      }),
      output: z.object({ session, account: z.string() }),
      secret: true,
      entry: (_, { account }) => ({ account }),
      refusal: wrongEntry,
      async run(tx, { tenant, response, agent: by }) {
        await enterRealm(tx, tenant)
        const given = response as unknown as AuthenticationResponseJSON
        const account = await provePasskey(tx, origin, { asked: null, response: given })
        await mustNotGoRound(tx, account)
        const rules = await readRules(tx)
        const begun = await beginSession(tx, account, { factors: ['passkey'], rules, agent: by })
        return { session: begun, account: account.id }
      },
    }),
    provePasskey: operation({
      action: 'identity.prove-passkey',
      says: 'Proves the second factor by a passkey',
      input: z.strictObject({ response: answer }),
      output: proved,
      secret: true,
      entry: () => ({ factor: 'passkey' }),
      refusal: wrongEntry,
      async run(tx, { response }) {
        const { id } = await ownAccount(tx)
        const given = response as unknown as AuthenticationResponseJSON
        await provePasskey(tx, origin, { asked: id, response: given })
        return { session: await addFactor(tx, 'passkey') }
      },
    }),
  }
}
