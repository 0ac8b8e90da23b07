import { afterEach, describe, expect, it } from 'vitest'
import { errorsOf, openShop, type Shop } from './protecting.ts'
import { noRoles } from './roles.ts'

let shop: Shop
afterEach(() => shop.close())
const open = async (tables: string) => {
  shop = await openShop(
    [
      noRoles,
      `create table tenants (id int primary key); insert into tenants values (1), (2); ${tables}`,
    ],
    { staff: ['postgres'] },
  )
}

describe('an exclusion constraint over all tenants', () => {
  const book = (tenant: number, room: number) =>
    `insert into bookings (tenant_id, room, during) values (${tenant}, ${room}, '[1,5)')`

  it('tells what others have, until it is one for each tenant', async () => {
    await open(`create table bookings (id serial primary key, tenant_id int not null references tenants, room int, during int4range,
      constraint free exclude using gist (int4range(room, room, '[]') with =, during with &&) where (room > 0) deferrable);
      insert into bookings (tenant_id, room, during) values (1, 1, '[1,5)')`)
    const { plan, findings } = await shop.protect()
    expect(plan.unique).toEqual({ 'public.free': 'everywhere?' })
    expect(findings).toContainEqual({
      at: 'public.bookings',
      level: 'error',
      why: expect.stringMatching(
        /^its exclusion constraint free \(EXCLUDE USING gist \(.*\) tells a tenant what others have$/,
      ),
      fix: expect.stringContaining(
        'public.free: per tenant (two tenants may then have the same) or everywhere',
      ),
    })
    shop.plan = { ...shop.plan, unique: { 'public.free': 'everywhere' } }
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
    await expect(shop.as('2', book(2, 1))).rejects.toMatchObject({ code: '23P01' })

    shop.plan = { ...shop.plan, unique: { 'public.free': 'per tenant' } }
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
    expect((await shop.as('2', book(2, 1))).count).toBe(1)
    await expect(shop.as('1', book(1, 1))).rejects.toMatchObject({ code: '23P01' })
    expect((await shop.as('1', book(1, -1))).count).toBe(1)
    expect((await shop.protect()).steps).toEqual([])
  })

  it('tells nothing where what must be equal is the tenant', async () => {
    await open(`create table bookings (id serial primary key, tenant_id int not null references tenants, during int4range,
      exclude using btree (tenant_id with =, id with =))`)
    expect(errorsOf((await shop.protect()).findings)).toEqual([])
  })
})

describe('a primary key', () => {
  it('is not offered for each tenant, and a key that is can be', async () => {
    await open(
      `create table pages (slug text primary key, path text unique, tenant_id int not null references tenants)`,
    )
    const { plan, findings } = await shop.protect()
    expect(plan.unique).toEqual({
      'public.pages_pkey': 'everywhere?',
      'public.pages_path_key': 'everywhere?',
    })
    const fixes = Object.fromEntries(
      findings.map(({ why, fix }) => [/pages_\w+/.exec(why)?.[0], fix]),
    )
    expect(fixes['pages_pkey']).toBe(
      'in the plan, under unique: public.pages_pkey: everywhere; or change it by hand to hold tenant_id too (it is the primary key)',
    )
    expect(fixes['pages_path_key']).toContain('per tenant')
    shop.plan = {
      ...shop.plan,
      unique: { 'public.pages_pkey': 'everywhere', 'public.pages_path_key': 'per tenant' },
    }
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
  })
})

describe('names', () => {
  it('lead to tables by their plurals, and say where they may mean two', async () => {
    await open(`create table statuses (id int primary key, tenant_id int not null);
      create table tags (id int primary key); create table statuses_tags (status_id int not null, tag_id int not null);
      create table inboxes (id int primary key, tenant_id int not null); create table members (inbox_id int not null);
      create table axes (id int primary key, tenant_id int not null); create table axis (id int primary key, tenant_id int not null);
      create table ticks (axe_id int not null, axes_id int not null)`)
    const { plan, decisions } = await shop.protect()
    expect(plan.tables).toMatchObject({
      'public.statuses_tags': 'through status_id?',
      'public.members': 'through inbox_id?',
      'public.ticks': 'through axe_id?',
    })
    expect(decisions.find(({ table }) => table.name === 'ticks')!.asked).toBe(true)
    await shop.sql(`create table axe (id int primary key, tenant_id int not null)`)
    const ticks = (await shop.protect()).decisions.find(({ table }) => table.name === 'ticks')!
    expect(ticks.why).toMatch(/by its name alone.*may as well mean public\.ax/)
  })
})
