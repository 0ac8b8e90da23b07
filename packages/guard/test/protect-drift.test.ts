import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, protect, reading, withDatabase } from '../src/protect/index.ts'
import { errorsOf, openShop, type Shop } from './protecting.ts'
import { noRoles, owner, staff, web } from './roles.ts'

/** An app whose tenants are apart, with what every tenant reads and what none does. */
const schema = `
  create role ${web} login; create role ${owner} login password 'only-for-tests'; create role ${staff};
  create table tenants (id int primary key);
  create table invoices (id int primary key, tenant_id int not null references tenants, total int);
  create table countries (code text primary key, name text);
  create table votes (code text primary key);
  create table audit_log (id int, line text);
  create schema private; create extension tablefunc;
  insert into tenants values (1), (2); insert into invoices values (1, 1, 10), (2, 2, 20);
  insert into countries values ('de', 'Germany'); insert into audit_log values (1, '2 paid 20');
  grant select, insert on tenants, invoices to ${web}; grant select on countries to ${web};
  do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$;`

let shop: Shop
beforeAll(async () => {
  shop = await openShop([noRoles, schema], {
    tenant: 'public.tenants.id',
    column: 'tenant_id',
    staff: ['postgres'],
    tables: {
      'public.countries': 'shared',
      'public.votes': 'shared and written',
      'public.audit_log': 'closed',
    },
  })
  await shop.apply()
})
afterAll(() => shop.close())

const apply = null
const onDatabase = (statement: string) =>
  `do $$ begin execute format('${statement}', current_database()); end $$`

/** A leak, what is said of it, what the app then reads, and its repair: a statement, or the migration. */
const leaks: readonly (readonly [
  what: string,
  leak: string,
  why: RegExp,
  repair: string | typeof apply,
])[] = [
  // What is closed.
  [
    'columns of a closed table, by a grant',
    `grant select (line), insert (line) on audit_log to ${web}`,
    /^public\.audit_log: it is not for the app; it takes select, insert from \w+$/,
    apply,
  ],
  [
    'a view of a closed table',
    `create view trail as select line from audit_log; grant select on trail to ${web}`,
    /^public\.trail: this view has no security_invoker$/,
    'drop view trail',
  ],
  [
    'a materialized view of a closed table',
    `create materialized view trail as select line from audit_log; grant select on trail to ${web}`,
    /^public\.trail: a materialized view knows no policy$/,
    'drop materialized view trail',
  ],
  [
    'a function that gives away a closed table',
    `create function trail() returns setof text language sql security definer as 'select line from public.audit_log';
     grant select on audit_log to ${staff}; alter function trail() owner to ${staff}`,
    /^public\.trail: this function acts as \w+, and public\.audit_log has no row security$/,
    `drop function trail(); revoke select on audit_log from ${staff}`,
  ],
  [
    'an app that reads every table',
    `grant pg_read_all_data to ${web}`,
    /^public\.audit_log: it is not for the app, and pg_read_all_data lets it at every table$/,
    `revoke pg_read_all_data from ${web}`,
  ],
  [
    'an app that may come to write every table, of which it should only read',
    `grant ${staff} to ${web} with inherit false; grant pg_write_all_data to ${staff}`,
    /^public\.countries: it is shared by all tenants, so the app reads it and no more, and pg_write_all_data lets it at every table$/,
    `revoke pg_write_all_data from ${staff}; revoke ${staff} from ${web}`,
  ],
  ...['audit_log', 'countries', 'votes'].map(
    (table) =>
      [
        `an app that owns ${table}`,
        `alter table ${table} owner to ${web}`,
        new RegExp(`^public\\.${table}: it belongs to ${web}, and an owner has every right$`),
        `alter table ${table} owner to postgres`,
      ] as const,
  ),
  // What is shared.
  [
    'a column of a shared table that the app may write',
    `grant insert, update (name) on countries to ${web}`,
    /^public\.countries: it is shared by all tenants, .* takes insert, update from \w+$/,
    apply,
  ],
  [
    'a shared table that points at tenants',
    `alter table countries add owner_id int references tenants; insert into countries values ('xx', 'secret of 2', 2)`,
    /^public\.countries: its owner_id leads to public\.tenants, and every tenant reads it$/,
    `alter table countries drop owner_id; delete from countries where code = 'xx'`,
  ],
  [
    'a shared table that points at what is a tenant’s',
    'alter table votes add invoice int references invoices',
    /^public\.votes: its invoice leads to public\.invoices, and every tenant reads it$/,
    'alter table votes drop invoice',
  ],
  [
    'a shared table with the column of the tenant, and no foreign key',
    'alter table countries add "tenantId" int',
    /^public\.countries: its tenantId is called as the tenant is, and every tenant reads it$/,
    'alter table countries drop "tenantId"',
  ],
  // What keeps rows without a policy.
  [
    'a materialized view that an extension fills from the text of a query',
    `create materialized view pivot as select * from crosstab('select tenant_id, id, total from public.invoices order by 1') as t(a int, b int);
     grant select on pivot to ${web}`,
    /^public\.pivot: a materialized view knows no policy$/,
    'drop materialized view pivot',
  ],
  ...[
    `query_to_xml('select * from public.invoices', true, false, '')`,
    `table_to_xml_and_xmlschema(regclass(text 'public.invoices'), true, false, '')`,
    `schema_to_xml('private', true, false, '')`,
    `(select string_agg(word, ' ') from ts_stat('select to_tsvector(total::text) from public.invoices'))`,
  ].map(
    (call) =>
      [
        `a materialized view of a view of ${call.slice(0, 30)}`,
        `create view below as select ${call} as said; create materialized view dump as select * from below;
         grant select on dump to ${web}`,
        /^public\.dump: a materialized view knows no policy$/,
        'drop view below cascade',
      ] as const,
  ),
  // What the app makes or drops.
  [
    'an app that makes tables where every tenant finds them',
    `grant create on schema public to ${web}`,
    /^schema public: the app may create in it, and what one tenant leaves there others find$/,
    apply,
  ],
  [
    'an app that makes tables by a right of everybody',
    'grant create on schema private to public',
    /^schema private: the app may create in it/,
    apply,
  ],
  [
    'an app that makes schemas',
    onDatabase(`grant create on database %I to ${web}`),
    /^database \w+: the app may create in it/,
    apply,
  ],
  [
    'an app that owns a schema',
    `alter schema public owner to ${web}`,
    /^schema public: it belongs to the app, which may drop all that is in it$/,
    'alter schema public owner to pg_database_owner',
  ],
  [
    'an app that may become the owner of the database',
    `${onDatabase(`alter database %I owner to ${staff}`)}; grant ${staff} to ${web} with inherit false`,
    /^database \w+: it belongs to the app, which may drop all that is in it$/,
    `revoke ${staff} from ${web}; ${onDatabase('alter database %I owner to postgres')}`,
  ],
  [
    'REFERENCES on a column',
    `grant references (id) on invoices to ${web}`,
    /^public\.invoices: these rights ask no policy; it takes references from \w+$/,
    apply,
  ],
  // What names hid.
  [
    'a table in the schema kept',
    `create schema kept; create table kept.messages (tenant_id int not null references tenants, text text);
     grant usage on schema kept to ${web}; grant select on kept.messages to ${web}`,
    /^kept\.messages: row security is off$/,
    'drop schema kept cascade',
  ],
  [
    'a table of an extension with the column of the tenant',
    `create table inbox (tenant_id int, text text); grant select on inbox to ${web}; alter extension tablefunc add table inbox`,
    /^public\.inbox: it is of the extension tablefunc, .* its tenant_id is called as the tenant is$/,
    'alter extension tablefunc drop table inbox; drop table inbox',
  ],
  // What is out of reach by its name alone.
  [
    'a view in a closed schema, which an open one reads as whoever asks',
    `create view private.every as select * from invoices; grant select on private.every to ${web};
     create view shown with (security_invoker) as select * from private.every; grant select on shown to ${web}`,
    /^private\.every: this view has no security_invoker$/,
    'drop view private.every cascade',
  ],
  [
    'a function in a closed schema, which a view calls',
    `create function private.every() returns setof invoices language sql security definer as 'select * from public.invoices';
     create view shown with (security_invoker) as select * from private.every(); grant select on shown to ${web}`,
    /^private\.every: this function acts as postgres$/,
    'drop function private.every() cascade',
  ],
  [
    'a view in a schema that only another guise of the app may use',
    `create view private.every as select * from invoices; grant select on private.every to ${web};
     grant usage on schema private to ${staff}; grant ${staff} to ${web} with inherit false`,
    /^private\.every: this view has no security_invoker$/,
    `drop view private.every; revoke usage on schema private from ${staff}; revoke ${staff} from ${web}`,
  ],
]

describe('kept protect --check', () => {
  it.each(leaks)('finds %s, and is clean after the repair', async (_, leak, why, repair) => {
    await shop.sql(leak)
    const said = errorsOf(await shop.check())
    const steps = repair === apply ? await shop.apply() : await shop.sql(repair)
    expect(said).toContainEqual(expect.stringMatching(why))
    if (repair === apply) expect(steps.length).toBeGreaterThan(0)
    expect(errorsOf(await shop.check())).toEqual([])
  })

  it.each([
    [
      'a view and a function in a schema that the app may not use',
      `create view private.every as select * from invoices; grant select on private.every to ${web};
       create function private.all_of_it() returns setof invoices language sql security definer as 'select * from public.invoices'`,
      'drop view private.every; drop function private.all_of_it()',
    ],
    [
      'a shared table that points at another',
      'alter table votes add country text references countries',
      'alter table votes drop country',
    ],
    [
      'a view as whoever asks of a closed table, and a materialized one that the app may not read',
      `create view trail with (security_invoker) as select * from audit_log; grant select on trail to ${web};
       create materialized view kept_trail as select * from audit_log`,
      'drop view trail; drop materialized view kept_trail',
    ],
    [
      'a function that answers one question from a closed table',
      `create function said(int) returns text language sql security definer as 'select line from public.audit_log where id = $1';
       grant select on audit_log to ${staff}; alter function said(int) owner to ${staff}`,
      `drop function said(int); revoke select on audit_log from ${staff}`,
    ],
    [
      'a materialized view with functions of extensions and of PostgreSQL that read no table',
      `create extension unaccent; create extension "uuid-ossp"; create extension pg_trgm;
       create materialized view spelt as select unaccent(name) as name, uuid_generate_v4() as id, gen_random_uuid() as other,
         now() as at, similarity(name, 'x') as alike, xmlelement(name country, name)::text as said from countries;
       grant select on spelt to ${web}`,
      'drop materialized view spelt; drop extension unaccent, "uuid-ossp", pg_trgm',
    ],
    [
      'an app that makes roles, which since PostgreSQL 16 gives it none that was there',
      `alter role ${web} createrole`,
      `alter role ${web} nocreaterole`,
    ],
    [
      'others who make tables and own schemas',
      `grant create on schema public to ${staff}; create schema shop authorization ${staff}; grant usage on schema shop to ${web}`,
      `revoke create on schema public from ${staff}; drop schema shop`,
    ],
    [
      'a table of an extension that the app may not read',
      'create table inbox (tenant_id int, text text); alter extension tablefunc add table inbox',
      'alter extension tablefunc drop table inbox; drop table inbox',
    ],
  ])('is clean with %s', async (_, change, back) => {
    await shop.sql(change)
    const said = errorsOf(await shop.check())
    await shop.sql(back)
    expect(said).toEqual([])
  })

  it('takes a shared table that leads to a tenant where the plan says that it is meant', async () => {
    await shop.sql(`alter table countries add president int references tenants, add tenant_id int;
      alter table votes add invoice int references invoices`)
    const { plan } = shop
    const across = ['public.countries.president', 'public.countries.tenant_id']
    shop.plan = { ...plan, across }
    expect(errorsOf(await shop.check())).toEqual([expect.stringMatching(/^public\.votes: /)])
    shop.plan = { ...plan, across: [...across, 'public.votes.invoice'] }
    expect(errorsOf(await shop.check())).toEqual([])
    shop.plan = plan
    expect(errorsOf(await shop.check())).toHaveLength(3)
    await shop.sql('alter table countries drop president, drop tenant_id')
    await shop.sql('alter table votes drop invoice')
  })

  it('advises nobody to open what the plan says is closed', async () => {
    await shop.sql(
      `create view trail as select line from audit_log; grant select on trail to ${web}`,
    )
    const { findings } = await shop.protect()
    await shop.sql('drop view trail')
    expect(findings).toContainEqual({
      at: 'public.trail',
      why: 'this view has no security_invoker',
      fix: 'in the plan, under revoke: public.trail; or say what else than closed public.audit_log is',
      level: 'error',
    })
  })

  it('notes each table of an extension that the app may read, and no other', async () => {
    await shop.sql(`create table places (id int); create table hidden (id int); grant select on places to ${web};
      alter extension tablefunc add table places; alter extension tablefunc add table hidden`)
    const notes = (await shop.check()).filter(({ why }) => why.includes('of the extension'))
    expect(notes.map(({ at, level }) => [at, level])).toEqual([['public.places', 'note']])
    await shop.sql(`alter extension tablefunc drop table places; alter extension tablefunc drop table hidden;
      drop table places, hidden`)
  })

  it('sees, as an owner who is told little of sessions, one that no policy binds', async () => {
    await shop.sql(`do $$ declare one text; begin
      for one in select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
        execute format('alter table %I owner to ${owner}', one);
      end loop; end $$`)
    const url = shop.database.url.replace(/\/\/[^@]*@/, `//${owner}:only-for-tests@`)
    const asOwner = (role: string) =>
      withDatabase(url, { writes: false }, (client) =>
        reading(client, async () =>
          errorsOf(await check(client, await protect(client, { ...shop.plan, staff: [role] }))),
        ),
      )
    expect(await asOwner('postgres')).toEqual([])
    expect(await asOwner(staff)).toEqual([])
    await shop.sql(`alter role ${web} password 'only-for-tests'`)
    const [{ me } = {}] = await shop.sql('select current_user as me')
    await withDatabase(shop.database.url, { writes: false }, async () => {
      expect(await asOwner(staff)).toEqual([
        expect.stringMatching(
          new RegExp(
            `^${String(me)}: 1 session is connected as it now \\(kept protect; .*\\): it is a superuser`,
          ),
        ),
      ])
      expect(await asOwner(String(me))).toEqual([])
    })
    await expect.poll(() => asOwner(staff), { timeout: 15_000 }).toEqual([])
  })
})
