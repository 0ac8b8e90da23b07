import { randomBytes } from 'node:crypto'
import { saltSize } from '@kept/ledger'
import { at as asTime, json, type Transaction } from '../../foundation/transaction.ts'
import { appendAll } from '../ledger/append.ts'
import { bundleLasts, tolerated } from './bundle.ts'
import type { Drained } from './drain.ts'
import { commitTo } from './grants.ts'

/** What the guard records: `event` of the app itself, `reads` counted by the minute, `staff-read` row by row. */
export const kinds = ['event', 'reads', 'staff-read'] as const
export type Kind = (typeof kinds)[number]

/**
 * Takes rows of an outbox over, each with an entry of its own in the ledger; what is there already is
 * passed over. Two drains of one database take turns. Returns how many were new.
 */
export async function keepRecords(
  tx: Transaction,
  { database, rows }: { database: string; rows: readonly Drained[] },
): Promise<number> {
  const turn = `access.drain ${database}`
  await tx.rows`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${turn}, 0))`
  const known = await tx.rows<{ key: string }>`
    select r.place || ' ' || encode(r.digest, 'base64') as key from access.records r
    join unnest(${rows.map(({ place }) => place)}::text[]) as w (place) using (place)
    where r.database = ${database}`
  const had = new Set(known.map(({ key }) => key))
  const fresh = rows.filter(({ place, digest }) => !had.has(`${place} ${digest}`))
  const salted = fresh.map((row) => ({ ...row, salt: randomBytes(saltSize) }))
  const entries = salted.map((row) => toEntry(database, row))
  const tickets = entries.length === 0 ? [] : await appendAll(tx, 'access.record', entries)
  const records = salted.map((row, i) => ({
    ...row,
    at: readTime(row.at),
    grant: readGrant(row.detail),
    salt: row.salt.toString('base64'),
    ticket: String(tickets[i]),
  }))
  await tx.rows`
    insert into access.records (database, place, digest, at, tenant, actor, kind, action, detail, bytes,
      grant_id, drained_at, salt, ticket)
    select ${database}, place, decode(digest, 'base64'), at, tenant, actor, kind, action, detail, bytes,
      "grant", ${asTime(tx.now)}, decode(salt, 'base64'), ticket
    from json_to_recordset(${json(records)}) as r (place text, digest text, at timestamptz, tenant text,
      actor text, kind text, action text, detail text, bytes bigint, "grant" uuid, salt text,
      ticket bigint)`
  return fresh.length
}

/** Nothing that an app wrote stands in the ledger in the clear but a time, and one of three words. */
function toEntry(database: string, row: Drained & { salt: Buffer }) {
  const { place, tenant, actor, kind, action, digest, at, salt } = row
  return {
    database,
    place,
    at: readTime(at),
    kind: isKind(kind) ? kind : 'other',
    commitment: commitTo({ place, tenant, actor, kind, action, at, digest }, salt),
  }
}

function isKind(word: string): word is Kind {
  return (kinds as readonly string[]).includes(word)
}

/** `2026-11-20 12:00:00.123456+00`; null for what is no time, or none that JavaScript can say. */
function readTime(said: string): string | null {
  const instant = Date.parse(said.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
  const isSane = instant >= 0 && instant < Date.UTC(2200)
  return isSane ? new Date(instant).toISOString() : null
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function readGrant(detail: string | null): string | null {
  const { grant } = (readJson(detail) ?? {}) as { grant?: unknown }
  return typeof grant === 'string' && uuid.test(grant) ? grant : null
}

function readJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

export interface ShownRecord {
  id: string
  at: string | null
  database: string
  actor: string
  kind: string
  action: string
  /** The JSON that the app wrote; cut where `isCut`. */
  detail: string | null
  isCut: boolean
  grant: string | null
  /** Whether the grant it names let this actor read this tenant then; null for what needs none. */
  isCovered: boolean | null
  /** Its place in the ledger, once it has one. */
  entry: number | null
}

interface Row {
  seq: string
  at: Date | null
  database: string
  actor: string
  kind: string
  action: string
  detail: string | null
  bytes: string
  grant_id: string | null
  covered: boolean
  index: string | null
}

/** The records of a tenant, of one kind, newest first; those under one grant when it is given. */
export async function listRecords(
  tx: Transaction,
  asked: {
    tenant: string
    kind: Kind
    grant: string | undefined
    before: string | undefined
    limit: number
  },
): Promise<{ records: ShownRecord[]; next: string | null }> {
  const { tenant, kind, grant, limit } = asked
  const last = asked.before ?? '9223372036854775807'
  // A grant ended early is honoured until the app hears of it, and clocks may differ.
  const [lag, skew] = [`${bundleLasts} milliseconds`, `${tolerated} milliseconds`]
  const rows = await tx.rows<Row>`
    select r.*, l.index, exists (
      select from access.grants g join access.answers a using (id) left join access.ends e using (id)
      where g.id = r.grant_id and g.tenant = r.tenant and 'staff:' || g.staff = r.actor and a.allowed
        and r.at >= a.at - ${skew}::interval and r.at < g.until + ${skew}::interval
        and (e.at is null or r.at < e.at + ${lag}::interval + ${skew}::interval)) as covered
    from access.records r left join ledger.entries l on l.ticket = r.ticket
    where r.tenant = ${tenant} and r.kind = ${kind} and r.seq < ${last}::bigint
      and (${grant ?? null}::uuid is null or r.grant_id = ${grant ?? null})
    order by r.seq desc limit ${limit + 1}`
  const shown = rows.slice(0, limit)
  return {
    records: shown.map(toShown),
    next: rows.length > limit ? shown.at(-1)!.seq : null,
  }
}

function needsGrant({ kind, actor, grant_id: grant }: Row): boolean {
  return kind === 'staff-read' || actor.startsWith('staff:') || grant !== null
}

function toShown(row: Row): ShownRecord {
  const { seq, database, actor, kind, action, detail } = row
  return {
    id: seq,
    at: row.at?.toISOString() ?? null,
    database,
    actor,
    kind,
    action,
    detail,
    isCut: detail === null || Buffer.byteLength(detail) < Number(row.bytes),
    grant: row.grant_id,
    isCovered: needsGrant(row) ? row.covered : null,
    entry: row.index === null ? null : Number(row.index),
  }
}
