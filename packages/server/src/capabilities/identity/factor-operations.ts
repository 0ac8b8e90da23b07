import { z } from 'zod'
import { Failure } from '../../foundation/failure.ts'
import { operation, type Ahead } from '../../foundation/operation.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { ownAccount } from './accounts.ts'
import { countAttempt, keepWrong, takeBack } from './attempts.ts'
import { nothing, session, wrongEntry, type IdentitySettings } from './shapes.ts'
import { makeRecoveryCodes, proveRecovery } from './recovery.ts'
import { addFactor, mustBeFresh } from './sessions.ts'
import { mayEnrol } from './standing.ts'
import { beginTotp, proveTotp } from './totp.ts'

const code = z.string().trim().min(6).max(40)
const proved = z.object({ session })

/** Guesses at a second factor are counted by the account, whose password is known by then. */
const whoOf = (tx: Transaction) => JSON.stringify(['factor', tx.scope.actor.account])

const guessed = {
  refusal: wrongEntry,
  refused: (tx: Transaction, _: unknown, failure: Failure) => keepWrong(tx, whoOf(tx), failure),
  ahead: (work: Ahead) => work.first((tx) => countAttempt(tx, whoOf(tx))),
}

/** The operations on second factors. */
export function factorOperations({ key }: IdentitySettings) {
  return {
    proveTotp: operation({
      action: 'identity.prove-totp',
      says: 'Proves the second factor by a code of the authenticator app',
      input: z.strictObject({ code }),
      output: proved,
      secret: true,
      entry: () => ({ factor: 'totp' }),
      ...guessed,
      async run(tx, { code: given }) {
        const { id } = await ownAccount(tx)
        await proveTotp(tx, key, { account: id, code: given })
        await takeBack(tx, whoOf(tx))
        return { session: await addFactor(tx, 'totp') }
      },
    }),
    proveRecovery: operation({
      action: 'identity.prove-recovery',
      says: 'Proves the second factor by a recovery code, which is used up',
      input: z.strictObject({ code }),
      output: proved,
      secret: true,
      entry: () => ({ factor: 'recovery' }),
      ...guessed,
      async run(tx, { code: given }) {
        const { id } = await ownAccount(tx)
        await proveRecovery(tx, id, given)
        await takeBack(tx, whoOf(tx))
        return { session: await addFactor(tx, 'recovery') }
      },
    }),
    beginTotp: operation({
      action: 'identity.begin-totp',
      says: 'Makes the secret of an authenticator app, which counts once a code of it is given',
      input: nothing,
      output: z.object({ secret: z.string(), uri: z.string() }),
      secret: true,
      entry: () => ({}),
      async run(tx) {
        await mayEnrol(tx)
        return await beginTotp(tx, key, await ownAccount(tx))
      },
    }),
    confirmTotp: operation({
      action: 'identity.confirm-totp',
      says: 'Sets the authenticator app up; the first factor comes with recovery codes, shown once',
      input: z.strictObject({ code }),
      output: proved.extend({ codes: z.array(z.string()).nullable() }),
      secret: true,
      entry: () => ({}),
      ...guessed,
      async run(tx, { code: given }) {
        const { passkeys } = await mayEnrol(tx)
        const { id } = await ownAccount(tx)
        await proveTotp(tx, key, { account: id, code: given, confirms: true })
        await takeBack(tx, whoOf(tx))
        const codes = passkeys === 0 ? await makeRecoveryCodes(tx, id) : null
        return { session: await addFactor(tx, 'totp'), codes }
      },
    }),
    removeTotp: operation({
      action: 'identity.remove-totp',
      says: 'Removes the authenticator app, if another factor stays or none is asked for',
      input: nothing,
      output: z.object({}),
      entry: () => ({}),
      async run(tx) {
        const { passkeys } = await mayEnrol(tx)
        const { id, tenant } = await ownAccount(tx)
        if (passkeys === 0 && tenant === null) {
          throw new Failure('conflict', 'the staff have a second factor at all times', {
            fix: 'add a passkey first',
          })
        }
        await tx.rows`delete from identity.totp where account = ${id}`
        return {}
      },
    }),
    makeRecoveryCodes: operation({
      action: 'identity.make-recovery-codes',
      says: 'Makes ten new recovery codes, shown once; those before are good no more',
      input: nothing,
      output: z.object({ codes: z.array(z.string()) }),
      secret: true,
      entry: () => ({}),
      async run(tx) {
        await mustBeFresh(tx)
        const { id } = await ownAccount(tx)
        return { codes: await makeRecoveryCodes(tx, id) }
      },
    }),
  }
}
