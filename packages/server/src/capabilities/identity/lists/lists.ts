import { randomBytes } from 'node:crypto'
import { commit, saltSize } from '@kept/ledger'
import { type Account, countAccounts, type Count } from '@kept/page/accounts'
import { Failure } from '../../../foundation/failure.ts'
import { at, json, type Transaction } from '../../../foundation/transaction.ts'
import { needApplied } from '../../claims/edition.ts'

/** For how long what a system said counts, as the proofs have it: a week, and a day to be late by. */
export const longest = 8 * 86_400_000

/** Where a list is from, and by whom. */
export interface Origin {
  system: string
  source: string
  exportedAt: number
}

export interface Kept extends Origin {
  receivedAt: number
  pushedBy: string
}

interface Row {
  system: string
  source: string
  exported_at: Date
  received_at: Date
  pushed_by: string
  commitment: Buffer
  salt: Buffer
}

/** Puts a list in the place of the one before it; one that is here already stays as it is. */
export async function keepList(
  tx: Transaction,
  { system, source, exportedAt, accounts }: Origin & { accounts: readonly Account[] },
): Promise<Count & { taken: boolean; commitment: string }> {
  await takeTurns(tx, system)
  const entries = json(accounts.toSorted((a, b) => (a.account < b.account ? -1 : 1)))
  const value = Buffer.from(entries)
  const known = await tx.row<Pick<Row, 'exported_at' | 'commitment' | 'salt'> & Count>`
    select exported_at, commitment, salt, accounts from identity.account_lists where system = ${system}`
  const count = countAccounts(accounts)
  if (known?.exported_at.getTime() === exportedAt && isSame(known, value)) {
    return { ...count, taken: false, commitment: known.commitment.toString('base64') }
  }
  mustBeNew(tx, exportedAt, known?.exported_at ?? null)
  const salt = randomBytes(saltSize)
  const commitment = Buffer.from(commit(value, salt))
  await forget(tx, system)
  await tx.rows`
    insert into identity.account_lists (system, source, exported_at, received_at, pushed_by, entries,
      accounts, without, unknown, inactive, services, commitment, salt, previous)
    values (${system}, ${source}, ${at(exportedAt)}, ${at(tx.now)}, ${tx.scope.actor.id}, ${entries},
      ${count.accounts}, ${count.without}, ${count.unknown}, ${count.inactive}, ${count.services},
      ${commitment}, ${salt}, ${known?.accounts ?? null})`
  return { ...count, taken: true, commitment: commitment.toString('base64') }
}

function isSame(
  { commitment, salt }: Pick<Row, 'commitment' | 'salt'>,
  value: Uint8Array,
): boolean {
  return commitment.equals(Buffer.from(commit(value, salt)))
}

/** Two pushes of one system follow each other. */
export async function takeTurns(tx: Transaction, system: string): Promise<void> {
  await tx.rows`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${`identity.list:${system}`}, 0))`
}

/** @throws Failure `conflict`, `bad-input` */
export function mustBeNew(tx: Transaction, exportedAt: number, known: Date | null): void {
  if (exportedAt > tx.now) {
    throw new Failure('bad-input', '/exportedAt: it lies in the future', {
      fix: 'set the clock of who exports it',
    })
  }
  if (exportedAt <= tx.now - longest) {
    throw new Failure('bad-input', '/exportedAt: it is more than 8 days old, and proves nothing', {
      fix: 'export it anew',
    })
  }
  if (known === null || known.getTime() < exportedAt) return
  throw new Failure('conflict', `one of ${known.toISOString()} is here, which is not older`, {
    fix: 'push the newest',
  })
}

/** With a list goes every one whose system is in systems.yaml no more. */
async function forget(tx: Transaction, system: string): Promise<void> {
  const { systems } = await needApplied(tx)
  const others = systems.subjects.map(({ id }) => id).filter((id) => id !== system)
  await tx.rows`delete from identity.account_lists where system <> all(${others}::text[])`
}

/** What is counted of a list, and how many accounts counted in the one before it. */
export interface Counted extends Count {
  previous: number | null
}

/** All lists, each with what is counted of it. */
export async function readLists(tx: Transaction): Promise<(Kept & Counted)[]> {
  const rows = await tx.rows<Row & Counted>`
    select system, source, exported_at, received_at, pushed_by, accounts, without, unknown, inactive,
      services, previous from identity.account_lists order by system`
  return rows.map(
    ({ exported_at: exportedAt, received_at: receivedAt, pushed_by: pushedBy, ...row }) => ({
      ...row,
      exportedAt: exportedAt.getTime(),
      receivedAt: receivedAt.getTime(),
      pushedBy,
    }),
  )
}

/** Accounts of a list that count and have no second factor, or none that is known. */
export async function readLacking(
  tx: Transaction,
  system: string,
  limit: number,
): Promise<{ account: string; secondFactor: 'no' | 'unknown' }[]> {
  return await tx.rows`
    select one.account, one."secondFactor" from identity.account_lists l
      cross join jsonb_to_recordset(l.entries)
        as one (account text, kind text, active boolean, "secondFactor" text)
    where l.system = ${system} and one.active and one.kind = 'person' and one."secondFactor" <> 'yes'
    order by one."secondFactor", one.account limit ${limit}`
}
