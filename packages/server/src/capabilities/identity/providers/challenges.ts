import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../../foundation/failure.ts'
import { at, json, type Transaction } from '../../../foundation/transaction.ts'
import { digestOf } from '../secrets.ts'

/** How long somebody may take at a provider, and a browser from one answer of ours to the next. */
export const patience = { provider: 10 * 60_000, ticket: 2 * 60_000 }

const begun = z.object({
  tenant: z.string(),
  connection: z.string(),
  /** SHA-256 of the cookie of the browser that began. */
  browser: z.string(),
  /** Where it goes afterwards. */
  next: z.string(),
  /** The account of the owner who only tries the connection; null for a sign-in. */
  trial: z.string().nullable(),
})
export type Begun = z.output<typeof begun>

const asserted = z.object({
  subject: z.string(),
  email: z.string(),
  name: z.string(),
  isMultiple: z.boolean(),
  began: z
    .object({ format: z.string().nullable(), index: z.string().nullable() })
    .nullable()
    .default(null),
})
const ticket = begun.extend({ asserted })
type Ticket = z.output<typeof ticket>

type Purpose = 'oidc' | 'saml' | 'ticket'

/** Keeps what a sign-in began with, under the hash of a secret; what is over goes. */
export async function keepChallenge(
  tx: Transaction,
  purpose: Purpose,
  secret: string,
  data: Begun | Ticket,
): Promise<void> {
  const lasts = purpose === 'ticket' ? patience.ticket : patience.provider
  await tx.rows`delete from identity.challenges where ends_at <= ${at(tx.now)}`
  await tx.rows`insert into identity.challenges (hash, purpose, data, ends_at)
    values (${digestOf(secret)}, ${purpose}, ${json(data)}::jsonb, ${at(tx.now + lasts)})`
}

/** Takes a challenge: nobody can a second time. */
export async function takeChallenge(
  tx: Transaction,
  purpose: Purpose,
  { secret, connection }: { secret: string; connection: string },
): Promise<Begun> {
  const row = await tx.row<{ data: unknown }>`
    delete from identity.challenges where hash = ${digestOf(secret)} and purpose = ${purpose}
      and ends_at > ${at(tx.now)} and data ->> 'connection' = ${connection} returning data`
  if (!row) throw over()
  return begun.parse(row.data)
}

/** What was begun, left where it is. */
export async function findChallenge(
  tx: Transaction,
  purpose: Purpose,
  { secret, connection }: { secret: string; connection: string },
): Promise<Begun | null> {
  const row = await tx.row<{ data: unknown }>`
    select data from identity.challenges where hash = ${digestOf(secret)} and purpose = ${purpose}
      and ends_at > ${at(tx.now)} and data ->> 'connection' = ${connection}`
  return row && begun.parse(row.data)
}

export async function takeTicket(tx: Transaction, secret: string): Promise<Ticket> {
  const row = await tx.row<{ data: unknown }>`
    delete from identity.challenges where hash = ${digestOf(secret)} and purpose = 'ticket'
      and ends_at > ${at(tx.now)} returning data`
  if (!row) throw over()
  return ticket.parse(row.data)
}

/** Somebody else's browser would be signed in as whoever began: that is how accounts are slipped to victims. */
export function mustBeBrowser({ browser }: Begun, cookie: string | null): void {
  const known = Buffer.from(browser, 'hex')
  if (cookie !== null && timingSafeEqual(known, digestOf(cookie))) return
  throw over()
}

export function over(): Failure {
  return new Failure('sign-in-over', 'this sign-in was begun in no browser like this, or is over', {
    fix: 'begin again from the sign-in page',
  })
}

/**
 * Nonce and code verifier come of the browser's cookie, so that the database holds neither, and whoever reads
 * the address that a browser was sent to learns neither of the other.
 */
export function derive(key: Uint8Array, cookie: string, label: 'nonce' | 'verifier'): string {
  return createHmac('sha256', key).update(`${label}:${cookie}`).digest('base64url')
}

/** A path of ours and nothing else: an open redirect would lend our name to anybody. */
export function spellNext(next: string): string {
  const isPath = /^\/(?![/\\])[\w\-./?=&%#~:@+,;]*$/.test(next)
  const there = isPath ? URL.parse(next, 'https://kept.invalid') : null
  if (there?.origin === 'https://kept.invalid' && !there.pathname.startsWith('//'))
    return there.pathname + there.search + there.hash
  throw new Failure('bad-input', '/next: this is no path of this Kept')
}
