import { escapeIdentifier } from 'pg'
import { GuardFailure } from '../failure.ts'
import { ownerSql, rowCondition, type Mode } from '../schema.ts'

export interface OutboxOptions {
  mode: Mode
  /** Of a plain scope. `app.tenant_id` when absent. */
  setting?: string
  /** The role that the app logs in as. */
  appRole: string
}

/**
 * The table of records, for the database's owner to run whenever he likes. The app adds to it, for the
 * tenant of its scope alone, and cannot read it; `kept_drain` takes from it. That role can log in once its
 * owner has set a password: `alter role kept_drain password '...'`.
 */
export function outboxSql({ mode, setting, appRole }: OutboxOptions): string {
  const app = escapeIdentifier(appRole)
  const condition = rowCondition({
    mode,
    ...(setting !== undefined && { setting }),
    column: 'tenant',
    type: 'text',
  })
  return `${drainSql}
${ownerSql(app)}
create table if not exists kept.outbox (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  tenant text not null check (length(tenant) between 1 and 200),
  actor text not null check (length(actor) between 1 and 300),
  kind text not null check (kind in ('event', 'reads', 'staff-read')),
  action text not null check (length(action) between 1 and 200),
  detail jsonb not null check (octet_length(detail::text) <= 65536)
);
revoke all on kept.outbox from public, ${app}, kept_drain;
grant insert (at, tenant, actor, kind, action, detail) on kept.outbox to ${app};
grant usage on schema kept to kept_drain;
grant select, delete on kept.outbox to kept_drain;
alter table kept.outbox enable row level security;
alter table kept.outbox force row level security;
drop policy if exists kept_record on kept.outbox;
create policy kept_record on kept.outbox for insert to ${app} with check (${condition});
drop policy if exists kept_drain_read on kept.outbox;
create policy kept_drain_read on kept.outbox for select to kept_drain using (true);
drop policy if exists kept_drain_take on kept.outbox;
create policy kept_drain_take on kept.outbox for delete to kept_drain using (true);
reset role;`
}

/** Roles are of the whole cluster, where another database may be making it just now. */
const drainSql = `
do $do$ begin
  create role kept_drain login nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
exception when duplicate_object or unique_violation then
  null;
end $do$;`

/** A record, as `kept.outbox` has it beside its number and its instant. */
export interface Entry {
  tenant: string
  actor: string
  kind: 'event' | 'reads' | 'staff-read'
  action: string
  detail: Detail
}

export type Detail = Readonly<Record<string, unknown>>

/** `at` in milliseconds since 1970. */
export function insertOf(entry: Entry, at: number): { text: string; values: string[] } {
  const { tenant, actor, kind, action, detail } = entry
  return {
    text: `insert into kept.outbox (at, tenant, actor, kind, action, detail) values ($1, $2, $3, $4, $5, $6)`,
    values: [new Date(at).toISOString(), tenant, actor, kind, action, JSON.stringify(detail)],
  }
}

/** Bytes of a detail as the database writes it, and levels of it, which is as deep as anybody reads. */
const [mostBytes, mostLevels] = [65_536, 100]

/**
 * The same for what an app says: at COMMIT the database would refuse it with all that was done.
 *
 * @throws GuardFailure `bad-record`
 */
export function checkedInsertOf(entry: Entry, at: number): { text: string; values: string[] } {
  const { action, detail } = entry
  const letters = typeof action === 'string' ? Array.from(action).length : 0
  if (letters < 1 || letters > 200 || !isText(action))
    throw bad('its action is not 1 to 200 characters of text')
  const said = JSON.parse(JSON.stringify(detail) ?? 'null') as unknown
  if (typeof said !== 'object' || said === null) throw bad('its detail is no object')
  if (sizeOf(said, 1) > mostBytes) throw bad(`its detail takes more than ${mostBytes} bytes`)
  return insertOf(entry, at)
}

/** How many bytes PostgreSQL writes of JSON as jsonb: with a space behind each comma and colon. */
function sizeOf(value: unknown, level: number): number {
  if (level > mostLevels) throw bad(`its detail is more than ${mostLevels} levels deep`)
  if (typeof value === 'number') return digitsOf(value)
  if (typeof value === 'string' && !isText(value))
    throw bad('its detail holds U+0000 or half of a surrogate pair')
  if (typeof value !== 'object' || value === null) return Buffer.byteLength(JSON.stringify(value))
  const parts = Array.isArray(value)
    ? value.map((one) => sizeOf(one, level + 1))
    : Object.entries(value).map(([name, one]) => sizeOf(name, level) + 2 + sizeOf(one, level + 1))
  return 2 + parts.reduce((sum, part) => sum + part, 0) + 2 * Math.max(0, parts.length - 1)
}

/** jsonb has no exponents: 1e21 is 22 digits. */
function digitsOf(value: number): number {
  const said = String(value)
  const [, sign, digits, exponent] = /^(-?)(.+)e([+-]\d+)$/.exec(said) ?? []
  if (digits === undefined) return said.length
  const count = digits.replace('.', '').length
  const power = Number(exponent)
  return sign!.length + (power > 0 ? Math.max(count, power + 1) : 1 - power + count)
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function bad(reason: string): GuardFailure {
  const fix = 'record ids, and what is large elsewhere'
  return new GuardFailure('bad-record', `this cannot be recorded: ${reason}`, fix)
}

/**
 * The same if the transaction has written before, by whatever SQL, or locked rows: only then it has a number.
 * A condition without columns is decided before there is a row, and so before this statement gives it one.
 */
export function insertIfWrote(entry: Entry, at: number): { text: string; values: string[] } {
  return {
    text: `insert into kept.outbox (at, tenant, actor, kind, action, detail)
      select $1::pg_catalog.timestamptz, $2::pg_catalog.text, $3::pg_catalog.text, $4::pg_catalog.text,
        $5::pg_catalog.text, $6::pg_catalog.jsonb
      where pg_catalog.pg_current_xact_id_if_assigned() is not null`,
    values: insertOf(entry, at).values,
  }
}
