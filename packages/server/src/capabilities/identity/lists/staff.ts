import type { Account } from '@kept/page/accounts'
import type { Transaction } from '../../../foundation/transaction.ts'
import { listAccounts } from '../accounts.ts'

/** Whom Kept itself lets in, as a list of another system says it. */
export async function readStaff(tx: Transaction): Promise<Account[]> {
  const staff = await listAccounts(tx, null)
  return staff.map(({ name, factors }) => ({
    account: name,
    kind: 'person',
    active: true,
    secondFactor: factors.includes('totp') || factors.includes('passkey') ? 'yes' : 'no',
  }))
}
