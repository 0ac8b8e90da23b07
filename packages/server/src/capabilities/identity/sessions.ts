import { randomUUID } from 'node:crypto'
import { Failure } from '../../foundation/failure.ts'
import type { Session } from '../../foundation/operation.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import type { Account } from './accounts.ts'
import type { Rules } from './rules.ts'
import { digestOf, makeSecret } from './secrets.ts'

/** How somebody proved who they are; `mfa` is what a tenant's own provider said of its sign-in. */
export const factors = [
  'password',
  'totp',
  'passkey',
  'recovery',
  'link',
  'provider',
  'mfa',
] as const
export type Factor = (typeof factors)[number]

/** Any of these besides the first, or a passkey alone, which takes device and finger. */
const second: readonly string[] = ['totp', 'passkey', 'recovery', 'mfa'] satisfies Factor[]

export function isSecond(proved: readonly string[]): boolean {
  return proved.some((factor) => second.includes(factor))
}

/** Milliseconds for which a proved factor lets somebody change how they sign in. */
const fresh = 10 * 60_000

export interface Beginning {
  factors: readonly Factor[]
  rules: Rules
  agent: string
  owes?: 'password' | null
  /** The tenant's connection that let somebody in, and by what its provider knows the session. */
  provider?: { id: string; format: string | null; index: string | null } | null
}

export async function beginSession(
  tx: Transaction,
  account: Account,
  { factors: proved, rules, agent, owes = null, provider = null }: Beginning,
): Promise<Session> {
  const token = makeSecret('session')
  const endsAt = tx.now + rules.lifetime
  await tx.rows`
    insert into identity.sessions (id, hash, account, tenant, factors, provider, began_at, used_at,
      provider_format, provider_index, proved_at, ends_at, idle, owes, agent, address)
    values (${randomUUID()}, ${digestOf(token)}, ${account.id}, ${account.tenant}, ${[...proved]},
      ${provider?.id ?? null}, ${at(tx.now)}, ${at(tx.now)}, ${provider?.format ?? null},
      ${provider?.index ?? null}, ${at(tx.now)}, ${at(endsAt)}, ${rules.idle}, ${owes},
      ${agent.slice(0, 200)}, ${tx.scope.address})`
  return { token, endsAt }
}

/** Adds a factor to the session that asks. What its bearer may do changes, and so does the token. */
export async function addFactor(tx: Transaction, factor: Factor): Promise<Session> {
  const token = makeSecret('session')
  const row = await tx.row<{ ends_at: Date }>`
    update identity.sessions set hash = ${digestOf(token)}, proved_at = ${at(tx.now)},
      factors = (select array_agg(distinct one) from unnest(factors || ${[factor]}::text[]) as one)
    where id = ${tx.scope.actor.session ?? null} and ended_at is null returning ends_at`
  if (!row) throw over()
  return { token, endsAt: row.ends_at.getTime() }
}

/** The same session by another token, since more may be done by it now. */
export async function renewToken(tx: Transaction): Promise<Session> {
  const token = makeSecret('session')
  const row = await tx.row<{ ends_at: Date }>`
    update identity.sessions set hash = ${digestOf(token)}
    where id = ${tx.scope.actor.session ?? null} and ended_at is null returning ends_at`
  if (!row) throw over()
  return { token, endsAt: row.ends_at.getTime() }
}

function over(): Failure {
  return new Failure('not-signed-in', 'this session is over', { fix: 'sign in again' })
}

/** @throws Failure `prove-again` unless a factor was proved within 10 minutes */
export async function mustBeFresh(tx: Transaction): Promise<void> {
  const row = await tx.row<{ proved_at: Date }>`
    select proved_at from identity.sessions where id = ${tx.scope.actor.session ?? null}`
  if (row && row.proved_at.getTime() > tx.now - fresh) return
  throw new Failure('prove-again', 'this needs a factor that was proved within 10 minutes', {
    fix: 'prove your second factor again',
  })
}

/** Ends one session of who asks, or all, or all others. Returns how many. */
export async function endSessions(
  tx: Transaction,
  { session, others }: { session?: string; others?: boolean },
): Promise<number> {
  const { account = null, session: own = null } = tx.scope.actor
  const rows = await tx.rows`
    update identity.sessions set ended_at = ${at(tx.now)}
    where account = ${account} and ended_at is null
      and (${session ?? null}::uuid is null or id = ${session ?? null})
      and (not ${others ?? false} or id <> ${own})
    returning id`
  return rows.length
}

export interface ListedSession {
  id: string
  factors: string[]
  beganAt: number
  usedAt: number
  endsAt: number
  agent: string
  address: string | null
  /** Whether it is the one that asks. */
  own: boolean
  /** Apps that share it. */
  apps: string[]
}

export async function listSessions(tx: Transaction): Promise<ListedSession[]> {
  const { account = null, session = null } = tx.scope.actor
  const rows = await tx.rows<{
    id: string
    factors: string[]
    began_at: Date
    used_at: Date
    ends_at: Date
    idle: number
    agent: string
    address: string | null
    apps: string[]
  }>`
    select id, factors, began_at, used_at, ends_at, idle, agent, address,
      array(select app from identity.app_sessions where session = id order by app) as apps
    from identity.sessions
    where account = ${account} and ended_at is null and ends_at > ${at(tx.now)} order by used_at desc`
  return rows
    .filter((row) => row.used_at.getTime() + row.idle > tx.now)
    .map((row) => ({
      id: row.id,
      factors: row.factors,
      beganAt: row.began_at.getTime(),
      usedAt: row.used_at.getTime(),
      endsAt: row.ends_at.getTime(),
      agent: row.agent,
      address: row.address,
      own: row.id === session,
      apps: row.apps,
    }))
}
