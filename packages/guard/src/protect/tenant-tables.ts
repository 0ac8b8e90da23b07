import type { ClientBase } from 'pg'

/** How an app separates its tenants in a database, as far as its catalog tells. */
export interface Scoping {
  /** The column that says whose a row is, where a table has no other. */
  column: string
  /**
   * What a policy compares with: a setting, `app.tenant_id`, or a function, `schema.function`;
   * `kept.tenant` is the seal of `schemaSql()`.
   */
  setting: string
  /** The roles the app logs in as; found by their rights when there are none. */
  roles: readonly string[]
  /** How whoever reads the findings names these roles. */
  fix: string
}

/** A table with a tenant column. */
export interface TenantTable {
  oid: number
  /** Quoted, with its schema. */
  name: string
  /** The column that says whose a row is. */
  column: string
  /** Whether it is there: a migration may have yet to make it. */
  keyed: boolean
  secured: boolean
  forced: boolean
  /** Whether its tenant column takes two tenants for one: a collation that folds case or accents. */
  folds: boolean
}

/**
 * Below it are the things that PostgreSQL brings along. A schema tells nothing of whose a thing is: a
 * superuser may make functions in pg_catalog, and tables in information_schema.
 */
export const firstOfUsers = 16_384

/** Temporary tables are nobody's but their session's. */
const users = `pg_class.oid >= ${firstOfUsers} and pg_class.relpersistence <> 't'`

/** Every table with the tenant column, partitions too. */
export async function findTenantTables(
  client: ClientBase,
  { column }: Pick<Scoping, 'column'>,
): Promise<TenantTable[]> {
  const { rows } = await client.query<{ oid: number; column: string }>(
    `select pg_class.oid::int as oid, attname as column from pg_class
     join pg_attribute on attrelid = pg_class.oid and attname = $1 and not attisdropped
     where relkind in ('r', 'p', 'f') and ${users}`,
    [column],
  )
  return readTenantTables(client, rows)
}

/** Tables of which it is known what their tenant column is called, or will be. */
export async function readTenantTables(
  client: ClientBase,
  keys: readonly { oid: number; column: string }[],
): Promise<TenantTable[]> {
  const { rows } = await client.query<TenantTable>(
    `select pg_class.oid::int as oid, format('%I.%I', nspname, relname) as name, named as column,
       attname is not null as keyed, relrowsecurity as secured, relforcerowsecurity as forced,
       coalesce(not collisdeterministic, false) as folds
     from unnest($1::int[], $2::text[]) as key (relation, named)
     join pg_class on pg_class.oid::int = relation join pg_namespace on pg_namespace.oid = relnamespace
     left join pg_attribute on attrelid = pg_class.oid and attname = named
     left join pg_collation on pg_collation.oid = attcollation order by 2`,
    [keys.map(({ oid }) => oid), keys.map(({ column }) => column)],
  )
  return rows
}

/** Tables that point at a tenant table, or at one that does, and do not say themselves whose their rows are. */
export async function findStrays(
  client: ClientBase,
  tables: readonly TenantTable[],
): Promise<{ oid: number; name: string; points: string }[]> {
  const oids = tables.map(({ oid }) => oid)
  const { rows } = await client.query<{ oid: number; name: string; points: string }>(
    `with recursive pointing (oid, target) as (
       select conrelid, confrelid from pg_constraint
       where contype = 'f' and confrelid::int = any($1) and not conrelid::int = any($1)
       union select conrelid, confrelid from pointing join pg_constraint on confrelid = pointing.oid
       where contype = 'f' and not conrelid::int = any($1) and conrelid <> confrelid)
     select pg_class.oid::int as oid, format('%I.%I', nspname, relname) as name,
       string_agg(distinct target::regclass::text, ', ') as points
     from pointing join pg_class using (oid) join pg_namespace on pg_namespace.oid = relnamespace
     where ${users} group by 1, 2 order by 2`,
    [oids],
  )
  return rows
}

/** A role the app logs in as, with what makes policies worthless for it. */
export interface AppRole {
  oid: number
  name: string
  /** Roles it is, or may become, that no policy binds; empty when all is well. */
  unbound: readonly string[]
}

/** Through these one reads every row without any policy: as a process of the server, or its files. */
export const beyondPolicies = `array['pg_execute_server_program', 'pg_read_server_files',
  'pg_write_server_files']`

/** Before PostgreSQL 16 CREATEROLE gives its role every other but superusers: owners, and the above. */
export const makesRoles = (role: string): string =>
  `(${role}.rolcreaterole and current_setting('server_version_num')::int < 160000)`

/**
 * The roles of the app: those named, or everybody who may log in and was granted a right on a tenant
 * table, or on a column of one, or owns one. A superuser has every right without a grant, so an app
 * that runs as one must say so. Of those named, the ones that exist.
 */
export async function findAppRoles(
  client: ClientBase,
  { roles }: Scoping,
  tables: readonly TenantTable[],
): Promise<AppRole[]> {
  const { rows } = await client.query<AppRole>(
    `with touching as (
       select grantee as oid from pg_class, aclexplode(relacl) where pg_class.oid::int = any($2)
       union select grantee from pg_attribute, aclexplode(attacl) where attrelid::int = any($2)
       union select relowner from pg_class where pg_class.oid::int = any($2)
       union select oid from pg_roles where rolname in ('pg_read_all_data', 'pg_write_all_data'))
     select role.oid::int as oid, role.rolname as name,
       array(select other.rolname::text from pg_roles other
         where pg_has_role(role.oid, other.oid, 'member') and (other.rolsuper or other.rolbypassrls
           or other.rolreplication or ${makesRoles('other')} or other.rolname = any(${beyondPolicies})
           or exists (select from pg_class where pg_class.oid::int = any($2) and relowner = other.oid))
         order by 1) as unbound
     from pg_roles role
     where case when cardinality($1::text[]) > 0 then role.rolname = any($1)
       else role.rolcanlogin and not (role.rolsuper and role.oid not in (select oid from touching))
         and exists (select from touching where touching.oid = 0
           or (touching.oid <> 0 and pg_has_role(role.oid, touching.oid, 'member')))
         and role.rolname <> current_user end
     order by 2`,
    [roles, tables.map(({ oid }) => oid)],
  )
  return rows
}

/**
 * Who else may log in, where nobody said which roles are the app's: what these reach without a right
 * on a tenant table, as through a view, may be reached by the app. The collector is not of the app, nor
 * is who may become a superuser.
 */
export async function findOtherLogins(
  client: ClientBase,
  { roles }: Scoping,
  known: readonly AppRole[],
): Promise<number[]> {
  if (roles.length > 0) return []
  const { rows } = await client.query<{ oid: number }>(
    `select oid::int as oid from pg_roles login where rolcanlogin
       and rolname <> current_user and not oid::int = any($1) and not exists (
         select from pg_roles other where rolsuper and pg_has_role(login.oid, other.oid, 'member'))`,
    [known.map(({ oid }) => oid)],
  )
  return rows.map(({ oid }) => oid)
}

/** PUBLIC, where a role is asked for by its number. */
export const everybody = 0

/** Those of some roles that cannot become a superuser, who has every right. */
export const freeOfSuperusers = (roles: string): string => `select oid from pg_roles role
  where oid::int = any(${roles}) and not exists (select from pg_roles other
    where rolsuper and pg_has_role(role.oid, other.oid, 'member'))`

/** Some roles and all that they may become: what is granted to one without INHERIT is reached by SET ROLE. */
export async function findGuises(client: ClientBase, roles: readonly number[]): Promise<number[]> {
  const { rows } = await client.query<{ oid: number }>(
    `select oid::int as oid from pg_roles where exists (
       select from unnest($1::int[]) as role where pg_has_role(role::oid, pg_roles.oid, 'member'))`,
    [roles],
  )
  return rows.map(({ oid }) => oid)
}

/**
 * Whether some role can get at what lies in a schema, or will be able to once more schemas are opened. Who may
 * not use a schema cannot name what is in it; but what has been named, as by a view, a policy or a trigger,
 * is used without that right.
 */
export const isNamed = (
  schema: string,
  catalog: 'pg_class' | 'pg_proc',
  roles: string,
  opened: string,
): string => `(exists (select from unnest(${roles}::int[]) as role where has_schema_privilege(role::oid, ${schema}, 'usage'))
  or exists (select from pg_namespace where oid = ${schema} and nspname = any(${opened}::text[]))
  or exists (select from pg_depend where refclassid = '${catalog}'::regclass and refobjid = ${catalog}.oid and deptype = 'n'
    and not (classid = 'pg_rewrite'::regclass and exists (select from pg_rewrite where oid = objid and ev_class = refobjid))))`

/**
 * The tables on which some role of the app has a right. One without, such as a partition reached only
 * through its parent or a table behind a function, is closed more firmly than a policy closes it.
 */
export async function reachable(
  client: ClientBase,
  tables: readonly TenantTable[],
  roles: readonly AppRole[],
): Promise<TenantTable[]> {
  const guises = await findGuises(
    client,
    roles.map(({ oid }) => oid),
  )
  const { rows } = await client.query<{ oid: number }>(
    `select oid::int as oid from unnest($1::int[]) as oid where exists (
       select from unnest($2::int[]) as role
       where has_any_column_privilege(role::oid, oid::oid, 'select, insert, update')
         or has_table_privilege(role::oid, oid::oid, 'delete, truncate'))`,
    [tables.map(({ oid }) => oid), guises],
  )
  const open = new Set(rows.map(({ oid }) => oid))
  return tables.filter(({ oid }) => open.has(oid))
}
