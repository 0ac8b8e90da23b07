import { cannotMove, refusalOf, within, writing, type Side } from './move-side.ts'
import { orderTables, readSequences, type Table } from './move-tables.ts'
import type { Sum } from './moves.ts'

/** How many rows travel at once, and of how many it is cheaper to read them all. */
const [batch, few] = [1000, 500]

const row = (columns: readonly string[]) => `row(${columns.join(', ')})::text`
const all = ({ columns }: Table) => row(columns.map(({ name }) => name))
const keyOf = (table: Table) => row(table.key)
const own = ({ from, whose, whoseType }: Table) =>
  `from ${from} where ${whose} = $1::text::${whoseType}`
/** Columns that hold what is written to them. */
const written = ({ columns }: Table) =>
  columns.filter(({ generated }) => generated === '').map(({ name }) => name)

/** What a pass has to do in one table, by the keys of rows. */
interface Difference {
  table: Table
  missing: Set<string>
  changed: Set<string>
  superfluous: string[]
}

/**
 * Makes the destination's rows of the tenant what the source's are now: all or nothing of it, from one
 * snapshot. Where rows stand in each other's way, as when two swapped what is unique, they are copied
 * anew. Returns how many rows were written or deleted.
 */
export async function copyChanges(
  source: Side,
  destination: Side,
  tables: readonly Table[],
  isQuiet: boolean,
): Promise<number> {
  return await within(destination, writing, async () => {
    if (isQuiet)
      await destination.query(`select set_config('session_replication_role', 'replica', true)`)
    await destination.query('set constraints all deferred')
    await destination.query('savepoint pass')
    try {
      return await applyDifferences(source, destination, tables)
    } catch (error) {
      if (!refusalOf(error)?.startsWith('23')) throw error
      await destination.query('rollback to savepoint pass')
      await destination.query('set constraints all deferred')
      await deleteRows(destination, tables)
      return await applyDifferences(source, destination, tables)
    }
  })
}

async function applyDifferences(
  source: Side,
  destination: Side,
  tables: readonly Table[],
): Promise<number> {
  const differences: Difference[] = []
  for (const table of tables) differences.push(await compare(source, destination, table))
  await deleteSuperfluous(destination, differences)
  for (const group of await orderTables(destination, tables)) {
    const parts = differences.filter(({ table }) => group.tables.includes(table))
    await (group.isCycle ? insertAtOnce : insertInTurn)(source, destination, parts)
  }
  for (const part of differences) await updateChanged(source, destination, part)
  await destination.query('set constraints all immediate')
  return differences.reduce(
    (sum, { missing, changed, superfluous }) =>
      sum + missing.size + changed.size + superfluous.length,
    0,
  )
}

async function compare(source: Side, destination: Side, table: Table): Promise<Difference> {
  if (table.key.length === 0) return await compareWhole(source, destination, table)
  const [here, there] = await Promise.all([digest(source, table), digest(destination, table)])
  const difference: Difference = {
    table,
    missing: new Set(),
    changed: new Set(),
    superfluous: [...there.keys()].filter((key) => !here.has(key)),
  }
  for (const [key, sum] of here) {
    const other = there.get(key)
    if (other === undefined) difference.missing.add(key)
    else if (other !== sum) difference.changed.add(key)
  }
  return difference
}

async function digest(side: Side, table: Table): Promise<Map<string, string>> {
  const rows = await side.query<{ key: string; sum: string }>(
    `select ${keyOf(table)} as key, md5(${all(table)}) as sum ${own(table)}`,
    [side.tenant],
  )
  return new Map(rows.map(({ key, sum }) => [key, sum]))
}

/** Nothing tells its rows apart: when they differ at all they are all copied anew. */
async function compareWhole(source: Side, destination: Side, table: Table): Promise<Difference> {
  const [here, there] = await Promise.all([sumOf(source, table), sumOf(destination, table)])
  const none = { table, missing: new Set<string>(), changed: new Set<string>(), superfluous: [] }
  if (here.checksum === there.checksum && here.rows === there.rows) return none
  await destination.query(`delete ${own(table)}`, [destination.tenant])
  const rows = await source.query<{ said: string }>(
    `select distinct ${all(table)} as said ${own(table)}`,
    [source.tenant],
  )
  return { ...none, missing: new Set(rows.map(({ said }) => said)) }
}

/** What a row is found by: its key, or all of it. */
const found = (table: Table) => (table.key.length === 0 ? all(table) : keyOf(table))

/** Hands over some rows of the source, as texts, so many at a time. */
async function readRows(
  source: Side,
  table: Table,
  keys: ReadonlySet<string>,
  take: (rows: readonly string[]) => Promise<void>,
): Promise<void> {
  if (keys.size === 0) return
  const select = `select ${found(table)} as key, ${all(table)} as said ${own(table)}`
  if (keys.size <= few) {
    const rows = await source.query<{ said: string }>(`${select} and ${found(table)} = any($2)`, [
      source.tenant,
      [...keys],
    ])
    return await take(rows.map(({ said }) => said))
  }
  await source.query(`declare moving no scroll cursor for ${select}`, [source.tenant])
  for (;;) {
    const rows = await source.query<{ key: string; said: string }>(`fetch ${batch} from moving`)
    if (rows.length === 0) break
    const wanted = rows.filter(({ key }) => keys.has(key)).map(({ said }) => said)
    if (wanted.length > 0) await take(wanted)
  }
  await source.query('close moving')
}

/** Rows as texts, read as rows of the table: every type is written and read by its own functions. */
const reading = ({ name }: Table, parameter: number) =>
  `(select said::${name} as r from unnest($${parameter}::text[]) as said offset 0) moved`

function inserting(table: Table, parameter: number): string {
  const columns = written(table)
  const values = columns.map((column) => `(r).${column}`).join(', ')
  return `insert into ${table.name} (${columns.join(', ')}) overriding system value
    select ${values} from ${reading(table, parameter)}`
}

async function insertInTurn(source: Side, destination: Side, parts: readonly Difference[]) {
  for (const { table, missing } of parts) {
    await readRows(source, table, missing, async (rows) => {
      await destination.query(inserting(table, 1), [rows])
    })
  }
}

/** Rows that point at one another are all there when the statement ends, which is when it is asked. */
async function insertAtOnce(source: Side, destination: Side, parts: readonly Difference[]) {
  const values: string[][] = []
  for (const { table, missing } of parts) {
    const rows: string[] = []
    await readRows(source, table, missing, async (some) => void rows.push(...some))
    values.push(rows)
  }
  if (values.every((rows) => rows.length === 0)) return
  const steps = parts.map(({ table }, i) => `w${i} as (${inserting(table, i + 1)})`)
  await destination.query(`with ${steps.join(', ')} select`, values)
}

async function updateChanged(source: Side, destination: Side, { table, changed }: Difference) {
  const isFree = ({ name, generated, identity }: Table['columns'][number]) =>
    generated === '' && identity !== 'a' && !table.key.includes(name)
  const columns = table.columns.filter(isFree).map(({ name }) => name)
  if (columns.length === 0) return
  const set = columns.map((column) => `${column} = (r).${column}`).join(', ')
  const same = table.key.map((column) => `there.${column} = (r).${column}`).join(' and ')
  await readRows(source, table, changed, async (rows) => {
    await destination.query(
      `update ${table.from} as there set ${set} from ${reading(table, 1)} where ${same}`,
      [rows],
    )
  })
}

async function deleteSuperfluous(destination: Side, differences: readonly Difference[]) {
  const parts = differences.filter(({ superfluous }) => superfluous.length > 0)
  if (parts.length === 0) return
  const steps = parts.map(
    ({ table }, i) => `w${i} as (delete ${own(table)} and ${keyOf(table)} = any($${i + 2}))`,
  )
  await destination.query(`with ${steps.join(', ')} select`, [
    destination.tenant,
    ...parts.map(({ superfluous }) => superfluous),
  ])
}

/** All rows of the tenant at once, so that none is in the way of another; its row among the tenants stays. */
export async function deleteRows(side: Side, tables: readonly Table[]): Promise<void> {
  const steps = tables
    .filter(({ isHome }) => !isHome)
    .map((table, i) => `w${i} as (delete ${own(table)})`)
  await side.query(`with ${steps.join(', ')} select`, [side.tenant])
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

/** A foreign key of a table, column by column. */
interface Key {
  oid: number
  name: string
  target: string
  own: string[]
  theirs: string[]
}

/** Refuses rows that point at nothing there, where the checks of the database itself were silenced. */
export async function refuseOrphans(side: Side, tables: readonly Table[]): Promise<void> {
  const keys = await side.query<Key>(
    `select conrelid::int as oid, conname::text as name,
       (select format('%I.%I', nspname, relname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
        where pg_class.oid = confrelid) as target,
       array(select quote_ident(attname) from unnest(conkey) with ordinality k (n, at)
        join pg_attribute on attrelid = conrelid and attnum = n order by at) as own,
       array(select quote_ident(attname) from unnest(confkey) with ordinality k (n, at)
        join pg_attribute on attrelid = confrelid and attnum = n order by at) as theirs
     from pg_constraint where contype = 'f' and conparentid = 0 and conrelid::int = any($1)`,
    [tables.map(({ oid }) => oid)],
  )
  for (const { oid, name, target, own: mine, theirs } of keys) {
    const table = tables.find((one) => one.oid === oid)!
    const same = mine.map((column, i) => `t.${theirs[i]} = c.${column}`).join(' and ')
    const [orphans] = await side.query<{ any: boolean }>(
      `select exists (select from ${table.from} c where c.${table.whose} = $1::text::${table.whoseType}
         and num_nulls(${mine.map((column) => `c.${column}`).join(', ')}) = 0
         and not exists (select from ${target} t where ${same})) as any`,
      [side.tenant],
    )
    if (!orphans!.any) continue
    const fix = 'bring what all tenants share there first'
    throw cannotMove(`${table.name} of ${side.id} lacks rows that ${name} points at`, fix)
  }
}

/** How far a sequence is put ahead, so that a number drawn meanwhile is not drawn again. */
const ahead = 1000

/** Puts the destination's sequences beyond all numbers that were moved. */
export async function advanceSequences(source: Side, destination: Side, tables: readonly Table[]) {
  const here = await readSequences(source, await onSide(source, tables))
  const there = await readSequences(destination, tables)
  for (const { name, last, most } of there) {
    const moved = here.find((one) => one.name === name)?.last ?? null
    if (moved === null || (last !== null && BigInt(last) >= BigInt(moved))) continue
    const next = BigInt(moved) + BigInt(ahead)
    const value = next < BigInt(most) ? next : BigInt(most)
    await destination.query('select setval($1::regclass, $2::bigint)', [name, value.toString()])
  }
}

/** The same tables, as the other side numbers them. */
async function onSide(side: Side, tables: readonly Table[]): Promise<Table[]> {
  const rows = await side.query<{ oid: number; name: string }>(
    'select said::regclass::oid::int as oid, said as name from unnest($1::text[]) as said',
    [tables.map(({ name }) => name)],
  )
  return tables.map((table) => ({
    ...table,
    oid: rows.find(({ name }) => name === table.name)!.oid,
  }))
}
