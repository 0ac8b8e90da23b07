import type { ClientBase } from 'pg'
import { reasons } from './rights.ts'
import { firstOfUsers, freeOfSuperusers } from './tenant-tables.ts'
import type { Finding, Work } from './work.ts'

/** A table that the app has rights on which no grant gave and no REVOKE takes. */
export interface Held {
  table: number
  /** Its owner, or a role of PostgreSQL's with a right on every table. */
  role: string
  owns: boolean
}

/** By roles of the app and all that they may become. Who may become a superuser is told as that. */
export async function readHeld(client: ClientBase, roles: readonly number[]): Promise<Held[]> {
  const { rows } = await client.query<Held>(
    `select pg_class.oid::int as table, rolname as role, relowner = pg_roles.oid as owns
     from pg_class join pg_roles on relowner = pg_roles.oid or rolname in ('pg_read_all_data', 'pg_write_all_data')
     where relkind in ('r', 'p', 'f') and pg_class.oid >= ${firstOfUsers}
       and exists (select from (${freeOfSuperusers('$1')}) as app where pg_has_role(app.oid, pg_roles.oid, 'member'))
     order by 1, 2`,
    [roles],
  )
  return rows
}

/** Of tables that are nobody's own: of the others findAppRoles tells the owner. */
export function heldFindings({ decisions }: Work, held: readonly Held[]): Finding[] {
  return held.flatMap(({ table: oid, role, owns }): Finding[] => {
    const { table, kind, asked } = decisions.get(oid) ?? {}
    if (!table || !kind || asked || !(kind in allowed)) return []
    if (owns) {
      const why = `it belongs to ${role}, and an owner has every right`
      const fix = `alter table ${table.sql} owner to a role that the app cannot become`
      return [{ at: table.id, why, fix, level: 'error' }]
    }
    if (allowed[kind]!.includes(role)) return []
    const why = `${reasons[kind]}, and ${role} lets it at every table`
    return [{ at: table.id, why, fix: `take ${role} from the app`, level: 'error' }]
  })
}

/** What the app may be for a table of this kind, beside having grants. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  closed: [],
  shared: ['pg_read_all_data'],
  written: ['pg_read_all_data', 'pg_write_all_data'],
}
