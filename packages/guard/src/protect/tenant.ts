import { GuardFailure } from '../failure.ts'
import type { Catalog, Table } from './catalog.ts'
import { decide } from './decide.ts'
import { isOwned, type Tenant } from './decision.ts'
import { nearest } from './nearest.ts'
import { pointsAtTenant } from './references.ts'
import { bareType } from './sql.ts'
import { idOf, likelihood, plainly, singular, singulars, stemOf } from './names.ts'

/**
 * Finds the tenant, or takes the one that is given; between two that are close a person chooses.
 *
 * @throws GuardFailure `tenant-unclear`, or `unsupported` where no policy can hold its key
 */
export function findTenant(catalog: Catalog, given: string | null, column: string | null): Tenant {
  const found = given === null ? likeliest(catalog) : named(catalog, given)
  bareType(found.type)
  return column === null ? found : { ...found, column }
}

type Matches = (one: string, other: string) => boolean
const same: Matches = (one, other) => one === other
const alike: Matches = (one, other) => one.toLowerCase() === other.toLowerCase()

/** `schema.table.column`, `table.column`, `table`, or the name of a column alone. */
function named(catalog: Catalog, given: string): Tenant {
  for (const matches of [same, alike]) {
    const tables = catalog.tables.flatMap((table) => keysOf(catalog.tables, table, given, matches))
    if (tables.length === 1) return tables[0]!
    if (tables.length > 1) {
      const said = tables.map(({ table }) => table!.id).join(', ')
      throw unclear(`"${given}" may be any of ${said}`, 'name it with its schema')
    }
    const columns = catalog.tables.flatMap((table) =>
      table.columns.filter(({ name }) => matches(name, given)),
    )
    const [column] = columns
    if (column !== undefined)
      return listed(catalog.tables, column.name) ?? ofColumn(column, 'it was named')
  }
  const near = nearest(
    given,
    catalog.tables.flatMap(({ id, name }) => [id, name]),
  )
  throw unclear(
    `there is no table or column "${given}"`,
    near === null ? 'name one as schema.table.column' : `did you mean ${near}?`,
  )
}

function keysOf(all: readonly Table[], table: Table, given: string, matches: Matches): Tenant[] {
  const names = [table.id, table.name]
  const column = table.columns.find(({ name }) =>
    names.some((one) => matches(`${one}.${name}`, given)),
  )
  const id = column?.name ?? (names.some((one) => matches(one, given)) ? idOf(table) : null)
  if (id === null) return []
  return [asPointed(all, ofTable(table, id, 'it was named'))]
}

function ofTable(table: Table, key: string, why: string): Tenant {
  const { type } = table.columns.find(({ name }) => name === key)!
  const stem = stemOf(key) === null ? `${singular(table.name)}_${key}` : key
  return { table, key, column: stem, type, why }
}

function ofColumn({ name, type }: { name: string; type: string }, why: string): Tenant {
  return { table: null, key: name, column: name, type, why }
}

interface Candidate {
  tenant: Tenant
  /** How many tables lead to it, weighed by how likely its name is. */
  weight: number
  tables: number
  /** Tables whose rows are its own. */
  owned: ReadonlySet<number>
}

/** How much more the first must have than the second. */
const clearly = 1.25

function likeliest(catalog: Catalog): Tenant {
  const all = candidates(catalog).map((tenant) => weigh(catalog, tenant))
  const top = all
    .filter((one) => !all.some((other) => isAbove(other, one) && !isAbove(one, other)))
    .sort((one, other) => other.weight - one.weight)
  const [first, second] = top
  if (first?.tables === 0) {
    // A key that cannot be held leads to no decision, though tables point at it.
    for (const { tenant } of top) if (isPointedAt(catalog, tenant)) bareType(tenant.type)
    throw unclear(
      `nothing leads to ${sayTenant(first.tenant)}`,
      'say --tenant TABLE, or TABLE.COLUMN',
    )
  }
  if (!first) {
    throw unclear(
      'no table or column is called as tenants are',
      `say --tenant TABLE; most others lead to ${mostReached(catalog)}`,
    )
  }
  if (second && first.weight < second.weight * clearly) {
    const said = [first, second].map(
      ({ tenant, tables }) => `${sayTenant(tenant)} (${tables} tables lead to it)`,
    )
    throw unclear(
      `the tenant may be ${said.join(' or ')}`,
      `say --tenant ${sayTenant(first.tenant)}, or the other`,
    )
  }
  return first.tenant
}

function isPointedAt(catalog: Catalog, tenant: Tenant): boolean {
  return catalog.tables.some(({ references }) =>
    references.some((key) => pointsAtTenant(tenant, key)),
  )
}

/** Whether the rows of one, as customers, are themselves of the other, as organizations. */
function isAbove(above: Candidate, { tenant }: Candidate): boolean {
  return above.tenant !== tenant && tenant.table !== null && above.owned.has(tenant.table.oid)
}

function candidates(catalog: Catalog): Tenant[] {
  const roots = catalog.tables.filter(({ parents }) => parents.length === 0)
  const tables = roots.flatMap((table) => {
    const id = idOf(table)
    const isLikely = likelihood(plainly(table.name)) > 0
    return id !== null && isLikely
      ? [asPointed(roots, ofTable(table, id, `it is called ${table.name}`))]
      : []
  })
  const known = new Set(tables.map(({ column }) => plainly(column)))
  const stems = new Set(tables.flatMap(({ table }) => singulars(plainly(table!.name))))
  const columns = roots
    .flatMap((table) => table.columns)
    .filter(({ name }) => {
      const stem = stemOf(name)
      const isNew =
        stem !== null &&
        !known.has(plainly(name)) &&
        !singulars(stem).some((name) => stems.has(name))
      if (isNew && likelihood(stem) > 0) known.add(plainly(name))
      return isNew && likelihood(stem) > 0
    })
  const named = columns.map(
    (one) => listed(roots, one.name) ?? ofColumn(one, `columns are called ${one.name}`),
  )
  // Another column of the same tenants is no other tenant.
  return [...tables, ...named.filter((one) => !tables.some(({ table }) => table === one.table))]
}

/** The table that all columns of this name point at, whatever it is called. */
function listed(tables: readonly Table[], name: string): Tenant | null {
  const keys = tables.flatMap(({ references }) =>
    references.filter(
      ({ columns }) => columns.length === 1 && plainly(columns[0]!) === plainly(name),
    ),
  )
  const [first] = keys
  const key = first?.targetColumns[0]
  const table = tables.find(({ oid }) => oid === first?.target)
  if (table === undefined || key === undefined) return null
  const isOne = keys.every(
    ({ target, targetColumns }) => target === table.oid && targetColumns[0] === key,
  )
  return isOne
    ? { ...ofTable(table, key, `columns called ${name} point at it`), column: name }
    : null
}

/** Calls the column as most tables do that point at the tenants. */
function asPointed(tables: readonly Table[], tenant: Tenant): Tenant {
  const pointing = tables.flatMap((table) =>
    table.references
      .filter(({ target, columns }) => target === tenant.table?.oid && columns.length === 1)
      .filter(
        ({ targetColumns }) => targetColumns[0] === tenant.key && table.oid !== tenant.table?.oid,
      )
      .map(({ columns }) => columns[0]!),
  )
  const counted = [...Map.groupBy(pointing, (name) => name)].sort(
    ([, a], [, b]) => b.length - a.length,
  )
  return { ...tenant, column: counted[0]?.[0] ?? tenant.column }
}

function weigh(catalog: Catalog, tenant: Tenant): Candidate {
  const owned = [...decide(catalog, tenant).values()].filter((one) => isOwned(one) && !one.asked)
  const tables = owned.filter(({ kind }) => kind === 'own' || kind === 'path').length
  const stems = [stemOf(tenant.column) ?? '', plainly(tenant.table?.name ?? '')]
  const ids = owned.filter(({ kind }) => kind !== 'tenant').map(({ table }) => table.oid)
  return {
    tenant,
    tables,
    weight: tables * Math.max(...stems.map(likelihood)),
    owned: new Set(ids),
  }
}

function mostReached(catalog: Catalog): string {
  const counts = catalog.tables.map((table) => {
    const pointing = catalog.tables.filter((one) =>
      one.references.some(({ target }) => target === table.oid),
    )
    return { id: table.id, count: pointing.length }
  })
  const most = counts.sort((one, other) => other.count - one.count).slice(0, 3)
  return most.map(({ id, count }) => `${id} (${count})`).join(', ') || 'none'
}

export function sayTenant({ table, key }: Tenant): string {
  return table === null ? key : `${table.id}.${key}`
}

function unclear(reason: string, fix: string): GuardFailure {
  return new GuardFailure('tenant-unclear', reason, fix)
}
