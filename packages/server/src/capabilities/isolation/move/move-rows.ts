import { all, compare, hasHuge, keyOf, mostBytes, own, type Difference } from './move-compare.ts'
import { refusePointing } from './move-keys.ts'
import { refusalOf, within, writing, type Side } from './move-side.ts'
import { orderTables, type Table } from './move-tables.ts'

/** Rows travel so many at a time by their size in bytes, so that never more than some megabytes are on their way. */
const loads = [
  { most: 8192, rows: 1000 },
  { most: 262_144, rows: 32 },
  { most: mostBytes, rows: 1 },
] as const

/** Columns that hold what is written to them. */
const written = ({ columns }: Table) =>
  columns.filter(({ generated }) => generated === '').map(({ name }) => name)

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
  const huge = differences.find(({ widest }) => widest > mostBytes)
  if (huge) throw hasHuge(source, huge.table)
  await deleteSuperfluous(destination, differences)
  for (const group of await orderTables(destination, tables)) {
    const parts = differences.filter(({ table }) => group.tables.includes(table))
    await (group.isCycle ? insertAtOnce : insertInTurn)(source, destination, parts)
  }
  for (const part of differences) await updateChanged(source, destination, part)
  await destination.query('set constraints all immediate')
  return differences.reduce((sum, { count }) => sum + count, 0)
}

/** Hands over some rows of the source, or all of them, as texts, so many at a time. */
async function readRows(
  source: Side,
  { table, widest }: Difference,
  keys: ReadonlySet<string> | 'all',
  take: (rows: readonly string[]) => Promise<unknown>,
): Promise<void> {
  if (keys !== 'all' && keys.size === 0) return
  const some = keys === 'all' ? '' : `and ${keyOf(table)} = any($2)`
  const values = keys === 'all' ? [source.tenant] : [source.tenant, [...keys]]
  const texts = `select ${all(table)} as said ${own(table)} ${some}`
  if (widest <= loads[0].most) return await fetchAll(source, texts, values, loads[0].rows, take)
  let least = -1
  for (const { most, rows } of loads) {
    const sized = `select said from (${texts} offset 0) as row
      where octet_length(said) > ${least} and octet_length(said) <= ${most}`
    if (widest > least) await fetchAll(source, sized, values, rows, take)
    least = most
  }
}

async function fetchAll(
  source: Side,
  select: string,
  values: readonly unknown[],
  many: number,
  take: (rows: readonly string[]) => Promise<unknown>,
): Promise<void> {
  await source.query(`declare moving no scroll cursor for ${select}`, values)
  try {
    for (;;) {
      const rows = await source.query<{ said: string }>(`fetch ${many} from moving`)
      if (rows.length === 0) return
      await take(rows.map(({ said }) => said))
    }
  } finally {
    // What the destination refuses is read once more in the same transaction.
    await source.query('close moving').catch(() => {})
  }
}

const sent = 'unnest($1::text[]) as said'

/** Rows as texts, read as rows of the table: every type is written and read by its own functions. */
const reading = ({ name }: Table, from: string) =>
  `(select said::${name} as r from ${from} offset 0) moved`

function inserting(table: Table, from: string): string {
  const columns = written(table)
  const values = columns.map((column) => `(r).${column}`).join(', ')
  return `insert into ${table.name} (${columns.join(', ')}) overriding system value
    select ${values} from ${reading(table, from)}`
}

async function insertInTurn(source: Side, destination: Side, parts: readonly Difference[]) {
  for (const part of parts) {
    await readRows(source, part, part.missing, (rows) =>
      destination.query(inserting(part.table, sent), [rows]),
    )
  }
}

/**
 * Rows that point at one another are all there when the statement ends, which is when it is asked. Until
 * then they wait beside the tables, as no message could hold all of them.
 */
async function insertAtOnce(source: Side, destination: Side, parts: readonly Difference[]) {
  const some = parts.filter(({ missing }) => missing === 'all' || missing.size > 0)
  if (some.length === 0) return
  const waiting = some.map((_, i) => `pg_temp.moving_${i}`)
  for (const [i, part] of some.entries()) {
    await destination.query(`create temporary table moving_${i} (said text) on commit drop`)
    await readRows(source, part, part.missing, (rows) =>
      destination.query(`insert into ${waiting[i]} select said from ${sent}`, [rows]),
    )
  }
  const steps = some.map(({ table }, i) => `w${i} as (${inserting(table, waiting[i]!)})`)
  await destination.query(`with ${steps.join(', ')} select`)
  await destination.query(`drop table ${waiting.join(', ')}`)
}

async function updateChanged(source: Side, destination: Side, part: Difference) {
  const { table, changed } = part
  const isFree = ({ name, generated, identity }: Table['columns'][number]) =>
    generated === '' && identity !== 'a' && !table.key.includes(name)
  const columns = table.columns.filter(isFree).map(({ name }) => name)
  if (columns.length === 0) return
  const set = columns.map((column) => `${column} = (r).${column}`).join(', ')
  const same = table.key.map((column) => `there.${column} = (r).${column}`).join(' and ')
  await readRows(source, part, changed, async (rows) => {
    await destination.query(
      `update ${table.from} as there set ${set} from ${reading(table, sent)} where ${same}`,
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

/**
 * All rows of the tenant at once, so that none is in the way of another; its row among the tenants stays.
 * Rows of others that point at them would be changed with them: then nothing is deleted.
 */
export async function deleteRows(side: Side, tables: readonly Table[]): Promise<void> {
  await refusePointing(side, tables, true)
  const steps = tables
    .filter(({ isHome }) => !isHome)
    .map((table, i) => `w${i} as (delete ${own(table)})`)
  await side.query(`with ${steps.join(', ')} select`, [side.tenant])
}
