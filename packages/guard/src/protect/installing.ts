import type { ClientBase } from 'pg'
import { schemaSql } from '../schema.ts'
import type { Plan } from './plan.ts'
import { createRole } from './rights.ts'
import { findSealFaults, type SealFault } from './seal.ts'
import type { Step } from './work.ts'

/** How the seal stands that sealed policies ask. */
export interface Sealing {
  faults: readonly SealFault[]
  /** Roles of the app that cannot ask it, and those of them that are not there yet. */
  strangers: readonly { name: string; missing: boolean }[]
}

export async function readSealing(
  client: ClientBase,
  { appRoles }: Plan,
  roles: readonly number[],
): Promise<Sealing> {
  const { rows } = await client.query<{ name: string; missing: boolean }>(
    `select name, pg_roles.oid is null as missing from unnest($1::text[]) as name left join pg_roles on rolname = name
     where not exists (select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where nspname = 'kept' and relname = 'scope' and has_schema_privilege(pg_roles.oid, pg_namespace.oid, 'usage')
         and has_table_privilege(pg_roles.oid, pg_class.oid, 'select'))`,
    [appRoles],
  )
  return { faults: await findSealFaults(client, roles), strangers: rows }
}

/** Before all else: the defaults of columns and the policies ask it. */
export function sealSteps({ faults, strangers }: Sealing, { appRoles }: Plan): Step[] {
  const fault = faults.find(({ mends }) => mends)
  const asking = fault ? appRoles : strangers.map(({ name }) => name)
  if (asking.length === 0) return []
  const made = strangers.filter(({ missing }) => missing).map(({ name }) => createRole(name))
  const installed = asking.map((appRole) => schemaSql({ mode: 'sealed', appRole }).trim())
  const why = fault?.why ?? `${asking.join(', ')} cannot ask it`
  return [
    {
      at: fault?.at ?? 'kept.scope',
      why: `${why}; this wants the right to make a role, best a superuser's`,
      sql: [`begin;\n${[...made, ...installed].join('\n')}\ncommit;`],
    },
  ]
}
