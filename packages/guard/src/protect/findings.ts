import type { Catalog, ExtensionTable, Table } from './catalog.ts'
import { isOwned, rootOf, undecided, type Decisions, type Tenant } from './decision.ts'
import { plainly } from './names.ts'
import { acrossOf, isAcross } from './plan.ts'
import { pointsAtTenant } from './references.ts'
import { sayRows } from './rows.ts'
import { quote } from './sql.ts'
import { columnsNamed } from './ways.ts'
import type { Finding, Work } from './work.ts'

/** Rows that cross, which no constraint would take. */
export function rowFindings(work: Work): Finding[] {
  const { rows, catalog, decisions } = work
  const crossings = rows.crossings
    .filter(({ at, by }) => !isAcross(work.plan, at, by))
    .map(({ at, by, to, implied, ...found }): Finding => ({
      at,
      why: `${found.rows} of its rows point by ${by.join(', ')}${implied ? ', by its name alone,' : ''} at a row of ${to} that is another tenant's: ${sayRows(found)}`,
      fix: `${implied ? 'repair these rows, and give them a foreign key' : 'repair these rows; until then no constraint holds them'}; where it is meant, in the plan, under across: ${acrossOf(at, by)}`,
      level: 'error',
    }))
  const lost = [...decisions.values()].flatMap(({ table, kind, column }): Finding[] => {
    const found = rows.nulls.get(table.oid)
    if (kind !== 'own' || !found || found.rows === 0) return []
    return [
      {
        at: table.id,
        why: `${found.rows} of its rows have no ${column!} (${sayRows(found)}): under the policy no tenant sees them`,
        fix: 'give them a tenant; what is for all tenants belongs in a table that is shared',
        level: 'note',
      },
    ]
  })
  const orphans = [...rows.orphans].map(([oid, found]): Finding => {
    const { table, column } = decisions.get(oid)!
    return {
      at: table.id,
      why: `${found.rows} of its rows have a ${column!} of a tenant who is not there (${sayRows(found)}): no tenant sees them`,
      fix: 'give them a tenant; what is for all tenants belongs in a table that is shared',
      level: 'note',
    }
  })
  const unseen = [...rows.unseen].map((oid): Finding => ({
    at: catalog.byOid.get(oid)!.id,
    why: 'whether the tenants that its rows name are there could not be counted',
    fix: 'run this as a role that sees every row: a superuser, or one with BYPASSRLS',
    level: 'note',
  }))
  const uncounted = [...rows.uncounted].map(([oid, why]): Finding => ({
    at: catalog.byOid.get(oid)!.id,
    why: `its rows could not be counted: ${why}`,
    fix: 'run this as a role that sees every row: a superuser, or one with BYPASSRLS',
    level: 'error',
  }))
  return [...crossings, ...lost, ...orphans, ...unseen, ...uncounted]
}

/**
 * Tables that a person called everybody's and that lead to a tenant: what was so when it was said may be so no
 * more, and no policy keeps their rows apart. Where it is meant, the plan says so under across.
 */
export function sharedFindings({ catalog, decisions, tenant, plan }: Work): Finding[] {
  return [...decisions.values()].flatMap(({ table, kind, asked }): Finding[] => {
    if (asked || (kind !== 'shared' && kind !== 'written')) return []
    const root = catalog.byOid.get(rootOf(catalog, table.oid))!
    const above = root === table ? [] : waysToTenant(catalog, decisions, tenant, root)
    return waysToTenant(catalog, decisions, tenant, table)
      .filter(({ by }) => !above.some((one) => one.by.join() === by.join()))
      .filter(({ by }) => !isAcross(plan, table.id, by))
      .map(({ by, why }) => ({
        at: table.id,
        why: `${why}, and every tenant reads it`,
        fix: `in the plan, under tables: ${table.id}: what it is; where it is meant, under across: ${acrossOf(table.id, by)}`,
        level: 'error',
      }))
  })
}

/** By a foreign key, or by a column that is called as the tenant is. */
function waysToTenant(
  catalog: Catalog,
  decisions: Decisions,
  tenant: Tenant,
  table: Table,
): { by: readonly string[]; why: string }[] {
  if (table.oid === tenant.table?.oid) return []
  const pointing = table.references.flatMap((key) => {
    const target = rootOf(catalog, key.target)
    if (!isOwned(decisions.get(target)) && !pointsAtTenant(tenant, key)) return []
    const why = `its ${key.columns.join(', ')} leads to ${catalog.byOid.get(target)!.id}`
    return [{ by: key.columns, why }]
  })
  const named = columnsNamed(tenant, table)
    .filter((name) => !pointing.some(({ by }) => by.includes(name)))
    .map((name) => ({ by: [name], why: `its ${name} is called as the tenant is` }))
  return [...pointing, ...named]
}

/** Tables that extensions brought along are theirs to guard; one that says whose its rows are is no such table. */
export function extensionFindings({ tenant }: Work, tables: readonly ExtensionTable[]): Finding[] {
  return tables.map(({ id, extension, columns }) => {
    const column = columns.find(({ name }) => plainly(name) === plainly(tenant.column))
    const why = `it is of the extension ${extension}, and is not looked at; the app has rights on it`
    return {
      at: id,
      why: column ? `${why}, and its ${column.name} is called as the tenant is` : why,
      fix: 'take them from the app where it needs none; what is of the app, alter extension ... drop',
      level: column ? 'error' : 'note',
    }
  })
}

/** What makes policies worthless for the app. */
export function roleFindings(
  { roles, plan, catalog, decisions }: Work,
  superusers: readonly string[],
): Finding[] {
  if (plan.appRoles.length === 0) {
    return [
      {
        at: catalog.database,
        why:
          superusers.length > 0
            ? `the app seems to log in as ${superusers.join(', ')}, a superuser, whom no policy binds`
            : 'no role of the app was found',
        fix: '--app-role NAME: the role the app logs in as; it is made where there is none',
        level: 'error',
      },
    ]
  }
  const tables = [...decisions.values()].filter(isOwned)
  return roles.flatMap(({ name, unbound }): Finding[] => {
    if (unbound.length === 0) return []
    const owns = tables.filter(({ table }) => unbound.includes(table.owner)).length
    const what =
      owns > 0
        ? `it owns ${owns} tables, and an owner may switch policies off`
        : 'no policy binds these'
    const role = catalog.roles.find((one) => one.name === name)!
    const makes = catalog.roles.filter((one) => one.makesRoles && unbound.includes(one.name))
    const others = role.superuser ? [] : unbound.filter((other) => other !== name)
    const fix = [
      ...(role.bypasses && !role.superuser
        ? [`in the plan, under roles: ${name}: nobypassrls`]
        : []),
      ...makes.map((one) => `alter role ${quote(one.name)} nocreaterole`),
      ...others.map((other) => `revoke ${quote(other)} from ${quote(name)}`),
    ].join('; ')
    const anew = 'let the app log in as another role: --app-role NAME makes one'
    return [
      {
        at: name,
        why: `it is or may become ${unbound.join(', ')}: ${what}`,
        fix: fix === '' ? anew : `${anew}; or, where nothing else needs it, ${fix}`,
        level: 'error',
      },
    ]
  })
}

/** Tables of which nobody has decided whose their rows are. */
export function openFindings({ decisions, plan }: Work): Finding[] {
  return [...decisions.values()]
    .filter(({ asked, kind, table }) => (asked || kind === 'open') && table.parents.length === 0)
    .map(({ table, why }) => ({
      at: table.id,
      why,
      fix: `in the plan, under tables: ${table.id}: ${proposed(plan.tables[table.id]!)}`,
      level: 'error',
    }))
}

function proposed(said: string): string {
  return said === undecided
    ? 'own COLUMN, through COLUMN, shared, shared and written, or closed'
    : `${said.replace(/\?$/, '')}, or what else it is`
}
