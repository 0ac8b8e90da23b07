import { encodeEntry, type Json } from '@kept/ledger'
import type { Transaction } from '../../foundation/transaction.ts'

/**
 * Hands an entry to the log in the caller's own transaction: it is there exactly when the
 * transaction committed. The ticket is what the entry is later found by. Never personal data in the
 * clear: a commitment, or what was sealed under a key that can be destroyed.
 */
export async function append(tx: Transaction, action: string, entry: Json): Promise<bigint> {
  const { actor } = tx.scope
  const body = encodeEntry({
    action,
    actor: `${actor.kind}:${actor.id}`,
    at: new Date(tx.now).toISOString(),
    entry,
  })
  const row = await tx.row<{ ticket: string }>`
    insert into ledger.outbox (body) values (${body}) returning ticket`
  return BigInt(row!.ticket)
}
