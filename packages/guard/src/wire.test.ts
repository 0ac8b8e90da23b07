import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ann, bob, codeOf, guarded, tenants, type Guarded } from '../test/guarded.ts'
import { kyselyOf } from './kysely.ts'
import type { Mode, Scope } from './index.ts'

const seen = async (scope: Scope): Promise<string[]> =>
  (await scope.rows<{ id: string }>`select id from document order by id`).map(({ id }) => id)

/** A value that no statement can carry: nothing of its batch is sent. */
const unsendable = () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  return circle
}

describe.each([
  ['plain', false],
  ['plain', true],
  ['sealed', false],
  ['sealed', true],
] as [Mode, boolean][])('a %s scope (pooler: %s)', (mode, pooler) => {
  let world: Guarded
  beforeAll(async () => {
    world = await guarded(mode)
    await world.superuser.query(`
      create table loose (who text); grant select, insert, delete on loose to public;
      create table shape (a text, b text); grant all on shape to public; insert into shape values ('A', 'B')`)
  })
  afterAll(() => world.stop())
  afterEach(async () => {
    await world.superuser.query('delete from loose')
  })

  it('opens before its second query where its first could not be sent', async () => {
    const guard = world.open({ pooler })
    await guard.tenant(ann, seen)
    const work = async (scope: Scope) => {
      await scope.query`select ${unsendable()}::jsonb`.catch(() => {})
      await scope.query`insert into loose values (${scope.tenant})`
      return await seen(scope)
    }
    for (const [who, rows] of [[ann, ['a1', 'a2']] as const, [bob, ['b1']] as const]) {
      expect(await guard.tenant(who, work)).toEqual(rows)
    }
    const failing = guard.tenant(bob, async (scope) => {
      await work(scope)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    const { rows } = await world.superuser.query('select who from loose order by who')
    expect(rows.map(({ who }) => who as string)).toEqual([tenants.a, tenants.b])
  })

  it('writes nothing of another tenant’s after what could not be sent', async () => {
    const guard = world.open({ pooler })
    const setting = mode === 'sealed' ? 'kept.token' : 'app.tenant_id'
    await guard.tenant(
      ann,
      (scope) =>
        scope.query`select set_config(${setting}, current_setting(${setting}, true), false)`,
    )
    const { rowCount } = await guard.tenant(bob, async (scope) => {
      await scope.query`select ${unsendable()}::jsonb`.catch(() => {})
      return await scope.query`update document set title = title where id like ${'a%'}`
    })
    expect(rowCount).toBe(0)
  })

  it('costs nobody else a connection', async () => {
    const pool = world.openPool({ max: 3 })
    const guard = world.open({ pool, pooler })
    const failing = Array.from({ length: 3 }, () =>
      codeOf(guard.tenant(bob, (scope) => scope.query`select ${unsendable()}::jsonb`)),
    )
    await Promise.all(failing)
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('copies nothing in, and goes on to be used', async () => {
    const guard = world.open({ pooler })
    const copying = guard.tenant(ann, (scope) => scope.query({ text: 'copy loose from stdin' }))
    await expect(copying).rejects.toThrow('a scope copies nothing in')
    expect(await guard.tenant(bob, seen)).toEqual(['b1'])
  })

  it('takes the same values at its commit as in a query', async () => {
    const guard = world.open({ pooler })
    const values = [7, true, new Date(0), ['x'], { a: 1 }, null, 9n]
    const text = `insert into loose select concat_ws(' ', $1::int, $2::bool, $3::timestamptz at time zone 'utc',
      $4::text[], $5::jsonb, $6::text, $7::bigint)`
    await guard.tenant(ann, (scope) => scope.query({ text, values }))
    await guard.tenant(ann, async (scope) => {
      scope.atCommit({ text, values })
      await seen(scope)
    })
    const { rows } = await world.superuser.query('select distinct who from loose')
    expect(rows).toEqual([{ who: '7 t 1970-01-01 00:00:00 {x} {"a": 1} 9' }])
  })

  it('answers on after a migration changed what a statement answers with', async () => {
    const guard = world.open({ pooler })
    const all = async (scope: Scope) => (await scope.query`select * from shape`).fields.length
    for (const readOnly of [true, false]) {
      await guard.tenant(ann, all, { readOnly })
      await world.superuser.query(`alter table shape add column more_${readOnly} text`)
    }
    expect(await guard.tenant(ann, all)).toBe(4)
    await world.superuser.query('alter table shape drop column more_true, drop column more_false')
    expect(await guard.tenant(ann, all, { readOnly: true })).toBe(2)
  })

  it('tells a scope nothing of what another did to its answer', async () => {
    const guard = world.open({ pooler })
    const both = (scope: Scope) => scope.query`select a, b from shape`
    await guard.tenant(bob, both)
    const { fields } = await guard.tenant(bob, both)
    fields.reverse()
    expect((await guard.tenant(ann, both)).rows).toEqual([{ a: 'A', b: 'B' }])
  })

  it('takes a mistake of the query for no lost connection', async () => {
    const guard = world.open({ pooler })
    const wrong = guard.tenant(ann, (scope) => scope.query({ text: 'select 1', values: [1] }))
    expect(await codeOf(wrong)).toBe('08P01')
    expect(await guard.tenant(bob, seen)).toEqual(['b1'])
  })

  it('reads its own answers itself, however the app reads numbers', async () => {
    const types = {
      getTypeParser: () => () => {
        throw new Error('the app reads nothing')
      },
    }
    for (const options of [{ types: types as never }, { binary: true } as object]) {
      const guard = world.open({ pool: world.openPool(options), pooler })
      const code = await codeOf(
        guard.tenant(ann, (scope) => scope.query`insert into loose values ('x')`),
      )
      expect(code).toBe('no failure')
    }
  })

  it('fails, and no more, where a type cannot be read', async () => {
    const pool = world.openPool({
      types: {
        getTypeParser: () => {
          throw new Error('no such type')
        },
      },
    })
    const guard = world.open({ pool, pooler })
    await expect(guard.tenant(ann, seen)).rejects.toThrow('no such type')
    expect(await codeOf(guard.tenant(bob, async () => {}))).toBe('no failure')
  })
})

describe('a scope', () => {
  let world: Guarded
  beforeAll(async () => {
    world = await guarded('sealed')
    await world.superuser.query('create table loose (who text); grant all on loose to public')
    await world.superuser.query('create sequence turns; grant all on sequence turns to public')
  })
  afterAll(() => world.stop())

  it('answers as pg does', async () => {
    const texts: [string, unknown[]][] = [
      ['select 1 as a, null as b, $1::text as c', ['x']],
      ['select', []],
      ['select 1 as a, 2 as a', []],
      ['select i, repeat($1, i) from generate_series(1, 300) i', ['long ']],
      ['insert into loose values ($1), ($2) returning who', ['a', 'b']],
      ['insert into loose values ($1)', ['c']],
      ['update loose set who = who || $1 returning *', ['!']],
      ['delete from loose', []],
      ['show server_version', []],
      ['explain (costs off) select 1', []],
      [
        `select $1::int, $2::jsonb, $3::bytea, $4::timestamptz, $5::int[]`,
        [1, { a: [null] }, Buffer.of(0, 255), new Date(0), [1, 2]],
      ],
    ]
    for (const rowMode of [undefined, 'array'] as const) {
      for (const [text, values] of texts) {
        const asked = { text, values, ...(rowMode && { rowMode }) }
        const anew = () =>
          world.superuser.query(`truncate loose; insert into loose values ('one'), ('two')`)
        await anew()
        const expected = await world.superuser.query(asked as pg.QueryConfig)
        for (let again = 0; again < 2; again++) {
          await anew()
          const answer = await world.guard.tenant(ann, (scope) => scope.query(asked))
          const told = ({ rows, rowCount, command, oid, fields }: pg.QueryResult) => ({
            rows,
            rowCount,
            command,
            oid,
            fields: fields.map(({ name, dataTypeID, format }) => ({ name, dataTypeID, format })),
          })
          expect(told(answer), text).toEqual(told(expected))
        }
      }
    }
  })

  it('is tried once more at most, whatever an injected error says', async () => {
    for (const raised of [
      `select nextval('turns'), kept.refuse('KG003', 'expired')`,
      `do $$ begin perform nextval('turns'); raise exception using errcode = '26000'; end $$`,
      `do $$ begin perform nextval('turns'); raise exception using errcode = '0A000', message = 'cached plan must not change result type'; end $$`,
    ]) {
      const before = await world.superuser.query(`select nextval('turns') as at`)
      await world.guard.tenant(bob, (scope) => scope.query({ text: raised })).catch(() => {})
      const after = await world.superuser.query(`select nextval('turns') as at`)
      expect(Number(after.rows[0].at) - Number(before.rows[0].at)).toBeLessThanOrEqual(3)
    }
  })

  it('is no longer run by the server once its client gave up', async () => {
    const pool = world.openPool({ query_timeout: 200 })
    const sleeping = world.open({ pool }).tenant(ann, (scope) => scope.query`select pg_sleep(30)`)
    expect(await codeOf(sleeping)).toBe('statement-timeout')
    const running = `select from pg_stat_activity where state = 'active' and query like '%pg_sleep(30)%' and pid <> pg_backend_pid()`
    await expect.poll(async () => (await world.superuser.query(running)).rowCount).toBe(0)
  })

  it('keeps a savepoint of the app apart from those of Kysely’s transactions', async () => {
    await world.superuser.query('truncate loose')
    const failing = world.guard.tenant(ann, async (scope) => {
      const db = kyselyOf<{ loose: { who: string } }>(scope)
      await db
        .transaction()
        .execute(async (trx) => {
          await trx.insertInto('loose').values({ who: 'first' }).execute()
          await scope.query({ text: 'savepoint kept' })
          await trx.insertInto('loose').values({ who: 'second' }).execute()
          throw new Error('undone')
        })
        .catch(() => {})
      return (await scope.query`select who from loose`).rows
    })
    expect(await failing).toEqual([])
  })

  it.each([{ isolationLevel: 'serializable' }, { accessMode: 'read only' }] as const)(
    'refuses a Kysely transaction that would be %o',
    async (settings) => {
      const asked = world.guard.tenant(ann, async (scope) => {
        const begun = kyselyOf(scope).transaction()
        const set =
          'accessMode' in settings
            ? begun.setAccessMode(settings.accessMode)
            : begun.setIsolationLevel(settings.isolationLevel)
        await set.execute(async () => {})
      })
      expect(await codeOf(asked)).toBe('bad-query')
    },
  )
})
