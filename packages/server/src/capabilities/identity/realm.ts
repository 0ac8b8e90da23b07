import { digestOf } from './secrets.ts'
import type { Transaction } from '../../foundation/transaction.ts'

/** Turns a stranger's transaction to the realm that they name: a tenant's, or with null the staff's. */
export async function enterRealm(tx: Transaction, tenant: string | null): Promise<void> {
  await tx.rows`select pg_catalog.set_config('kept.tenant', ${tenant ?? ''}, true)`
}

/** Shows the one row whose secret this is. */
export async function bringSecret(tx: Transaction, secret: string): Promise<Buffer> {
  const digest = digestOf(secret)
  await tx.rows`select pg_catalog.set_config('kept.secret', ${digest.toString('hex')}, true)`
  return digest
}
