import { z } from 'zod'
import { operation, type Session } from '../../foundation/operation.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { ownAccount } from './accounts.ts'
import { appOperations } from './app-operations.ts'
import { keepWrong } from './attempts.ts'
import { factorOperations } from './factor-operations.ts'
import { acceptInvitation, inviteFirstOwner, joinLink, readInvitation } from './invitations.ts'
import { keyOperations } from './key-operations.ts'
import { passkeyOperations } from './passkey-operations.ts'
import { setPassword } from './passwords.ts'
import { peopleOperations } from './people-operations.ts'
import { testProviderOperations } from './probe/provider/operations.ts'
import { connectionOperations } from './providers/connection-operations.ts'
import { probeOperations } from './probe/operations.ts'
import { domainOperations } from './providers/domain-operations.ts'
import { entryOperations } from './providers/entry-operations.ts'
import { findLogout } from './providers/logout.ts'
import { logoutOperations } from './providers/logout-operations.ts'
import { countRecoveryCodes } from './recovery.ts'
import { readRules } from './rules.ts'
import { directoryOperations } from './scim/directory-operations.ts'
import { scimOperations } from './scim/scim-operations.ts'
import { beginSession, endSessions, factors, listSessions, renewToken } from './sessions.ts'
import {
  agent,
  email,
  name,
  nothing,
  password,
  session,
  wrongEntry,
  type IdentitySettings,
} from './shapes.ts'
import { signIn, tryPassword, whoOf } from './sign-in.ts'
import { findNeeds, mayChangePassword, needs } from './standing.ts'
import { wordsOf } from './words.ts'

const link = z.string().regex(/^kept_link_[A-Za-z0-9_-]{43}$/, 'this is no link of this Kept')

/** The operations on who signs in, how, and what they may do then. */
export function identityOperations(settings: IdentitySettings) {
  return {
    signIn: operation({
      action: 'identity.sign-in',
      says: 'Signs in by address and password; a second factor comes after it',
      input: z.strictObject({
        /** A tenant's user names it; the staff leave it out. */
        tenant: z.string().min(1).max(200).nullable().default(null),
        email,
        password,
        agent,
      }),
      output: z.object({ session, account: z.string() }),
      secret: true,
      entry: (_, { account }) => ({ account }),
      refusal: wrongEntry,
      refused: (tx, { tenant, email: at }, failure) => keepWrong(tx, whoOf(tenant, at), failure),
      ahead: tryPassword,
      run: signIn,
    }),
    show: operation({
      action: 'identity.show',
      says: 'Who is signed in, by what, and what is still asked of them',
      input: nothing,
      output: z.object({
        account: z.string(),
        tenant: z.string().nullable(),
        name: z.string(),
        email: z.string(),
        role: z.string(),
        factors: z.array(z.string()),
        needs: z.array(z.enum(needs)),
        /** What the account has set up to prove itself by. */
        has: z.object({ totp: z.boolean(), passkeys: z.number(), recoveryCodes: z.number() }),
      }),
      async run(tx) {
        const account = await ownAccount(tx)
        const { proved, owed, totp, passkeys } = await findNeeds(tx)
        const has = { totp, passkeys, recoveryCodes: await countRecoveryCodes(tx, account.id) }
        return { ...account, account: account.id, factors: proved, needs: owed, has }
      },
    }),
    signOut: operation({
      action: 'identity.sign-out',
      says: 'Ends the session that asks; says where to sign out of the provider that began it too',
      input: nothing,
      output: z.object({ session, provider: z.string().nullable() }),
      entry: () => ({}),
      secret: true,
      async run(tx) {
        const provider = await findLogout(tx, settings)
        await endSessions(tx, { session: tx.scope.actor.session! })
        return { session: null, provider }
      },
    }),
    sessions: operation({
      action: 'identity.list-sessions',
      says: 'The sessions of who asks: since when, from where, by what',
      input: nothing,
      output: z.object({
        sessions: z.array(
          z.object({
            id: z.string(),
            factors: z.array(z.enum(factors)),
            beganAt: z.number(),
            usedAt: z.number(),
            endsAt: z.number(),
            agent: z.string(),
            address: z.string().nullable(),
            own: z.boolean(),
            apps: z.array(z.string()),
          }),
        ),
      }),
      run: async (tx) => ({ sessions: (await listSessions(tx)) as never }),
    }),
    endSession: operation({
      action: 'identity.end-session',
      says: 'Ends one session of who asks',
      input: z.strictObject({ session: z.uuid() }),
      output: z.object({ ended: z.number() }),
      entry: (_, { ended }) => ({ ended }),
      run: async (tx, { session: id }) => ({ ended: await endSessions(tx, { session: id }) }),
    }),
    endSessions: operation({
      action: 'identity.end-sessions',
      says: 'Ends all other sessions of who asks',
      input: nothing,
      output: z.object({ ended: z.number() }),
      entry: (_, { ended }) => ({ ended }),
      run: async (tx) => ({ ended: await endSessions(tx, { others: true }) }),
    }),
    setPassword: operation({
      action: 'identity.set-password',
      says: 'Sets a new password: all other sessions of the account end, and this one gets another token',
      input: z.strictObject({ password }),
      output: z.object({ session, ended: z.number() }),
      secret: true,
      entry: (_, { ended }) => ({ ended }),
      run: replacePassword,
    }),
    showInvitation: operation({
      action: 'identity.show-invitation',
      says: 'What a one-time link is for',
      input: z.strictObject({ token: link }),
      output: z.object({
        tenant: z.string().nullable(),
        email: z.string().nullable(),
        /** Whether an account is opened again, which has its name already. */
        known: z.boolean(),
        /** What who invited them says they are called. */
        name: z.string().nullable(),
        passwordLength: z.number(),
      }),
      async run(tx, { token }) {
        const { tenant, email: to, account, name: called } = await readInvitation(tx, token)
        const { passwordLength } = await readRules(tx)
        return { tenant, email: to, known: account !== null, name: called, passwordLength }
      },
    }),
    accept: operation({
      action: 'identity.accept-invitation',
      says: 'Uses a one-time link up: makes the account, or opens it again, with a new password',
      input: z.strictObject({
        token: link,
        name: name.nullable().default(null),
        email: email.nullable().default(null),
        password,
        agent,
      }),
      output: z.object({ session, account: z.string() }),
      secret: true,
      entry: (_, { account }) => ({ account }),
      refusal: wrongEntry,
      async run(tx, { password: chosen, agent: by, ...given }) {
        const account = await acceptInvitation(tx, given)
        const rules = await readRules(tx)
        const words = await wordsOf(tx, account)
        await setPassword(tx, { account: account.id, password: chosen, rules, words })
        const proved = ['link', 'password'] as const
        const begun = await beginSession(tx, account, { factors: proved, rules, agent: by })
        return { session: begun, account: account.id }
      },
    }),
    inviteFirstOwner: operation({
      action: 'identity.invite-first-owner',
      says: 'Makes the one-time link of the first owner; null once there is one',
      input: nothing,
      output: z.object({ link: z.string().nullable(), endsAt: z.number().nullable() }),
      secret: true,
      entry: (_, { endsAt }) => ({ made: endsAt !== null }),
      async run(tx) {
        const made = await inviteFirstOwner(tx)
        return made
          ? { link: joinLink(settings.origin, made.token), endsAt: made.endsAt }
          : { link: null, endsAt: null }
      },
    }),
    ...appOperations(),
    ...factorOperations(settings),
    ...keyOperations(),
    ...passkeyOperations(settings),
    ...peopleOperations(settings),
    ...domainOperations(settings),
    ...connectionOperations(settings),
    ...entryOperations(settings),
    ...logoutOperations(settings),
    ...directoryOperations(settings),
    ...scimOperations(settings),
    ...probeOperations,
    ...testProviderOperations(settings),
  }
}

export type IdentityOperations = ReturnType<typeof identityOperations>

/** All other sessions end with the password that they may have begun by. */
async function replacePassword(
  tx: Transaction,
  { password: chosen }: { password: string },
): Promise<{ session: Session; ended: number }> {
  const account = await ownAccount(tx)
  await mayChangePassword(tx)
  const rules = await readRules(tx)
  await setPassword(tx, {
    account: account.id,
    password: chosen,
    rules,
    words: await wordsOf(tx, account),
  })
  await tx.rows`update identity.sessions set owes = null where id = ${tx.scope.actor.session}`
  return { session: await renewToken(tx), ended: await endSessions(tx, { others: true }) }
}
