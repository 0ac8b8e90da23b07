import type { Catalog, Column, ForeignKey, Table } from './catalog.ts'
import { fits, idOf, plainly, singular, stemOf } from './names.ts'
import { castFor } from './sql.ts'

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

/** Finds for every table whose its rows are; what a plan says goes before what is found. */
export function decide(
  catalog: Catalog,
  tenant: Tenant,
  answers: Readonly<Record<string, string>> = {},
): Decisions {
  const decisions = new Map<number, Decision>()
  const names = Map.groupBy(catalog.tables, ({ name }) => singular(plainly(name)))
  const roots = catalog.tables.filter(({ parents }) => parents.length === 0)
  const take = (decision: Decision | null) => {
    if (decision) decisions.set(decision.table.oid, decision)
    return decision !== null
  }
  for (const table of roots) {
    const answer = answers[table.id]
    if (answer !== undefined && !answer.endsWith('?'))
      take(answered(catalog, names, tenant, table, answer))
    else if (!isBegun(tenant, table)) take(ownColumn(tenant, table))
  }
  follow(roots, decisions, tenant, catalog)
  for (const table of roots) if (!decisions.has(table.oid)) take(ownColumn(tenant, table))
  for (const table of roots) {
    if (!decisions.has(table.oid))
      take(
        impliedPath(catalog, names, tenant, table, decisions) ?? shared(catalog, table, decisions),
      )
  }
  follow(roots, decisions, tenant, catalog)
  for (const table of roots) doubt(catalog, decisions, decisions.get(table.oid)!)
  for (const table of catalog.tables) inherit(catalog, decisions, table)
  for (const decision of decisions.values()) decision.notes.push(...otherPaths(decision, decisions))
  return decisions
}

const make = (table: Table, kind: Decision['kind'], more: Partial<Decision>): Decision => ({
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

/** The table of tenants, or one with a column of its own for them. */
function ownColumn(tenant: Tenant, table: Table): Decision | null {
  if (table.oid === tenant.table?.oid)
    return own(tenant, table, tenant.key, 'tenant', 'it lists the tenants')
  const pointing = table.references
    .filter((one) => pointsAtTenant(tenant, one))
    .map(({ columns }) => columns[0]!)
  // One that a foreign key takes elsewhere means something else, whatever it is called.
  const elsewhere = table.references.filter(
    (one) => one.columns.length === 1 && !pointsAtTenant(tenant, one),
  )
  const isElsewhere = (name: string) =>
    tenant.table !== null && elsewhere.some(({ columns }) => columns[0] === name)
  const named = table.columns.filter(
    ({ name }) => plainly(name) === plainly(tenant.column) && !isElsewhere(name),
  )
  const isNamed = (column: string) => named.some(({ name }) => name === column)
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
  return own(
    tenant,
    table,
    named[0]!.name,
    'own',
    `its ${named[0]!.name} is called as the tenant is`,
  )
}

/** Whether an earlier run gave it the column, which may not be filled yet: its default is the scope. */
function isBegun(tenant: Tenant, table: Table): boolean {
  const column = table.columns.find(({ name }) => plainly(name) === plainly(tenant.column))
  return column?.notNull === false && /current_setting\(|kept\.tenant\(/.test(column.default ?? '')
}

function pointsAtTenant({ table, key }: Tenant, { target, targetColumns }: ForeignKey): boolean {
  return target === table?.oid && targetColumns.length === 1 && targetColumns[0] === key
}

function own(
  tenant: Tenant,
  table: Table,
  name: string,
  kind: 'tenant' | 'own',
  why: string,
): Decision {
  const column = table.columns.find((one) => one.name === name)!
  const said = `own ${name}`
  if (castFor(column.type) === null || !fits(column.type, tenant.type)) {
    const odd = `its ${name} is of type ${column.type}, the tenant is ${tenant.type}`
    return make(table, 'open', {
      said,
      asked: true,
      why: `${odd}: make them alike, or say what else it is`,
    })
  }
  const notes = column.notNull
    ? []
    : [`${name} may be null: such rows are nobody's, and no tenant sees them`]
  return make(table, kind, {
    column: name,
    said: kind === 'tenant' ? 'own ' + name : said,
    why,
    notes,
  })
}

/** Follows foreign keys to tables of which it is known, first those that always lead there. */
function follow(
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

/** A table's foreign keys to others whose rows are a tenant's, those first whose rows it dies with. */
function leading(
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

export function toReference(key: ForeignKey): Reference {
  return { columns: key.columns, target: key.target, targetColumns: key.targetColumns, key }
}

/** What a foreign key pairs beside the tenant itself. */
function besideTenant({ column }: Tenant, key: ForeignKey): Reference {
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

function isCertain(table: Table, { columns }: Reference): boolean {
  return columns.every((name) => columnOf(table, name)?.notNull ?? false)
}

export function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((one) => one.name === name)
}

function path(
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
  const there = table.columns.find(({ name }) => plainly(name) === plainly(tenant.column))
  const notes = isCertain(table, by)
    ? []
    : [`${through} may be null: such rows are nobody's, and no tenant sees them`]
  return make(table, 'path', {
    column: there?.name ?? tenant.column,
    by,
    said: `through ${through}`,
    why: `it belongs to ${target.id} by ${through}`,
    notes,
  })
}

/** What names alone say: a column `order_id` and a table `orders`. A person must confirm it. */
function impliedPath(
  catalog: Catalog,
  names: Names,
  tenant: Tenant,
  table: Table,
  decisions: Decisions,
): Decision | null {
  const [by] = impliedReferences(names, table).filter(({ target }) =>
    isOwned(decisions.get(target)),
  )
  if (!by) return null
  const found = path(tenant, table, by, catalog, decisions)
  const why = `${found.why}, by its name alone: no foreign key says so`
  return { ...found, asked: true, why }
}

type Names = ReadonlyMap<string, readonly Table[]>

function impliedReferences(names: Names, table: Table): Reference[] {
  const bound = new Set(table.references.flatMap(({ columns }) => columns))
  return table.columns.flatMap(({ name, type }): Reference[] => {
    const stem = stemOf(name)
    if (stem === null || bound.has(name)) return []
    const near = (target: Table) => (target.schema === table.schema ? 0 : 1)
    const called = (names.get(singular(stem)) ?? []).toSorted(
      (one, other) => near(one) - near(other),
    )
    return called.flatMap((target) => {
      const id = idOf(target)
      if (target === table || id === null || !fits(columnOf(target, id)!.type, type)) return []
      return [{ columns: [name], target: target.oid, targetColumns: [id], key: null }]
    })
  })
}

/** Nothing in it leads to a tenant. Where a tenant's rows point at it, it may hold theirs all the same. */
function shared(catalog: Catalog, table: Table, decisions: Decisions): Decision {
  const pointing = catalog.tables.filter(
    (one) =>
      isOwned(decisions.get(one.oid)) && one.references.some(({ target }) => target === table.oid),
  )
  const twin = catalog.tables.find(
    (one) => one !== table && one.name === table.name && isOwned(decisions.get(one.oid)),
  )
  if (twin) {
    return make(table, 'closed', {
      asked: true,
      why: `it is called as ${twin.id} is and leads to no tenant: it may be a copy`,
    })
  }
  const said = pointing
    .slice(0, 3)
    .map(({ id }) => id)
    .join(', ')
  const why = 'nothing in it leads to a tenant: it may be shared by all'
  const more = said === '' ? '' : `, or hold what is of one tenant: ${said} point at it`
  return make(table, 'shared', { asked: true, why: why + more })
}

/** What a plan says of a table. */
function answered(
  catalog: Catalog,
  names: Names,
  tenant: Tenant,
  table: Table,
  answer: string,
): Decision {
  const why = 'the plan says so'
  if (answer === 'shared') return make(table, 'shared', { why })
  if (answer === 'shared and written') return make(table, 'written', { said: answer, why })
  if (answer === 'closed') return make(table, 'closed', { why })
  const column = table.columns.find(({ name }) => answer === `own ${name}`)
  if (column) {
    const kind = table.oid === tenant.table?.oid ? 'tenant' : 'own'
    return own(tenant, table, column.name, kind, why)
  }
  const known = [
    ...table.references.map((key) => besideTenant(tenant, key)),
    ...impliedReferences(names, table),
  ]
  const by = known.find(({ columns }) => answer === `through ${columns.join(', ')}`)
  if (by) return { ...path(tenant, table, by, catalog, new Map()), why }
  const fix = 'say own COLUMN, through COLUMN, shared, shared and written, or closed'
  return make(table, 'open', {
    said: answer,
    asked: true,
    why: `its plan "${answer}" names nothing it has: ${fix}`,
  })
}

/** A path must end at a tenant: a plan may lead it elsewhere, or round in a ring. */
function doubt(catalog: Catalog, decisions: Map<number, Decision>, decision: Decision): void {
  const passed = new Set<number>()
  for (let at: Decision | undefined = decision; at?.kind === 'path';) {
    const target: Decision | undefined = decisions.get(rootOf(catalog, at.by!.target))
    passed.add(at.table.oid)
    if (isOwned(target) && !passed.has(target.table.oid)) at = target
    else {
      const why = `${decision.said} leads to no tenant: say another way, or what else it is`
      decisions.set(decision.table.oid, { ...decision, kind: 'open', asked: true, why })
      return
    }
  }
}

/** A partition or heir is whose the table above it is. */
function inherit(catalog: Catalog, decisions: Map<number, Decision>, table: Table): void {
  const root = decisions.get(rootOf(catalog, table.oid))
  if (table.parents.length === 0 || !root) return
  const kind = isOwned(root) ? 'part' : root.kind
  decisions.set(table.oid, {
    ...root,
    table,
    kind,
    asked: false,
    why: `it is part of ${root.table.id}`,
    notes: [],
  })
}

export function rootOf(catalog: Catalog, oid: number): number {
  const [parent] = catalog.byOid.get(oid)?.parents ?? []
  return parent === undefined ? oid : rootOf(catalog, parent)
}

/** Other ways to a tenant, which may lead to another one. */
function otherPaths({ table, kind, by }: Decision, decisions: Decisions): string[] {
  if (kind !== 'path') return []
  const others = table.references.filter(
    (one) => one !== by?.key && one.target !== table.oid && isOwned(decisions.get(one.target)),
  )
  const said = others.map(({ columns }) => columns.join(', '))
  return said.length > 0
    ? [`${said.join('; ')} lead to a tenant too: rows where they disagree are counted`]
    : []
}
