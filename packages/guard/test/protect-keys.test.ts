import { afterEach, expect, it } from 'vitest'
import { confirm, planToFile, readPlan } from '../src/protect/index.ts'
import { errorsOf, expectApart, openShop, type Shop } from './protecting.ts'
import { noRoles } from './roles.ts'

let shop: Shop
afterEach(() => shop.close())

const open = async (type: string, key = 'tenant_id') => {
  shop = await openShop(
    [
      noRoles,
      `create domain tenant_uuid as uuid; create domain handle as text; create type plan as enum ('1', '2');
       create table tenants (id ${type} primary key);
       create table notes (id int primary key, "${key}" ${type} not null references tenants)`,
    ],
    { staff: ['postgres'] },
  )
}

it.each(['public.tenant_uuid', 'public.handle', 'public.plan', 'numeric', 'character(8)'])(
  'says of a key of type %s that no policy holds it, whether the tenant was named or not',
  async (type) => {
    await open(type)
    for (const tenant of [null, 'public.tenants', 'public.tenants.id']) {
      shop.plan = { ...shop.plan, tenant }
      await expect(shop.protect()).rejects.toMatchObject({
        code: 'unsupported',
        message: `a tenant key of type ${type} cannot be held by a policy; use uuid, a whole number or text`,
      })
    }
  },
)

it('says so of a column alone, where the tenant has a type that can be held', async () => {
  await open('text')
  await shop.sql(
    'create table files (id int primary key, tenant_id handle); create table logs (id int primary key, tenant_id uuid)',
  )
  const { decisions } = await shop.protect()
  const why = (id: string) => decisions.find(({ table }) => table.id === id)!.why
  expect(why('public.files')).toBe(
    'its tenant_id is of type public.handle, which no policy can hold: make it uuid, a whole number or text, or say what else it is',
  )
  expect(why('public.logs')).toBe(
    'its tenant_id is of type uuid, the tenant is text: make them alike, or say what else it is',
  )
  expect(why('public.notes')).toBe('its tenant_id names the tenant, by a foreign key')
})

it('says that nothing leads to a tenant of such a type only where nothing does', async () => {
  await open('tenant_uuid')
  await shop.sql('drop table notes')
  await expect(shop.protect()).rejects.toMatchObject({
    code: 'tenant-unclear',
    message: expect.stringContaining('nothing leads to public.tenants.id'),
  })
})

it('takes back the plan that it wrote for a column with a line break in its name', async () => {
  await open('int', 'tenant\nid')
  await shop.sql(`insert into tenants values (1), (2); insert into notes values (1, 1), (2, 2)`)
  const written = planToFile((await shop.protect()).plan)
  expect(written['tables']).toMatchObject({ 'public.notes': 'own tenant\nid' })
  shop.plan = { ...confirm(readPlan(written)), staff: ['postgres'] }
  await shop.apply()
  expect(errorsOf(await shop.check())).toEqual([])
  await expectApart(shop, ['1', '2'])
})
