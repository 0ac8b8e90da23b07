import { Failure } from '../../foundation/failure.ts'
import type { Ahead, Session } from '../../foundation/operation.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { findAccount, spellEmail, type Account } from './accounts.ts'
import { countAttempt, forgetWrong, takeBack } from './attempts.ts'
import { verifyPassword } from './passwords.ts'
import { enterRealm } from './realm.ts'
import { readRules } from './rules.ts'
import { beginSession } from './sessions.ts'
import { readSettings } from './settings.ts'

/** By what attempts at an address are counted, whether or not there is such an account. */
export function whoOf(tenant: string | null, email: string): string {
  return JSON.stringify(['password', tenant, spellEmail(email)])
}

interface Given {
  tenant: string | null
  email: string
  password: string
}

/**
 * Tries the password while no transaction is open: that takes as long as many, and all sign-ins together would
 * hold every connection. A name that is not known takes as long as one that is.
 *
 * @returns the hash that it belongs to, or null
 * @throws Failure `too-many`
 */
export async function tryPassword(work: Ahead, given: Given): Promise<string | null> {
  const stored = await work.first(async (tx) => {
    await countAttempt(tx, whoOf(given.tenant, given.email))
    return (await find(tx, given)).hash
  })
  return (await verifyPassword(given.password, stored)) ? stored : null
}

async function find(
  tx: Transaction,
  { tenant, email }: Given,
): Promise<{ account: Account | null; hash: string | null; minimum: number }> {
  await enterRealm(tx, tenant)
  const account = await findAccount(tx, email)
  const stored = await tx.row<{ hash: string; minimum: number }>`
    select hash, minimum from identity.passwords where account = ${account?.id ?? null}`
  return { account, ...(stored ?? { hash: null, minimum: 0 }) }
}

/**
 * The first factor. A name that is not known answers the same as a wrong password.
 *
 * @throws Failure `wrong-credentials`, `provider-only`
 */
export async function signIn(
  tx: Transaction,
  given: Given & { agent: string },
  right: string | null,
): Promise<{ session: Session; account: string }> {
  const { tenant, email, agent } = given
  const { account, hash, minimum } = await find(tx, given)
  // What was set anew since it was tried was not tried.
  if (!account || right === null || hash !== right) throw wrong()
  await mustNotGoRound(tx, account)
  await takeBack(tx, whoOf(tenant, email))
  await forgetWrong(tx, whoOf(tenant, email))
  const rules = await readRules(tx)
  const owes = minimum < rules.passwordLength ? 'password' : null
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
