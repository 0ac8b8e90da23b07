import { afterAll, describe, expect, it } from 'vitest'
import { catalogOf, errorsOf, expectApart, openShop, type Shop } from './protecting.ts'
import { noRoles } from './roles.ts'
import { samples } from './schemas.ts'

/** What has policies on a setting of its own stays with it. */
const scoped = samples.flatMap(([name, sample]) =>
  (sample.schema.includes('app.tenant_id')
    ? (['plain'] as const)
    : (['plain', 'sealed'] as const)
  ).map((scope) => [name, scope, sample] as const),
)

describe.each(scoped)('%s, %s', (_, scope, sample) => {
  let shop: Shop
  afterAll(() => shop.close())

  it('is found out, kept apart, and not touched again', async () => {
    const decided = Object.fromEntries(
      Object.entries(sample.found).flatMap(([id, found]) =>
        found.endsWith('of shared') ? [[id, 'shared']] : [],
      ),
    )
    shop = await openShop([noRoles, sample.schema], {
      staff: ['postgres'],
      scope,
      ...sample.plan,
      tables: { ...decided, ...sample.plan?.tables },
    })
    const before = await catalogOf(shop)
    const found = await shop.protect()
    const said = found.decisions.map(({ table, column, kind }) => [
      table.id,
      `${column} of ${kind}`,
    ])
    expect(Object.fromEntries(said)).toEqual(sample.found)
    expect(errorsOf(await shop.check()).length).toBeGreaterThan(0)
    expect(await catalogOf(shop), 'nothing changes without --apply').toBe(before)

    const steps = await shop.apply()
    expect(steps.length).toBeGreaterThan(0)
    expect(errorsOf(await shop.check())).toEqual([])
    expect((await shop.protect()).steps).toEqual([])
    const after = await catalogOf(shop)
    expect(await shop.apply()).toEqual([])
    expect(await catalogOf(shop)).toBe(after)
  })

  it('lets each tenant see and change its own', async () => {
    expect(await expectApart(shop, sample.tenants)).toBeGreaterThan(0)
  })

  it('lets the app go on as before', async () => {
    for (const one of sample.works) {
      const { count } = await shop.as(sample.tenants[0], one)
      expect(count, one).toBeGreaterThan(0)
    }
  })

  it.each(sample.refused.map((one) => [one]))('refuses %s', async (statement) => {
    await expect(shop.as(sample.tenants[0], statement)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:42501|23503)$/),
    })
  })
})
