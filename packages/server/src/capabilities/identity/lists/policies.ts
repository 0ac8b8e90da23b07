import type { PasswordPolicy } from '@kept/page/accounts'
import { at, type Transaction } from '../../../foundation/transaction.ts'
import { mustBeNew, takeTurns, type Kept, type Origin } from './lists.ts'

export type KeptPolicy = Kept & PasswordPolicy

interface Row {
  system: string
  source: string
  minimum_length: number
  single_sign_on_only: boolean
  exported_at: Date
  received_at: Date
  pushed_by: string
}

/** Puts a policy of passwords in the place of the one before it. */
export async function keepPolicy(
  tx: Transaction,
  given: Origin & PasswordPolicy,
): Promise<{ taken: boolean }> {
  const { system, source, minimumLength, singleSignOnOnly, exportedAt } = given
  await takeTurns(tx, system)
  const known = await readPolicy(tx, system)
  const isHere =
    known?.exportedAt === exportedAt &&
    known.minimumLength === minimumLength &&
    known.singleSignOnOnly === singleSignOnOnly
  if (isHere) return { taken: false }
  mustBeNew(tx, exportedAt, known && at(known.exportedAt))
  await tx.rows`delete from identity.password_policies where system = ${system}`
  await tx.rows`
    insert into identity.password_policies (system, source, minimum_length, single_sign_on_only,
      exported_at, received_at, pushed_by)
    values (${system}, ${source}, ${minimumLength}, ${singleSignOnOnly}, ${at(exportedAt)},
      ${at(tx.now)}, ${tx.scope.actor.id})`
  return { taken: true }
}

export async function readPolicy(tx: Transaction, system: string): Promise<KeptPolicy | null> {
  const row = await tx.row<Row>`select * from identity.password_policies where system = ${system}`
  return (
    row && {
      system,
      source: row.source,
      minimumLength: row.minimum_length,
      singleSignOnOnly: row.single_sign_on_only,
      exportedAt: row.exported_at.getTime(),
      receivedAt: row.received_at.getTime(),
      pushedBy: row.pushed_by,
    }
  )
}
