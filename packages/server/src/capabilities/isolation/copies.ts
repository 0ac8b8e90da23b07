import { escapeIdentifier, type Client } from 'pg'
import {
  asTenant,
  become,
  findGuises,
  firstOfUsers,
  isSealed,
  type AppRole,
  type Convention,
  type TenantTable,
} from '../../outside/tenant-tables.ts'
import { attempt } from './attempt.ts'
import { readMarkers, type Markers } from './markers.ts'
import type { Hole } from '@kept/guard/protect'
import { asAtLogin } from './standing.ts'
import { writeRows } from './writes.ts'

/** How long searches may take, in milliseconds: of one table or view, and of all. */
export interface Patience {
  each: number
  all: number
}

interface Found {
  holes: Hole[]
  doubts: string[]
}

/**
 * Looks, as one canary, for what is the other's, in whatever the app may read beside the tables that
 * policies gate: a copy, what a trigger writes, and a view of either have the rows of every tenant and
 * may call them anything. What was not searched to its end is doubted, not passed.
 */
export async function findCopies(
  client: Client,
  convention: Convention,
  canaries: readonly [string, string],
  tables: readonly TenantTable[],
  roles: readonly AppRole[],
  patience: Patience = { each: 20_000, all: 120_000 },
): Promise<Found> {
  const all: Found[] = []
  const until = performance.now() + patience.all
  for (const role of roles) {
    const base = { client, convention, canaries, tables, role, until, each: patience.each }
    const search: Search = { ...base, markers: { ids: [], values: [] }, within: null }
    const markers = await asRole(search, () => readMarkers(client, convention, canaries, tables))
    if (markers.ids.length + markers.values.length === 0) all.push({ holes: [], doubts: [unknown] })
    all.push(await asRole(search, () => searchAs({ ...search, markers })))
    all.push(await asRole(search, () => searchWritten({ ...search, markers })))
  }
  const holes = new Map(all.flatMap((found) => found.holes.map((hole) => [hole.at, hole])))
  return { holes: [...holes.values()], doubts: [...new Set(all.flatMap(({ doubts }) => doubts))] }
}

const unknown =
  `no row of a canary would be known again in a copy: give it a row with a text of 16 letters
  and digits that nothing else has`.replace(/\s+/g, ' ')

interface Search {
  client: Client
  convention: Convention
  canaries: readonly [string, string]
  tables: readonly TenantTable[]
  role: AppRole
  markers: Markers
  each: number
  until: number
  /** The only tables to search, beside views; null for every one. */
  within: readonly number[] | null
}

/** Works as a role of the app from its login on, and undoes everything. */
async function asRole<T>({ client, role }: Search, work: () => Promise<T>): Promise<T> {
  await client.query('begin transaction read write')
  try {
    await become(client, role)
    await asAtLogin(client, role)
    return await work()
  } finally {
    await client.query('rollback')
  }
}

/**
 * Writes as the canary, and searches where its rows came to. Until all is undone that locks rows, of a
 * counter for instance, for which the app waits: so it is over soon.
 */
async function searchWritten(search: Search): Promise<Found> {
  const { client, convention, canaries, tables, markers } = search
  const { values, doubts } = await writeRows(client, convention, canaries[0], tables)
  const within = await findWritten(client, tables)
  if (within?.length === 0) return { holes: [], doubts }
  const found = await searchAs({
    ...search,
    markers: { ids: markers.ids, values: [...markers.values, ...values] },
    each: Math.min(search.each, 3000),
    until: Math.min(search.until, performance.now() + 10_000),
    within,
  })
  return { holes: found.holes, doubts: [...doubts, ...found.doubts] }
}

/** The tables beside the gated ones into which this transaction wrote; null where the server does not count. */
async function findWritten(
  client: Client,
  tables: readonly TenantTable[],
): Promise<number[] | null> {
  const { rows } = await client.query<{ counts: boolean; oids: number[] }>(
    `with recursive written (oid) as (
       -- What is written to a foreign table nobody counts.
       select oid from pg_class where oid >= ${firstOfUsers} and (relkind = 'f' or relkind = 'r'
         and pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) > 0)
       union select inhparent from written join pg_inherits on inhrelid = written.oid)
     select current_setting('track_counts')::boolean as counts,
       array(select oid::int from written where not oid::int = any($1)) as oids`,
    [tables.map(({ oid }) => oid)],
  )
  return rows[0]!.counts ? rows[0]!.oids : null
}

async function searchAs(search: Search): Promise<Found> {
  const { client, convention, canaries, role } = search
  const holes: Hole[] = []
  const doubts: string[] = []
  const ids = new Map<string, string>()
  const searched = new Set<number>()
  await asTenant(client, convention, canaries[1])
  for (const guise of await findWorn(client, role)) {
    await client.query(`set local role ${escapeIdentifier(guise)}`)
    for (const place of await findPlaces(search)) {
      // Policies and views decide anew for each role.
      if (searched.has(place.oid)) continue
      if (!place.varies) searched.add(place.oid)
      const { found, doubt } = await seek(search, place)
      if (found) holes.push({ at: place.name, why: `${role.name} reads what is another canary's` })
      else if (doubt !== null) doubts.push(`${place.name} ${doubt}`)
      else {
        const sampled = await sampleIds(search, place)
        if (sampled === null) doubts.push(`of ${place.name} the first rows could not be read`)
        for (const id of sampled ?? []) ids.set(id, place.name)
      }
    }
  }
  await client.query(`set local role ${escapeIdentifier(role.name)}`)
  for (const at of await findOwned(search, ids)) {
    holes.push({ at, why: `${role.name} reads the id of another tenant as a canary` })
  }
  return { holes, doubts }
}

/** The role itself, and those that it may take on by SET ROLE. */
async function findWorn(client: Client, { oid }: AppRole): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select rolname as name from pg_roles where oid::int = any($1)
       and (oid::int = $2 or pg_has_role($2::oid, oid, 'set')) order by oid::int <> $2, 1`,
    [await findGuises(client, [oid]), oid],
  )
  return rows.map(({ name }) => name)
}

interface Place {
  oid: number
  name: string
  /** Whether what is read there depends on who reads. */
  varies: boolean
  /** Whether it is, or shows, nothing but the list of tenants to which the tables point. */
  isDirectory: boolean
  columns: string[]
}

/**
 * What the current role may read beside the gated tables, the smallest first, with the columns that have
 * room for an id: neither numbers nor times, truth values, addresses and words of an enumeration.
 */
async function findPlaces({ client, convention, tables, within }: Search): Promise<Place[]> {
  const { rows } = await client.query<Place>(
    `with directory (oid) as (
       select confrelid from pg_constraint join pg_attribute on attrelid = conrelid and attname = $2
       where contype = 'f' and conrelid::int = any($1) and conkey = array[attnum]),
     showing (oid) as (
       select ev_class from pg_rewrite join pg_depend on classid = 'pg_rewrite'::regclass
         and objid = pg_rewrite.oid and refclassid = 'pg_class'::regclass and refobjid <> ev_class
       group by 1 having bool_and(refobjid in (select oid from directory)))
     select pg_class.oid::int as oid, format('%I.%I', nspname, relname) as name,
       relkind = 'v' or relrowsecurity as varies,
       pg_class.oid in (select oid from directory union all select oid from showing) as "isDirectory",
       array_agg(case when pg_type.oid = 'bytea'::regtype
         then format('concat(%1$I, encode(%1$I, ''escape''))', attname)
         else format('%I::text', attname) end) as columns
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
     join pg_type on pg_type.oid = atttypid
     where relkind in ('r', 'p', 'v', 'm', 'f') and relispopulated and relpersistence <> 't'
       and pg_class.oid >= ${firstOfUsers} and not pg_class.oid::int = any($1)
       and ($3::int[] is null or pg_class.oid::int = any($3) or relkind = 'v')
       -- It has the texts of queries, and shows each role its own.
       and not (relname = 'pg_stat_statements' and exists (select from pg_depend join pg_extension
         on pg_extension.oid = refobjid where classid = 'pg_class'::regclass and objid = pg_class.oid
           and deptype = 'e' and extname = relname))
       and not (typcategory ~ '[BDEGINRTV]' and (typtype = 'e' or pg_type.oid < ${firstOfUsers}))
       and has_schema_privilege(relnamespace, 'usage')
       and has_column_privilege(pg_class.oid, attnum, 'select')
     group by pg_class.oid, nspname order by relpages, 2`,
    [tables.map(({ oid }) => oid), convention.column, within],
  )
  return rows
}

/** All that a row says, in the form in which markers are compared. */
function wordsOf({ columns }: Place): string {
  const said = columns.map((column) => `coalesce(${column}, '')`).join(` || ' ' || `)
  return `lower(replace(${said}, '-', '') collate "C")`
}

/** Whether a place has a marker somewhere, or why that is not known. */
async function seek(
  search: Search,
  place: Place,
): Promise<{ found: boolean; doubt: string | null }> {
  const { client, markers, each, until } = search
  const sought = [...(place.isDirectory ? [] : markers.ids), ...markers.values]
  if (sought.length === 0) return { found: false, doubt: null }
  const left = Math.min(each, until - performance.now())
  if (left <= 0) return { found: false, doubt: 'was not searched: there is too much to search' }
  await client.query(`select set_config('statement_timeout', $1, true)`, [String(left)])
  // Each by itself, as bytes: one pattern of all takes many times as long. As parameters: what shows the queries that are running must not be taken for a copy.
  const anyOf = sought.map((_, i) => `strpos(said, $${i + 1}) > 0`).join(' or ')
  const { count, error } = await attempt(
    client,
    `select from (select ${wordsOf(place)} as said from ${place.name} offset 0) as row
     where ${anyOf} limit 1`,
    sought,
  )
  // What may not be read after all, as below a view, shows nothing to the app either.
  if (error === null || error === '42501') return { found: count > 0, doubt: null }
  const isLong = error === '57014'
  return { found: false, doubt: isLong ? 'is too large to be searched' : `ends in error ${error}` }
}

const uuid = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/**
 * What may be ids of tenants in the first rows of a place: a copy may have been made before there were
 * canaries, or without them. Only a UUID is no tenant's id by chance; and where scopes are sealed the key
 * opens none but the canaries', so that nothing could be told of others.
 */
async function sampleIds(
  { client, canaries, convention, within }: Search,
  place: Place,
): Promise<string[] | null> {
  if (within !== null || place.isDirectory || isSealed(convention)) return []
  if (!canaries.every((canary) => uuid.test(canary))) return []
  const { rows, error } = await attempt(
    client,
    `select distinct found[1]::uuid::text as id
     from (select ${wordsOf(place)} as said from ${place.name} limit 300) as first
     cross join regexp_matches(said, '\\m[0-9a-f]{32}\\M', 'g') as found limit 100`,
  )
  if (error !== null && error !== '42501') return null
  return rows.map(({ id }) => String(id)).filter((id) => !canaries.includes(id))
}

/** Where an id lies that is a tenant's: as that tenant the app sees rows. */
async function findOwned(search: Search, ids: ReadonlyMap<string, string>): Promise<string[]> {
  const { client, convention, tables, until } = search
  const found = new Set<string>()
  const column = escapeIdentifier(convention.column)
  for (const [id, at] of ids) {
    if (found.has(at) || performance.now() > until) continue
    await asTenant(client, convention, id)
    for (const { name } of tables) {
      const { count } = await attempt(client, `select ${column} from ${name} limit 1`)
      if (count > 0) found.add(at)
      if (count > 0) break
    }
  }
  return [...found]
}
