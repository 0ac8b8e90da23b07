import { escapeIdentifier, escapeLiteral, type Client } from 'pg'
import { cannotLook } from '../../foundation/look.ts'
import { attempt } from './attempt.ts'
import type { Hole } from '@kept/guard/protect'
import { asAtLogin } from './standing.ts'
import {
  asTenant,
  become,
  type AppRole,
  type Convention,
  type TenantTable,
} from '../../outside/tenant-tables.ts'

/**
 * Tries two canary tenants against each other in the database itself, as each role of the app, in a
 * transaction that is rolled back. Each refusal has its control: as one's own tenant the same is allowed.
 */
export async function tryCanaries(
  client: Client,
  convention: Convention,
  canaries: readonly [string, string],
  tables: readonly TenantTable[],
  roles: readonly AppRole[],
): Promise<Hole[]> {
  const holes: Hole[] = []
  const seen = new Set<string>()
  for (const role of roles) {
    await client.query('begin transaction read write')
    try {
      await become(client, role)
      await asAtLogin(client, role)
      for (const table of tables) {
        const trial = { client, convention, canaries, table, role: role.name, seen }
        if (await may(trial, 'select')) holes.push(...(await tryUnscoped(trial)))
      }
      for (const table of tables) {
        const trial = { client, convention, canaries, table, role: role.name, seen }
        if (await may(trial, 'select')) holes.push(...(await tryReading(trial)))
        if (await may(trial, 'insert')) holes.push(...(await tryWriting(trial)))
      }
    } finally {
      await client.query('rollback')
    }
  }
  // Who has no row anywhere cannot be robbed of one: then nothing was tried.
  const bare = canaries.filter((canary) => !seen.has(canary))
  if (holes.length === 0 && bare.length > 0)
    throw cannotLook('a canary tenant has no row of its own')
  return holes
}

interface Trial {
  client: Client
  convention: Convention
  canaries: readonly [string, string]
  table: TenantTable
  role: string
  /** Canaries that saw a row of their own. */
  seen: Set<string>
}

async function may({ client, convention, table }: Trial, right: string): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    'select has_column_privilege($1::oid, $2, $3) as may',
    [table.oid, convention.column, right],
  )
  return rows[0]!.may
}

/** Whether a query finds a row; null when it ended in an error. */
async function finds(trial: Trial, condition: string): Promise<boolean | null> {
  const { rows, error } = await attempt(
    trial.client,
    `select from ${trial.table.name} where ${condition} limit 1`,
  )
  return error === null ? rows.length > 0 : null
}

async function tryReading(trial: Trial): Promise<Hole[]> {
  const { client, canaries, convention, table, role } = trial
  const column = `${escapeIdentifier(convention.column)}::text`
  for (const own of canaries) {
    await asTenant(client, convention, own)
    const crossed = await finds(trial, `${column} is distinct from ${escapeLiteral(own)}`)
    if (crossed === null) throw cannotLook(`${role} could not read ${table.name} as a canary`)
    if (crossed) return [{ at: table.name, why: `${role} reads rows of others as a canary` }]
    if (await finds(trial, `${column} = ${escapeLiteral(own)}`)) trial.seen.add(own)
  }
  await asTenant(client, convention, '')
  return await tryUnscoped(trial)
}

/** Without a tenant some policies end in an error, as when '' is no uuid: no row came out of it. */
async function tryUnscoped(trial: Trial): Promise<Hole[]> {
  const { table, role } = trial
  return (await finds(trial, 'true')) === true
    ? [{ at: table.name, why: `${role} reads rows without any tenant` }]
    : []
}

/**
 * PostgreSQL checks a policy before any constraint, so that a row of nothing but a tenant is refused
 * with 42501 by the policy, and with 23xxx only by what comes after it.
 */
async function tryWriting(trial: Trial): Promise<Hole[]> {
  const { client, convention, canaries, table, role } = trial
  const [own, other] = canaries
  await asTenant(client, convention, own)
  const control = await attemptInsert(trial, own)
  if (control !== 'passed') {
    throw cannotLook(
      `${role} cannot even write a row of its own tenant to ${table.name} (${control})`,
    )
  }
  const outcome = await attemptInsert(trial, other)
  if (outcome === '42501') return []
  if (outcome === 'passed')
    return [{ at: table.name, why: `${role} writes rows of another canary` }]
  throw cannotLook(`writing another tenant's row to ${table.name} ended in ${outcome}`)
}

async function attemptInsert(trial: Trial, tenant: string): Promise<string> {
  const { table, convention } = trial
  const column = escapeIdentifier(convention.column)
  const statement = `insert into ${table.name} (${column}) values (${escapeLiteral(tenant)})`
  const { error } = await attempt(trial.client, statement)
  return error === null || error.startsWith('23') ? 'passed' : error
}
