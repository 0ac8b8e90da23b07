import { randomBytes, randomUUID } from 'node:crypto'
import { at, type Transaction } from '../../../foundation/transaction.ts'
import { endAccess, forgetProofs } from '../accounts.ts'
import { setPassword } from '../passwords.ts'
import { readRules } from '../rules.ts'

/**
 * The one account of the staff that nobody has: it tries to come in by its password alone. It may do nothing
 * even where it comes in (policy.cedar), its password is made for one look and forgotten after it.
 */
const canary = { name: 'kept canary', email: 'canary@kept.invalid' }

export interface Canary {
  account: string
  email: string
  password: string
}

export async function prepareCanary(tx: Transaction): Promise<Canary> {
  await endCanary(tx)
  await tx.rows`
    insert into identity.accounts (id, tenant, name, email, role, added_at, added_by)
    values (${randomUUID()}, null, ${canary.name}, ${canary.email}, 'canary', ${at(tx.now)},
      ${tx.scope.actor.id}) on conflict do nothing`
  const account = (await findCanary(tx))!
  const password = randomBytes(32).toString('base64url')
  await setPassword(tx, { account, password, rules: await readRules(tx), words: [] })
  return { account, email: canary.email, password }
}

/** Nothing is left that opens it. */
export async function endCanary(tx: Transaction): Promise<void> {
  const account = await findCanary(tx)
  if (account === null) return
  await endAccess(tx, account)
  await forgetProofs(tx, account)
}

async function findCanary(tx: Transaction): Promise<string | null> {
  const row = await tx.row<{ id: string }>`select id from identity.accounts where role = 'canary'`
  return row?.id ?? null
}
