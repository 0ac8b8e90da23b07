import { TenantTransaction, type Ground } from '../transaction.ts'
import { insertOf, type Entry } from './outbox.ts'
import { again, unrecorded } from './staff.ts'

/** Writes records of one tenant in a transaction of their own, in one round trip: all or none. */
export async function writeApart(
  ground: Ground,
  tenant: string,
  entries: readonly Entry[],
): Promise<void> {
  const transaction = new TenantTransaction(ground, tenant, false)
  try {
    for (const entry of entries) transaction.atCommit(insertOf(entry, ground.now()))
    await transaction.commit()
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}

/**
 * What staff saw they saw, though the transaction is undone and its records with it.
 *
 * @throws GuardFailure `unrecorded`, with why it was undone
 */
export async function writeAgain(
  ground: Ground,
  tenant: string,
  written: readonly Entry[],
  because: unknown,
): Promise<void> {
  try {
    await writeApart(ground, tenant, written.map(again))
  } catch (error) {
    throw unrecorded(new AggregateError([because, error]))
  }
}
