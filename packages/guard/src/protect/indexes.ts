import type { Index, Table } from './catalog.ts'
import { lockTimeout, newName, quote } from './sql.ts'
import { leavesOf, nameIn, ownedOf, type Step, type Work } from './work.ts'

/** Each table of a tenant's gets an index that begins with the tenant. */
export function indexSteps(work: Work): Step[] {
  return ownedOf(work).flatMap(({ table, column }) => {
    if (table.partition || table.kind === 'f') return []
    const why = 'every query asks for one tenant, and no index begins with it'
    return ensureIndex(work, table, [column], false, why)
  })
}

/** Whether it has an index that begins with these columns, or one of exactly these that is unique. */
function hasIndex({ indexes, keys }: Table, columns: readonly string[], unique: boolean): boolean {
  const begins = ({ columns: own, valid, partial }: Index) =>
    valid && !partial && columns.every((name, i) => own[i] === name)
  if (!unique) return indexes.some(begins)
  return keys.some(
    (key) =>
      begins(key) &&
      key.exclusion === null &&
      !key.deferrable &&
      key.columns.length === columns.length,
  )
}

function isMade(
  { made }: Work,
  { oid }: Table,
  columns: readonly string[],
  unique: boolean,
): boolean {
  return made.some(
    (one) =>
      one.table === oid &&
      columns.every((name, i) => one.columns[i] === name) &&
      (!unique || (one.unique && one.columns.length === columns.length)),
  )
}

/**
 * Makes an index while others write. A partitioned table takes one only under a lock, so its parts get
 * theirs first and the lock is short. What an interrupted run left invalid is made anew.
 */
export function ensureIndex(
  work: Work,
  table: Table,
  columns: readonly string[],
  unique: boolean,
  why: string,
): Step[] {
  if (hasIndex(table, columns, unique) || isMade(work, table, columns, unique)) return []
  work.made.push({ table: table.oid, columns, unique })
  const leaves = table.kind === 'p' ? leavesOf(work, table) : [table]
  const steps = leaves.flatMap((leaf) => {
    if (hasIndex(leaf, columns, unique)) return []
    return [{ at: leaf.id, why, sql: createIndex(work, leaf, columns, unique, ' concurrently') }]
  })
  if (table.kind !== 'p') return steps
  const above = {
    at: table.id,
    why: `${why}; its parts have theirs already, so this is quick`,
    sql: createIndex(work, table, columns, unique, ''),
  }
  return [...steps, above]
}

function createIndex(
  work: Work,
  table: Table,
  columns: readonly string[],
  unique: boolean,
  how: string,
): string[] {
  const list = columns.map(quote).join(', ')
  const wanted = `${table.name}_${columns.join('_')}_${unique ? 'key' : 'idx'}`
  const broken = table.indexes.filter(
    (one) => !one.valid && table.kind === 'r' && one.name === newName(wanted, new Set()),
  )
  const drops = broken.map(
    ({ name }) => `drop index concurrently ${quote(table.schema)}.${quote(name)};`,
  )
  const create = `create ${unique ? 'unique ' : ''}index${how} ${quote(nameIn(work, table, wanted))} on ${table.sql} (${list});`
  // It waits for transactions that began earlier, however long they take; that holds nobody up.
  return how === ''
    ? [create]
    : ['set lock_timeout = 0;', ...drops, create, `set lock_timeout = '${lockTimeout}';`]
}
