import { randomBytes } from 'node:crypto'
import { escapeIdentifier, escapeLiteral } from 'pg'
import { padKey, type Key } from './seal.ts'

export type Mode = 'plain' | 'sealed'

export interface SchemaOptions {
  mode: Mode
  /** The role that the app logs in as. */
  appRole: string
  /** Whether tenants may move to other databases: `kept.moved` and its look at each opening. */
  moves?: boolean
}

/**
 * What the guard needs in the app's database, for its owner to run whenever he likes: running it again
 * changes nothing. It wants PostgreSQL 15 or newer and the right to make a role.
 */
export function schemaSql({ mode, appRole, moves = false }: SchemaOptions): string {
  const app = escapeIdentifier(appRole)
  const owned = [...(mode === 'sealed' ? [sealedSql(app)] : []), ...(moves ? [movesSql(app)] : [])]
  return [
    noTemporary(appRole),
    ...(mode === 'sealed' ? [hideNames(app)] : []),
    ...(owned.length ? [ownerSql(app), ...owned, 'reset role;'] : []),
  ].join('\n')
}

/** With a temporary table one pooled session could shadow the tables of the next. */
function noTemporary(appRole: string): string {
  return `
do $do$ begin
  execute format('revoke temporary on database %I from public, %I', current_database(), ${escapeLiteral(appRole)});
end $do$;`
}

/**
 * A name that SQL cannot read it cannot take for a statement of its own. Only a superuser may take this away;
 * without it the guard looks at each connection after its scope.
 */
function hideNames(app: string): string {
  return `
do $do$ begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    revoke execute on function pg_catalog.pg_prepared_statement() from public, ${app};
  end if;
end $do$;`
}

/** Who owns the schema cannot log in, and no app can become it. */
export function ownerSql(app: string): string {
  return `
do $do$ begin
  -- Roles are of the whole cluster, where another database may be making it just now.
  begin
    create role kept_guard nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
  exception when duplicate_object or unique_violation then
    null;
  end;
  -- Before 16 every member could become a role.
  if not pg_has_role(current_user, 'kept_guard',
    case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end) then
    grant kept_guard to current_user;
  end if;
end $do$;
create schema if not exists kept authorization kept_guard;
grant usage on schema kept to ${app};
set role kept_guard;`
}

/** What `kept.refuse` does: the judge of leaks takes no other for it. */
export const refusal = `
begin
  raise exception using errcode = code, message = 'kept: the seal of this scope is ' || why;
end `

/**
 * The MAC is looked at in a view and not in a function: the view's owner may read the keys for whoever
 * asks it, and it is planned into the query, at half a function's cost. Nothing in it names an object
 * by a search path: a view holds what it names.
 */
function sealedSql(app: string): string {
  return `
create table if not exists kept.key (
  id text primary key check (id ~ '^[a-z0-9-]{1,16}$'),
  inner_pad bytea not null check (octet_length(inner_pad) = 64),
  outer_pad bytea not null check (octet_length(outer_pad) = 64)
);
-- Those that the key may speak for; null for all.
alter table kept.key add column if not exists tenants text[];
revoke all on kept.key from public, ${app};
-- Unless told that it is small, the planner goes through the index.
analyze kept.key;

create or replace function kept.refuse(code text, why text) returns text
language plpgsql volatile parallel restricted set search_path = pg_catalog, pg_temp as $refuse$${refusal}$refuse$;
revoke all on function kept.refuse(text, text) from public;
grant execute on function kept.refuse(text, text) to ${app};

create or replace view kept.key_id as select id from kept.key;
revoke all on kept.key_id from public;
grant select on kept.key_id to ${app};

create or replace view kept.scope with (security_barrier) as
select case
  when substr(current_setting('kept.token', true), 1, 64) is distinct from encode(sha256(outer_pad || sha256(
    inner_pad || convert_to(substr(current_setting('kept.token', true), 65), 'UTF8'::name) ||
    int4send(pg_backend_pid()))), 'hex')
    or tenants is not null and (substr(current_setting('kept.token', true), 97) = any (tenants)) is not true
    then kept.refuse('KG001', 'forged')
  when timestamptz_send(now()) > decode(substr(current_setting('kept.token', true), 81, 16), 'hex')
    then kept.refuse('KG003', 'expired')
  else substr(current_setting('kept.token', true), 97)
end as tenant
from kept.key where id = rtrim(substr(current_setting('kept.token', true), 65, 16), '.');
revoke all on kept.scope from public;
grant select on kept.scope to ${app};

create or replace function kept.tenant() returns text
language sql stable parallel restricted begin atomic select tenant from kept.scope; end;
revoke all on function kept.tenant() from public;
grant execute on function kept.tenant() to ${app};`
}

/**
 * Whoever moves a tenant takes the same lock exclusively, in the transaction that inserts into
 * `kept.moved`. The function is volatile: its second statement sees what was committed before it got the lock,
 * if the transaction reads what is committed.
 */
function movesSql(app: string): string {
  return `
create table if not exists kept.moved (tenant text primary key, destination text not null);
revoke all on kept.moved from public, ${app};

create or replace function kept.stay(tenant text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $stay$
declare
  gone text;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'kept: a scope in which tenants may move reads what is committed';
  end if;
  perform pg_advisory_xact_lock_shared(hashtextextended('kept.tenant:' || stay.tenant, 0));
  select moved.destination into gone from kept.moved where moved.tenant = stay.tenant;
  if found then
    raise exception using errcode = 'KG002', message = 'kept: this tenant has moved', detail = gone;
  end if;
end $stay$;
revoke all on function kept.stay(text) from public;
grant execute on function kept.stay(text) to ${app};`
}

/** A statement for the database's owner, with its values apart, so that no log holds them. */
export interface Statement {
  text: string
  values: unknown[]
}

export interface KeyLimits {
  /** The only tenants that it opens. All when absent. */
  tenants?: readonly string[]
}

/** Makes a key known to the database, or replaces it. The guard opens sealed scopes with it afterwards. */
export function addKey(key: Key, { tenants }: KeyLimits = {}): Statement {
  const { id, inner, outer } = padKey(key)
  return {
    text: `insert into kept.key (id, inner_pad, outer_pad, tenants) values ($1, $2, $3, $4)
      on conflict (id) do update set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad,
        tenants = excluded.tenants`,
    values: [id, inner, outer, tenants ?? null],
  }
}

/** Takes a key away for good: what was sealed with it is refused from then on. */
export function removeKey(id: string): Statement {
  const [inner, outer] = [randomBytes(64), randomBytes(64)]
  return {
    text: 'update kept.key set inner_pad = $2, outer_pad = $3 where id = $1',
    values: [id, inner, outer],
  }
}

export interface RowPolicy {
  mode: Mode
  /** Of a plain scope. `app.tenant_id` when absent. */
  setting?: string
  /** As SQL names it: quoted and with its schema where needed. */
  table: string
  column: string
  /** The column's own type, so that its index is used. */
  type: string
}

/** The condition that a row is of the tenant of the scope; true for no row outside a scope. */
export function rowCondition({
  mode,
  setting = 'app.tenant_id',
  column,
  type,
}: Omit<RowPolicy, 'table'>): string {
  const tenant =
    mode === 'sealed'
      ? `(select tenant::${type} from kept.scope)`
      : `(select nullif(current_setting(${escapeLiteral(setting)}, true), '')::${type})`
  return `${escapeIdentifier(column)} = ${tenant}`
}

/** Gates one table: its rows are seen, made and changed by their own tenant alone, its owner included. */
export function rowPolicy(policy: RowPolicy): string {
  const { table } = policy
  const condition = rowCondition(policy)
  return `alter table ${table} enable row level security;
alter table ${table} force row level security;
drop policy if exists kept_tenant on ${table};
create policy kept_tenant on ${table} using (${condition}) with check (${condition});`
}
