import { z } from 'zod'
import { Failure } from '../../foundation/failure.ts'
import { documentOf, operation, type Document } from '../../foundation/operation.ts'
import { at } from '../../foundation/transaction.ts'
import { needPower } from '../claims/powers.ts'
import { roles } from './accounts.ts'
import { checkToken, makeCode, needApp, tradeCode } from './app-sessions.ts'
import { factors } from './sessions.ts'

const app = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i)
const tenant = z.string().min(1).max(200)
const secret = z.string().min(1).max(200)
/** Where the user's browser is, as the app sees it; where a tenant names networks, nobody is let in without. */
const address = z.union([z.ipv4(), z.ipv6()]).nullable().default(null)

/** The operations by which apps of the company share the portal's sign-in. */
export function appOperations() {
  return {
    enterApp: operation({
      action: 'identity.enter-app',
      says: 'Sends a browser on to an app with a code, or to the portal’s sign-in page first',
      input: z.strictObject({
        app,
        tenant,
        /** SHA-256 of what the app's cookie holds. */
        challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
      }),
      output: documentOf,
      secret: true,
      async run(tx, { app: id, tenant: wanted, challenge }) {
        const there = await needApp(tx, id)
        const { kind, tenant: own } = tx.scope.actor
        if (kind === 'member' && own === wanted) {
          const code = await makeCode(tx, { app: id, challenge })
          return redirect(`${there}?code=${code}`)
        }
        // What is still asked of a sign-in is asked there, and it comes back.
        const page = `/portal/${encodeURIComponent(wanted)}`
        return redirect(`${page}?${String(new URLSearchParams({ app: id, challenge }))}`)
      },
    }),
    beginAppSession: operation({
      action: 'identity.begin-app-session',
      says: 'Trades the code that a browser brought for a token of the app’s own',
      input: z.strictObject({ code: secret, verifier: secret, address }),
      output: z.object({
        token: z.string(),
        app: z.string(),
        tenant: z.string(),
        account: z.string(),
        endsAt: z.number(),
      }),
      secret: true,
      entry: (_, { app: id, account }) => ({ app: id, account }),
      refusal: (_, { code }) => (code === 'sign-in-over' ? { refused: code } : null),
      async run(tx, input) {
        const apps = await needPower(tx, 'sign-in-runner')
        return await tradeCode(tx, { ...input, apps })
      },
    }),
    checkAppSession: operation({
      action: 'identity.check-app-session',
      says: 'Whose token an app was shown, as of now; null for one that is worth nothing',
      input: z.strictObject({ token: secret, address }),
      output: z.object({
        session: z
          .object({
            account: z.string(),
            tenant: z.string(),
            name: z.string(),
            email: z.string(),
            role: z.enum(roles),
            factors: z.array(z.enum(factors)),
            endsAt: z.number(),
          })
          .nullable(),
      }),
      secret: true,
      async run(tx, input) {
        const apps = await needPower(tx, 'sign-in-runner')
        const found = await checkToken(tx, { ...input, apps })
        if (!found) return { session: null }
        const { account, factors: proved, endsAt } = found
        const { id, tenant: own, name, email, role } = account
        const told = { account: id, tenant: own!, name, email, role, endsAt }
        return { session: { ...told, factors: proved as never } }
      },
    }),
    endAppSession: operation({
      action: 'identity.end-app-session',
      says: 'Signs somebody out by the token that an app was shown: here and in every app',
      input: z.strictObject({ token: secret, address }),
      output: z.object({ account: z.string(), app: z.string() }),
      secret: true,
      entry: (_, told) => told,
      async run(tx, input) {
        const apps = await needPower(tx, 'sign-in-runner')
        const found = await checkToken(tx, { ...input, apps })
        if (!found) throw new Failure('not-found', 'there is no such session')
        await tx.rows`update identity.sessions set ended_at = ${at(tx.now)}
          where id = ${found.session}`
        return { account: found.account.id, app: found.app }
      },
    }),
  }
}

function redirect(location: string): Document {
  return {
    type: 'text/plain; charset=utf-8',
    body: '',
    status: 303,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  }
}
