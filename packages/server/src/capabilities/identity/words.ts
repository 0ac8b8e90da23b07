import type { Transaction } from '../../foundation/transaction.ts'
import { readApplied } from '../claims/edition.ts'
import type { Account } from './accounts.ts'

/** What somebody who knows the person, their company or ours would try first. */
export async function wordsOf(tx: Transaction, account: Account): Promise<string[]> {
  const applied = await readApplied(tx)
  const company = applied?.page.company ?? null
  return [account.name, account.email, account.tenant, company, 'kept'].filter(
    (word): word is string => word !== null,
  )
}
