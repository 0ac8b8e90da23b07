import { Client } from 'pg'
import { afterEach, expect, it } from 'vitest'
import { errorsOf, expectApart, openShop, type Shop } from './protecting.ts'
import { noRoles, web } from './roles.ts'

let shop: Shop
afterEach(() => shop.close())

/** Runs the steps that a person has read, once and in order, as psql runs the file of --out. */
async function runReviewed(): Promise<void> {
  const { steps, findings } = await shop.protect()
  expect(errorsOf(findings)).toEqual([])
  const client = new Client({ connectionString: shop.database.url })
  await client.connect()
  try {
    for (const { sql } of steps) for (const statement of sql) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Lines are reached by a foreign key alone, so that the migration makes their column. */
const schema = `
  create table tenants (id int primary key);
  create table invoices (id int primary key, tenant_id int not null references tenants);
  create table lines (id int primary key, invoice int not null references invoices);
  insert into tenants values (1), (2); insert into invoices values (1, 1), (2, 2); insert into lines values (1, 1), (2, 2);`

it.each([
  [
    'had a policy that lets every row pass',
    `create role ${web} login; grant select, update on tenants, invoices, lines to ${web};
     alter table lines enable row level security; create policy everybody on lines using (true)`,
  ],
  [
    'is shown by a view and may be truncated',
    `create role ${web} login; grant select, update on tenants, invoices, lines to ${web};
     create view seen as select * from lines; grant select on seen to ${web}; grant truncate on lines to ${web}`,
  ],
  [
    'is shown by a view to everybody, and so to the role that the migration makes',
    `create schema shown; grant usage on schema shown to public;
     create view shown.seen as select * from lines; grant select on shown.seen to public`,
  ],
  [
    'is shown by a view in its own schema, which the migration opens to the role that it makes',
    `create schema shop; alter table invoices set schema shop; alter table lines set schema shop;
     create view shop.seen as select * from shop.lines; grant select on shop.seen to public`,
  ],
])('a migration run once as it was read keeps apart a table that %s', async (_, before) => {
  shop = await openShop([noRoles, schema, before], { staff: ['postgres'] })
  await runReviewed()
  expect(await expectApart(shop, ['1', '2'])).toBeGreaterThan(0)
  const [view] = await shop.sql(
    `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relname = 'seen'`,
  )
  if (view) {
    const seen = await shop.as('1', `select id from ${String(view['name'])}`)
    expect(seen.rows).toEqual([{ id: 1 }])
  }
  expect((await shop.protect()).steps).toEqual([])
  expect(errorsOf(await shop.check())).toEqual([])
})
