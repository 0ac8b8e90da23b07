import { afterEach, describe, expect, it } from 'vitest'
import { confirm } from '../src/protect/index.ts'
import { errorsOf, openShop, type Shop } from './protecting.ts'
import { noRoles, web } from './roles.ts'

let shop: Shop
afterEach(() => shop.close())
const open = async (tables: string) => {
  shop = await openShop(
    [
      noRoles,
      `create table tenants (id int primary key); create role ${web} login;
      create table notes (id int primary key, tenant_id int not null references tenants); ${tables};
      insert into tenants values (1), (2); insert into notes values (1, 1), (2, 2)`,
    ],
    { staff: ['postgres'] },
  )
}

describe('a table that leads to no tenant', () => {
  it.each([
    [
      'points at several tables',
      'create table taggings (taggable_type text, taggable_id int)',
      'taggable_id points at rows of several tables',
    ],
    [
      'is counted up and stamped',
      'create table events (id serial primary key, created_at timestamptz)',
      'its id is counted up; it has created_at',
    ],
    [
      'is stamped, and may be written',
      `create table events (code text, inserted_at timestamptz); grant insert on events to ${web}`,
      'grants let it be written; it has inserted_at',
    ],
    [
      'has many rows',
      'create table seen (code text); insert into seen select n::text from generate_series(1, 2000) as n; analyze seen',
      'it has about 2000 rows',
    ],
  ])('is proposed to be nothing where it %s', async (_, tables, why) => {
    await open(tables)
    const { decisions, plan } = await shop.protect()
    const found = decisions.find(({ table }) => !/tenants|notes/.test(table.id))!
    expect(found).toMatchObject({ kind: 'open', asked: true, why: expect.stringContaining(why) })
    expect(plan.tables[found.table.id]).toBe('undecided')
    // Confirming what is proposed decides nothing here, and so nothing is taken from the app.
    shop.plan = confirm(plan)
    await expect(shop.apply()).rejects.toMatchObject({ code: 'undecided' })
    shop.plan = { ...shop.plan, tables: { ...plan.tables, [found.table.id]: 'closed' } }
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
  })

  it('may be shared where one sign alone is there, with a loud word on what the app loses', async () => {
    await open(`create table countries (code text primary key); create table plans (id serial primary key);
      create table prices (plan_id int references plans, plan_type text);
      grant all on countries to ${web}; grant select on plans to ${web}`)
    const found = await shop.protect()
    expect(found.plan.tables).toMatchObject({
      'public.countries': 'shared?',
      'public.plans': 'shared?',
      'public.prices': 'shared?',
    })
    const why = (id: string) => found.decisions.find(({ table }) => table.id === id)!.why
    expect(why('public.countries')).toContain('WARNING: grants let the app write it')
    expect(why('public.plans')).not.toContain('WARNING')
    expect(found.steps.filter(({ loses }) => loses)).toEqual([])
    shop.plan = confirm(found.plan)
    const taken = (await shop.protect()).steps.filter(({ loses }) => loses)
    expect(taken.map(({ at, loses }) => [at, loses])).toEqual([
      ['public.countries', expect.stringMatching(new RegExp(`^insert, .*delete.* from ${web}$`))],
    ])
  })
})
