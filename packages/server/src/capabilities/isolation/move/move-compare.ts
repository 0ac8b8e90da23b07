import type { Failure } from '../../../foundation/failure.ts'
import { cannotMove, type Side } from './move-side.ts'
import type { Table } from './move-tables.ts'
import type { Sum } from './moves.ts'

const row = (columns: readonly string[]) => `row(${columns.join(', ')})::text`
/** A row as text, and its key. */
export const all = ({ columns }: Table) => row(columns.map(({ name }) => name))
export const keyOf = (table: Table) => row(table.key)
/** The rows of the tenant, who is the first parameter. */
export const own = ({ from, whose, whoseType }: Table) =>
  `from ${from} where ${whose} = $1::text::${whoseType}`

/** What a row may take as text: twice that, as it may become on its way, still fits into a string. */
export const mostBytes = 128 * 1_048_576

/** What a pass has to do in one table, by the keys of rows. */
export interface Difference {
  table: Table
  /** How many rows are to be written or deleted. */
  count: number
  /** Bytes of the largest row that is to be written. */
  widest: number
  missing: ReadonlySet<string> | 'all'
  changed: ReadonlySet<string>
  superfluous: readonly string[]
}

/** Into so many buckets rows are put by their keys: only those that differ are looked at row by row. */
const buckets = 16_384
const bucketOf = (table: Table) => `(hashtextextended(${keyOf(table)}, 0) & ${buckets - 1})::int`

export async function compare(source: Side, destination: Side, table: Table): Promise<Difference> {
  if (table.key.length === 0) return await compareWhole(source, destination, table)
  const [here, there] = await Promise.all([
    sumBuckets(source, table),
    sumBuckets(destination, table),
  ])
  const none = { table, widest: 0, changed: new Set<string>(), superfluous: [] }
  if (there.size === 0) {
    const count = [...here.values()].reduce((sum, { rows }) => sum + rows, 0)
    if (count === 0) return { ...none, count, missing: new Set() }
    return { ...none, count, widest: await findWidest(source, table), missing: 'all' }
  }
  const differ = [...new Set([...here.keys(), ...there.keys()])].filter((bucket) => {
    return here.get(bucket)?.sum !== there.get(bucket)?.sum
  })
  if (differ.length === 0) return { ...none, count: 0, missing: new Set() }
  const [ours, theirs] = await Promise.all([
    digest(source, table, differ),
    digest(destination, table, differ),
  ])
  const missing = [...ours.keys()].filter((key) => !theirs.has(key))
  const changed = [...ours.keys()].filter((key) => {
    return theirs.has(key) && theirs.get(key)!.sum !== ours.get(key)!.sum
  })
  const superfluous = [...theirs.keys()].filter((key) => !ours.has(key))
  return {
    table,
    count: missing.length + changed.length + superfluous.length,
    widest: [...missing, ...changed].reduce((most, key) => Math.max(most, ours.get(key)!.bytes), 0),
    missing: new Set(missing),
    changed: new Set(changed),
    superfluous,
  }
}

async function sumBuckets(
  side: Side,
  table: Table,
): Promise<Map<number, { rows: number; sum: string }>> {
  const rows = await side.query<{ bucket: number; rows: number; sum: string }>(
    `select ${bucketOf(table)} as bucket, count(*)::int as rows,
       count(*) || ' ' || sum(hashtextextended(${all(table)}, 1)::numeric) as sum ${own(table)} group by 1`,
    [side.tenant],
  )
  return new Map(rows.map(({ bucket, ...of }) => [bucket, of]))
}

/** The rows of some buckets by their keys. */
async function digest(
  side: Side,
  table: Table,
  some: readonly number[],
): Promise<Map<string, { sum: string; bytes: number }>> {
  const rows = await side.query<{ key: string; sum: string; bytes: number }>(
    `select ${keyOf(table)} as key, md5(${all(table)}) as sum, octet_length(${all(table)}) as bytes ${own(table)}
       and ${bucketOf(table)} = any($2)`,
    [side.tenant, some],
  )
  return new Map(rows.map(({ key, ...of }) => [key, of]))
}

/** Nothing tells its rows apart: when they differ at all they are all copied anew. */
async function compareWhole(source: Side, destination: Side, table: Table): Promise<Difference> {
  const [here, there] = await Promise.all([sumOf(source, table), sumOf(destination, table)])
  const none = { table, widest: 0, changed: new Set<string>(), superfluous: [] }
  if (here.checksum === there.checksum && here.rows === there.rows) {
    return { ...none, count: 0, missing: new Set() }
  }
  await destination.query(`delete ${own(table)}`, [destination.tenant])
  return { ...none, count: here.rows, widest: await findWidest(source, table), missing: 'all' }
}

/** The bytes of the tenant's largest row in a table, as text. */
async function findWidest(side: Side, table: Table): Promise<number> {
  const [row] = await side.query<{ widest: number }>(
    `select coalesce(max(octet_length(${all(table)})), 0) as widest ${own(table)}`,
    [side.tenant],
  )
  return row!.widest
}

/** Refuses rows that no message can hold. */
export async function refuseHuge(side: Side, tables: readonly Table[]): Promise<void> {
  for (const table of tables) {
    if ((await findWidest(side, table)) > mostBytes) throw hasHuge(side, table)
  }
}

export function hasHuge({ id }: Side, { name }: Table): Failure {
  return cannotMove(
    `${name} of ${id} has a row of more than 128 MB`,
    'keep it in parts, or elsewhere',
  )
}

/** Counts the rows of a tenant in a table, and sums them up in whatever order they come. */
async function sumOf(side: Side, table: Table): Promise<Sum> {
  const [sum] = await side.query<{ rows: number; checksum: string }>(
    `select count(*)::int as rows,
       coalesce(sum(hashtextextended(${all(table)}, 0)::numeric), 0)::text as checksum ${own(table)}`,
    [side.tenant],
  )
  return { table: table.name, ...sum! }
}

export async function sumAll(side: Side, tables: readonly Table[]): Promise<Sum[]> {
  const sums: Sum[] = []
  for (const table of tables) sums.push(await sumOf(side, table))
  return sums
}

/** How many rows of the tenant a side has, its row among the tenants aside. */
export async function countAll(side: Side, tables: readonly Table[]): Promise<number> {
  const sums = await sumAll(
    side,
    tables.filter(({ isHome }) => !isHome),
  )
  return sums.reduce((sum, { rows }) => sum + rows, 0)
}

/** The tables that are not the same on both sides. */
export function differing(one: readonly Sum[], other: readonly Sum[]): string[] {
  return one
    .filter(({ rows, checksum }, i) => {
      return rows !== other[i]?.rows || checksum !== other[i].checksum
    })
    .map(({ table }) => table)
}
