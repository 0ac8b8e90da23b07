import { hash } from 'node:crypto'
import type { Client } from 'pg'

/** A row of an app's outbox as it is: whatever types and sizes the app gave it. */
export interface Drained {
  place: string
  at: string
  tenant: string
  actor: string
  kind: string
  action: string
  /** The JSON, or its beginning; null when it was too large to be read. */
  detail: string | null
  /** Of the whole; as it is stored, when it was too large to be read. */
  bytes: number
  /** SHA-256 of all that the row says, in base64: tells it from another that has its number after a restore. */
  digest: string
}

/** What a killed drain may have come to; tests kill it at each. */
export const drainSteps = ['read', 'deleted', 'kept', 'committed'] as const
export type DrainStep = (typeof drainSteps)[number]

/** Rows of one batch, and what their details may take together as they are stored, in bytes. */
const [mostRows, mostStored] = [200, 1_048_576]
/** How many characters of each text are kept, and of a detail. */
export const [mostText, mostDetail] = [500, 262_144]
/** What takes more than this, compressed, is not unpacked, in bytes. */
const mostUnpacked = 1_048_576

/** How long another drain of the same rows is waited for. */
const mostWait = '5s'

/**
 * Takes one batch out of an app's outbox: reads it, deletes it, has it kept, and only then commits, so that a
 * row is either still there or kept, and `keep` passes over what it has. Whoever drains the same database
 * meanwhile, under whatever name, waits for the rows and finds them gone; nobody can hold them up who may not
 * delete them. Returns how many it took; null where there was none to be taken.
 */
export async function drainBatch(
  client: Client,
  keep: (rows: readonly Drained[]) => Promise<unknown>,
  comeTo: (step: DrainStep) => void = () => {},
): Promise<number | null> {
  await client.query('begin read write')
  await client.query(
    `select set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
       set_config('lock_timeout', $1, true)`,
    [mostWait],
  )
  const rows = await readBatch(client)
  comeTo('read')
  const mine = rows.length === 0 ? [] : await takeOf(client, rows)
  comeTo('deleted')
  if (mine.length > 0) await keep(mine)
  comeTo('kept')
  await client.query('commit')
  comeTo('committed')
  return rows.length === 0 ? null : mine.length
}

/** Those of the rows that were still there. */
async function takeOf(client: Client, rows: readonly Drained[]): Promise<Drained[]> {
  const { rows: gone } = await client.query<{ place: string }>(
    'delete from kept.outbox where id = any($1::bigint[]) returning id::text as place',
    [rows.map(({ place }) => place)],
  )
  const places = new Set(gone.map(({ place }) => place))
  return rows.filter(({ place }) => places.has(place))
}

type Read = Omit<Drained, 'digest' | 'bytes'> & { bytes: string; whole: string | null }

/** The oldest first; a row that alone is larger than a batch is a batch of its own. */
async function readBatch(client: Client): Promise<Drained[]> {
  const { rows } = await client.query<Read>(
    `with first as (
       select *, coalesce(pg_column_size(detail), 0) as stored from kept.outbox order by id limit $1
     ), fitting as (
       select *, sum(stored) over (order by id) - stored as before from first
     )
     select id::text as place, coalesce(left(at::text, 100), '') as at, left(tenant::text, $2) as tenant,
       left(actor::text, $2) as actor, left(kind::text, $2) as kind, left(action::text, $2) as action,
       left(text, $3) as detail, coalesce(octet_length(text), stored) as bytes,
       encode(sha256(convert_to(text, 'UTF8')), 'hex') as whole
     from fitting left join lateral (select detail::text as text offset 0) said on stored <= $4
     where before < $5 order by id`,
    [mostRows, mostText, mostDetail, mostUnpacked, mostStored],
  )
  return rows.map(({ whole, bytes, ...row }) => {
    const { place, at, tenant, actor, kind, action, detail } = row
    const size = Number(bytes)
    const all = JSON.stringify([place, at, tenant, actor, kind, action, size, whole])
    const said = {
      place,
      at,
      tenant: tenant ?? '',
      actor: actor ?? '',
      kind: kind ?? '',
      action: action ?? '',
      detail,
    }
    return { ...said, bytes: size, digest: hash('sha256', all, 'base64') }
  })
}
