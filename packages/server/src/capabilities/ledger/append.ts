import { encodeEntry, type Json } from '@kept/ledger'
import { Failure } from '../../foundation/failure.ts'
import type { Transaction } from '../../foundation/transaction.ts'

/** What an entry bundle of tlog-tiles can say of one entry. */
const mostBytes = 65_535

/**
 * Hands an entry to the log in the caller's own transaction: it is there exactly when the
 * transaction committed. The ticket is what the entry is later found by. Never personal data in the
 * clear: a commitment, or what was sealed under a key that can be destroyed.
 */
export async function append(tx: Transaction, action: string, entry: Json): Promise<bigint> {
  const [ticket] = await appendAll(tx, action, [entry])
  return ticket!
}

/** Many at once, in order, for the cost of little more than one. */
export async function appendAll(
  tx: Transaction,
  action: string,
  entries: readonly Json[],
): Promise<bigint[]> {
  const actor = `${tx.scope.actor.kind}:${tx.scope.actor.id}`
  const at = new Date(tx.now).toISOString()
  const bodies = entries.map((entry) => encodeEntry({ action, actor, at, entry }))
  const large = bodies.find(({ length }) => length > mostBytes)
  if (large !== undefined) {
    throw new Failure('too-large', `its record would have ${large.length} bytes`, {
      fix: `say it in fewer words: a record of the ledger has at most ${mostBytes}`,
    })
  }
  const { bytes, starts, lengths } = pack(bodies)
  const rows = await tx.rows<{ ticket: string }>`
    insert into ledger.outbox (body)
    select substring(${bytes}::bytea from start for length)
    from unnest(${starts}::int[], ${lengths}::int[]) with ordinality as t (start, length, n)
    order by n returning ticket`
  return rows.map(({ ticket }) => BigInt(ticket))
}

/** In one run, since an array of them travels as text, twice as long; places count from 1, as in SQL. */
function pack(bodies: readonly Uint8Array[]) {
  const lengths = bodies.map((body) => body.length)
  let next = 1
  const starts = lengths.map((length) => (next += length) - length)
  return { bytes: Buffer.concat(bodies), starts, lengths }
}
