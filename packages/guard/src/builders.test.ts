import { eq } from 'drizzle-orm'
import { pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ann, bob, codeOf, guarded, tenants, type Guarded } from '../test/guarded.ts'
import { drizzleOf } from './drizzle.ts'
import type { Scope } from './index.ts'
import { kyselyOf } from './kysely.ts'

interface Database {
  document: { tenant_id: string; id: string; title: string }
}

const document = pgTable('document', {
  tenantId: uuid('tenant_id').notNull(),
  id: text('id').notNull(),
  title: text('title').notNull(),
})

const a3 = { id: 'a3', title: 'third' }

describe.each(['plain', 'sealed'] as const)('in a %s scope', (mode) => {
  let world: Guarded
  beforeAll(async () => {
    world = await guarded(mode)
  })
  afterAll(() => world.stop())

  it('Kysely sees one tenant, and its transactions are savepoints', async () => {
    await world.guard.tenant(ann, async (scope) => {
      const db = kyselyOf<Database>(scope)
      const ids = () => db.selectFrom('document').select('id').orderBy('id').execute()
      expect(await ids()).toEqual([{ id: 'a1' }, { id: 'a2' }])
      const failing = db.transaction().execute(async (inner) => {
        await inner.deleteFrom('document').execute()
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await ids()).toHaveLength(2)
      await db.transaction().execute(async (inner) => {
        const row = { ...a3, tenant_id: tenants.a }
        const [result] = await inner.insertInto('document').values(row).execute()
        expect(result!.numInsertedOrUpdatedRows).toBe(1n)
      })
      const foreign = db.updateTable('document').set({ title: 'x' }).where('id', '=', 'b1')
      expect((await foreign.executeTakeFirst()).numUpdatedRows).toBe(0n)
      await db.deleteFrom('document').where('id', '=', 'a3').execute()
      expect(await ids()).toHaveLength(2)
    })
    const reading = world.guard.tenant(
      ann,
      (scope) =>
        kyselyOf<Database>(scope)
          .transaction()
          .execute(() => Promise.resolve()),
      { readOnly: true },
    )
    expect(await codeOf(reading)).toBe('bad-query')
  })

  it('Drizzle sees one tenant, and its transactions are savepoints', async () => {
    await world.guard.tenant(ann, async (scope) => {
      const db = drizzleOf(scope)
      const ids = () => db.select({ id: document.id }).from(document).orderBy(document.id)
      expect(await ids()).toEqual([{ id: 'a1' }, { id: 'a2' }])
      const failing = db.transaction(async (inner) => {
        await inner.delete(document)
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await ids()).toHaveLength(2)
      await db.transaction((inner) => inner.insert(document).values({ ...a3, tenantId: tenants.a }))
      const foreign = await db.update(document).set({ title: 'x' }).where(eq(document.id, 'b1'))
      expect(foreign.rowCount).toBe(0)
      await db.delete(document).where(eq(document.id, 'a3'))
      const prepared = db.select({ id: document.id }).from(document).prepare('documents')
      expect(await prepared.execute()).toHaveLength(2)
    })
  })

  it('transactions at once are refused, of whichever builder, and nested ones are not', async () => {
    const kysely = (scope: Scope, id: string, then: () => Promise<void>) =>
      kyselyOf<Database>(scope)
        .transaction()
        .execute(async (inner) => {
          const row = { id, title: 'new', tenant_id: tenants.a }
          await inner.insertInto('document').values(row).execute()
          await then()
        })
    const drizzle = (scope: Scope, id: string, then: () => Promise<void>) =>
      drizzleOf(scope).transaction(async (inner) => {
        await inner.insert(document).values({ id, title: 'new', tenantId: tenants.a })
        await then()
      })
    const fail = () => Promise.reject(new Error('no'))
    for (const first of [kysely, drizzle]) {
      for (const second of [kysely, drizzle]) {
        const begun = Promise.withResolvers<void>()
        const both = Promise.withResolvers<void>()
        const failLate = () => {
          begun.resolve()
          return both.promise.then(fail)
        }
        const codes = await world.guard.tenant(ann, async (scope) => {
          const one = codeOf(first(scope, 'a8', failLate))
          await begun.promise
          const other = codeOf(second(scope, 'a9', () => Promise.resolve()).finally(both.resolve))
          const ends = [await one, await other]
          expect(await scope.rows`select id from document`).toHaveLength(2)
          await second(scope, 'a9', () => Promise.resolve())
          expect(await scope.rows`select id from document`).toHaveLength(3)
          await scope.query`delete from document where id = 'a9'`
          return ends
        })
        expect(codes).toEqual(['no', 'scope-in-use'])
      }
    }
    await world.guard.tenant(ann, async (scope) => {
      await drizzleOf(scope).transaction(async (outer) => {
        const inner = outer.transaction(async (tx) => {
          await tx.delete(document)
          throw new Error('no')
        })
        await expect(inner).rejects.toThrow('no')
        expect(await outer.select().from(document)).toHaveLength(2)
        await outer.transaction((tx) => tx.update(document).set({ title: 'x' }))
      })
    })
  })

  it('neither does anything when the scope is over', async () => {
    const [kysely, drizzle] = await world.guard.tenant(bob, (scope) =>
      Promise.resolve([kyselyOf<Database>(scope), drizzleOf(scope)] as const),
    )
    expect(await codeOf(kysely.selectFrom('document').select('id').execute())).toBe(
      'scope-finished',
    )
    const late = drizzle.select({ id: document.id }).from(document)
    // Drizzle wraps what a query fails with.
    expect(await codeOf(late.catch((error: Error) => Promise.reject(error.cause ?? error)))).toBe(
      'scope-finished',
    )
  })
})
