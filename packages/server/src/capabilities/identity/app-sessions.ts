import { hash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { System } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { readApplied } from '../claims/edition.ts'
import { isLoopbackHost } from '../../outside/reach.ts'
import type { Account } from './accounts.ts'
import { findSession, toSessionActor } from './authenticate.ts'
import { bringSecret, enterRealm } from './realm.ts'
import { digestOf, makeSecret } from './secrets.ts'

/** Where an app takes its users back: known, so that an app registers its address and nothing more. */
export const returnPath = '/.well-known/kept-sign-in'

/** Milliseconds in which a code is traded: its browser goes straight to the app. */
const patience = 60_000

const kept = z.object({
  app: z.string(),
  tenant: z.string(),
  session: z.string(),
  /** SHA-256 of what the app's cookie holds, base64url. */
  challenge: z.string(),
})

/** The service that shares this sign-in, at an address to which nobody on the way can give another answer. */
export async function needApp(tx: Transaction, id: string): Promise<string> {
  const subjects = (await readApplied(tx))?.systems.subjects ?? []
  const url = returnOf(subjects.find((one) => one.id === id && sharesSignIn(one)))
  if (url !== null) return url
  throw new Failure('not-found', `no app "${id}" shares this sign-in`, {
    fix: 'see that systems.yaml has the service with its address, and a tag sign-in-runner:...',
  })
}

function sharesSignIn({ type, tags }: System): boolean {
  return type === 'service' && tags.some((tag) => tag.startsWith('sign-in-runner:'))
}

function returnOf(app: System | undefined): string | null {
  const address = app?.address ?? null
  if (address === null) return null
  const url = URL.parse(/^https?:\/\//i.test(address) ? address : `https://${address}`)
  if (url?.protocol !== 'https:' && !isLoopbackHost(url?.hostname ?? '')) return null
  return new URL(returnPath, url!).href
}

/** Makes a code for the session that asks, good once, for one app and the browser that began there. */
export async function makeCode(
  tx: Transaction,
  { app, challenge }: { app: string; challenge: string },
): Promise<string> {
  const { account, tenant, session } = tx.scope.actor
  const code = makeSecret('code')
  await tx.rows`delete from identity.challenges where ends_at <= ${at(tx.now)}`
  await tx.rows`insert into identity.challenges (hash, purpose, account, data, ends_at)
    values (${digestOf(code)}, 'app', ${account}, ${json({ app, tenant, session, challenge })}::jsonb,
      ${at(tx.now + patience)})`
  return code
}

export interface AppSession {
  account: Account
  factors: string[]
  endsAt: number
}

/**
 * Trades a code for a token of the app's own. Whoever shows a code that was made for another browser shows
 * none: a code of their own, slipped to somebody else, would sign them in as a stranger.
 *
 * @throws Failure `sign-in-over`
 */
export async function tradeCode(
  tx: Transaction,
  given: { code: string; verifier: string; address: string | null; apps: readonly string[] },
): Promise<{ token: string; app: string; tenant: string; account: string; endsAt: number }> {
  const { code, verifier, address, apps } = given
  const row = await tx.row<{ data: unknown }>`
    delete from identity.challenges where hash = ${digestOf(code)} and purpose = 'app'
      and ends_at > ${at(tx.now)} and data ->> 'app' = any(${[...apps]}) returning data`
  if (!row) throw over()
  const { app, tenant, session, challenge } = kept.parse(row.data)
  const made = hash('sha256', verifier, 'buffer')
  const known = Buffer.from(challenge, 'base64url')
  if (known.length !== made.length || !timingSafeEqual(known, made)) throw over()
  await enterRealm(tx, tenant)
  const found = await lookUp(tx, { session, tenant, address })
  if (!found) throw over()
  const token = makeSecret('app')
  await tx.rows`
    insert into identity.app_sessions (session, app, hash, tenant, began_at)
    values (${session}, ${app}, ${digestOf(token)}, ${tenant}, ${at(tx.now)})
    on conflict (session, app) do update set hash = excluded.hash, began_at = excluded.began_at`
  return { token, app, tenant, account: found.account.id, endsAt: found.endsAt }
}

/** Whose token it is now; null for one that is worth nothing, whatever the reason. */
export async function checkToken(
  tx: Transaction,
  given: { token: string; address: string | null; apps: readonly string[] },
): Promise<(AppSession & { app: string; session: string }) | null> {
  const { token, address, apps } = given
  const digest = await bringSecret(tx, token)
  const row = await tx.row<{ session: string; app: string; tenant: string }>`
    select session, app, tenant from identity.app_sessions
    where hash = ${digest} and app = any(${[...apps]})`
  if (!row) return null
  await enterRealm(tx, row.tenant)
  const found = await lookUp(tx, { ...row, address })
  return found && { ...found, app: row.app, session: row.session }
}

/** Held against all that is asked of the account now; `address` is the browser’s, as the app sees it. */
async function lookUp(
  tx: Transaction,
  { session, tenant, address }: { session: string; tenant: string; address: string | null },
): Promise<AppSession | null> {
  const found = await findSession(tx, { id: session })
  const actor = found && toSessionActor(found, address)
  if (!found || actor?.kind !== 'member' || actor.tenant !== tenant) return null
  const { account: id, name, email, role, factors, endsAt } = found
  return { account: { id, tenant, name, email, role }, factors, endsAt }
}

function over(): Failure {
  return new Failure('sign-in-over', 'this sign-in was begun in no browser like this, or is over', {
    fix: 'begin again from the app',
  })
}
