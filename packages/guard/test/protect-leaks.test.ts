import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorsOf, expectApart, openShop, type Shop } from './protecting.ts'
import { noRoles, web } from './roles.ts'

const tenant = `(select nullif(current_setting('app.tenant_id', true), '')::int)`

/** An app whose tenants are apart. */
const schema = `
  create table tenants (id int primary key, name text);
  create table invoices (id int generated always as identity primary key, tenant_id int not null references tenants, total numeric);
  create table lines (id int generated always as identity primary key, invoice int not null references invoices, text text);
  create table visits (tenant_id int not null references tenants, at date not null) partition by range (at);
  create table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01');
  create table countries (code text primary key);
  insert into tenants values (1, 'a'), (2, 'b'); insert into invoices (tenant_id) values (1), (2);
  insert into lines (invoice, text) values (1, 'a'), (2, 'b'); insert into visits values (1, '2026-02-01'), (2, '2026-02-01');`

let shop: Shop
beforeAll(async () => {
  shop = await openShop([noRoles, schema], {
    staff: ['postgres'],
    tables: { 'public.countries': 'shared' },
    roles: { [web]: 'nobypassrls' },
  })
  await shop.apply()
})
afterAll(() => shop.close())

const apply = null

/** A leak, what is said of it, and its repair: a statement, or the migration. */
const leaks: readonly (readonly [
  what: string,
  leak: string,
  why: RegExp,
  repair: string | typeof apply,
])[] = [
  [
    'a new table with the tenant',
    `create table fresh (tenant_id int not null references tenants); grant select, update on fresh to ${web}`,
    /^public\.fresh: row security is off$/,
    apply,
  ],
  [
    'a new table that is reached by a foreign key',
    `create table below (id int primary key, line int not null references lines); insert into below values (1, 1);
     grant select, update on below to ${web}`,
    /^public\.below: it points at public\.lines and says of no row whose it is$/,
    apply,
  ],
  [
    'a new table that leads nowhere',
    'create table odd (n int)',
    /^public\.odd: nothing in it leads to a tenant/,
    'drop table odd',
  ],
  [
    'a new partition',
    `create table visits_2027 partition of visits for values from ('2027-01-01') to ('2028-01-01')`,
    /^public\.visits_2027: row security is off$/,
    apply,
  ],
  [
    'row security switched off',
    'alter table lines disable row level security',
    /^public\.lines: row security is off$/,
    apply,
  ],
  [
    'row security not forced',
    'alter table lines no force row level security',
    /^public\.lines: row security is not forced/,
    apply,
  ],
  [
    'no policy',
    'drop policy kept_tenant on lines',
    /^public\.lines: no policy names the tenant$/,
    apply,
  ],
  [
    'a policy that lets all pass',
    'create policy all_of_it on lines using (true)',
    /^public\.lines: its policy all_of_it lets every row pass$/,
    'drop policy all_of_it on lines',
  ],
  [
    'a policy of ours that was changed',
    `alter policy kept_tenant on lines using (tenant_id = ${tenant} or text = 'a')`,
    /^public\.lines: its policy kept_tenant is not of the form/,
    apply,
  ],
  [
    'a view',
    `create view seen as select * from lines; grant select on seen to ${web}`,
    /^public\.seen: this view has no security_invoker$/,
    apply,
  ],
  [
    'a materialized view',
    `create materialized view kept_lines as select * from lines; grant select on kept_lines to ${web}`,
    /^public\.kept_lines: a materialized view knows no policy$/,
    'drop materialized view kept_lines',
  ],
  [
    'a definer function',
    `create function peek() returns setof lines language sql security definer as 'select * from public.lines'`,
    /^public\.peek: this function acts as postgres$/,
    'drop function peek()',
  ],
  [
    'TRUNCATE',
    `grant truncate on lines to ${web}`,
    /^public\.lines: the app may truncate it/,
    apply,
  ],
  [
    'TRIGGER, by a grant to everybody',
    'grant trigger on lines to public',
    /^public\.lines: these rights ask no policy; it takes trigger from public$/,
    apply,
  ],
  [
    'writing what is shared',
    `grant insert on countries to ${web}`,
    /^public\.countries: it is shared by all tenants, so/,
    apply,
  ],
  [
    'temporary tables',
    `do $$ begin execute format('grant temporary on database %I to ${web}', current_database()); end $$`,
    /^database \w+: a temporary table/,
    apply,
  ],
  [
    'a foreign key without the tenant',
    'alter table lines add again int references invoices',
    /^public\.lines: its foreign key lines_again_fkey to public\.invoices lets a row point at another tenant's/,
    apply,
  ],
  [
    'a unique key without the tenant',
    'alter table lines add unique (text)',
    /^public\.lines: its unique key lines_text_key \(text\) tells a tenant what others have$/,
    'alter table lines drop constraint lines_text_key',
  ],
  [
    'an app that bypasses',
    `alter role ${web} bypassrls`,
    new RegExp(`^${web}: it is or may become ${web}`),
    apply,
  ],
  [
    'an app that may become the owner',
    `grant postgres to ${web}`,
    /may become postgres/,
    `revoke postgres from ${web}`,
  ],
  [
    'an app that is a tenant from its login on',
    `alter role ${web} set app.tenant_id = '1'`,
    /it sets app\.tenant_id for who has not said/,
    `alter role ${web} reset app.tenant_id`,
  ],
  [
    'a tenant column that may be null again',
    'alter table lines alter tenant_id drop not null',
    /^public\.lines: a row without a tenant is lost to everybody$/,
    apply,
  ],
  [
    'an index that is gone',
    'drop index visits_tenant_id_idx',
    /^public\.visits: every query asks for one tenant, and no index/,
    apply,
  ],
]

describe('kept protect --check', () => {
  it('is clean where the tenants are apart', async () => {
    expect(errorsOf(await shop.check())).toEqual([])
    await expectApart(shop, ['1', '2'])
  })

  it.each(leaks)('finds %s, and is clean after the repair', async (_, leak, why, repair) => {
    await shop.sql(leak)
    const said = errorsOf(await shop.check())
    expect(said).toContainEqual(expect.stringMatching(why))
    if (repair === apply) expect((await shop.apply()).length).toBeGreaterThan(0)
    else await shop.sql(repair)
    expect(errorsOf(await shop.check())).toEqual([])
  })

  it('keeps tenants apart after all that', async () => {
    expect(await expectApart(shop, ['1', '2'])).toBeGreaterThan(0)
  })

  it('tells of sessions that no policy binds, but those of staff', async () => {
    const [{ me } = {}] = await shop.sql('select current_user as me')
    const client = new Client({ connectionString: shop.database.url, application_name: 'the app' })
    await client.connect()
    expect(errorsOf(await shop.check())).toEqual([])
    const strict = { ...shop.plan, staff: [] }
    const { plan } = shop
    shop.plan = strict
    expect(errorsOf(await shop.check())).toEqual([
      `${String(me)}: 1 session is connected as it now (the app): it is a superuser`,
    ])
    await client.end()
    await expect.poll(async () => errorsOf(await shop.check())).toEqual([])
    expect(await shop.check()).toContainEqual(
      expect.objectContaining({
        at: me,
        level: 'note',
        why: expect.stringContaining('it may log in'),
      }),
    )
    shop.plan = plan
  })

  it('notes indexes that a policy keeps from being used, and no others', async () => {
    await shop.sql(`create index by_total on invoices (total); create index by_text on lines (text text_pattern_ops);
      create index by_id on lines (id); create index by_tenant_and_text on lines (tenant_id, text text_pattern_ops)`)
    const notes = (await shop.check()).filter(({ why }) => why.includes('not leakproof'))
    expect(notes.map(({ at, why }) => `${at} ${/index (\w+)/.exec(why)![1]}`).sort()).toEqual([
      'public.invoices by_total',
      'public.lines by_text',
    ])
    await shop.sql('drop index by_total, by_text, by_id, by_tenant_and_text')
  })
})

describe('what needs a person', () => {
  it('is a view that reads what the app may not: the migration leaves it alone', async () => {
    await shop.sql(`create table ledger (tenant_id int not null references tenants, amount int);
      insert into ledger values (1, 1), (2, 2); create view sums as select * from ledger; grant select on sums to ${web}`)
    await shop.apply()
    const said = (await shop.check()).filter(({ level }) => level === 'error')
    expect(said).toEqual([
      expect.objectContaining({ at: 'public.sums', why: 'this view has no security_invoker' }),
    ])
    expect((await shop.protect()).findings).toContainEqual(
      expect.objectContaining({
        at: 'public.sums',
        fix: expect.stringContaining('let the app read public.ledger'),
      }),
    )
    await shop.sql(`grant select on ledger to ${web}`)
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
    expect((await shop.as('1', 'select * from sums')).rows).toEqual([{ tenant_id: 1, amount: 1 }])
    await shop.sql('drop view sums; drop table ledger')
  })

  it('is a function that acts as a superuser, also before the migration', async () => {
    await shop.sql(
      `create function dump() returns setof lines language sql security definer as 'select * from public.lines'`,
    )
    expect(errorsOf((await shop.protect()).findings)).toEqual([
      'public.dump: this function acts as postgres',
    ])
    await shop.sql('drop function dump()')
  })
})
