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
  const rows = await tx.rows<{ ticket: string }>`
    insert into ledger.outbox (body)
    select body from unnest(${bodies}::bytea[]) with ordinality as t (body, n) order by n
    returning ticket`
  return rows.map(({ ticket }) => BigInt(ticket))
}
