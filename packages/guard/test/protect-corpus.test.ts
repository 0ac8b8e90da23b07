import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { confirm } from '../src/protect/index.ts'
import { statementsOf } from './dump.ts'
import { errorsOf, expectApart, openShop } from './protecting.ts'
import { noRoles } from './roles.ts'

/** Databases of other people, which lie beside this repository where they lie at all. */
const folder = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '..',
  'shared',
  'corpus',
  '03-tenant-data',
)

const load = (name: string) => [noRoles, ...statementsOf(readFileSync(join(folder, name), 'utf8'))]

describe.skipIf(!existsSync(folder))('databases of ../shared/corpus', () => {
  it('Chinook: a tenant is a customer', async () => {
    const shop = await openShop(load('chinook/chinook.sql'), { staff: ['postgres'] })
    const found = await shop.protect()
    expect(found.plan).toMatchObject({
      tenant: 'public.Customer.CustomerId',
      tables: {
        'public.Customer': 'own CustomerId',
        'public.Invoice': 'own CustomerId',
        'public.InvoiceLine': 'through InvoiceId',
        'public.Genre': 'shared?',
        'public.Employee': 'shared?',
        'public.PlaylistTrack': 'shared?',
      },
    })
    shop.plan = confirm(found.plan)
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
    await expectApart(shop, ['1', '2'])
    const [line] = (await shop.as('1', 'select * from "InvoiceLine"')).rows
    const insert = (
      invoice: unknown,
    ) => `insert into "InvoiceLine" ("InvoiceLineId", "InvoiceId", "TrackId", "UnitPrice", "Quantity")
      values (99999, ${String(invoice)}, 1, 0.99, 1)`
    expect((await shop.as('1', insert(line!['InvoiceId']))).count).toBe(1)
    await expect(shop.as('2', insert(line!['InvoiceId']))).rejects.toMatchObject({ code: '23503' })
    expect((await shop.as('1', 'select * from "Track"')).count).toBe(3503)
    expect(await shop.apply()).toEqual([])
    await shop.close()
  })

  it('fides: two schemas alike, no foreign keys, rows that lead nowhere', async () => {
    const shop = await openShop(load('fides/postgres_sample.sql'), { staff: ['postgres'] })
    await expect(shop.protect()).rejects.toMatchObject({
      code: 'tenant-unclear',
      message: expect.stringContaining('backup_schema.customer.id'),
    })
    shop.plan = { ...shop.plan, tenant: 'public.customer' }
    const found = await shop.protect()
    expect(found.plan.tables).toMatchObject({
      'public.orders': 'own customer_id',
      'public.order_item': 'through order_id?',
      'public.visit': 'shared?',
      'backup_schema.customer': 'closed?',
    })
    shop.plan = confirm(found.plan)
    await shop.apply()
    const [left, ...more] = errorsOf(await shop.check())
    expect(left).toMatch(/^public\.order_item: 1 of its rows lead to no tenant/)
    // No foreign key told of it: an order that was paid with the card of another customer.
    expect(more).toEqual([
      expect.stringMatching(/^public\.orders: 1 of its rows point by payment_card_id, by its name/),
    ])
    shop.plan = { ...shop.plan, across: ['public.orders.payment_card_id'] }
    await expectApart(shop, ['1', '2'])
    await shop.sql(`delete from order_item where customer_id is null`)
    await shop.apply()
    expect(errorsOf(await shop.check())).toEqual([])
    await shop.close()
  })
})
