import { Failure } from '../../foundation/failure.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import type { LogIdentity } from './sequence.ts'

/**
 * Says which log this is; of all that ever start on one database the first says it for good. Whoever
 * signs on with another key or name makes a ledger that nobody can verify.
 */
export async function begin(tx: Transaction, { origin, key }: LogIdentity): Promise<void> {
  await tx.rows`insert into ledger.identity (key) values (${key}) on conflict do nothing`
  const { key: known } = (await tx.row<{ key: string }>`select key from ledger.identity`)!
  if (known === key) return
  // A C2SP verifier key begins with the name of its log.
  const was = known.slice(0, known.indexOf('+'))
  throw new Failure(
    'conflict',
    `the ledger here is ${was}, signed by a key of its own, and this would be ${origin}`,
    {
      fix: 'start with the key and the origin that the ledger began with: --data and --origin, or KEPT_LEDGER_KEY and KEPT_ORIGIN',
    },
  )
}
