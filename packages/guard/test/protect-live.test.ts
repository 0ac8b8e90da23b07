import { Client } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { apply } from '../src/protect/index.ts'
import { errorsOf, expectApart, openShop, type Shop } from './protecting.ts'
import { noRoles, web } from './roles.ts'

let shop: Shop
afterAll(() => shop.close())

/** An app that works while it is migrated: transactions of three statements, each in a tenant's scope. */
async function write(
  url: string,
  tenant: number,
  signal: AbortSignal,
): Promise<{ written: number; errors: string[] }> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  await client.query(`set role ${web}`)
  const errors: string[] = []
  let written = 0
  while (!signal.aborted) {
    try {
      await client.query(`begin; select set_config('app.tenant_id', '${tenant}', true)`)
      const { rows } = await client.query<{ id: number }>(
        'insert into projects (tenant_id) values ($1) returning id',
        [tenant],
      )
      await client.query('insert into tasks (project) values ($1)', [rows[0]!.id])
      await client.query('update tasks set text = $2 where project = $1', [
        rows[0]!.id,
        `by ${tenant}`,
      ])
      await client.query('commit')
      written++
    } catch (error) {
      errors.push((error as Error).message)
      await client.query('rollback')
    }
  }
  await client.end()
  return { written, errors }
}

it('is safe while the app works: nothing fails, nothing is lost', async () => {
  shop = await openShop(
    [
      noRoles,
      `create role ${web} login; create table tenants (id int primary key);
     create table projects (id int generated always as identity primary key, tenant_id int not null references tenants);
     create table tasks (id int generated always as identity primary key, project int not null references projects, text text);
     insert into tenants values (1), (2); insert into projects (tenant_id) select 1 + n % 2 from generate_series(1, 2000) as n;
     insert into tasks (project) select 1 + n % 2000 from generate_series(1, 50000) as n;
     grant select, insert, update on all tables in schema public to ${web}`,
    ],
    { staff: ['postgres'] },
  )
  const stop = new AbortController()
  const writers = [1, 2, 1, 2].map((tenant) => write(shop.database.url, tenant, stop.signal))
  try {
    await apply(shop.database.url, shop.plan, {
      say: () => {},
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      signal: new AbortController().signal,
    })
  } finally {
    stop.abort()
    await Promise.all(writers)
  }
  const done = await Promise.all(writers)
  expect(done.flatMap(({ errors }) => errors)).toEqual([])
  const written = done.reduce((sum, one) => sum + one.written, 0)
  expect(written).toBeGreaterThan(0)
  expect(
    await shop.sql('select count(*)::int as n, count(tenant_id)::int as owned from tasks'),
  ).toEqual([{ n: 50_000 + written, owned: 50_000 + written }])
  expect(errorsOf(await shop.check())).toEqual([])
  await expectApart(shop, ['1', '2'])
}, 120_000)
