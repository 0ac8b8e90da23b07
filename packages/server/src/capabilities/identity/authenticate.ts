import { readCookie, cookieName } from '../../foundation/cookie.ts'
import { Failure } from '../../foundation/failure.ts'
import { at, type Actor, type Transaction } from '../../foundation/transaction.ts'
import type { Credentials } from '../../gate.ts'
import type { Role } from './accounts.ts'
import { bringSecret, enterRealm } from './realm.ts'
import { byDirectory, isDirectoryToken } from './scim/tokens.ts'
import { isSecond } from './sessions.ts'
import { digestOf } from './secrets.ts'
import {
  mayComeFrom,
  readSettings,
  settingsOf,
  type SettingsRow,
  type TenantSettings,
} from './settings.ts'

/** How exactly the last use of a session or key is known, in milliseconds: each would be a write else. */
const grain = 60_000

/**
 * Who sends a request, by the cookie of a session or a key in `Authorization: Bearer`. A cookie that is worth
 * nothing is none, so that the public page is there for its bearer too; a key is sent on purpose and refused.
 */
export async function authenticate(
  tx: Transaction,
  { headers, address }: Credentials,
  origin: string,
): Promise<Actor | null> {
  const bearer = /^bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1]
  if (bearer !== undefined && isDirectoryToken(bearer)) return await byDirectory(tx, bearer)
  if (bearer !== undefined) return await byKey(tx, bearer, address)
  const cookie = readCookie(headers['cookie'], cookieName(origin))
  return cookie === null ? null : await bySession(tx, cookie, address)
}

/** What was proved, and of whom. */
interface Bearer {
  account: string
  tenant: string | null
  factors: string[]
}

/** Who that is now, and what is asked of them. */
interface Standing extends TenantSettings {
  name: string
  role: Role
  /** Whether a second factor is set up, which is asked for then wherever a password came first. */
  hasFactor: boolean
}

async function bySession(tx: Transaction, token: string, address: string): Promise<Actor | null> {
  const session = await findSession(tx, { hash: digestOf(token) })
  return session && toSessionActor(session, address)
}

export interface LiveSession extends Bearer, Standing {
  id: string
  email: string
  endsAt: number
  owes: string | null
}

interface Row extends Bearer, SettingsRow {
  id: string
  name: string
  email: string
  role: Role
  used_at: Date
  ends_at: Date
  idle: number
  owes: string | null
  has_factor: boolean
}

/** A session that is not over, by its id or by the hash of its token; that it was used is noted. */
export async function findSession(
  tx: Transaction,
  { id = null, hash = null }: { id?: string | null; hash?: Buffer | null },
): Promise<LiveSession | null> {
  const row = await tx.row<Row>`
    select * from identity.look_at_session(${hash}, ${id}, ${at(tx.now)})`
  if (!row || row.used_at.getTime() + row.idle <= tx.now) return null
  if (row.used_at.getTime() + grain <= tx.now) {
    await tx.rows`update identity.sessions set used_at = ${at(tx.now)} where id = ${row.id}`
  }
  const { has_factor: hasFactor, ends_at: endsAt } = row
  return { ...row, ...settingsOf(row.tenant, row), hasFactor, endsAt: endsAt.getTime() }
}

/** Who that is now, if anybody; an entrant while anything is owed. */
export function toSessionActor(session: LiveSession, address: string | null): Actor | null {
  const actor = toActor(session, session, address)
  if (actor === null) return null
  return {
    ...actor,
    session: session.id,
    ...(session.owes === null ? {} : { kind: 'entrant' as const }),
  }
}

async function byKey(tx: Transaction, key: string, address: string): Promise<Actor> {
  const digest = await bringSecret(tx, key)
  const row = await tx.row<Bearer & { id: string; scopes: string[]; used_at: Date | null }>`
    select id, account, tenant, factors, used_at, scopes from identity.api_keys
    where hash = ${digest} and ended_at is null and ends_at > ${at(tx.now)}`
  const standing = row && (await readStanding(tx, row))
  const actor = row && standing && toActor(row, standing, address)
  if (!row || !actor || actor.kind === 'entrant') {
    throw new Failure('not-signed-in', 'this key is over, or may not be used from here', {
      fix: 'make another in the account’s security settings',
    })
  }
  if (row.used_at === null || row.used_at.getTime() + grain <= tx.now) {
    await tx.rows`update identity.api_keys set used_at = ${at(tx.now)} where id = ${row.id}`
  }
  return { ...actor, scopes: row.scopes }
}

async function readStanding(
  tx: Transaction,
  { account, tenant }: Bearer,
): Promise<Standing | null> {
  await enterRealm(tx, tenant)
  const row = await tx.row<{ name: string; role: Role }>`
    select name, role from identity.accounts where id = ${account} and removed_at is null`
  // A key is no password that somebody may have found out.
  return row && { ...row, hasFactor: false, ...(await readSettings(tx, tenant)) }
}

/** What is asked of the account now, not what was when the session began: here no way goes round it. */
function toActor(
  { account, tenant, factors }: Bearer,
  { name, role, hasFactor, ...settings }: Standing,
  address: string | null,
): Actor | null {
  if (!mayComeFrom(settings, address)) return null
  if (settings.providerOnly && role !== 'owner' && !factors.includes('provider')) return null
  const isAsked = settings.secondFactor || (hasFactor && !factors.includes('provider'))
  const mayPass = !isAsked || isSecond(factors)
  const breaksGlass = settings.providerOnly && !factors.includes('provider') && !isSecond(factors)
  const kind = !mayPass || breaksGlass ? 'entrant' : tenant === null ? 'person' : 'member'
  return {
    kind,
    // Who is still on the way in is named in no ledger.
    id: kind === 'person' ? name : account,
    account,
    roles: [role],
    ...(tenant === null ? {} : { tenant }),
  }
}
