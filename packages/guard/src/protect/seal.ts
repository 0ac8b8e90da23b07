import type { ClientBase } from 'pg'
import { refusal } from '../schema.ts'
import { findGuises, firstOfUsers, type Scoping } from './tenant-tables.ts'

/** Whether policies ask the seal of `schemaSql()`, which no SQL of the app can move, and not a setting. */
export function isSealed({ setting }: Pick<Scoping, 'setting'>): boolean {
  return setting === 'kept.tenant'
}

/** Why the seal cannot be relied on. */
export interface SealFault {
  at: string
  why: string
  /** Whether `schemaSql()` mends it, run again. */
  mends: boolean
}

const token = `current_setting('kept.token'::text, true)`

/**
 * All that a sealed policy rests on, with what PostgreSQL says of it: kind, options and definition. Whoever
 * could put another in the place of one could be any tenant.
 */
const parts: Readonly<Record<string, string>> = {
  key: 'r',
  key_id: 'v SELECT id FROM kept.key;',
  scope: `v {security_barrier=true} SELECT CASE
    WHEN ((substr(${token}, 1, 64) IS DISTINCT FROM encode(sha256((outer_pad || sha256(((inner_pad ||
      convert_to(substr(${token}, 65), 'UTF8'::name)) || int4send(pg_backend_pid()))))), 'hex'::text))
      OR ((tenants IS NOT NULL) AND ((substr(${token}, 97) = ANY (tenants)) IS NOT TRUE)))
      THEN kept.refuse('KG001'::text, 'forged'::text)
    WHEN (timestamptz_send(now()) > decode(substr(${token}, 81, 16), 'hex'::text))
      THEN kept.refuse('KG003'::text, 'expired'::text)
    ELSE substr(${token}, 97) END AS tenant
    FROM kept.key WHERE (id = rtrim(substr(${token}, 65, 16), '.'::text));`,
  'refuse(code text, why text)': `plpgsql f ${refusal}`,
  'tenant()': 'sql f BEGIN ATOMIC SELECT tenant FROM kept.scope; END',
}

/** Before 16 PostgreSQL wrote the name of the only table before each of its columns. */
function plainly(definition: string): string {
  const text = definition.replaceAll(/\s+/g, ' ').trim()
  return text.replaceAll(/(?<![\w.])(?:key|scope)\.(?=\w)/g, '')
}

/**
 * What is wrong with the seal, for these roles and all that they may become: a part that is missing, that is
 * not what `schemaSql()` makes, that one of them may change or have changed, or a key that one may read.
 */
export async function findSealFaults(
  client: ClientBase,
  roles: readonly number[],
): Promise<SealFault[]> {
  const guises = await findGuises(client, roles)
  const altered = await findAltered(client, guises)
  return [
    ...(altered ? [altered] : []),
    ...(await findKeyReaders(client, guises)),
    ...(await findTemporary(client, guises)),
  ]
}

interface Part {
  name: string
  /** What PostgreSQL says of it; null when there is none. */
  said: string | null
  /** Whether it belongs to another than the keys do. */
  foreign: boolean
  /** Whether one of the roles may put another in its place. */
  open: boolean
}

/** The worst first; whether `schemaSql()` mends it. */
const objections: readonly (readonly [(part: Part) => boolean, string, boolean])[] = [
  [({ open }) => open, 'the app may put another in its place, and then be any tenant', false],
  [({ foreign }) => foreign, 'it belongs to another role than the keys do', false],
  [({ said }) => said === null, 'there is none, and sealed policies rest on it', true],
  [
    ({ name, said }) => said !== null && plainly(said) !== plainly(parts[name]!),
    'it is not as the seal needs it',
    true,
  ],
]

/** One thing says enough: what mends it mends, or makes impossible, the rest. */
async function findAltered(
  client: ClientBase,
  roles: readonly number[],
): Promise<SealFault | null> {
  const { rows } = await client.query<Part>(
    `with ours as (select oid, nspowner from pg_namespace where nspname = 'kept'),
     made (name, owner, said) as (
       select relname, relowner, concat_ws(' ', relkind, reloptions::text,
         case relkind when 'v' then pg_get_viewdef(pg_class.oid) end)
       from ours join pg_class on relnamespace = ours.oid
       union all select format('%s(%s)', proname, pg_get_function_identity_arguments(pg_proc.oid)), proowner,
         concat_ws(' ', lanname, prosecdef, coalesce(pg_get_function_sqlbody(pg_proc.oid), prosrc))
       from ours join pg_proc on pronamespace = ours.oid join pg_language on pg_language.oid = prolang)
     select wanted as name, said,
       coalesce(owner <> (select owner from made where name = 'key'), false) as foreign,
       exists (select from ours, unnest($1::int[]) as role
         where pg_has_role(role::oid, owner, 'member') or pg_has_role(role::oid, nspowner, 'member')
           or has_schema_privilege(role::oid, ours.oid, 'create')) as open
     from unnest($2::text[]) with ordinality as wanted (wanted, place) left join made on made.name = wanted
     order by place`,
    [roles, Object.keys(parts)],
  )
  for (const [isSo, why, mends] of objections) {
    const part = rows.find(isSo)
    if (part) return { at: `kept.${part.name}`, why, mends }
  }
  return null
}

/** Who reads or writes a key may be any tenant: by a right, a view or a function. */
async function findKeyReaders(client: ClientBase, roles: readonly number[]): Promise<SealFault[]> {
  const { rows } = await client.query<{ at: string; why: string }>(
    `with recursive key as (select pg_class.oid from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where nspname = 'kept' and relname = 'key'),
     over (oid) as (
       select oid from key
       union select ev_class from over
       join pg_depend on refclassid = 'pg_class'::regclass and refobjid = over.oid and classid = 'pg_rewrite'::regclass
       join pg_rewrite on pg_rewrite.oid = objid join pg_class on pg_class.oid = ev_class
       join pg_namespace on pg_namespace.oid = relnamespace
       where not (nspname = 'kept' and relname in ('scope', 'key_id')))
     select format('%I.%I', nspname, relname) as at,
       'the app has a right on it: who reads or writes a key is any tenant' as why
     from over join pg_class on pg_class.oid = over.oid join pg_namespace on pg_namespace.oid = relnamespace
     where exists (select from unnest($1::int[]) as role
       where has_any_column_privilege(role::oid, over.oid, 'select, insert, update, references')
         or has_table_privilege(role::oid, over.oid, 'delete, truncate, trigger'))
     union all select format('%I.%I', nspname, proname), 'this function acts as one who may read the keys'
     from key, pg_proc join pg_namespace on pg_namespace.oid = pronamespace
     where prosecdef and pg_proc.oid >= ${firstOfUsers} and has_any_column_privilege(proowner, key.oid, 'select')
       and not (nspname = 'kept' and proname in ('tenant', 'stay'))
       and exists (select from unnest($1::int[]) as role
         where has_function_privilege(role::oid, pg_proc.oid, 'execute'))
     order by 1`,
    [roles],
  )
  return rows.map((row) => ({ ...row, mends: false }))
}

/** Who makes a temporary table named as a real one has the next scope on that connection write there. */
async function findTemporary(client: ClientBase, roles: readonly number[]): Promise<SealFault[]> {
  const { rows } = await client.query<{ at: string }>(
    `select 'database ' || current_database() as at where exists (select from unnest($1::int[]) as role
       where has_database_privilege(role::oid, current_database(), 'temporary'))`,
    [roles],
  )
  const why = 'the app may make temporary tables, which are found in the place of real ones'
  return rows.map(({ at }) => ({ at, why, mends: false }))
}
