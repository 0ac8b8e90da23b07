import type { ClientBase } from 'pg'
import {
  beyondPolicies,
  firstOfUsers,
  isNamed,
  type Scoping,
  type TenantTable,
} from './tenant-tables.ts'
import { findOpenPolicies, type Hole } from './policies.ts'

/** What acts for the app with the rights of another: a function, or a rule of a table. */
interface Deputy {
  at: string
  what: string
  /** The function itself; null for a rule. */
  function: number | null
  owner: number
  name: string
  /** Whether no policy binds its owner. */
  unbound: boolean
}

/**
 * SECURITY DEFINER functions that the roles may call, or that a trigger calls where they may write, and
 * rewrite rules on what they may write: all act as their owner, who may call others in turn.
 */
async function findDeputies(
  client: ClientBase,
  roles: readonly number[],
  opened: readonly string[] = [],
): Promise<Deputy[]> {
  const { rows } = await client.query<Deputy>(
    `with recursive definer as materialized (
       select pg_proc.oid, format('%I.%I', nspname, proname) as at, proowner as owner,
         pronamespace as schema, ${isNamed('pronamespace', 'pg_proc', '$1', '$2')} as named
       from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
       where prosecdef and pg_proc.oid >= ${firstOfUsers} and prorettype <> 'event_trigger'::regtype),
     -- A row that is written through a partitioned table fires the triggers of its partition.
     fired (function, relation) as (
       select tgfoid, tgrelid from pg_trigger join definer on definer.oid = tgfoid
       where not tgisinternal and tgenabled <> 'D'
       union select function, inhparent from fired join pg_inherits on inhrelid = relation),
     deputy (at, oid, owner, called, written, schema, named) as materialized (
       select at, oid, owner, oid, null::oid, schema, named from definer
       union all select at, definer.oid, owner, null, relation, null, null
       from fired join definer on definer.oid = function
       union all select distinct format('%I.%I', nspname, relname), null::oid, relowner, null::oid, pg_class.oid, null::oid, null::boolean
       from pg_rewrite join pg_class on pg_class.oid = ev_class
       join pg_namespace on pg_namespace.oid = relnamespace
       where ev_type <> '1' and ev_enabled <> 'D' and pg_rewrite.oid >= ${firstOfUsers}),
     acting (role) as (
       select unnest($1::int[])::oid
       union select owner from acting join deputy on ${mayUse})
     select distinct at, case when deputy.oid is null then 'this rule' else 'this function' end as what,
       deputy.oid::int as function, owner::int as owner, rolname as name,
       rolsuper or rolbypassrls or rolreplication or exists (select from pg_roles other
         where other.rolname = any(${beyondPolicies}) and pg_has_role(owner, other.oid, 'member')) as unbound
     from deputy join pg_roles on pg_roles.oid = owner
     where not owner::int = any($1) and exists (select from acting where ${mayUse}) order by 1, 2`,
    [roles, opened],
  )
  return rows
}

/** Those whose owner no policy will ever bind, whatever else is mended. */
export async function findUnboundDeputies(
  client: ClientBase,
  roles: readonly number[],
  opened: readonly string[],
): Promise<Hole[]> {
  const deputies = await findDeputies(client, roles, opened)
  return deputies.filter(({ unbound }) => unbound).map(sayUnbound)
}

function sayUnbound({ at, what, name }: Deputy): Hole {
  return { at, why: `${what} acts as ${name}` }
}

const mayUse = `case when called is not null
  then has_function_privilege(acting.role, called, 'execute')
    and (named or has_schema_privilege(acting.role, schema, 'usage'))
  else has_any_column_privilege(acting.role, written, 'insert, update')
    or has_table_privilege(acting.role, written, 'delete, truncate') end`

/**
 * Functions that need no argument and give many rows, and whose text names a table without row security
 * that their owner may read. One that looks up a single value, or by a key it is given, is not taken
 * for a leak: an app finds out by it whose a token is.
 */
async function findDumps(
  client: ClientBase,
  tables: readonly number[],
  functions: readonly number[],
): Promise<{ function: number; table: string }[]> {
  const { rows } = await client.query<{ function: number; table: string }>(
    `select pg_proc.oid::int as function, min(format('%I.%I', nspname, relname)) as table
     from pg_proc join pg_class on pg_class.oid::int = any($1) and not relrowsecurity
       -- As a whole word, its own signs taken as they are.
       and coalesce(pg_get_function_sqlbody(pg_proc.oid), prosrc)
         ~* ('(^|\\W)' || regexp_replace(relname, '\\W', '\\\\\\&', 'g') || '(\\W|$)')
     join pg_namespace on pg_namespace.oid = relnamespace join pg_type on pg_type.oid = prorettype
     where pg_proc.oid::int = any($2) and pronargs = pronargdefaults
       and (proretset or typcategory = 'A' or typname in ('json', 'jsonb'))
       and has_any_column_privilege(proowner, pg_class.oid, 'select') group by 1`,
    [tables, functions],
  )
  return rows
}

/**
 * Deputies whose owner is bound by no policy, or by one that shows other tenants, and those that give
 * away a table without any. What else their code lets out of a table that only they reach nobody can tell.
 */
export async function findOpenDeputies(
  client: ClientBase,
  scoping: Scoping,
  tables: readonly TenantTable[],
  roles: readonly number[],
  closed: readonly number[],
): Promise<Hole[]> {
  const deputies = await findDeputies(client, roles)
  const owners = [...new Set(deputies.map(({ owner }) => owner))]
  const open = await findOpenPolicies(client, scoping, tables, owners, roles)
  const functions = deputies.flatMap((one) => one.function ?? [])
  const all = [...tables.map(({ oid }) => oid), ...closed]
  const dumps = await findDumps(client, all, functions)
  return deputies.flatMap((deputy): Hole[] => {
    const { at, what, owner, name } = deputy
    if (deputy.unbound) return [sayUnbound(deputy)]
    const seen = open.find(({ role }) => role === owner)
    if (seen) return [{ at, why: `${what} acts as ${name}, and of ${seen.at} ${seen.why}` }]
    const dump = dumps.find((one) => one.function === deputy.function)
    if (!dump) return []
    return [{ at, why: `${what} acts as ${name}, and ${dump.table} has no row security` }]
  })
}
