import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ann, bob, codeOf, guarded, tenants, type Guarded } from '../test/guarded.ts'
import { addKey, type Scope } from './index.ts'

const titles = async (scope: Scope) =>
  (await scope.rows`select title from document order by id`).map(({ title }) => title)

describe.each(['plain', 'sealed'] as const)('a tenant that moves, in a %s scope', (mode) => {
  let here: Guarded
  let there: Guarded
  beforeAll(async () => {
    here = await guarded(mode)
    there = await guarded(mode)
    await there.superuser.query(`update document set title = 'there ' || title`)
  })
  afterAll(async () => {
    await here.stop()
    await there.stop()
  })

  it('is found where it went, by who has a pool for that, and told to others', async () => {
    if (mode === 'sealed') await there.superuser.query(addKey(here.key))
    const asked: string[] = []
    const pools = (destination: string) => {
      asked.push(destination)
      return there.pool
    }
    const guard = here.open({ moves: true, pools })
    const without = here.open({ moves: true })
    for (const readOnly of [false, true]) {
      expect(await guard.tenant(ann, titles, { readOnly })).toEqual(['first', 'second'])
    }
    await here.superuser.query(`insert into kept.moved values ('${tenants.a}', 'eu-2')`)
    for (const readOnly of [false, true]) {
      expect(await guard.tenant(ann, titles, { readOnly })).toEqual(['there first', 'there second'])
      expect(await guard.tenant(bob, titles, { readOnly })).toEqual(['other'])
      const refused: unknown = await without
        .tenant(ann, titles, { readOnly })
        .catch((error: unknown) => error)
      expect(refused).toMatchObject({
        code: 'tenant-moved',
        message: expect.stringContaining('eu-2'),
      })
    }
    expect(asked).toEqual(['eu-2', 'eu-2'])
    await there.superuser.query(`insert into kept.moved values ('${tenants.a}', 'eu-2')`)
    expect(await codeOf(guard.tenant(ann, titles))).toBe('tenant-moved')
    await here.superuser.query('delete from kept.moved')
    await there.superuser.query('delete from kept.moved')
  })

  it('waits for who moves it, and then goes where it went', async () => {
    const guard = here.open({ moves: true })
    const mover = await here.superuser.connect()
    await mover.query('begin')
    await mover.query(`select pg_advisory_xact_lock(hashtextextended('kept.tenant:' || $1, 0))`, [
      tenants.a,
    ])
    const waiting = codeOf(guard.tenant(ann, titles))
    const locked = `select from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`
    while ((await here.superuser.query(locked)).rowCount === 0) await setTimeout(2)
    await mover.query(`insert into kept.moved values ('${tenants.a}', 'eu-2')`)
    await mover.query('commit')
    mover.release()
    expect(await waiting).toBe('tenant-moved')
    await here.superuser.query('delete from kept.moved')
  })

  it('is sent nowhere by what a query says, and nobody else’s move is followed', async () => {
    await here.superuser.query(`insert into kept.moved values ('${tenants.b}', 'eu-2')`)
    const asked: string[] = []
    const pools = (destination: string) => {
      asked.push(destination)
      return there.pool
    }
    await here.superuser.query(`create function steer() returns void language plpgsql as
      $$ begin raise exception using errcode = 'KG002', detail = 'eu-2'; end $$`)
    const raise = 'select steer()'
    for (const moves of [true, false]) {
      for (const text of [raise, `select kept.stay('${tenants.b}')`]) {
        const guard = here.open({ moves, pools })
        for (const readOnly of [true, false]) {
          const steering = guard.tenant(ann, (scope) => scope.query({ text }), { readOnly })
          expect(await codeOf(steering), text).toBe('KG002')
        }
      }
    }
    expect(asked).toEqual([])
    if (mode === 'sealed') await there.superuser.query(addKey(here.key))
    expect(await here.open({ moves: true, pools }).tenant(bob, titles)).toEqual(['there other'])
    expect(asked).toEqual(['eu-2'])
    await here.superuser.query('delete from kept.moved')
  })

  it('does not move while a scope of it is open', async () => {
    const guard = here.open({ moves: true })
    const lock = `select pg_try_advisory_xact_lock(hashtextextended('kept.tenant:${tenants.a}', 0)) as free`
    const free = async () => (await here.superuser.query(lock)).rows[0].free as boolean
    await guard.tenant(ann, async (scope) => {
      await titles(scope)
      expect(await free()).toBe(false)
    })
    expect(await free()).toBe(true)
  })
})
