import { findBypasses, findStandingTenants, findUncovered, type Hole } from '@kept/guard/protect'
import type { Client } from 'pg'
import {
  findAppRoles,
  findTenantTables,
  reachable,
  type AppRole,
  type Convention,
  type TenantTable,
} from '../../outside/tenant-tables.ts'

/** By what a database's catalog lets the app's roles reach rows of another tenant. */
export async function findHoles(
  client: Client,
  convention: Convention,
): Promise<{ roles: AppRole[]; tables: TenantTable[]; holes: Hole[] }> {
  const all = await findTenantTables(client, convention)
  const roles = all.length === 0 ? [] : await findAppRoles(client, convention, all)
  const tables = await reachable(client, all, roles)
  const holes = [
    ...(await findUncovered(client, convention, tables, roles)),
    ...(await findBypasses(client, convention, all, roles)),
    ...(await findStandingTenants(client, convention, roles)),
  ]
  return { roles, tables, holes }
}

export function sayHoles(holes: readonly Hole[]): string {
  const said = holes.slice(0, 10).map(({ at, why }) => `${at}: ${why}`)
  return [...said, ...(holes.length > 10 ? [`and ${holes.length - 10} more`] : [])].join('; ')
}
