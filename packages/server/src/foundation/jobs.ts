import { json, type Transaction } from './transaction.ts'

/**
 * Enqueues work that is due now, in the caller's own transaction. With a key, work that is already
 * waiting under it is not doubled. No deadline rests on the queue: it reads the database's clock.
 */
export async function enqueue(
  tx: Transaction,
  name: string,
  input: unknown = {},
  key: string | null = null,
): Promise<void> {
  await tx.rows`select kept.enqueue(${name}, ${json(input)}::json, ${key})`
}
