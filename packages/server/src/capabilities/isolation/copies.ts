import { escapeIdentifier, type Client } from 'pg'
import {
  asTenant,
  become,
  findGuises,
  firstOfUsers,
  type AppRole,
  type Convention,
  type TenantTable,
} from '../../outside/tenant-tables.ts'
import { attempt } from './attempt.ts'
import { readMarkers, type Markers } from './markers.ts'
import type { Hole } from './policies.ts'
import { asAtLogin } from './standing.ts'
import { writeRows } from './writes.ts'

/** How long searches may take, in milliseconds: of one table or view, and of all. */
export interface Patience {
  each: number
  all: number
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
): Promise<{ holes: Hole[]; doubts: string[] }> {
  const holes: Hole[] = []
  const doubts: string[] = []
  const until = Date.now() + patience.all
  for (const role of roles) {
    await client.query('begin transaction read write')
    try {
      await become(client, role)
      await asAtLogin(client, role)
      const { ids, values } = await readMarkers(client, convention, canaries, tables)
      const written = await writeRows(client, convention, canaries[0], tables)
      const markers = { ids, values: [...values, ...written.values] }
      doubts.push(...written.doubts)
      if (markers.ids.length + markers.values.length === 0) {
        const fix = 'give it a row with a text of 16 letters and digits that nothing else has'
        doubts.push(`no row of a canary would be known again in a copy: ${fix}`)
      }
      const search = { client, convention, canaries, tables, role, markers, until, patience }
      const found = await searchAs(search)
      holes.push(...found.holes)
      doubts.push(...found.doubts)
    } finally {
      await client.query('rollback')
    }
  }
  const places = new Map(holes.map((hole) => [hole.at, hole]))
  return { holes: [...places.values()], doubts: [...new Set(doubts)] }
}

interface Search {
  client: Client
  convention: Convention
  canaries: readonly [string, string]
  tables: readonly TenantTable[]
  role: AppRole
  markers: Markers
  until: number
  patience: Patience
}

async function searchAs(search: Search): Promise<{ holes: Hole[]; doubts: string[] }> {
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
async function findPlaces({ client, convention, tables }: Search): Promise<Place[]> {
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
       array_agg(quote_ident(attname)) as columns
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
     join pg_type on pg_type.oid = atttypid
     where relkind in ('r', 'p', 'v', 'm', 'f') and relispopulated and relpersistence <> 't'
       and pg_class.oid >= ${firstOfUsers} and not pg_class.oid::int = any($1)
       and not (typcategory ~ '[BDEGINRTV]' and (typtype = 'e' or pg_type.oid < ${firstOfUsers}))
       and has_schema_privilege(relnamespace, 'usage')
       and has_column_privilege(pg_class.oid, attnum, 'select')
     group by pg_class.oid, nspname order by relpages, 2`,
    [tables.map(({ oid }) => oid), convention.column],
  )
  return rows
}

/** All that a row says, in the form in which markers are compared. */
function wordsOf({ columns }: Place): string {
  const said = columns.map((column) => `coalesce(${column}::text, '')`).join(` || ' ' || `)
  return `lower(replace(${said}, '-', ''))`
}

/** Whether a place has a marker somewhere, or why that is not known. */
async function seek(
  search: Search,
  place: Place,
): Promise<{ found: boolean; doubt: string | null }> {
  const { client, markers, patience, until } = search
  const sought = [...(place.isDirectory ? [] : markers.ids), ...markers.values]
  if (sought.length === 0) return { found: false, doubt: null }
  const left = Math.min(patience.each, until - Date.now())
  if (left <= 0) return { found: false, doubt: 'was not searched: there is too much to search' }
  await client.query(`select set_config('statement_timeout', $1, true)`, [String(left)])
  const one = sought.map((marker) => marker.replaceAll(/[^a-z0-9]/g, '\\$&')).join('|')
  // As a parameter: what shows the queries that are running must not be taken for a copy.
  const statement = `select from ${place.name} where ${wordsOf(place)} ~ $1 limit 1`
  const { count, error } = await attempt(client, statement, [one])
  // What may not be read after all, as below a view, shows nothing to the app either.
  if (error === null || error === '42501') return { found: count > 0, doubt: null }
  const isLong = error === '57014'
  return { found: false, doubt: isLong ? 'is too large to be searched' : `ends in error ${error}` }
}

const uuid = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/**
 * What may be ids of tenants in the first rows of a place: a copy may have been made before there were
 * canaries, or without them. Only a UUID is no tenant's id by chance.
 */
async function sampleIds({ client, canaries }: Search, place: Place): Promise<string[] | null> {
  if (place.isDirectory || !canaries.every((canary) => uuid.test(canary))) return []
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
    if (found.has(at) || Date.now() > until) continue
    await asTenant(client, convention, id)
    for (const { name } of tables) {
      const { count } = await attempt(client, `select ${column} from ${name} limit 1`)
      if (count > 0) found.add(at)
      if (count > 0) break
    }
  }
  return [...found]
}
