import type { System } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { enqueue } from '../../foundation/jobs.ts'
import { tagged } from '../../foundation/look.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { readApplied, needApplied } from '../claims/edition.ts'
import { said } from './grants.ts'

/** From one look at an outbox to the next, and after one that was not possible, in milliseconds. */
const [pace, patience] = [5000, 30_000]

/** The databases whose outbox is drained: those with a tag `outbox:<SECRET>`. */
function outboxesOf(systems: readonly System[]): System[] {
  return systems.filter((one) => one.type === 'database' && tagged(one, 'outbox').length > 0)
}

/** Sends out what is due, each as a job; of two workers one takes a database and the other passes over it. */
export async function sendOut(tx: Transaction): Promise<number> {
  const applied = await readApplied(tx)
  const ids = outboxesOf(applied?.systems.subjects ?? []).map(({ id }) => id)
  await tx.rows`delete from access.outboxes where database <> all(${ids})`
  await tx.rows`
    insert into access.outboxes (database, next_at)
    select id, ${at(tx.now)} from unnest(${ids}::text[]) as id on conflict do nothing`
  const due = await tx.rows<{ database: string }>`
    select database from access.outboxes where next_at <= ${at(tx.now)} for update skip locked`
  for (const { database } of due) {
    await tx.rows`update access.outboxes set next_at = ${at(tx.now + pace)}
      where database = ${database}`
    await enqueue(tx, 'access.drain', { database }, `access.drain ${database}`)
  }
  return due.length
}

/** The database as it is drained: its secret is that of the outbox, and must open the database itself. */
export async function prepareDrain(tx: Transaction, database: string): Promise<System> {
  const { systems } = await needApplied(tx)
  const system = outboxesOf(systems.subjects).find(({ id }) => id === database)
  if (!system) throw new Failure('not-found', `no outbox of ${database} any more`)
  return { ...system, secret: tagged(system, 'outbox')[0]! }
}

/**
 * Notes how a drain ended; says whether that is news: it is away for the first time, or back. Only a look that
 * found nothing says that all is here, as of then.
 */
export async function noteDrain(
  tx: Transaction,
  { database, why, emptyAt }: { database: string; why: string | null; emptyAt: number | null },
): Promise<boolean> {
  const before = await tx.row<{ away_since: Date | null }>`
    select away_since from access.outboxes where database = ${database} for update`
  if (!before) return false
  const wasAway = before.away_since !== null
  if (why === null) {
    const since = emptyAt === null ? null : at(emptyAt)
    await tx.rows`update access.outboxes set drained_at = greatest(drained_at, ${since}),
      away_since = null, why = null where database = ${database}`
  } else {
    await tx.rows`update access.outboxes set away_since = coalesce(away_since, ${at(tx.now)}),
      why = ${why}, next_at = ${at(tx.now + patience)} where database = ${database}`
  }
  return wasAway !== (why !== null)
}

/** How far what is recorded can be relied on to be here. */
export async function listOutboxes(tx: Transaction) {
  const rows = await tx.rows<{
    database: string
    drained_at: Date | null
    away_since: Date | null
  }>`
    select database, drained_at, away_since from access.outboxes order by database`
  return rows.map((row) => ({
    database: row.database,
    drainedAt: row.drained_at === null ? null : said(row.drained_at.getTime()),
    awaySince: row.away_since === null ? null : said(row.away_since.getTime()),
  }))
}
