import type { Catalog, Table } from './catalog.ts'
import {
  columnOf,
  isOwned,
  make,
  rootOf,
  type Decision,
  type Decisions,
  type Reference,
  type Tenant,
} from './decision.ts'
import { fits, plainly } from './names.ts'
import { impliedReferences, isCertain, leading, pointsAtTenant, type Names } from './references.ts'
import { holdable, keepsApart } from './sql.ts'

/** The table of tenants, or one with a column of its own for them. */
export function ownColumn(tenant: Tenant, table: Table): Decision | null {
  if (table.oid === tenant.table?.oid) return listing(tenant, table)
  const pointing = table.references
    .filter((one) => pointsAtTenant(tenant, one))
    .map(({ columns }) => columns[0]!)
  const named = columnsNamed(tenant, table)
  const isNamed = (column: string) => named.includes(column)
  const [column, ...others] =
    pointing.filter(isNamed).length === 1 ? pointing.filter(isNamed) : pointing
  if (column !== undefined && others.length > 0) {
    const said = pointing.map((one) => `own ${one}`).join(' or ')
    return make(table, 'open', {
      said: `own ${column}`,
      asked: true,
      why: `several of its columns name a tenant: say ${said}`,
    })
  }
  if (column !== undefined)
    return own(tenant, table, column, 'own', `its ${column} names the tenant, by a foreign key`)
  if (named.length !== 1) return null
  return own(tenant, table, named[0]!, 'own', `its ${named[0]} is called as the tenant is`)
}

/** The policy binds who signs up too: there is no scope of a tenant whose id is not known yet. */
function listing(tenant: Tenant, table: Table): Decision {
  const found = own(tenant, table, tenant.key, 'tenant', 'it lists the tenants')
  const how = columnOf(table, tenant.key)!.counted ? 'take it from the sequence' : 'make it'
  const note = `sign-up must know the ${tenant.key} of a new one (${how}) and insert it in its own scope`
  return isOwned(found) ? { ...found, notes: [...found.notes, note] } : found
}

/** What the column is called where the usual name means something else. */
const otherName = 'kept_tenant'

/**
 * The columns that are called as the tenant is. One that a foreign key takes elsewhere means something
 * else: `account_id` of a payment may be that of a bank.
 */
export function columnsNamed(tenant: Tenant, table: Table): string[] {
  const names = table.columns.map(({ name }) => name)
  if (names.includes(otherName)) return [otherName]
  const elsewhere = table.references.filter(
    (one) => one.columns.length === 1 && !pointsAtTenant(tenant, one),
  )
  return names.filter(
    (name) =>
      plainly(name) === plainly(tenant.column) &&
      (tenant.table === null || !elsewhere.some(({ columns }) => columns[0] === name)),
  )
}

export function own(
  tenant: Tenant,
  table: Table,
  name: string,
  kind: 'tenant' | 'own',
  why: string,
): Decision {
  const column = table.columns.find((one) => one.name === name)!
  const said = `own ${name}`
  const odd = !keepsApart(column.type)
    ? `${column.type}, which no policy can hold: make it ${holdable}`
    : `${column.type}, the tenant is ${tenant.type}: make them alike`
  if (!keepsApart(column.type) || !fits(column.type, tenant.type)) {
    return make(table, 'open', {
      said,
      asked: true,
      why: `its ${name} is of type ${odd}, or say what else it is`,
    })
  }
  const notes = column.notNull
    ? []
    : [`${name} may be null: such rows are nobody's, and no tenant sees them`]
  return make(table, kind, {
    column: name,
    said,
    why,
    notes,
  })
}

/** Whether an earlier run gave it the column, which may not be filled yet: its default is the scope. */
export function isBegun(tenant: Tenant, table: Table): boolean {
  const [named] = columnsNamed(tenant, table)
  const column = table.columns.find(({ name }) => name === named)
  return column?.notNull === false && /current_setting\(|kept\.tenant\(/.test(column.default ?? '')
}

/** Follows foreign keys to tables of which it is known, first those that always lead there. */
export function follow(
  tables: readonly Table[],
  decisions: Map<number, Decision>,
  tenant: Tenant,
  catalog: Catalog,
): void {
  for (let certain = true; ;) {
    const round = tables.flatMap((table) => {
      if (decisions.has(table.oid)) return []
      const references = leading(tenant, table, decisions, catalog).filter(
        (one) => !certain || isCertain(table, one),
      )
      return references.length > 0 ? [path(tenant, table, references[0]!, catalog, decisions)] : []
    })
    for (const one of round) decisions.set(one.table.oid, one)
    if (round.length === 0 && !certain) return
    certain = round.length > 0
  }
}

export function path(
  tenant: Tenant,
  table: Table,
  by: Reference,
  catalog: Catalog,
  decisions: Decisions,
): Decision {
  const target = catalog.byOid.get(by.target)!
  const { column: above } = decisions.get(rootOf(catalog, by.target)) ?? {}
  // It may have the tenant under another name, as part of a key.
  const place = by.key?.targetColumns.findIndex((name) => name === above) ?? -1
  const paired = place < 0 ? undefined : by.key!.columns[place]
  if (paired !== undefined && by.columns.includes(paired)) {
    return own(tenant, table, paired, 'own', `its ${paired} is the ${above} of ${target.id}`)
  }
  const through = by.columns.join(', ')
  const [there] = columnsNamed(tenant, table)
  const isTaken = table.columns.some(({ name }) => plainly(name) === plainly(tenant.column))
  const notes = isCertain(table, by)
    ? []
    : [`${through} may be null: such rows are nobody's, and no tenant sees them`]
  return make(table, 'path', {
    column: there ?? (isTaken ? otherName : tenant.column),
    by,
    said: `through ${through}`,
    why: `it belongs to ${target.id} by ${through}`,
    notes,
  })
}

/** What names alone say: a column `order_id` and a table `orders`. A person must confirm it. */
export function impliedPath(
  catalog: Catalog,
  names: Names,
  tenant: Tenant,
  table: Table,
  decisions: Decisions,
): Decision | null {
  const [by, ...others] = impliedReferences(names, table).filter(({ target }) =>
    isOwned(decisions.get(target)),
  )
  if (!by) return null
  const found = path(tenant, table, by, catalog, decisions)
  const same = others
    .filter(({ columns }) => columns.join() === by.columns.join())
    .map(({ target }) => catalog.byOid.get(target)!.id)
  const more = same.length > 0 ? `, and may as well mean ${same.join(', ')}` : ''
  const why = `${found.why}, by its name alone: no foreign key says so${more}`
  return { ...found, asked: true, why }
}
