import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ann, bob, codeOf, guarded, type Guarded } from '../test/guarded.ts'
import { hasPooler, startPooler, type Pooler } from '../test/pooler.ts'
import type { Scope } from './index.ts'

const seen = async (scope: Scope) =>
  (await scope.rows`select id from document order by id`).map(({ id }) => id)
const pidOf = async (scope: Scope) => (await scope.rows`select pg_backend_pid() as pid`)[0]!['pid']

describe.skipIf(!hasPooler()).each(['plain', 'sealed'] as const)(
  'through PgBouncer (needs Debian’s pgbouncer), a %s scope',
  (mode) => {
    let world: Guarded
    let pooler: Pooler
    let pool: pg.Pool
    beforeAll(async () => {
      world = await guarded(mode)
      pooler = await startPooler(world.url)
      pool = new pg.Pool({ connectionString: pooler.url, max: 4, connectionTimeoutMillis: 10_000 })
      pool.on('error', () => {})
    })
    afterAll(async () => {
      await pool.end()
      await pooler.stop()
      await world.stop()
    })

    it('sees its own rows, two tenants by turns on one connection', async () => {
      const guard = world.open({ pool, pooler: true })
      const asks = Array.from({ length: 60 }, async (_, i) => {
        const [principal, own] = i % 2 ? [ann, ['a1', 'a2']] : [bob, ['b1']]
        await guard.tenant(
          principal,
          async (scope) => {
            expect(await seen(scope)).toEqual(own)
            expect(await seen(scope)).toEqual(own)
          },
          { readOnly: i % 3 === 0 },
        )
        return await guard.tenant(principal, pidOf)
      })
      expect(new Set(await Promise.all(asks)).size).toBe(1)
    })

    it('writes, and undoes, and keeps no search path or cursor for the next', async () => {
      const guard = world.open({ pool, pooler: true })
      const failing = guard.tenant(ann, async (scope) => {
        await scope.query`delete from document`
        await scope.query({ text: `select set_config('search_path', 'nowhere', false)` })
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      await guard.tenant(bob, (scope) =>
        scope.query({
          text: `select set_config('search_path', 'nowhere', false), run_text('declare c cursor with hold for select 1')`,
        }),
      )
      expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
      const fetching = guard.tenant(ann, (scope) => scope.query({ text: 'fetch c' }))
      // One setting moves a plain scope in any case: there nothing is taken away.
      expect(await codeOf(fetching)).toBe(mode === 'sealed' ? '34000' : 'no failure')
    })

    it('names the option when it was left out', async () => {
      const guard = world.open({ pool })
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          guard.tenant(i % 2 ? ann : bob, seen).then(
            (ids) => {
              expect(ids).toEqual(i % 2 ? ['a1', 'a2'] : ['b1'])
              return null
            },
            (error: { code: string; fix: string }) => error,
          ),
        ),
      )
      const refused = answers.filter((answer) => answer !== null)
      if (mode === 'sealed') expect(refused).toHaveLength(8)
      for (const { code, fix } of refused) {
        expect(code).toBe(mode === 'sealed' ? 'seal-refused' : 'connection-poisoned')
        expect(fix).toContain('pooler: true')
      }
      expect(await world.open({ pool, pooler: true }).tenant(ann, seen)).toEqual(['a1', 'a2'])
    })
  },
)
