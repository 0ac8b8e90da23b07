import { encodeEntry, type Json } from '@kept/ledger'
import type { Transaction } from '../../foundation/transaction.ts'

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
