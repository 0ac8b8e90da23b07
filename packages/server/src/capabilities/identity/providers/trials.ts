import { randomUUID } from 'node:crypto'
import { at, json, type Transaction } from '../../../foundation/transaction.ts'
import type { Begun } from './challenges.ts'
import type { Check } from './checks.ts'

/** How many of a connection are kept, and for how long: they hold what a provider says of a person. */
const most = 5
const lasts = 30 * 86_400_000

export interface Trial {
  id: string
  at: number
  /** Whether a sign-in would have been let in. */
  passed: boolean
  sent: Record<string, unknown>
  checks: Check[]
}

export async function keepTrial(
  tx: Transaction,
  { tenant, connection, trial }: Begun,
  { sent, checks }: { sent: Record<string, unknown>; checks: readonly Check[] },
): Promise<void> {
  await tx.rows`insert into identity.trials (id, connection, tenant, account, at, sent, checks)
    values (${randomUUID()}, ${connection}, ${tenant}, ${trial}, ${at(tx.now)}, ${json(bound(sent))}::jsonb, ${json(checks)}::jsonb)`
  await tx.rows`delete from identity.trials where connection = ${connection} and (at <= ${at(tx.now - lasts)}
    or id not in (select id from identity.trials where connection = ${connection} order by at desc limit ${most}))`
}

/** A provider may send more than anybody reads, and what no database holds. */
function bound(sent: Record<string, unknown>): Record<string, unknown> {
  const text = json(sent).replaceAll('\\u0000', '')
  return text.length <= 20_000
    ? (JSON.parse(text) as Record<string, unknown>)
    : { shortened: `${text.slice(0, 20_000).toWellFormed()}...` }
}

export async function listTrials(tx: Transaction, connection: string): Promise<Trial[]> {
  const rows = await tx.rows<{
    id: string
    at: Date
    sent: Record<string, unknown>
    checks: Check[]
  }>`
    select id, at, sent, checks from identity.trials
    where connection = ${connection} and tenant = ${tx.scope.actor.tenant ?? null}
      and at > ${at(tx.now - lasts)} order by at desc, id limit ${most}`
  return rows.map((row) => ({
    ...row,
    at: row.at.getTime(),
    passed: row.checks.every(({ passed }) => passed),
  }))
}
