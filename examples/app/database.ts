import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { outboxSql, rowPolicy, schemaSql, type Mode } from '@kept/guard'
import type { Client } from 'pg'
import { seed, type Size } from './tenants.ts'

/** How a database of the app is laid out. */
export interface Layout {
  mode: Mode
  /** What its tables call the tenant. */
  column: string
  /** Whose the tables are, and whom the app logs in as. */
  owner: string
  web: string
}

const setting = 'app.tenant_id'
const ofTenants = ['customers', 'invoices']

/**
 * Makes the tables that are not there yet, gates them, and fills them: as a superuser, for schema `kept`
 * has an owner of its own. Run again it changes nothing.
 */
export async function fill(
  superuser: Client,
  layout: Layout,
  tenants: readonly Size[],
): Promise<void> {
  const { mode, web } = layout
  await superuser.query(schemaSql({ mode, appRole: web, moves: true }))
  await superuser.query(outboxSql({ mode, appRole: web, setting }))
  const { rows } = await superuser.query<{ known: unknown }>(
    `select to_regprocedure('public.session_of(bytea)') as known`,
  )
  if (rows[0]!.known !== null) return
  await superuser.query('begin')
  // What an older example left behind.
  await superuser.query('drop table if exists tokens, invoices, customers, tenants cascade')
  await superuser.query('drop function if exists tenant_of(bytea)')
  // Whose tables they are names what they are gated by.
  await superuser.query(`grant usage on schema kept to ${layout.owner}`)
  await superuser.query(`set local role ${layout.owner}`)
  await superuser.query(schemaOf(layout))
  await superuser.query('reset role')
  await seed(superuser, tenants)
  await superuser.query('commit')
}

function schemaOf({ mode, column, web }: Layout): string {
  const tenant =
    mode === 'sealed'
      ? 'kept.tenant()::uuid'
      : `nullif(current_setting('${setting}', true), '')::uuid`
  const tables = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')
    .replaceAll(/\btenant_id\b/g, column)
    .replaceAll('app_web', web)
    .replaceAll('scope_tenant()', `(${tenant})`)
  const gates = ofTenants.map((table) => rowPolicy({ mode, setting, table, column, type: 'uuid' }))
  return [tables, ...gates].join('\n')
}
