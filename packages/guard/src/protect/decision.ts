import type { Catalog, Column, ForeignKey, Table } from './catalog.ts'

/** Whom the rows of an app belong to. */
export interface Tenant {
  /** The table that lists them; null where none does. */
  table: Table | null
  /** Its column that names one. */
  key: string
  /** How the column is called in other tables. */
  column: string
  type: string
  why: string
}

/** How a row leads to one of another table. */
export interface Reference {
  columns: readonly string[]
  target: number
  targetColumns: readonly string[]
  /** Null where only names say so and no constraint does. */
  key: ForeignKey | null
}

/** Whose the rows of a table are. */
export interface Decision {
  table: Table
  /**
   * `tenant` lists the tenants, `own` has a column, `path` gets one by foreign keys, `part` has that of
   * the table it belongs to, `shared` and `written` are everybody's, `closed` is not the app's.
   */
  kind: 'tenant' | 'own' | 'path' | 'part' | 'shared' | 'written' | 'closed' | 'open'
  /** The column that says it, there or to be made. */
  column: string | null
  by: Reference | null
  /** What a plan says of it. */
  said: string
  /** Whether it waits for a person's word. */
  asked: boolean
  why: string
  notes: string[]
}

export type Decisions = ReadonlyMap<number, Decision>

/** Whether rows of it are one tenant's. */
export function isOwned(decision: Decision | undefined): decision is Decision & { column: string } {
  return decision !== undefined && ['tenant', 'own', 'path', 'part'].includes(decision.kind)
}

/** Tables that a person called closed to the app, or that are part of one. */
export function closedOf(decisions: Iterable<Decision>): number[] {
  return [...decisions].flatMap(({ table, kind, asked }) =>
    kind === 'closed' && !asked ? [table.oid] : [],
  )
}

/** What a plan says of a table where nothing can be proposed: `--confirm` leaves it so. */
export const undecided = 'undecided'

export const make = (table: Table, kind: Decision['kind'], more: Partial<Decision>): Decision => ({
  table,
  kind,
  column: null,
  by: null,
  said: kind,
  asked: false,
  why: '',
  notes: [],
  ...more,
})

export function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((one) => one.name === name)
}

export function rootOf(catalog: Catalog, oid: number): number {
  const [parent] = catalog.byOid.get(oid)?.parents ?? []
  return parent === undefined ? oid : rootOf(catalog, parent)
}
