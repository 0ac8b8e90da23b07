import { Failure } from '../../foundation/failure.ts'
import type { Session } from '../../foundation/operation.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { findAccount, spellEmail, type Account } from './accounts.ts'
import { forgetWrong, mustWait } from './attempts.ts'
import { verifyPassword } from './passwords.ts'
import { enterRealm } from './realm.ts'
import { readRules } from './rules.ts'
import { beginSession } from './sessions.ts'
import { readSettings } from './settings.ts'

/** By what attempts at an address are counted, whether or not there is such an account. */
export function whoOf(tenant: string | null, email: string): string {
  return JSON.stringify(['password', tenant, spellEmail(email)])
}

/**
 * The first factor. A name that is not known takes as long as one that is, and answers the same.
 *
 * @throws Failure `wrong-credentials`, `too-many`, `provider-only`
 */
export async function signIn(
  tx: Transaction,
  given: { tenant: string | null; email: string; password: string; agent: string },
): Promise<{ session: Session; account: string }> {
  const { tenant, email, password, agent } = given
  const who = whoOf(tenant, email)
  await enterRealm(tx, tenant)
  await mustWait(tx, who)
  const account = await findAccount(tx, email)
  const stored = await tx.row<{ hash: string; minimum: number }>`
    select hash, minimum from identity.passwords where account = ${account?.id ?? null}`
  const isRight = await verifyPassword(password, stored?.hash ?? null)
  if (!account || !stored || !isRight) throw wrong()
  await mustNotGoRound(tx, account)
  await forgetWrong(tx, who)
  const rules = await readRules(tx)
  const owes = stored.minimum < rules.passwordLength ? 'password' : null
  const session = await beginSession(tx, account, { factors: ['password'], rules, agent, owes })
  return { session, account: account.id }
}

function wrong(): Failure {
  return new Failure('wrong-credentials', 'address and password do not belong together', {
    fix: 'try again; who has lost all factors asks an owner for a new link',
  })
}

/** Told only to who knew the password. */
export async function mustNotGoRound(tx: Transaction, { tenant, role }: Account): Promise<void> {
  const { providerOnly } = await readSettings(tx, tenant)
  if (!providerOnly || role === 'owner') return
  throw new Failure('provider-only', 'your company’s own provider lets you in here', {
    fix: 'sign in by it',
  })
}
