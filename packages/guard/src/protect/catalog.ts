import type { ClientBase } from 'pg'
import { firstOfUsers, makesRoles } from './tenant-tables.ts'

export interface Column {
  name: string
  /** As `format_type` writes it: `character varying(20)`. */
  type: string
  notNull: boolean
  /** The expression the database fills it with, null without. */
  default: string | null
  /** Whether the database counts it up. */
  counted: boolean
  generated: boolean
}

/** A unique index, with a constraint or without, or one of an exclusion constraint. */
export interface Key {
  name: string
  /** Null where an expression stands in the place of a column. */
  columns: readonly (string | null)[]
  primary: boolean
  /** How an exclusion constraint is written; its columns are those that must be equal. Null for others. */
  exclusion: string | null
  constraint: boolean
  /** Holds of some rows only, or takes one NULL for another. */
  partial: boolean
  deferrable: boolean
  valid: boolean
  /** How many foreign keys rest on it. */
  used: number
}

export interface Index {
  name: string
  columns: readonly (string | null)[]
  valid: boolean
  partial: boolean
}

export interface ForeignKey {
  name: string
  columns: readonly string[]
  target: number
  targetColumns: readonly string[]
  /** a, r, c, n or d, as in pg_constraint. */
  onUpdate: string
  onDelete: string
  /** Those that `on delete set null (...)` names. */
  deleteColumns: readonly string[]
  full: boolean
  deferrable: boolean
  deferred: boolean
  validated: boolean
}

export interface Policy {
  name: string
  permissive: boolean
}

export interface Table {
  oid: number
  /** `schema.name`, without quotes: what a plan calls it. */
  id: string
  /** Quoted where it must be: what SQL calls it. */
  sql: string
  name: string
  schema: string
  kind: 'r' | 'p' | 'f'
  owner: string
  /** Whether a grant lets somebody else write it. */
  written: boolean
  /** How many rows, about: as ANALYZE or the statistics counted; -1 where neither did. */
  rows: number
  secured: boolean
  forced: boolean
  /** A part that PostgreSQL keeps for a partitioned table, and no heir. */
  partition: boolean
  /** What it is a partition of or inherits from. */
  parents: readonly number[]
  columns: readonly Column[]
  keys: readonly Key[]
  indexes: readonly Index[]
  references: readonly ForeignKey[]
  policies: readonly Policy[]
  /** Those that an UPDATE fires. */
  triggers: readonly string[]
}

export interface Role {
  oid: number
  name: string
  login: boolean
  superuser: boolean
  bypasses: boolean
  /** Whether it may grant itself others by CREATEROLE. */
  makesRoles: boolean
}

/** What a database is made of, as far as the separation of tenants rests on it. */
export interface Catalog {
  database: string
  /** 180004 for 18.4. */
  version: number
  role: Role
  tables: readonly Table[]
  byOid: ReadonlyMap<number, Table>
  /** The names that relations have, by schema. */
  names: ReadonlyMap<string, readonly string[]>
  roles: readonly Role[]
}

/** What schemaSql and outboxSql make is no part of the app; what else lies in their schema is. */
const ours = `nspname = 'kept' and relname in ('key', 'moved', 'outbox') and pg_get_userbyid(relowner) = 'kept_guard'`

/** Reads the catalog in a few queries, however many tables there are. */
export async function readCatalog(client: ClientBase): Promise<Catalog> {
  const { rows: about } = await client.query<{
    database: string
    version: number
    user: string
  }>(
    `select current_database() as database, current_setting('server_version_num')::int as version,
       current_user as user`,
  )
  const { rows: roles } = await client.query<Role>(
    `select oid::int as oid, rolname as name, rolcanlogin as login, rolsuper as superuser,
       rolbypassrls as bypasses, ${makesRoles('pg_roles')} as "makesRoles" from pg_roles order by 2`,
  )
  const parts = await readParts(client)
  const { rows: tables } = await client.query<Omit<Table, keyof Parts>>(
    `select pg_class.oid::int as oid, nspname || '.' || relname as id, nspname as schema, relname as name,
       format('%I.%I', nspname, relname) as sql, relkind as kind, pg_get_userbyid(relowner) as owner,
       exists (select from aclexplode(relacl) where grantee <> relowner
         and privilege_type in ('INSERT', 'UPDATE', 'DELETE')) as written,
       greatest(reltuples, pg_stat_get_live_tuples(pg_class.oid))::float8 as rows,
       relrowsecurity as secured, relforcerowsecurity as forced, relispartition as partition,
       array(select inhparent::int from pg_inherits where inhrelid = pg_class.oid) as parents
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace where ${ofUsers} order by 2`,
  )
  const { rows: named } = await client.query<{ schema: string; names: string[] }>(
    `select nspname as schema, array_agg(relname::text) as names from pg_class
     join pg_namespace on pg_namespace.oid = relnamespace
     left join pg_index on indexrelid = pg_class.oid where indisvalid is not false group by 1`,
  )
  const { database, version, user } = about[0]!
  const whole = tables.map((table) => ({ ...table, ...partsOf(parts, table.oid) }))
  return {
    database,
    version,
    role: roles.find(({ name }) => name === user)!,
    tables: whole,
    names: new Map(named.map(({ schema, names }) => [schema, names])),
    byOid: new Map(whole.map((table) => [table.oid, table])),
    roles,
  }
}

const ofExtension = `exists (select from pg_depend where classid = 'pg_class'::regclass
  and objid = pg_class.oid and deptype = 'e')`

/** A table that an extension brought along, which is the extension's to guard. */
export interface ExtensionTable {
  id: string
  extension: string
  columns: readonly { name: string }[]
}

/** Those on which one of these roles has a right. */
export async function readExtensionTables(
  client: ClientBase,
  roles: readonly number[],
): Promise<ExtensionTable[]> {
  const { rows } = await client.query<ExtensionTable>(
    `select nspname || '.' || relname as id, extname as extension, (select jsonb_agg(jsonb_build_object('name', attname))
       from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped) as columns
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     join pg_depend on classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e'
     join pg_extension on pg_extension.oid = refobjid
     where relkind in ('r', 'p', 'f') and pg_class.oid >= ${firstOfUsers}
       and exists (select from unnest($1::int[]) as role
         where has_any_column_privilege(role::oid, pg_class.oid, 'select, insert, update'))
     order by 1`,
    [roles],
  )
  return rows
}

/** Tables of the app: none of PostgreSQL's, of a session's, of an extension's or of ours. */
const ofUsers = `relkind in ('r', 'p', 'f') and relpersistence <> 't' and pg_class.oid >= ${firstOfUsers}
  and nspname not in ('pg_catalog', 'information_schema') and not (${ours}) and not ${ofExtension}`

interface Parts {
  columns: Column[]
  keys: Key[]
  indexes: Index[]
  references: ForeignKey[]
  policies: Policy[]
  triggers: string[]
}

type Grouped = { [Part in keyof Parts]: Map<number, Parts[Part]> }

function partsOf(grouped: Grouped, oid: number): Parts {
  return {
    columns: grouped.columns.get(oid) ?? [],
    keys: grouped.keys.get(oid) ?? [],
    indexes: grouped.indexes.get(oid) ?? [],
    references: grouped.references.get(oid) ?? [],
    policies: grouped.policies.get(oid) ?? [],
    triggers: grouped.triggers.get(oid) ?? [],
  }
}

async function readParts(client: ClientBase): Promise<Grouped> {
  const group = async <T>(sql: string) => {
    const { rows } = await client.query<{ table: number; parts: T[] }>(sql)
    return new Map(rows.map(({ table, parts }) => [table, parts]))
  }
  return {
    columns: await group<Column>(columns),
    keys: await group<Key>(keys),
    indexes: await group<Index>(indexes),
    references: await group<ForeignKey>(references),
    policies: await group<Policy>(
      `select polrelid::int as table, json_agg(json_build_object('name', polname,
         'permissive', polpermissive) order by polname) as parts from pg_policy group by 1`,
    ),
    triggers: await group<string>(
      `select tgrelid::int as table, json_agg(tgname order by tgname) as parts from pg_trigger
       where not tgisinternal and tgenabled <> 'D' and (tgtype & 16) <> 0 group by 1`,
    ),
  }
}

const columns = `select attrelid::int as table, json_agg(json_build_object('name', attname,
    'type', format_type(atttypid, atttypmod), 'notNull', attnotnull,
    'default', pg_get_expr(adbin, adrelid), 'counted', attidentity <> '' or coalesce(pg_get_expr(adbin, adrelid) like 'nextval(%', false), 'generated', attgenerated <> '') order by attnum) as parts
  from pg_attribute join pg_class on pg_class.oid = attrelid
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where relkind in ('r', 'p', 'f') and attnum > 0 and not attisdropped
    and attrelid >= ${firstOfUsers} group by 1`

/** The names of columns of an index, in its order, without those it only carries. */
const indexed = `array(select attname from generate_series(0, indnkeyatts - 1) as place
  left join pg_attribute on attrelid = indrelid and attnum = indkey[place] and attnum > 0 order by place)`

/** The same of an exclusion constraint, null where its operator is another than equality. */
const equal = `array(select case oprname when '=' then attname end from generate_series(0, indnkeyatts - 1) as place
  join pg_operator on pg_operator.oid = conexclop[place + 1]
  left join pg_attribute on attrelid = indrelid and attnum = indkey[place] and attnum > 0 order by place)`

const keys = `select indrelid::int as table, json_agg(json_build_object('name', relname,
    'columns', case when contype = 'x' then ${equal} else ${indexed} end, 'primary', indisprimary,
    'exclusion', case contype when 'x' then pg_get_constraintdef(pg_constraint.oid) end, 'constraint', pg_constraint.oid is not null,
    'partial', indpred is not null or indnullsnotdistinct, 'deferrable', coalesce(condeferrable, false), 'valid', indisvalid,
    'used', coalesce(used, 0)) order by relname) as parts
  from pg_index join pg_class on pg_class.oid = indexrelid
  left join pg_constraint on conrelid = indrelid and conindid = indexrelid and contype in ('p', 'u', 'x')
  left join (select conindid as index, count(*) as used from pg_constraint
    where contype = 'f' and conparentid = 0 group by 1) as used on used.index = indexrelid
  where (indisunique or contype = 'x') and indrelid >= ${firstOfUsers} group by 1`

const indexes = `select indrelid::int as table, json_agg(json_build_object('name', relname,
    'columns', ${indexed}, 'valid', indisvalid, 'partial', indpred is not null) order by relname) as parts
  from pg_index join pg_class on pg_class.oid = indexrelid where indrelid >= ${firstOfUsers} group by 1`

const named = (relation: string, numbers: string) => `array(select attname
  from unnest(${numbers}) with ordinality as one (num, place)
  join pg_attribute on attrelid = ${relation} and attnum = num order by place)`

const references = `select conrelid::int as table, json_agg(json_build_object('name', conname,
    'columns', ${named('conrelid', 'conkey')}, 'target', confrelid::int,
    'targetColumns', ${named('confrelid', 'confkey')}, 'onUpdate', confupdtype, 'onDelete', confdeltype,
    'deleteColumns', coalesce(${named('conrelid', 'confdelsetcols')}, '{}'), 'full', confmatchtype = 'f',
    'deferrable', condeferrable, 'deferred', condeferred, 'validated', convalidated)
    order by conname) as parts
  from pg_constraint where contype = 'f' and conparentid = 0 group by 1`
