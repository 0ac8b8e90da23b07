import type { Client } from 'pg'
import type { Hole } from './policies.ts'
import { findStrays, type AppRole, type TenantTable } from '../../outside/tenant-tables.ts'

/** Ways around the policies, which the roles of the app could take. */
export async function findBypasses(
  client: Client,
  tables: readonly TenantTable[],
  roles: readonly AppRole[],
): Promise<Hole[]> {
  const ids = [tables.map(({ oid }) => oid), roles.map(({ oid }) => oid)] as const
  return [
    ...roles.flatMap(({ name, unbound }) =>
      unbound.length === 0
        ? []
        : [
            {
              at: name,
              why: `it is or may become ${unbound.join(', ')}, whom no policy binds; tags app-role: name the roles of the app`,
            },
          ],
    ),
    ...(await findReachableStrays(client, tables, ids[1])),
    ...(await findViews(client, ...ids)),
    ...(await findDefiners(client, ids[1])),
    ...(await findTruncaters(client, ...ids)),
  ]
}

const mayRead = (relation: string) => `exists (select from unnest($2::int[]) as role
  where has_any_column_privilege(role::oid, ${relation}, 'select, insert, update'))`

async function findReachableStrays(
  client: Client,
  tables: readonly TenantTable[],
  roles: readonly number[],
): Promise<Hole[]> {
  const strays = await findStrays(client, tables)
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

/**
 * Views that read a tenant table, through other views too, with the rights of their owner; and
 * materialized views, which keep every tenant's rows without any policy.
 */
async function findViews(
  client: Client,
  tables: readonly number[],
  roles: readonly number[],
): Promise<Hole[]> {
  const { rows } = await client.query<{ at: string; kind: string }>(
    `with recursive reading (view, relation) as (
       select ev_class, refobjid from pg_rewrite
       join pg_depend on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
         and refclassid = 'pg_class'::regclass and refobjid <> ev_class),
     over (oid) as (
       select view from reading where relation::int = any($1)
       union select view from reading join over on relation = over.oid)
     select distinct format('%I.%I', nspname, relname) as at, relkind as kind
     from over join pg_class using (oid) join pg_namespace on pg_namespace.oid = relnamespace
     where (relkind = 'm' or (relkind = 'v'
       and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on',
         'security_invoker=1', 'security_invoker=yes'], false)))
       and ${mayRead('pg_class.oid')} order by 1`,
    [tables, roles],
  )
  return rows.map(({ at, kind }) => ({
    at,
    why: kind === 'm' ? 'a materialized view knows no policy' : 'this view has no security_invoker',
  }))
}

/** Functions that act as a role no policy binds, and that the app may call. */
async function findDefiners(client: Client, roles: readonly number[]): Promise<Hole[]> {
  const { rows } = await client.query<{ at: string; owner: string }>(
    `select format('%I.%I', nspname, proname) as at, rolname as owner
     from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
     join pg_roles on pg_roles.oid = proowner
     where prosecdef and (rolsuper or rolbypassrls) and nspname !~ '^pg_'
       and prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
       and exists (select from unnest($1::int[]) as role
         where has_function_privilege(role::oid, pg_proc.oid, 'execute')) order by 1`,
    [roles],
  )
  return rows.map(({ at, owner }) => ({ at, why: `this function acts as ${owner}` }))
}

/** TRUNCATE asks no policy (PostgreSQL 18, 5.9). */
async function findTruncaters(
  client: Client,
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
