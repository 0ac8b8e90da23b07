import { randomBytes, randomUUID } from 'node:crypto'
import { escapeIdentifier, escapeLiteral, type Client } from 'pg'
import { asTenant, type Convention, type TenantTable } from '../../outside/tenant-tables.ts'
import { attempt } from './attempt.ts'
import { plainly } from './markers.ts'

/** What a canary wrote, for the transaction that is rolled back, and what could not be tried. */
export interface Written {
  /** Values that nobody else has, in rows that were written now. */
  values: string[]
  doubts: string[]
}

type Event = 'insert' | 'update' | 'delete'

/**
 * Writes rows of a canary wherever a trigger or a rule follows the writing, so that what these copy
 * elsewhere can be found there: they act as the app does, and no catalog says what they write.
 */
export async function writeRows(
  client: Client,
  convention: Convention,
  canary: string,
  tables: readonly TenantTable[],
): Promise<Written> {
  const written: Written = { values: [], doubts: [] }
  const followers = await findFollowers(client, tables)
  if (followers.length === 0) return written
  await asTenant(client, convention, canary)
  // A trigger that waits for the end of the transaction would wait for ever.
  await client.query('set constraints all immediate')
  // Nor may the app wait for what waits for it.
  await client.query(`set local lock_timeout = '2s'`)
  for (const table of tables) {
    const own = followers.filter(({ relation }) => relation === table.oid)
    if (own.length === 0) continue
    const tried = await writeTo(client, convention, canary, table, written.values)
    const untried = own.find(({ event, writes }) => writes && tried.get(event) === false)
    if (untried) {
      const what = `what ${untried.name} does at ${untried.event} on ${table.name}`
      const fix = 'give the canary a row there of which another can be made'
      written.doubts.push(`${what} could not be tried: ${fix}`)
    }
  }
  return written
}

interface Follower {
  relation: number
  name: string
  event: Event
  /** Whether it may write elsewhere, by its text; of what has none nobody can tell. */
  writes: boolean
}

/** Triggers of the tables and their partitions, and rules of the tables. */
async function findFollowers(client: Client, tables: readonly TenantTable[]): Promise<Follower[]> {
  const { rows } = await client.query<Follower>(
    `with recursive part (relation, oid) as (
       select oid, oid from unnest($1::int[]::oid[]) as oid
       union select part.relation, inhrelid from part join pg_inherits on inhparent = part.oid),
     following as (
       select relation, 'the trigger ' || tgname as name, event,
         lanname not in ('sql', 'plpgsql', 'internal') or coalesce(pg_get_function_sqlbody(pg_proc.oid), prosrc)
           ~* '\\m(insert\\s+into|merge\\s+into|update\\s+\\S|delete\\s+from|copy\\s|execute|perform|call|select\\s)' as writes
       from part join pg_trigger on tgrelid = part.oid join pg_proc on pg_proc.oid = tgfoid
       join pg_language on pg_language.oid = prolang
       join (values ('insert', 4), ('delete', 8), ('update', 16)) as events (event, bit) on tgtype & bit > 0
       where not tgisinternal and tgenabled in ('O', 'A')
       union all select relation, 'the rule ' || rulename,
         case ev_type when '2' then 'update' when '3' then 'insert' else 'delete' end, true
       from part join pg_rewrite on ev_class = part.oid
       where ev_type <> '1' and ev_enabled in ('O', 'A'))
     select relation::int as relation, name, event, bool_or(writes) as writes
     from following group by 1, 2, 3 order by 2`,
    [tables.map(({ oid }) => oid)],
  )
  return rows
}

/** Whether each thing that the app may do to a table could be done; the values that are new are added to `values`. */
async function writeTo(
  client: Client,
  convention: Convention,
  canary: string,
  table: TenantTable,
  values: string[],
): Promise<Map<Event, boolean>> {
  const columns = await readColumns(client, table, convention)
  const own = `${escapeIdentifier(convention.column)} = ${escapeLiteral(canary)}`
  const may = {
    insert: columns.some(({ isTenant, insertable }) => isTenant && insertable),
    update: columns.some(({ updatable }) => updatable),
    delete: columns.some(({ deletable }) => deletable),
  }
  const tried = new Map<Event, boolean>()
  if (may.insert) tried.set('insert', await insert())
  if (may.delete) {
    // The newest, to which nothing points yet.
    const newest = `ctid = (select max(ctid) from ${table.name} where ${own})`
    tried.set('delete', await does(`delete from ${table.name} where ${own} and ${newest}`))
    if (tried.get('insert')) await insert()
  }
  if (may.update) tried.set('update', await update())
  return tried

  async function does(statement: string): Promise<boolean> {
    const { error, count } = await attempt(client, statement, [], true)
    return error === null && count > 0
  }

  /** A copy of a row with other keys and texts, with other keys alone, or a row made of nothing. */
  async function insert(): Promise<boolean> {
    const insertable = columns.filter(({ insertable: may }) => may)
    for (const form of ['fresh', 'copied', 'bare'] as const) {
      const fresh: string[] = []
      const given = insertable.flatMap((column) => {
        const value = valueOf(column, form, fresh)
        return value === null ? [] : [{ name: escapeIdentifier(column.name), value }]
      })
      const names = given.map(({ name }) => name).join(', ')
      const what = given.map(({ value }) => value).join(', ')
      const from = form === 'bare' ? '' : ` from ${table.name} where ${own} limit 1`
      if (await does(`insert into ${table.name} (${names}) select ${what}${from}`)) {
        values.push(...fresh.map(plainly))
        return true
      }
    }
    return false
  }

  function valueOf(column: Column, form: 'fresh' | 'copied' | 'bare', fresh: string[]) {
    const { isTenant, isKey, points, filled, needed, selectable } = column
    if (isTenant) return escapeLiteral(canary)
    const isText = column.category === 'S'
    if (form === 'bare') {
      if (filled || points || !(needed || isText)) return null
      return inventOf(column, fresh)
    }
    if (isKey && !points) return filled ? null : inventOf(column, fresh)
    if (form === 'fresh' && isText && !points) return inventOf(column, fresh)
    return selectable ? escapeIdentifier(column.name) : null
  }

  /** Sets its texts to others, which a trigger that looks for a change needs; or everything to what it is. */
  async function update(): Promise<boolean> {
    const updatable = columns.filter(
      ({ updatable: may, isTenant, isKey }) => may && !isTenant && !isKey,
    )
    for (const isFresh of [true, false]) {
      const fresh: string[] = []
      const set = updatable.flatMap((column) => {
        const name = escapeIdentifier(column.name)
        const isText = column.category === 'S' && !column.points
        if (isFresh && isText) return [`${name} = ${inventOf(column, fresh)}`]
        return column.selectable ? [`${name} = ${name}`] : []
      })
      if (
        set.length > 0 &&
        (await does(`update ${table.name} set ${set.join(', ')} where ${own}`))
      ) {
        values.push(...fresh.map(plainly))
        return true
      }
    }
    return false
  }
}

interface Column {
  name: string
  type: string
  /** As PostgreSQL sorts types: S for text, N for numbers. */
  category: string
  /** How many letters it takes; null for any number. */
  letters: number | null
  isTenant: boolean
  isKey: boolean
  points: boolean
  /** Whether it has a value of its own when none is given. */
  filled: boolean
  needed: boolean
  insertable: boolean
  selectable: boolean
  updatable: boolean
  deletable: boolean
}

async function readColumns(
  client: Client,
  { oid }: TenantTable,
  { column }: Convention,
): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select attname as name, format_type(atttypid, null) as type, typcategory as category,
       case when typname in ('varchar', 'bpchar') and atttypmod > 4 then atttypmod - 4 end as letters,
       attname = $2 as "isTenant", atthasdef or attidentity <> '' as filled, attnotnull as needed,
       exists (select from pg_index where indrelid = attrelid and indisunique and attnum = any(indkey)) as "isKey",
       exists (select from pg_constraint where contype = 'f' and conrelid = attrelid
         and attnum = any(conkey)) as points,
       has_column_privilege(attrelid, attnum, 'insert') and attidentity <> 'a' as insertable,
       has_column_privilege(attrelid, attnum, 'select') as selectable,
       has_column_privilege(attrelid, attnum, 'update') as updatable,
       has_table_privilege(attrelid, 'delete') as deletable
     from pg_attribute join pg_type on pg_type.oid = atttypid
     where attrelid::int = $1 and attnum > 0 and not attisdropped and attgenerated = ''`,
    [oid, column],
  )
  return rows
}

/** A value that was nowhere before; those that nobody could hit on by chance are added to `fresh`. */
function inventOf({ type, category, letters }: Column, fresh: string[]): string {
  if (type === 'uuid' || category === 'S') {
    const value = type === 'uuid' ? randomUUID() : `kept${randomBytes(12).toString('hex')}`
    const said = value.slice(0, type === 'uuid' ? undefined : (letters ?? undefined))
    if (said.length >= 16) fresh.push(said)
    return escapeLiteral(said)
  }
  if (category === 'N')
    return type === 'smallint' ? '(random() * 30000)::int' : '(random() * 1e9)::int'
  if (category === 'D') return `'2026-01-01 00:00'`
  if (category === 'B') return 'false'
  if (type === 'json' || type === 'jsonb') return `'{}'`
  if (type === 'bytea') return `sha256('${randomBytes(12).toString('hex')}')`
  return 'null'
}
