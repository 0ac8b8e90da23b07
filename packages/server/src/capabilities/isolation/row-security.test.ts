import { randomBytes } from 'node:crypto'
import { addKey, schemaSql, type Mode } from '@kept/guard'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeAuthority, type Authority } from '../../../test/certificates.ts'
import type { System } from '@kept/page'
import { context, system, Watch } from '../../../test/looking.ts'
import { startPostgres, type TestPostgres } from '../../../test/postgres.ts'
import { loginOf, withDatabase } from '../../outside/postgres.ts'
import {
  asTenant,
  become,
  conventionOf,
  findAppRoles,
  findTenantTables,
} from '../../outside/tenant-tables.ts'
import { rowSecurityCollector } from './collect.ts'
import { findCopies } from './copies.ts'
import { tryCanaries } from './database-try.ts'

const [a, b] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
/** The tenant of the scope, as a policy says it. */
const tenantOf = (mode: Mode) =>
  mode === 'plain'
    ? `(select nullif(current_setting('app.tenant_id', true), '')::uuid)`
    : '(select tenant::uuid from kept.scope)'
const tenant = tenantOf('plain')

/** A small app's database as it should be, and a login for the collector. */
const schemaOf = (mode: Mode) => `
  drop owned by app, owner, reader, staff, web; reset role;
  ${mode === 'sealed' ? `${schemaSql({ mode, appRole: 'app' })} grant usage on schema kept to owner;` : ''}
  grant owner to current_user;
  create schema app authorization owner;
  set role owner;
  create table app.invoices (tenant_id uuid not null, id int generated always as identity,
    total int not null, primary key (tenant_id, id));
  create table app.notes (tenant_id uuid not null, id int, text text);
  create table app.countries (code text primary key);
  alter table app.invoices enable row level security;
  alter table app.invoices force row level security;
  alter table app.notes enable row level security;
  alter table app.notes force row level security;
  create policy tenant on app.invoices using (tenant_id = ${tenantOf(mode)});
  create policy tenant on app.notes to app using (tenant_id = ${tenantOf(mode)}) with check (tenant_id = ${tenantOf(mode)});
  grant usage on schema app to app;
  grant select, insert, update, delete on app.invoices, app.notes to app;
  grant select on app.countries to app;
  reset role;
  insert into app.invoices (tenant_id, total) values ('${a}', 1), ('${b}', 2);
  grant app to reader with inherit false, set true;`

/** A key for the two canaries and nobody else. */
const key = { id: 'canaries', secret: randomBytes(32).toString('base64') }

let postgres: TestPostgres
let authority: Authority
const subject = system({ type: 'database', secret: 'DB', tags: [`canary:${a}`, `canary:${b}`] })
const sealedTags = ['tenant-setting:kept.tenant', 'seal:SEAL']
const sealedSubject = { ...subject, tags: [...subject.tags, ...sealedTags] }
const subjects: Record<Mode, System> = { plain: subject, sealed: sealedSubject }

beforeAll(async () => {
  authority = await makeAuthority()
  postgres = await startPostgres({ certificate: await authority.issue() })
  await postgres.sql(`create role owner; create role app login password 'secret';
    create role reader login password 'secret'; create role almighty bypassrls; create role staff;
    create role vault; create role web login password 'secret'`)
}, 60_000)
afterAll(() => postgres.stop())
beforeEach(() => prepare('plain'))

async function prepare(mode: Mode): Promise<void> {
  await postgres.sql(
    'drop schema if exists app, elsewhere, kept cascade; revoke almighty, owner, staff from app',
  )
  await postgres.sql('alter role web nobypassrls; drop role if exists standby')
  await postgres.sql(`alter role app reset all; alter role web reset all; alter database postgres reset all;
    alter role app in database template1 reset all; alter role app in database postgres reset all`)
  await postgres.sql(schemaOf(mode))
  if (mode === 'sealed') await postgres.sql(addKey(key, { tenants: [a, b] }))
}

const secrets = () => ({ DB: postgres.url('reader', 'postgres'), SEAL: JSON.stringify(key) })
const look = (watching: Watch) =>
  watching.look({ authorities: [authority.pem], secrets: secrets() })
const promised = (watching: Watch) => watching.verdict('tenancy.isolated')

/** A role of its own for reports, that a policy lets read every tenant. */
const reporting = `grant usage, create on schema app to staff; grant select on app.invoices to staff;
  create policy staff on app.invoices to staff using (true)`

type Flaw = readonly [what: string, damage: string, why: RegExp, repair: string]

/** Damage, what is said of it, and its repair, whatever the form of its scopes. */
const flawsOf = (tenant: string): readonly Flaw[] => [
  [
    'row security switched off',
    'alter table app.notes disable row level security',
    /app\.notes: row security is off/,
    'alter table app.notes enable row level security',
  ],
  [
    'row security not forced',
    'alter table app.notes no force row level security',
    /not forced/,
    'alter table app.notes force row level security',
  ],
  [
    'no policy',
    'drop policy tenant on app.notes',
    /no policy/,
    `create policy tenant on app.notes using (tenant_id = ${tenant})`,
  ],
  [
    'a policy that lets all pass',
    'create policy everybody on app.notes using (true)',
    /policy everybody lets every row pass/,
    'drop policy everybody on app.notes',
  ],
  [
    'a check that lets all pass',
    'create policy writing on app.notes for insert with check (true)',
    /policy writing lets every row pass/,
    'drop policy writing on app.notes',
  ],
  [
    'a policy with another way in',
    `create policy also on app.notes using (tenant_id = ${tenant} or text = 'public')`,
    /policy also is not of the form tenant_id = \(?(?:current_setting|select tenant from kept\.scope)/,
    'drop policy also on app.notes',
  ],
  [
    'a policy on something else',
    `create policy also on app.notes using (text = current_setting('app.tenant_id', true))`,
    /policy also is not of the form/,
    'drop policy also on app.notes',
  ],
  [
    'a policy on another setting',
    `create policy also on app.notes using (tenant_id = current_setting('app.user', true)::uuid)`,
    /policy also is not of the form/,
    'drop policy also on app.notes',
  ],
  [
    'an app that bypasses',
    'alter role app bypassrls',
    /app: it is or may become app/,
    'alter role app nobypassrls',
  ],
  [
    'an app that is superuser',
    'alter role app superuser',
    /app: it is or may become/,
    'alter role app nosuperuser',
  ],
  [
    'an app that may become another',
    'grant almighty to app',
    /may become almighty/,
    'revoke almighty from app',
  ],
  ['an app that owns', 'grant owner to app', /may become owner/, 'revoke owner from app'],
  [
    'a view without security_invoker, over another',
    `create view app.below with (security_invoker) as select * from app.notes;
     create view app.above as select * from app.below; grant select on app.above to app`,
    /app\.above: this view has no security_invoker/,
    'drop view app.above; drop view app.below',
  ],
  [
    'a materialized view',
    'create materialized view app.kept as select * from app.notes; grant select on app.kept to app',
    /materialized view/,
    'drop materialized view app.kept',
  ],
  [
    'a function of a superuser',
    `create function app.peek() returns bigint language sql security definer as 'select count(*) from app.notes'`,
    /app\.peek: this function acts as postgres/,
    'revoke execute on function app.peek() from public',
  ],
  [
    'a function of a superuser among those that PostgreSQL brings along',
    `create function pg_catalog.every_invoice() returns setof app.invoices language sql
       security definer as 'select * from app.invoices'`,
    /pg_catalog\.every_invoice: this function acts as postgres/,
    'drop function pg_catalog.every_invoice()',
  ],
  [
    'a rule that acts as a superuser, on a table in information_schema',
    `create table information_schema.box (x int); create table app.copies (x int);
     grant insert on information_schema.box to app; grant select on app.copies to app;
     create rule copying as on insert to information_schema.box
       do also insert into app.copies select total from app.invoices`,
    /information_schema\.box: this rule acts as postgres/,
    'drop table information_schema.box',
  ],
  [
    'a table in information_schema without a policy',
    'create table information_schema.fresh (tenant_id uuid); grant select on information_schema.fresh to app',
    /information_schema\.fresh: row security is off/,
    'drop table information_schema.fresh',
  ],
  [
    'a copy that calls the tenant something else',
    `create table app.archive as select tenant_id as tenant, id, total from app.invoices;
     grant select on app.archive to app`,
    /app\.archive: app reads what is another canary's/,
    'revoke select on app.archive from app',
  ],
  [
    'a view over a copy in another schema',
    `create schema elsewhere; create table elsewhere.copy as select tenant_id as org, total from app.invoices;
     create view elsewhere.seen as select * from elsewhere.copy;
     grant usage on schema elsewhere to app; grant select on elsewhere.seen to app`,
    /elsewhere\.seen: app reads what is another canary's/,
    'drop schema elsewhere cascade',
  ],
  [
    'a materialized view over a copy, for a role that the app may take on',
    `create table app.archive as select tenant_id as tenant from app.invoices;
     create materialized view app.kept as select tenant from app.archive;
     grant usage on schema app to vault; grant select on app.kept to vault; grant vault to app with inherit false`,
    /app\.kept: app reads what is another canary's/,
    'drop materialized view app.kept; revoke vault from app; revoke usage on schema app from vault',
  ],
  [
    'a copy as JSON, closed by a policy for nobody but all',
    `create table app.audit_log as select to_jsonb(one) as said from app.invoices one;
     alter table app.audit_log enable row level security; create policy all_of_it on app.audit_log using (true);
     grant select on app.audit_log to app`,
    /app\.audit_log: app reads what is another canary's/,
    'drop policy all_of_it on app.audit_log',
  ],
  ...[
    "upper(replace(tenant_id::text, '-', ''))",
    'uuid_send(tenant_id)',
    "convert_to(tenant_id::text, 'UTF8')",
    'array[tenant_id]',
  ].map(
    (form) =>
      [
        `a copy with the tenant as ${form}`,
        `create table app.archive as select ${form} as x from app.invoices; grant select (x) on app.archive to app`,
        /app\.archive: app reads what is another canary's/,
        'truncate app.archive',
      ] as const,
  ),
  [
    'a foreign table',
    `create extension file_fdw; create server far foreign data wrapper file_fdw;
     create foreign table app.far (x text) server far options (program 'echo "of ${a}"');
     grant select on app.far to app`,
    /app\.far: app reads what is another canary's/,
    'drop extension file_fdw cascade',
  ],
  [
    'a copy without the tenant',
    `insert into app.notes values ('${a}', 1, 'Q7f3-2205-af19-c3bb'), ('${b}', 1, 'Q7f3-2205-af19-c3bc');
     create table app.archive as select id, text from app.notes; grant select on app.archive to app`,
    /app\.archive: app reads what is another canary's/,
    'drop table app.archive',
  ],
  ...(['insert', 'update', 'delete'] as const).map(
    (event) =>
      [
        `a trigger that copies at each ${event}`,
        `create table app.log (said jsonb); grant select, insert on app.log to app;
         create function app.copying() returns trigger language plpgsql as $$ begin
           insert into log values (to_jsonb(coalesce(new, old))); return null; end $$;
         alter role app set search_path = nowhere, app;
         create trigger copying after ${event} on app.invoices for each row execute function app.copying()`,
        /app\.log: app reads what is another canary's/,
        'drop trigger copying on app.invoices',
      ] as const,
  ),
  [
    'a trigger that copies at the end of a transaction, with nothing but a text, on a table without rows',
    `set role owner; create table app.log (said text); grant select on app.log to app;
     create function app.copying() returns trigger language plpgsql security definer as $$ begin
       insert into app.log values (new.text); return null; end $$;
     create constraint trigger copying after insert on app.notes deferrable initially deferred
       for each row execute function app.copying()`,
    /app\.log: app reads what is another canary's/,
    'drop trigger copying on app.notes',
  ],
  [
    'a trigger that copies a text when it changes',
    `insert into app.notes values ('${a}', 1, 'short'), ('${b}', 1, 'short');
     create table app.log (said text); grant select, insert on app.log to app;
     create function app.copying() returns trigger language plpgsql as $$ begin
       insert into app.log values (new.text); return new; end $$;
     create trigger copying before update of text on app.notes for each row
       when (old.text is distinct from new.text) execute function app.copying()`,
    /app\.log: app reads what is another canary's/,
    'drop trigger copying on app.notes',
  ],
  [
    'a rule that copies',
    `set role owner; create table app.log (said text); grant select on app.log to app;
     create rule copying as on insert to app.notes do also insert into app.log values (new.text)`,
    /app\.log: app reads what is another canary's/,
    'drop rule copying on app.notes',
  ],
  [
    'truncate',
    'grant truncate on app.notes to app',
    /truncate/,
    'revoke truncate on app.notes from app',
  ],
  [
    'a table that only points at one',
    `create table app.lines (tenant uuid, invoice int,
       foreign key (tenant, invoice) references app.invoices (tenant_id, id)); grant select on app.lines to app`,
    /app\.lines: it points at/,
    'drop table app.lines',
  ],
  [
    'a function of a role with a policy of its own',
    `${reporting}; create function app.report() returns setof app.invoices language sql
       security definer as 'select * from app.invoices'; alter function app.report() owner to staff`,
    /app\.report: this function acts as staff, and of app\.invoices its policy staff lets every row/,
    'drop policy staff on app.invoices',
  ],
  [
    'a function that only another function may call',
    `${reporting}; grant create on schema app to vault; create function app.inner_report() returns bigint language sql
       security definer as 'select count(*) from app.invoices'; alter function app.inner_report() owner to staff;
     revoke execute on function app.inner_report() from public; grant execute on function app.inner_report() to vault;
     create function app.outer_report() returns bigint language sql security definer as 'select app.inner_report()';
     alter function app.outer_report() owner to vault`,
    /app\.inner_report: this function acts as staff/,
    'revoke execute on function app.inner_report() from vault',
  ],
  [
    'a function of an owner whom the tables do not bind',
    `set role owner; create table app.orders (tenant_id uuid); alter table app.orders enable row level security;
     create policy tenant on app.orders using (tenant_id = ${tenant});
     create function app.orders_of_all() returns bigint language sql security definer as 'select count(*) from app.orders'`,
    /app\.orders_of_all: this function acts as owner, and of app\.orders row security is not forced/,
    'alter table app.orders force row level security',
  ],
  [
    'a function that gives away a table closed to the app',
    `set role owner; create table app."to$kens (x)" (tenant_id uuid, digest text);
     create function app.all_tokens() returns setof text language sql security definer
       as 'select digest from app."to$kens (x)"'`,
    /app\.all_tokens: this function acts as owner, and app\."to\$kens \(x\)" has no row security/,
    'revoke execute on function app.all_tokens() from public',
  ],
  [
    'a trigger that acts as a superuser, on a partition of what the app writes',
    `create table app.box (x int) partition by hash (x); create table app.box_part partition of app.box
       for values with (modulus 1, remainder 0); grant insert, select on app.box to app;
     create function app.fill() returns trigger language plpgsql security definer as
       'begin select sum(total) into new.x from app.invoices; return new; end';
     revoke execute on function app.fill() from public;
     create trigger filling before insert on app.box_part for each row execute function app.fill()`,
    /app\.fill: this function acts as postgres/,
    'alter table app.box_part disable trigger filling',
  ],
  [
    'a rule that acts as a superuser',
    `create table app.box (x int); create table app.copies (x int); grant insert on app.box to app;
     grant select on app.copies to app; create rule copying as on insert to app.box
       do also insert into app.copies select total from app.invoices`,
    /app\.box: this rule acts as postgres/,
    'drop rule copying on app.box',
  ],
  [
    'a materialized view that a function fills',
    `create function app.totals() returns setof int language sql as 'select total from app.invoices';
     create materialized view app.kept as select * from app.totals(); grant select on app.kept to app`,
    /app\.kept: a materialized view/,
    'revoke select on app.kept from app',
  ],
  [
    'a materialized view that the text of a query fills',
    `create materialized view app.dump as select query_to_xml('select * from app.invoices', true, false, '')::text as said;
     grant select on app.dump to app`,
    /app\.dump: a materialized view knows no policy/,
    'revoke select on app.dump from app',
  ],
  [
    'an app that creates where every tenant finds it',
    'grant create on schema app to app',
    /schema app: the app may create in it, and what one tenant leaves there others find/,
    'revoke create on schema app from app',
  ],
  [
    'an app that owns a schema, by a role that it may become',
    'create schema elsewhere authorization vault; grant vault to app with inherit false',
    /schema elsewhere: it belongs to the app, which may drop all that is in it/,
    'revoke vault from app',
  ],
  [
    'a view that the app reaches by SET ROLE alone',
    `create view app.all_notes as select * from app.notes; grant select on app.all_notes to vault;
     grant vault to app with inherit false`,
    /app\.all_notes: this view/,
    'revoke vault from app',
  ],
  [
    'a login that bypasses and holds some columns',
    `alter role web bypassrls; grant select (tenant_id, total) on app.invoices to web`,
    /web: it is or may become web, whom/,
    'revoke select (tenant_id, total) on app.invoices from web',
  ],
  [
    'a login that bypasses and reads all there is',
    `alter role web bypassrls; grant pg_read_all_data to web`,
    /web: it is or may become web, whom/,
    'revoke pg_read_all_data from web',
  ],
  [
    'a login with nothing but a view',
    `create view app.all_notes as select * from app.notes; grant select on app.all_notes to web;
     grant usage on schema app to web`,
    /app\.all_notes: this view has no security_invoker, open to a login; tags app-role/,
    'revoke select on app.all_notes from web',
  ],
  [
    'a login with nothing but a function',
    `${reporting}; create function app.report() returns setof app.invoices language sql
       security definer as 'select * from app.invoices'; alter function app.report() owner to staff;
     revoke execute on function app.report() from public; grant execute on function app.report() to web;
     grant usage on schema app to web`,
    /app\.report: this function acts as staff/,
    'revoke execute on function app.report() from web',
  ],
  ...['pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'].map(
    (role) =>
      [
        `an app that is of ${role}`,
        `grant ${role} to app`,
        new RegExp(`may become ${role}`),
        `revoke ${role} from app`,
      ] as const,
  ),
  [
    'an app that may replicate',
    'alter role app replication',
    /app: it is or may become app/,
    'alter role app noreplication',
  ],
  [
    'a table that points at one that points at one',
    `create table app.lines (tenant uuid, invoice int, id int primary key,
       foreign key (tenant, invoice) references app.invoices (tenant_id, id));
     create table app.line_notes (line int references app.lines, text text); grant select on app.line_notes to app`,
    /app\.line_notes: it points at app\.lines and says of no row/,
    'revoke select on app.line_notes from app',
  ],
  [
    'a collation that folds case',
    `create collation app.folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
     set role owner; create table app.files (tenant_id text collate app.folding); grant select on app.files to app;
     alter table app.files enable row level security; alter table app.files force row level security;
     create policy tenant on app.files using (tenant_id = ${tenant.replace('::uuid', '')})`,
    /app\.files: its column tenant_id has a collation that takes two tenants for one/,
    `drop policy tenant on app.files; alter table app.files alter tenant_id type text collate "C";
     create policy tenant on app.files using (tenant_id = ${tenant.replace('::uuid', '')})`,
  ],
  [
    'a new table without a policy',
    'create table app.fresh (tenant_id uuid); grant select on app.fresh to app',
    /app\.fresh: row security is off/,
    'drop table app.fresh',
  ],
]

/** What only a setting allows, and what only a search as any tenant finds. */
const plainFlaws: readonly Flaw[] = [
  [
    'a role that is a tenant from its login on',
    `alter role app set app.tenant_id = '${a}'`,
    /role app: it sets app\.tenant_id for who has not said/,
    'alter role app reset app.tenant_id',
  ],
  [
    'a role that is a tenant from its login on, in this database',
    `alter role app in database postgres set "APP.tenant_id" = '${a}'`,
    /role app: it sets app\.tenant_id/,
    'alter role app in database postgres reset "APP.tenant_id"',
  ],
  [
    'a database where everybody is a tenant from their login on',
    `alter database postgres set app.tenant_id = '${a}'`,
    /database postgres: it sets app\.tenant_id/,
    'alter database postgres reset app.tenant_id',
  ],
  [
    'a copy from before there were canaries',
    `insert into app.invoices values ('33333333-3333-4333-8333-333333333333', default, 3);
     create table app.archive as select jsonb_build_object('whose', tenant_id) as said from app.invoices where total = 3;
     grant select on app.archive to app`,
    /app\.archive: app reads the id of another tenant/,
    'drop table app.archive',
  ],
]

/** Damage of the seal itself. */
const sealFlaws: readonly Flaw[] = [
  [
    'keys that the app reads',
    'grant select on kept.key to app',
    /kept\.key: the app has a right on it/,
    'revoke select on kept.key from app',
  ],
  [
    'a view of the seal that believes every token',
    `create or replace view kept.scope with (security_barrier) as
       select substr(current_setting('kept.token', true), 97) as tenant`,
    /kept\.scope: it is not as the seal needs it/,
    schemaSql({ mode: 'sealed', appRole: 'app' }),
  ],
  [
    'a seal that refuses nothing',
    `create or replace function kept.refuse(code text, why text) returns text language sql
       return substr(current_setting('kept.token', true), 97)`,
    /kept\.refuse\(code text, why text\): it is not as the seal needs it/,
    schemaSql({ mode: 'sealed', appRole: 'app' }),
  ],
  [
    'a policy that reads the text of the token itself',
    `create policy also on app.notes using (tenant_id = substr(current_setting('kept.token', true), 97)::uuid)`,
    /policy also is not of the form tenant_id = \(select tenant from kept\.scope\)/,
    'drop policy also on app.notes',
  ],
  [
    'a policy on a setting that is called as the seal',
    `create policy also on app.notes using (tenant_id = current_setting('kept.tenant', true)::uuid)`,
    /policy also is not of the form/,
    'drop policy also on app.notes',
  ],
  [
    'temporary tables allowed again',
    'grant temporary on database postgres to public',
    /database postgres: the app may make temporary tables/,
    'revoke temporary on database postgres from public',
  ],
  [
    'an app that may become the owner of the seal',
    'grant kept_guard to app',
    /kept\.key: the app may put another in its place/,
    'revoke kept_guard from app',
  ],
]

const cases = [
  ...[...flawsOf(tenantOf('plain')), ...plainFlaws].map((flaw) => ['plain', ...flaw] as const),
  ...[...flawsOf(tenantOf('sealed')), ...sealFlaws].map((flaw) => ['sealed', ...flaw] as const),
]

describe('database.row-security', () => {
  it.each(cases)(
    'of %s scopes breaks with %s, and is mended',
    async (mode, _, damage, why, repair) => {
      if (mode === 'sealed') await prepare(mode)
      const watching = new Watch(rowSecurityCollector, subjects[mode])
      expect(await look(watching)).toEqual({
        outcome: 'pass',
        measured: { tables: 2, uncovered: 0, keys: ['tenant-id'], canariesTried: true },
      })
      expect(promised(watching)).toBe('kept')
      await postgres.sql(damage)
      const seen = await look(watching)
      expect(seen).toMatchObject({ outcome: 'fail' })
      expect(seen.note).toMatch(why)
      expect(promised(watching)).toBe('broken')
      await postgres.sql(repair)
      expect(await look(watching)).toMatchObject({ outcome: 'pass', measured: { uncovered: 0 } })
      expect(promised(watching)).toBe('kept')
    },
  )

  it.each([
    ['a policy that lets no row pass', 'create policy never on app.notes for delete using (false)'],
    ['a policy for staff alone', 'create policy staff on app.notes to staff using (true)'],
    [
      'a view with security_invoker',
      'create view app.fine with (security_invoker = on) as select * from app.notes; grant select on app.fine to app',
    ],
    [
      'a view and a function in a schema that the app may not use',
      `create schema elsewhere; create view elsewhere.every as select * from app.notes; grant select on elsewhere.every to app;
       create function elsewhere.peek() returns bigint language sql security definer as 'select count(*) from app.notes'`,
    ],
    [
      'a materialized view that the app may not read',
      'create materialized view app.fine as select * from app.notes',
    ],
    [
      'a restrictive policy',
      `create policy narrow on app.notes as restrictive using (text is null)`,
    ],
    [
      'a function of the owner, whom the policies bind',
      `set role owner; create function app.total() returns bigint language sql security definer
         as 'select sum(total) from app.invoices'`,
    ],
    [
      'a function of the owner that reads a table closed to the app',
      `set role owner; create table app.tokens (digest bytea primary key, tenant_id uuid);
       create function app.tenant_of(bytea) returns uuid language sql security definer
         as 'select tenant_id from app.tokens where digest = $1'`,
    ],
    [
      'a function of the owner that has the letters of a closed table in its text',
      `set role owner; create table app.cod (tenant_id uuid); create function app.all_codes() returns setof text
         language sql security definer as 'select countries.code from app.countries '`,
    ],
    [
      'a function of a role that sees nothing',
      `grant usage, create on schema app to staff; grant select on app.invoices to staff;
       create function app.report() returns setof app.invoices language sql
         security definer as 'select * from app.invoices'; alter function app.report() owner to staff`,
    ],
    [
      'a function of a role that sees all, which the app may not call',
      `${reporting}; create function app.report() returns setof app.invoices language sql
         security definer as 'select * from app.invoices'; alter function app.report() owner to staff;
       revoke execute on function app.report() from public`,
    ],
    [
      'a trigger that acts as a role that sees nothing',
      `grant usage, create on schema app to vault; set role owner; create table app.audit (at timestamptz);
       grant insert on app.audit to vault; reset role;
       create function app.log() returns trigger language plpgsql security definer as
         'begin insert into app.audit values (now()); return new; end'; alter function app.log() owner to vault;
       create trigger logging after insert on app.notes for each row execute function app.log()`,
    ],
    [
      'a rule of an owner whom the policies bind',
      `set role owner; create table app.box (x int); create table app.copies (x int);
       grant insert on app.box to app; grant select on app.copies to app;
       create rule copying as on insert to app.box
         do also insert into app.copies select total from app.invoices`,
    ],
    [
      'a materialized view of countries, with an immutable function',
      `create function app.spelt(text) returns text language sql immutable return upper($1);
       create materialized view app.fine as select app.spelt(code) from app.countries; grant select on app.fine to app`,
    ],
    [
      'logins that are nobody from the start, and one of another role and of another database',
      `alter role app set app.tenant_id = ''; alter role web set app.tenant_id = '${a}';
       alter role app in database template1 set app.tenant_id = '${a}';
       alter database postgres set app.tenant_id = '00000000-0000-0000-0000-000000000000';
       alter database postgres set session_preload_libraries = auto_explain;
       alter database postgres set auto_explain.log_min_duration = '1h'`,
    ],
    [
      'what is shared by right: plans, one for each canary, and a list of tenants and a view of it',
      `create table app.plans (id uuid primary key, name text); grant select on app.plans to app;
       insert into app.plans values ('${a.replaceAll('1', '7')}', 'large'), ('${b.replaceAll('2', '8')}', 'small');
       alter table app.invoices add plan uuid references app.plans;
       update app.invoices set plan = '${a.replaceAll('1', '7')}' where tenant_id = '${a}';
       update app.invoices set plan = '${b.replaceAll('2', '8')}' where tenant_id = '${b}';
       create table app.tenants (id uuid primary key, name text); grant select on app.tenants to app;
       insert into app.tenants values ('${a}', 'canary a'), ('${b}', 'canary b');
       alter table app.invoices add foreign key (tenant_id) references app.tenants;
       create view app.names as select * from app.tenants; grant select on app.names to app`,
    ],
    [
      'an extension that shows each role its own queries',
      'drop extension if exists pg_stat_statements; create extension pg_stat_statements schema app',
    ],
    [
      'a copy in reach that the same policy gates',
      `set role owner; create table app.archive (org uuid, total int); grant select on app.archive to app;
       insert into app.archive values ('${a}', 1), ('${b}', 2);
       alter table app.archive enable row level security; alter table app.archive force row level security;
       create policy tenant on app.archive using (org = ${tenant})`,
    ],
    [
      'a copy out of reach, by a trigger, and one that counts',
      `set role owner; create table app.log (said jsonb); create table app.counts (n int); grant select on app.counts to app;
       create function app.copying() returns trigger language plpgsql security definer as $$ begin
         insert into app.log values (to_jsonb(new)); insert into app.counts values (1); return null; end $$;
       create trigger copying after insert or update on app.invoices for each row execute function app.copying()`,
    ],
    [
      'a trigger that says when, on a table of which no row can be made',
      `set role owner; alter table app.notes add stamp timestamptz, add check (tenant_id is null);
       create function app.stamping() returns trigger language plpgsql as $$ begin
         if tg_op = 'UPDATE' then new.stamp := now(); end if; return new; end $$;
       create trigger stamping before update on app.notes for each row execute function app.stamping()`,
    ],
    [
      'views that the app cannot read to the end, and one that was never filled',
      `create table app.closed (x text); create view app.shut with (security_invoker) as select * from app.closed;
       create materialized view app.empty as select x from app.closed with no data;
       grant select on app.shut, app.empty to app`,
    ],
    [
      'a login for a standby, and one that reads what is nobody’s',
      `create role standby login replication;
       grant usage on schema app to web; grant select on app.countries to web`,
    ],
    [
      'a partition out of reach',
      `set role owner; create table app.parts (tenant_id uuid) partition by hash (tenant_id);
      create table app.part partition of app.parts for values with (modulus 1, remainder 0);
      alter table app.parts enable row level security; alter table app.parts force row level security;
      create policy tenant on app.parts using (tenant_id = ${tenant}); grant select on app.parts to app`,
    ],
  ])('is not disturbed by %s', async (_, change) => {
    await postgres.sql(change)
    expect(await look(new Watch(rowSecurityCollector, subject))).toMatchObject({ outcome: 'pass' })
  })

  it('leaves out a table on which the app has no right, and sees what leads around that', async () => {
    await postgres.sql('set role owner; create table app.tokens (tenant_id uuid, digest text)')
    const closed = await look(new Watch(rowSecurityCollector, subject))
    expect(closed).toMatchObject({ outcome: 'pass', measured: { tables: 2, canariesTried: true } })
    await postgres.sql('set role owner; create view app.all_tokens as select * from app.tokens')
    await postgres.sql('grant select on app.all_tokens to app')
    const viewed = await look(new Watch(rowSecurityCollector, subject))
    expect(viewed).toMatchObject({ outcome: 'fail', measured: { canariesTried: false } })
    expect(viewed.note).toMatch(/app\.all_tokens: this view/)
    await postgres.sql('drop view app.all_tokens; grant delete on app.tokens to app')
    const granted = await look(new Watch(rowSecurityCollector, subject))
    expect(granted.note).toMatch(/app\.tokens: row security is off/)
  })

  it('sees what a partition in reach opens', async () => {
    await postgres.sql(`create table app.parts (tenant_id uuid) partition by hash (tenant_id);
      create table app.part partition of app.parts for values with (modulus 1, remainder 0);
      alter table app.parts enable row level security; alter table app.parts force row level security;
      create policy tenant on app.parts using (tenant_id = ${tenant});
      grant select on app.parts, app.part to app`)
    const seen = await look(new Watch(rowSecurityCollector, subject))
    expect(seen.note).toMatch(/app\.part: row security is off/)
  })

  it('takes a superuser who owns tables for the app, unless the roles of the app are named', async () => {
    await postgres.sql('alter table app.notes owner to current_user')
    const seen = await look(new Watch(rowSecurityCollector, subject))
    expect(seen.note).toMatch(/postgres: it is or may become .*postgres, whom/)
    const named = { ...subject, tags: [...subject.tags, 'app-role:app'] }
    expect(await look(new Watch(rowSecurityCollector, named))).toMatchObject({ outcome: 'pass' })
  })

  const setting = `current_setting('app.tenant_id', true)`
  const own = `tenant_id = ${setting}::uuid`

  it.each([
    `tenant_id = ${tenant}`,
    `tenant_id = ${setting}::uuid`,
    `${setting}::uuid = tenant_id`,
    `tenant_id::text = current_setting('app.tenant_id')`,
    `tenant_id::text = (select current_setting('app.tenant_id', false) as own)`,
    `tenant_id = nullif(${setting}, '')::uuid and text is null`,
    `id is null and (text is null and ${own})`,
  ])('takes the policy %s', async (using) => {
    await postgres.sql(`drop policy tenant on app.notes;
      create policy tenant on app.notes using (${using})`)
    expect(await look(new Watch(rowSecurityCollector, subject))).toMatchObject({ outcome: 'pass' })
  })

  it.each([
    `tenant_id::text = any (array[${setting}, tenant_id::text])`,
    `tenant_id::text = any (array[${setting}])`,
    `tenant_id::text in (${setting}, text)`,
    `tenant_id::text like ${setting} || '%'`,
    `tenant_id::varchar(1) = ${setting}::varchar(1)`,
    `lower(tenant_id::text) = ${setting}`,
    `tenant_id = nullif(tenant_id, ${setting}::uuid)`,
    `tenant_id = (select ${setting}::uuid where false union select tenant_id)`,
    `(${own}) is not null`,
    `(${own}) in (true, false)`,
    `case when true then true else ${own} end`,
    `tenant_id is not distinct from ${setting}::uuid`,
    `not (tenant_id <> ${setting}::uuid)`,
    `'  AND  (' || ${setting} || ') AND ' is not null and tenant_id = tenant_id`,
    `tenant_id = tenant_id and ${setting} = ${setting}`,
    `tenant_id = coalesce(nullif(${setting}, '')::uuid, tenant_id)`,
    `tenant_id::text = app.own(${setting}, tenant_id)`,
    `tenant_id operator(app.=) ${setting}`,
  ])('does not take the policy %s', async (using) => {
    await postgres.sql(`
      create function app.own(text, uuid) returns text language sql as 'select $2::text';
      create function app.any(uuid, text) returns boolean language sql as 'select true';
      create operator app.= (leftarg = uuid, rightarg = text, function = app.any);
      drop policy tenant on app.notes;
      create policy tenant on app.notes using (${using}) with check (${own})`)
    const watching = new Watch(rowSecurityCollector, { ...subject, tags: [] })
    const seen = await look(watching)
    expect(seen).toMatchObject({ outcome: 'fail', measured: { uncovered: 1 } })
    expect(seen.note).toMatch(/app\.notes: its policy tenant is not of the form/)
    expect(promised(watching)).toBe('broken')
  })

  describe('with a function in the place of the setting', () => {
    const tags = [...subject.tags, 'tenant-setting:sealed.tenant']
    const sealed = { ...subject, tags }
    const using = (expression: string) => `create schema sealed authorization vault;
      grant usage on schema sealed to app;
      create function sealed.tenant() returns uuid language sql stable security definer
        return nullif(current_setting('sealed.tenant', true), '')::uuid;
      alter function sealed.tenant() owner to vault;
      drop policy tenant on app.notes; drop policy tenant on app.invoices;
      create policy tenant on app.notes using (${expression});
      create policy tenant on app.invoices using (${expression})`
    afterEach(() => postgres.sql('drop schema if exists sealed cascade; revoke vault from app'))

    it.each(['tenant_id = (select sealed.tenant())', 'sealed.tenant() = tenant_id'])(
      'takes the policy %s, while the function is of another owner and acts as that',
      async (expression) => {
        await postgres.sql(using(expression))
        expect(await look(new Watch(rowSecurityCollector, sealed))).toMatchObject({
          outcome: 'pass',
          measured: { tables: 2, canariesTried: true },
        })
        const invoker = 'alter function sealed.tenant() security invoker'
        for (const [damage, uncovered] of [
          [invoker, 2],
          // Then the schema of the function is the app's too.
          ['grant vault to app', 3],
          ['alter function sealed.tenant() owner to app', 2],
        ] as const) {
          await postgres.sql(damage)
          const seen = await look(new Watch(rowSecurityCollector, sealed))
          expect(seen, damage).toMatchObject({ outcome: 'fail', measured: { uncovered } })
          await postgres.sql(
            `alter function sealed.tenant() security definer owner to vault;
            revoke vault from app`.replace(' owner', '; alter function sealed.tenant() owner'),
          )
        }
        expect(await look(new Watch(rowSecurityCollector, sealed))).toMatchObject({
          outcome: 'pass',
        })
      },
    )

    it('finds by trying that a role has from its login on what the function reads', async () => {
      await postgres.sql(using('tenant_id = (select sealed.tenant())'))
      await postgres.sql(`create or replace function sealed.tenant() returns uuid language sql stable security definer
        return nullif(coalesce(nullif(current_setting('sealed.tenant', true), ''), current_setting('sealed.usual', true)), '')::uuid`)
      const watching = new Watch(rowSecurityCollector, sealed)
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      await postgres.sql(`alter role app set sealed.usual = '${a}'`)
      expect((await look(watching)).note).toMatch(/app reads rows without any tenant/)
      expect(promised(watching)).toBe('broken')
      await postgres.sql(`alter role app reset sealed.usual`)
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      expect(promised(watching)).toBe('kept')
    })

    it('finds by trying what no catalog shows: a function that does not say what its name says', async () => {
      await postgres.sql(using('tenant_id = (select sealed.tenant())'))
      await postgres.sql(`create or replace function sealed.tenant() returns uuid
        language sql stable security definer return '${a}'::uuid`)
      const seen = await look(new Watch(rowSecurityCollector, sealed))
      expect(seen).toMatchObject({ outcome: 'fail', measured: { canariesTried: true } })
      expect(seen.note).toMatch(/app reads rows of others as a canary/)
    })
  })

  describe('of sealed scopes', () => {
    beforeEach(() => prepare('sealed'))

    const other = { id: 'canaries', secret: randomBytes(32).toString('base64') }
    it.each([
      ['no key is named', sealedSubject.tags.filter((tag) => !tag.startsWith('seal')), key, /its scopes are sealed: add a key for the two canaries alone, addKey/],
      ['its key is not set', sealedSubject.tags, null, /the secret SEAL \(tag seal\) is not set/],
      ['its key is none', sealedSubject.tags, { id: 'canaries', secret: 'short' }, /the secret SEAL \(tag seal\) is no \{"id"/],
      ['the database knows another key', sealedSubject.tags, other, /the key of the secret SEAL \(tag seal\) opens no scope of one of the canaries/],
      ['the database knows no such key', sealedSubject.tags, { ...key, id: 'unknown' }, /opens no scope of one of the canaries/],
    ])('knows nothing where %s', async (_, tags, secret, why) => {
      const watching = new Watch(rowSecurityCollector, { ...subject, tags })
      const given = { DB: secrets().DB, ...(secret && { SEAL: JSON.stringify(secret) }) }
      const seen = await watching.look({ authorities: [authority.pem], secrets: given })
      expect(seen).toMatchObject({ outcome: 'inconclusive' })
      expect(seen.note).toMatch(why)
      expect(seen.note).not.toContain(secret?.secret ?? key.secret)
      expect(promised(watching)).toBe('unproven')
    }) // prettier-ignore

    it('knows nothing where its key opens one canary, and all where it opens both', async () => {
      await postgres.sql(addKey(key, { tenants: [a] }))
      const watching = new Watch(rowSecurityCollector, sealedSubject)
      expect((await look(watching)).note).toMatch(/opens no scope of one of the canaries: add it/)
      await postgres.sql(addKey(key, { tenants: [a, b] }))
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      expect(promised(watching)).toBe('kept')
    })

    it('takes what asks the function of the seal, and nothing that asks the seal of another schema', async () => {
      const ask = (using: string) =>
        postgres.sql(
          `drop policy tenant on app.notes; create policy tenant on app.notes using (${using})`,
        )
      await ask('tenant_id = (select kept.tenant()::uuid)')
      expect(await look(new Watch(rowSecurityCollector, sealedSubject))).toMatchObject({
        outcome: 'pass',
      })
      await postgres.sql(`create view app.scope as select * from kept.scope`)
      await ask('tenant_id = (select tenant::uuid from app.scope)')
      const seen = await look(new Watch(rowSecurityCollector, sealedSubject))
      expect(seen.note).toMatch(/app\.notes: its policy tenant is not of the form/)
    })

    it('makes no token that a later transaction could use', async () => {
      const given = context({ authorities: [authority.pem], secrets: secrets() })
      const convention = conventionOf(sealedSubject)
      await withDatabase(given, loginOf(sealedSubject, given), async (client) => {
        const tenants = async () => (await client.query('select tenant from kept.scope')).rows
        const begin = async () => {
          await client.query('begin')
          await become(client, { oid: 0, name: 'app', unbound: [] })
        }
        await begin()
        await asTenant(client, convention, a)
        expect(await tenants()).toEqual([{ tenant: a }])
        const { rows } = await client.query(`select current_setting('kept.token') as token`)
        const again = () =>
          client.query(`select set_config('kept.token', $1, true)`, [rows[0].token])
        await asTenant(client, convention, '')
        expect(await tenants()).toEqual([])
        await again()
        expect(await tenants()).toEqual([{ tenant: a }])
        await client.query('rollback')
        await begin()
        await again()
        await expect(tenants()).rejects.toMatchObject({ code: 'KG003' })
        await client.query('rollback')
      })
    })
  })

  it('sees a tenant that the file of the server gives to every session, and its repair', async () => {
    const watching = new Watch(rowSecurityCollector, subject)
    await postgres.set('app.tenant_id', a)
    const seen = await look(watching)
    expect(seen.note).toMatch(/postgresql\.conf: it sets app\.tenant_id/)
    expect(promised(watching)).toBe('broken')
    await postgres.set('app.tenant_id', '')
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
    expect(promised(watching)).toBe('kept')
  })

  it('passes nothing that it could not try: a trigger on a table of which no row can be made', async () => {
    const watching = new Watch(rowSecurityCollector, subject)
    await postgres.sql(`set role owner; create table app.log (said jsonb); grant select, insert on app.log to app;
      create function app.copying() returns trigger language plpgsql as $$ begin
        insert into app.log values (to_jsonb(new)); return null; end $$;
      create trigger copying after insert on app.notes for each row execute function app.copying();
      alter table app.notes add constraint never check (tenant_id is null)`)
    const seen = await look(watching)
    expect(seen).toMatchObject({ outcome: 'inconclusive' })
    expect(seen.note).toMatch(/the trigger copying does at insert on app\.notes could not be tried/)
    expect(promised(watching)).toBe('unproven')
    await postgres.sql('alter table app.notes drop constraint never')
    expect(await look(watching)).toMatchObject({ outcome: 'fail' })
  })

  it('passes no copy that it could not know: canaries with numbers for ids and nothing of their own', async () => {
    await postgres.sql(`set role owner; create table app.files (org int, name text); grant select, insert on app.files to app;
      alter table app.files enable row level security; alter table app.files force row level security;
      create policy org on app.files using (org = nullif(current_setting('app.org', true), '')::int);
      reset role; insert into app.files values (1, 'short'), (2, 'short');
      create table app.copies as select * from app.files; grant select on app.copies to app;
      create table app.sums (n int); insert into app.sums values (1); grant select on app.sums to app`)
    const tags = ['tenant-column:org', 'tenant-setting:app.org', 'canary:1', 'canary:2']
    const watching = new Watch(rowSecurityCollector, { ...subject, tags })
    await postgres.sql('alter table app.copies rename org to whose')
    const bare = await look(watching)
    expect(bare).toMatchObject({ outcome: 'inconclusive' })
    expect(bare.note).toMatch(
      /no row of a canary would be known again in a copy: give it a row with/,
    )
    await postgres.sql(`insert into app.files values (1, 'known-by-6f1e07c2a9')`)
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
    await postgres.sql(`insert into app.copies select * from app.files`)
    expect((await look(watching)).note).toMatch(/app\.copies: app reads what is another canary's/)
  })

  it('passes nothing that is too large to be searched, whatever it found beside that', async () => {
    const search = async (all: number) => {
      const given = context({ authorities: [authority.pem], secrets: secrets() })
      return await withDatabase(given, loginOf(subject, given), async (client) => {
        const convention = conventionOf(subject)
        const tables = await findTenantTables(client, convention)
        const roles = await findAppRoles(client, convention, tables)
        return await findCopies(client, convention, [a, b], tables, roles, { each: 1000, all })
      })
    }
    expect(await search(30_000)).toEqual({ holes: [], doubts: [] })
    await postgres.sql(`create view app.endless as select md5(n::text) from generate_series(1, 1000000000) as n;
      create table app.archive as select tenant_id as x from app.invoices;
      grant select on app.endless, app.archive to app`)
    expect(await search(30_000)).toEqual({
      holes: [{ at: 'app.archive', why: `app reads what is another canary's` }],
      doubts: ['app.endless is too large to be searched'],
    })
    const { doubts } = await search(-1)
    expect(doubts).toContain('app.archive was not searched: there is too much to search')
  })

  it('finds by trying a policy that lets a canary write rows of another', async () => {
    const convention = conventionOf(subject)
    const trial = async () => {
      const given = context({ authorities: [authority.pem], secrets: secrets() })
      return await withDatabase(given, loginOf(subject, given), async (client) => {
        const tables = await findTenantTables(client, convention)
        const roles = await findAppRoles(client, convention, tables)
        return await tryCanaries(client, convention, [a, b], tables, roles)
      })
    }
    expect(await trial()).toEqual([])
    await postgres.sql(`create policy also on app.notes for insert with check (text is null)`)
    expect(await trial()).toEqual([{ at: 'app.notes', why: 'app writes rows of another canary' }])
    await postgres.sql('drop policy also on app.notes')
    expect(await trial()).toEqual([])
  })

  it('leaves nothing behind of its trials', async () => {
    await look(new Watch(rowSecurityCollector, subject))
    expect(await postgres.sql('select tenant_id from app.invoices')).toHaveLength(2)
    expect(await postgres.sql('select tenant_id from app.notes')).toHaveLength(0)
  })

  it('reads other columns, settings and roles by tags', async () => {
    await postgres.sql(`create table app.orgs_only (org_id uuid); grant select on app.orgs_only to app;
      alter table app.orgs_only enable row level security; alter table app.orgs_only force row level security;
      create policy org on app.orgs_only using (org_id = current_setting('app.org', true)::uuid)`)
    const tags = ['tenant-column:org_id', 'tenant-setting:app.org', 'app-role:app']
    const other = { ...subject, tags }
    expect(await look(new Watch(rowSecurityCollector, other))).toMatchObject({
      outcome: 'pass',
      measured: { tables: 1, keys: ['org-id'], canariesTried: false },
    })
    const wrong = { ...subject, tags: [...tags.slice(0, 2), 'app-role:nobody'] }
    expect(await look(new Watch(rowSecurityCollector, wrong))).toMatchObject({
      outcome: 'inconclusive',
    })
  })

  it('proves no isolation where no canaries are named', async () => {
    const watching = new Watch(rowSecurityCollector, { ...subject, tags: [] })
    expect(await look(watching)).toMatchObject({
      outcome: 'pass',
      measured: { uncovered: 0, canariesTried: false },
    })
    expect(promised(watching)).toBe('unproven')
    const tried = new Watch(rowSecurityCollector, subject)
    await look(tried)
    expect(promised(tried)).toBe('kept')
  })

  it('is broken where no table has a tenant', async () => {
    const watching = new Watch(rowSecurityCollector, {
      ...subject,
      tags: ['tenant-column:nothing'],
    })
    await look(watching)
    expect(promised(watching)).toBe('broken')
  })

  it('knows nothing when it may not become the app, when no canary has rows, or nobody answers', async () => {
    await postgres.sql('revoke app from reader')
    const barred = await look(new Watch(rowSecurityCollector, subject))
    expect(barred).toMatchObject({ outcome: 'inconclusive' })
    expect(barred.note).toMatch(/grant app to/)
    await postgres.sql('grant app to reader with inherit false, set true; truncate app.invoices')
    const bare = await look(new Watch(rowSecurityCollector, subject))
    expect(bare).toMatchObject({ outcome: 'inconclusive' })
    expect(bare.note).toMatch(/no row of its own/)
    const nobody = { DB: 'postgres://reader:secret@127.0.0.1:1/postgres' }
    const away = await rowSecurityCollector.collect(subject, context({ secrets: nobody }))
    expect(away).toMatchObject({ outcome: 'inconclusive' })
    expect(away.note).not.toContain('secret')
  })
})
