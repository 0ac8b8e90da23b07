import type { ClientBase } from 'pg'
import type { Catalog, Table } from './catalog.ts'
import {
  columnOf,
  isOwned,
  type Decision,
  type Decisions,
  type Reference,
  type Tenant,
} from './decision.ts'
import { impliedReferences, namesOf, toReference, type Names } from './references.ts'
import { quote } from './sql.ts'

/** Rows that are not as the separation of tenants needs them. */
export interface Crossing extends Counted {
  at: string
  /** The columns that lead to a row of another tenant. */
  by: readonly string[]
  to: string
  /** Whether names alone say that they lead there, and no constraint does. */
  implied: boolean
}

/** How many rows, and the ids of the first ones as text. */
export interface Counted {
  rows: number
  first: readonly string[]
}

export interface RowFacts {
  /** Rows that point at a row of another tenant; only references that have such. */
  crossings: readonly Crossing[]
  /** By table: rows of which nobody knows whose they are. */
  nulls: ReadonlyMap<number, Counted>
  /** By table: rows that name a tenant who is not there. */
  orphans: ReadonlyMap<number, Counted>
  /** Tables of which it could not be counted how many there are of these. */
  unseen: ReadonlySet<number>
  /** Tables whose new column has rows to fill. */
  unfilled: ReadonlySet<number>
  /** What could not be counted, and why. */
  uncounted: ReadonlyMap<number, string>
}

interface Question {
  table: Table
  reference: Reference | null
  what: 'crossing' | 'nulls' | 'orphans' | 'unfilled'
  sql: string
}

const noRows: Counted = { rows: 0, first: [] }

/** Counts in the rows themselves; row security that would hide some from this role is an error, not a zero. */
export async function readRows(
  client: ClientBase,
  catalog: Catalog,
  tenant: Tenant,
  decisions: Decisions,
): Promise<RowFacts> {
  const names = namesOf(catalog)
  const questions = [...decisions.values()].flatMap((one) => [
    ...questionsOf(names, decisions, one),
    ...orphansOf(tenant, one),
  ])
  const uncounted = new Map<number, string>()
  const unseen = new Set<number>()
  // Each row leads to one other: the order in which they are joined is as good as any, and found at once.
  await client.query('set local join_collapse_limit = 1')
  const counted: (Counted | null)[] = []
  for (let at = 0; at < questions.length; at += 50) {
    counted.push(...(await ask(client, questions.slice(at, at + 50), uncounted, unseen)))
  }
  const crossings: Crossing[] = []
  const certain = [...decisions.values()].filter((one) => isCertain(decisions, one))
  const nulls = new Map(certain.map(({ table }) => [table.oid, noRows]))
  const orphans = new Map<number, Counted>()
  const unfilled = new Set<number>()
  for (const [i, { table, reference, what }] of questions.entries()) {
    const found = counted[i]
    if (!found) continue
    if (what === 'nulls') nulls.set(table.oid, found)
    if (what === 'orphans' && found.rows > 0) orphans.set(table.oid, found)
    if (what === 'unfilled' && found.rows > 0) unfilled.add(table.oid)
    if (what === 'crossing' && found.rows > 0) {
      const to = catalog.byOid.get(reference!.target)!.id
      const implied = reference!.key === null
      crossings.push({ at: table.id, by: reference!.columns, to, implied, ...found })
    }
  }
  return { crossings, nulls, orphans, unseen, unfilled, uncounted }
}

/** Several at once; where one cannot be answered, each alone. */
async function ask(
  client: ClientBase,
  questions: readonly Question[],
  uncounted: Map<number, string>,
  unseen: Set<number>,
): Promise<(Counted | null)[]> {
  await client.query('savepoint counting')
  try {
    const { rows } = await client.query<{ place: number; rows: string; first: string[] }>(
      questions
        .map(({ sql }, i) => `select ${i} as place, * from (${sql}) as q${i}`)
        .join(' union all '),
    )
    const answers = new Map(
      rows.map(({ place, rows, first }) => [place, { rows: Number(rows), first }]),
    )
    return questions.map((_, i) => answers.get(i) ?? null)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code === undefined) throw error
    await client.query('rollback to savepoint counting')
    if (questions.length === 1) {
      const { table, what } = questions[0]!
      if (what === 'orphans') unseen.add(table.oid)
      else uncounted.set(table.oid, message)
      return [null]
    }
    const answers: (Counted | null)[] = []
    for (const one of questions) answers.push(...(await ask(client, [one], uncounted, unseen)))
    return answers
  } finally {
    await client.query('release savepoint counting')
  }
}

function questionsOf(names: Names, decisions: Decisions, decision: Decision): Question[] {
  const { table, kind, column } = decision
  // Rows of partitions and heirs are counted where they belong.
  if (!isOwned(decision) || kind === 'part' || column === null || table.kind === 'f') return []
  const there = columnOf(table, column)
  const own = tenantOf(decisions, decision, 'c')
  const from = `${table.sql} as c${own.joins}`
  const id = idsOf(table)
  const nulls: Question[] =
    there?.notNull || (!there && isCertain(decisions, decision))
      ? []
      : [{ table, reference: null, what: 'nulls', sql: counting(from, `${own.value} is null`, id) }]
  const unfilled: Question[] =
    kind === 'path' && there && !there.notNull
      ? [
          {
            table,
            reference: null,
            what: 'unfilled',
            sql: counting(from, `c.${quote(column)} is null and ${own.value} is not null`, id),
          },
        ]
      : []
  const references = [
    ...table.references.map(toReference),
    ...waysByName(names, decisions, decision),
  ]
  const crossings = references.flatMap((reference): Question[] => {
    const target = decisions.get(reference.target)
    if (!isOwned(target) || isTenantPair(decision, reference, target)) return []
    if (isHeld(decision, reference, target)) return []
    if (target.table.kind === 'f') return []
    if (reference.key === null && isSameWay(reference, decision.by) && !there) return []
    if (reference.key === decision.by?.key && reference.key !== null && !there) return []
    const other = tenantOf(decisions, target, 'o')
    const join = ` join ${target.table.sql} as o on ${pairing(reference, 'c', 'o')}${other.joins}`
    const mine = there && kind === 'path' ? `c.${quote(column)}` : own.value
    const isFilled = there && kind === 'path' ? `${mine} is not null and ` : ''
    const apart = `${isFilled}${mine}::text is distinct from ${other.value}::text`
    return [{ table, reference, what: 'crossing', sql: counting(from + join, apart, id) }]
  })
  return [...nulls, ...unfilled, ...crossings]
}

/** A way by its name alone is a way too, one for each column: an app follows it as it does a foreign key. */
function waysByName(
  names: Names,
  decisions: Decisions,
  { table, column, by }: Decision,
): Reference[] {
  const ways = impliedReferences(names, table).filter(
    (one) => one.columns[0] !== column && isOwned(decisions.get(one.target)),
  )
  const groups = Map.groupBy(ways, ({ columns }) => columns[0])
  return [...groups.values()].map((own) => own.find((one) => isSameWay(one, by)) ?? own[0]!)
}

const isSameWay = (one: Reference, other: Reference | null) =>
  one.target === other?.target && one.columns.join() === other.columns.join()

/** Rows that name a tenant who is not there: an empty text, or one who is gone. A foreign key tells of none. */
function orphansOf(tenant: Tenant, { table, kind, column }: Decision): Question[] {
  if (kind !== 'own' || table.kind === 'f' || column === null || !columnOf(table, column)) return []
  const isGiven = (name: string) => columnOf(table, name)?.notNull ?? false
  // With the tenant in a foreign key, it is as much there as that of the row it points at.
  const isHeld = table.references.some(
    (one) =>
      one.validated &&
      one.columns.includes(column) &&
      one.columns.every((name) => name === column || isGiven(name)),
  )
  const own = `c.${quote(column)}`
  const isThere = tenant.table
    ? `exists (select from ${tenant.table.sql} as t where t.${quote(tenant.key)} = ${own})`
    : `${own}::text <> ''`
  const sql = counting(`${table.sql} as c`, `${own} is not null and not ${isThere}`, idsOf(table))
  const isAlways = tenant.table === null && !/^(?:text|character)/.test(tenant.type)
  return isHeld || isAlways ? [] : [{ table, reference: null, what: 'orphans', sql }]
}

/** Whether constraints alone say that each row leads to a tenant. */
function isCertain(decisions: Decisions, { table, kind, column, by }: Decision): boolean {
  if (kind !== 'path') return column !== null && (columnOf(table, column)?.notNull ?? false)
  const target = decisions.get(by!.target)
  const leads =
    by!.key?.validated === true && by!.columns.every((name) => columnOf(table, name)?.notNull)
  return leads && target !== undefined && isCertain(decisions, target)
}

function counting(from: string, condition: string, id: string): string {
  return `select count(*) as rows, coalesce(array_agg(id order by n) filter (where n <= 5), '{}') as first
    from (select ${id} as id, row_number() over (order by ${id}) as n from ${from} where ${condition}) as found`
}

/** What names a row to a person. */
function idsOf({ keys }: Table): string {
  const primary = keys.find((key) => key.primary)?.columns ?? []
  const columns = primary.filter((name) => name !== null)
  return columns.length > 0
    ? `concat_ws(', ', ${columns.map((name) => `c.${quote(name)}`).join(', ')})`
    : 'c.ctid::text'
}

/** Whether it is the tenant itself that a reference pairs, beside what else. */
export function isTenantPair(
  { column }: Decision,
  { columns, targetColumns }: Pick<Reference, 'columns' | 'targetColumns'>,
  target: Decision,
): boolean {
  return columns.some((name, i) => name === column && targetColumns[i] === target.column)
}

function pairsOf({
  columns,
  targetColumns,
}: Pick<Reference, 'columns' | 'targetColumns'>): Set<string> {
  return new Set(columns.map((name, i) => `${name}\0${targetColumns[i]}`))
}

/** Whether a foreign key with the tenant in it holds what this one says, so that nothing can cross. */
function isHeld({ table, column }: Decision, by: Reference, target: Decision): boolean {
  const wanted = pairsOf({
    columns: [...by.columns, column!],
    targetColumns: [...by.targetColumns, target.column!],
  })
  return table.references.some(
    (one) =>
      one.validated &&
      one.target === by.target &&
      [...wanted].every((pair) => pairsOf(one).has(pair)),
  )
}

function pairing({ columns, targetColumns }: Reference, one: string, other: string): string {
  return columns
    .map((name, i) => `${one}.${quote(name)} = ${other}.${quote(targetColumns[i]!)}`)
    .join(' and ')
}

/** The tenant of a row, by its column or by the way to it. */
function tenantOf(
  decisions: Decisions,
  { table, column, by }: Decision,
  alias: string,
): { joins: string; value: string } {
  const own = column !== null && columnOf(table, column) ? `${alias}.${quote(column)}` : null
  const target = by === null ? undefined : decisions.get(by.target)
  if (by === null || target === undefined) return { joins: '', value: own! }
  const next = `${alias}${alias.at(-1)}`
  const further = tenantOf(decisions, target, next)
  const joins = ` left join ${target.table.sql} as ${next} on ${pairing(by, alias, next)}${further.joins}`
  return { joins, value: own === null ? further.value : `coalesce(${own}, ${further.value})` }
}

export function sayRows({ rows, first }: Counted): string {
  return `${first.join('; ')}${rows > first.length ? '; ...' : ''}`
}
