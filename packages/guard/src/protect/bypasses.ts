import type { ClientBase } from 'pg'
import { findOpenDeputies } from './deputies.ts'
import { findPlaces, sayPlace } from './places.ts'
import type { Hole } from './policies.ts'
import {
  findGuises,
  findOtherLogins,
  findStrays,
  firstOfUsers,
  isNamed,
  type AppRole,
  type Scoping,
  type TenantTable,
} from './tenant-tables.ts'

/**
 * Ways around the policies, which the roles of the app could take, or a login that may be of it; and ways to
 * tables that are closed to the app, of which no column need say whose a row is.
 */
export async function findBypasses(
  client: ClientBase,
  scoping: Scoping,
  tables: readonly TenantTable[],
  roles: readonly AppRole[],
  closed: readonly number[] = [],
): Promise<Hole[]> {
  const oids = roles.map(({ oid }) => oid)
  const own = await findWaysOf(client, scoping, tables, oids, closed)
  const others = await findOtherLogins(client, scoping, roles)
  const more = await findWaysOf(client, scoping, tables, others, closed)
  return [
    ...roles.flatMap(({ name, unbound }) =>
      unbound.length === 0 ? [] : [{ at: name, why: sayUnbound(unbound, scoping) }],
    ),
    ...own,
    ...(await findPlaces(client, oids)).flatMap(sayPlace),
    ...more
      .filter(({ at }) => !own.some((one) => one.at === at))
      .map(({ at, why }) => ({ at, why: `${why}, open to a login; ${scoping.fix}` })),
  ]
}

function sayUnbound(unbound: readonly string[], { fix }: Scoping): string {
  return `it is or may become ${unbound.join(', ')}, whom no policy binds; ${fix}`
}

async function findWaysOf(
  client: ClientBase,
  scoping: Scoping,
  tables: readonly TenantTable[],
  roles: readonly number[],
  closed: readonly number[],
): Promise<Hole[]> {
  if (roles.length === 0) return []
  const guises = await findGuises(client, roles)
  const oids = tables.map(({ oid }) => oid)
  return [
    ...(await findReachableStrays(client, tables, guises)),
    ...(await findLeakyViews(client, [...oids, ...closed], guises)).map(sayView),
    ...(await findOpenDeputies(client, scoping, tables, guises, closed)),
    ...(await findTruncaters(client, oids, guises)),
  ]
}

const mayRead = (relation: string) => `exists (select from unnest($2::int[]) as role
  where has_any_column_privilege(role::oid, ${relation}, 'select, insert, update'))`

async function findReachableStrays(
  client: ClientBase,
  tables: readonly TenantTable[],
  roles: readonly number[],
): Promise<Hole[]> {
  const strays = await findStrays(
    client,
    tables.filter(({ keyed }) => keyed),
  )
  const { rows } = await client.query<{ oid: number }>(
    `select oid::int as oid from unnest($1::int[]) as oid where ${mayRead('oid::oid')}`,
    [strays.map(({ oid }) => oid), roles],
  )
  return strays
    .filter(({ oid }) => rows.some((row) => row.oid === oid))
    .map(({ name, points }) => ({
      at: name,
      why: `it points at ${points} and says of no row whose it is`,
    }))
}

/** A view that shows the app what its policies would not. */
export interface LeakyView {
  at: string
  /** v, or m for a materialized one. */
  kind: 'v' | 'm'
  /** What it reads and the roles may not read themselves. */
  closed: readonly { oid: number; name: string }[]
}

/** Functions of PostgreSQL that read what a text or a name in it says. */
const byText = `(proname ~ '^(query|table|schema|database|cursor)_to_xml($|_and_)'
  or proname in ('ts_stat', 'ts_rewrite', 'lo_get', 'pg_read_file', 'pg_read_binary_file'))`

/**
 * Views that read a tenant table, through other views too, with the rights of their owner; and
 * materialized views, which keep every tenant's rows without any policy: also those made by a function,
 * which does not say what it reads unless it is immutable. Of an extension's, those that give rows, as
 * crosstab does, or are not written in C; the rest reckons with what it is given, as unaccent does.
 */
export async function findLeakyViews(
  client: ClientBase,
  tables: readonly number[],
  roles: readonly number[],
  opened: readonly string[] = [],
): Promise<LeakyView[]> {
  const { rows } = await client.query<LeakyView>(
    `with recursive reading (view, class, object) as (
       select distinct ev_class, refclassid, refobjid from pg_rewrite
       join pg_depend on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
         and refclassid in ('pg_class'::regclass, 'pg_proc'::regclass) and refobjid <> ev_class),
     over (oid) as (
       select view from reading where class = 'pg_class'::regclass and object::int = any($1)
       union select view from reading join over on class = 'pg_class'::regclass and object = over.oid),
     made (oid) as (
       (select view from reading join pg_proc on pg_proc.oid = object join pg_language on pg_language.oid = prolang
        where class = 'pg_proc'::regclass and provolatile <> 'i' and pg_proc.oid >= ${firstOfUsers}
          and (proretset or lanname <> 'c' or not exists (select from pg_depend
            where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e'))
        -- What PostgreSQL brings along is in no pg_depend, only in the rule itself.
        union all select ev_class from pg_rewrite join pg_proc on pg_proc.oid < ${firstOfUsers} and provolatile <> 'i'
          and ${byText} and strpos(ev_action::text, format(' :funcid %s ', pg_proc.oid)) > 0
        where pg_rewrite.oid >= ${firstOfUsers})
       union select view from reading join made on class = 'pg_class'::regclass and object = made.oid)
     select distinct format('%I.%I', nspname, relname) as at, relkind as kind,
       (select coalesce(jsonb_agg(distinct jsonb_build_object('oid', object::int, 'name', object::regclass::text)), '[]')
         from reading join pg_class below on below.oid = object
         where view = pg_class.oid and class = 'pg_class'::regclass and not exists (
           select from unnest($2::int[]) as role where has_any_column_privilege(role::oid, object, 'select'))) as closed
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where case relkind when 'm' then pg_class.oid in (select oid from over union select oid from made)
         when 'v' then pg_class.oid in (select oid from over)
           and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on',
             'security_invoker=1', 'security_invoker=yes'], false) else false end
       and ${mayRead('pg_class.oid')} and ${isNamed('relnamespace', 'pg_class', '$2', '$3')} order by 1`,
    [tables, roles, opened],
  )
  return rows
}

function sayView({ at, kind }: LeakyView): Hole {
  return {
    at,
    why: kind === 'm' ? 'a materialized view knows no policy' : 'this view has no security_invoker',
  }
}

/** TRUNCATE asks no policy (PostgreSQL 18, 5.9). */
async function findTruncaters(
  client: ClientBase,
  tables: readonly number[],
  roles: readonly number[],
): Promise<Hole[]> {
  const { rows } = await client.query<{ at: string }>(
    `select format('%I.%I', nspname, relname) as at
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where pg_class.oid::int = any($1) and exists (select from unnest($2::int[]) as role
       where has_table_privilege(role::oid, pg_class.oid, 'truncate')) order by 1`,
    [tables, roles],
  )
  return rows.map(({ at }) => ({ at, why: 'the app may truncate it, which asks no policy' }))
}
