import type { Catalog, ForeignKey, Table } from './catalog.ts'
import {
  columnOf,
  isOwned,
  rootOf,
  type Decisions,
  type Reference,
  type Tenant,
} from './decision.ts'
import { fits, idOf, isPolymorphic, plainly, singulars, stemOf } from './names.ts'

export function pointsAtTenant(
  { table, key }: Tenant,
  { target, targetColumns }: ForeignKey,
): boolean {
  return target === table?.oid && targetColumns.length === 1 && targetColumns[0] === key
}

export function toReference(key: ForeignKey): Reference {
  return { columns: key.columns, target: key.target, targetColumns: key.targetColumns, key }
}

/** What a foreign key pairs beside the tenant itself. */
export function besideTenant({ column }: Tenant, key: ForeignKey): Reference {
  const isTenant = (name: string) => plainly(name) === plainly(column)
  const rest = key.columns.flatMap((name, i) =>
    isTenant(name) ? [] : [[name, key.targetColumns[i]!] as const],
  )
  if (rest.length === 0) return toReference(key)
  return {
    ...toReference(key),
    columns: rest.map(([name]) => name),
    targetColumns: rest.map(([, to]) => to),
  }
}

/** A table's foreign keys to others whose rows are a tenant's, those first whose rows it dies with. */
export function leading(
  tenant: Tenant,
  table: Table,
  decisions: Decisions,
  catalog: Catalog,
): Reference[] {
  const place = ({ columns, onDelete }: ForeignKey) =>
    table.columns.findIndex(({ name }) => name === columns[0]) -
    (onDelete === 'c' ? table.columns.length : 0)
  return table.references
    .toSorted((one, other) => place(one) - place(other))
    .filter(({ target }) => target !== table.oid)
    .filter(({ target }) => isOwned(decisions.get(rootOf(catalog, target))))
    .map((key) => besideTenant(tenant, key))
}

export function isCertain(table: Table, { columns }: Reference): boolean {
  return columns.every((name) => columnOf(table, name)?.notNull ?? false)
}

/** Tables by what one of their rows may be called. */
export type Names = ReadonlyMap<string, readonly Table[]>

export function namesOf({ tables }: Catalog): Names {
  const named = tables.flatMap((table) =>
    singulars(plainly(table.name)).map((name) => ({ name, table })),
  )
  const groups = Map.groupBy(named, ({ name }) => name)
  return new Map([...groups].map(([name, own]) => [name, own.map(({ table }) => table)]))
}

export function impliedReferences(names: Names, table: Table): Reference[] {
  const bound = new Set(table.references.flatMap(({ columns }) => columns))
  return table.columns.flatMap(({ name, type }): Reference[] => {
    const stem = stemOf(name)
    if (stem === null || bound.has(name) || isPolymorphic(table, name)) return []
    // Those of its own schema first.
    const called = Map.groupBy(
      new Set(singulars(stem).flatMap((name) => names.get(name) ?? [])),
      ({ schema }) => schema === table.schema,
    )
    const nearest = [...(called.get(true) ?? []), ...(called.get(false) ?? [])]
    return nearest.flatMap((target) => {
      const id = idOf(target)
      if (target === table || id === null || !fits(columnOf(target, id)!.type, type)) return []
      return [{ columns: [name], target: target.oid, targetColumns: [id], key: null }]
    })
  })
}
