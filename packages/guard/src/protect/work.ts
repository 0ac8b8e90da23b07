import type { Catalog, Table } from './catalog.ts'
import {
  columnOf,
  isOwned,
  rootOf,
  type Decision,
  type Decisions,
  type Tenant,
} from './decision.ts'
import type { Plan } from './plan.ts'
import type { RowFacts } from './rows.ts'
import { newName } from './sql.ts'
import type { AppRole } from './tenant-tables.ts'

/** A part of the migration; after each of its statements the database can be used. */
export interface Step {
  /** The table or role it is about. */
  at: string
  /** What is wrong without it. */
  why: string
  /** Statements, each committed by itself. */
  sql: readonly string[]
  /** The rights that it takes, and from whom. */
  loses?: string
}

/** What was seen and needs a person: a migration alone does not mend it. */
export interface Finding {
  at: string
  why: string
  fix: string
  level: 'error' | 'note'
}

/** All that the migration is made from. */
export interface Work {
  catalog: Catalog
  tenant: Tenant
  plan: Plan
  decisions: Decisions
  rows: RowFacts
  /** Those of the app that exist. */
  roles: readonly AppRole[]
  /** By table, what is wrong with its policies; null when they hold. */
  faults: ReadonlyMap<number, string | null>
  /** Tables of whose policies some let the app see rows, whosesoever they are. */
  permitting: ReadonlySet<number>
  /** Indexes that steps make, so that none is made twice. */
  made: { table: number; columns: readonly string[]; unique: boolean }[]
  /** Names of relations by schema, so that a new one is new. */
  taken: Map<string, Set<string>>
  findings: Finding[]
  /** Unique keys that wait for a decision. */
  unique: Record<string, string>
  /** Roles of the app that no policy binds, which wait for one. */
  roleDecisions: Record<string, string>
}

export type Owned = Decision & { column: string }

export function ownedOf({ decisions }: Work): Owned[] {
  return [...decisions.values()].filter(isOwned)
}

/** Whether a person has decided whose its rows are, and all that this rests on. */
export function isSettled(work: Work, { asked, by, kind }: Decision): boolean {
  if (asked || kind === 'open') return false
  const target = by === null ? undefined : work.decisions.get(rootOf(work.catalog, by.target))
  return target === undefined || isSettled(work, target)
}

/** A name for a new index or table of a schema. */
export function nameIn({ taken }: Work, { schema }: Table, wanted: string): string {
  const names = taken.get(schema) ?? new Set()
  taken.set(schema, names)
  return newName(wanted, names)
}

/** The tables in which the rows of one really lie. */
export function leavesOf({ catalog }: Work, table: Table): Table[] {
  return catalog.tables.filter(
    (one) => one.kind === 'r' && (one === table || isBelow(catalog, one, table)),
  )
}

function isBelow(catalog: Catalog, table: Table, above: Table): boolean {
  return table.parents.some((oid) => {
    const parent = catalog.byOid.get(oid)
    return parent !== undefined && (parent === above || isBelow(catalog, parent, above))
  })
}

/** Whether the tenant of its rows will be known once all is applied. */
export function isFilled({ rows }: Work, { table, column, kind }: Owned): boolean {
  return (
    (columnOf(table, column)?.notNull ?? false) ||
    (kind === 'path' && rows.nulls.get(table.oid)?.rows === 0)
  )
}
