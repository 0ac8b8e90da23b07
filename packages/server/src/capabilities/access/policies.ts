import { hash } from 'node:crypto'
import { encodeEntry } from '@kept/ledger'
import { PolicyFailure, readPolicies as read } from '@kept/policy'
import { Failure } from '../../foundation/failure.ts'
import { at, json, type Transaction } from '../../foundation/transaction.ts'

/** An app's own policies, as its pipeline has them: Cedar, by their ids. */
export interface PolicySet {
  schema: string
  policies: Readonly<Record<string, string>>
}

/** Takes them as the next version, if an app can decide by them; the same again is the version that it is. */
export async function pushPolicies(
  tx: Transaction,
  { schema, policies }: PolicySet,
): Promise<{ version: number; digest: string }> {
  check({ schema, policies })
  await tx.rows`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('access.policies', 0))`
  const digest = hash('sha256', encodeEntry({ schema, policies }), 'hex')
  const last = await tx.row<{ version: number; digest: string }>`
    select version, digest from access.policies order by version desc limit 1`
  if (last?.digest === digest) return last
  const version = (last?.version ?? 0) + 1
  await tx.rows`
    insert into access.policies (version, digest, schema, policies, pushed_at, pushed_by)
    values (${version}, ${digest}, ${schema}, ${json(policies)}, ${at(tx.now)},
      ${tx.scope.actor.id})`
  return { version, digest }
}

/** Refuses what no app could read, each objection at its place: an app would go on by the bundle before. */
function check(set: PolicySet): void {
  try {
    read(set)
  } catch (error) {
    if (!(error instanceof PolicyFailure)) throw error
    const errors = error.findings.map(
      ({ source, line, column, message }) => `${source}:${line}:${column} ${message}`,
    )
    throw new Failure('not-acceptable', errors[0] ?? error.message, {
      errors: errors.slice(0, 100),
      fix: 'kept policy check shows each at its place',
    })
  }
}

/** The version in force; null before the first. */
export async function readPolicies(
  tx: Transaction,
): Promise<{ schema: string; policies: Record<string, string> } | null> {
  return await tx.row<{ schema: string; policies: Record<string, string> }>`
    select schema, policies from access.policies order by version desc limit 1`
}
