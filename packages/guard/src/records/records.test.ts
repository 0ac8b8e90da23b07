import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ann, appRole, bob, codeOf, guarded, tenants, type Guarded } from '../../test/guarded.ts'
import { outboxSql, type Guard, type GuardFailure, type Mode } from '../index.ts'

const minute = 60_000
const started = Date.now()
/** Runs on from a whole minute, ahead of the database's clock. */
const whole = Math.ceil(started / minute) * minute
const iso = (instant: number) => new Date(instant).toISOString()

async function recordsOf(superuser: pg.Pool): Promise<Record<string, unknown>[]> {
  const { rows } = await superuser.query(
    'select at, tenant, actor, kind, action, detail from kept.outbox order by id',
  )
  return rows as Record<string, unknown>[]
}

describe.each(['plain', 'sealed'] as const)('records of a %s scope', (mode: Mode) => {
  let world: Guarded
  let guard: Guard
  let moved = 0
  const now = () => whole + (Date.now() - started) + moved
  beforeAll(async () => {
    world = await guarded(mode)
    // With a pooler seals hold by the database's clock alone, and so at any time of ours.
    guard = world.open({ records: true, now, policies, pooler: true })
  })
  afterAll(async () => {
    await guard.close()
    await world.stop()
  })
  beforeEach(() => world.superuser.query('delete from kept.outbox'))

  const policies = { decide: () => ({ allowed: true, because: [], troubles: [] }) }
  const insert = (tenant: string) =>
    guard.tenant(ann, (scope) =>
      scope.query({
        text: `insert into kept.outbox (at, tenant, actor, kind, action, detail)
          values (now(), $1, 'user:ann', 'event', 'documents.share', '{}')`,
        values: [tenant],
      }),
    )

  it('are kept with what was done', async () => {
    await guard.tenant(ann, async (scope) => {
      await scope.query`update document set title = ${'shared'} where id = ${'a1'}`
      scope.record('documents.share', { document: 'a1' })
    })
    expect(await recordsOf(world.superuser)).toEqual([
      {
        at: expect.any(Date),
        tenant: tenants.a,
        actor: 'user:ann',
        kind: 'event',
        action: 'documents.share',
        detail: { document: 'a1' },
      },
    ])
    const [{ at }] = (await recordsOf(world.superuser)) as [{ at: Date }]
    expect(at.getTime()).toBeGreaterThanOrEqual(whole)
  })

  it('are kept where nothing else was done', async () => {
    await guard.tenant(bob, async (scope) => scope.record('documents.look'))
    expect(await recordsOf(world.superuser)).toMatchObject([{ tenant: tenants.b, detail: {} }])
  })

  it('are undone with what was done', async () => {
    const failing = guard.tenant(ann, async (scope) => {
      scope.record('documents.share')
      await scope.query`update document set title = ${'shared'} where id = ${'a1'}`
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await recordsOf(world.superuser)).toEqual([])
  })

  it('undo what was done when they cannot be kept', async () => {
    const close = `alter table kept.outbox add constraint closed check (action <> 'x') not valid`
    await world.superuser.query(close)
    const failing = await codeOf(
      guard.tenant(ann, async (scope) => {
        await scope.query`delete from document`
        scope.record('x')
      }),
    )
    await world.superuser.query('alter table kept.outbox drop constraint closed')
    expect(failing).toBe('23514')
    const left = await guard.tenant(ann, (scope) => scope.rows`select id from document`)
    expect(left).toHaveLength(2)
  })

  const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) })
  it.each<[string, string, object, string?, object?]>([
    ['U+0000', 'x', { a: ['b\0'] }, 'x', { a: ['b\u0001'] }],
    ['U+0000 in a name', 'x', { 'a\0': 1 }, 'x', { 'a\u0001': 1 }],
    ['half a surrogate pair', 'x', { a: '\ud83d' }, 'x', { a: '\ud83d\ude00' }],
    ['more than 65,536 bytes', 'x', { a: 'x'.repeat(65_528) }, 'x', { a: 'x'.repeat(65_527) }],
    [
      'more than those in two bytes each',
      'x',
      { a: 'é'.repeat(32_764) },
      'x',
      { a: 'é'.repeat(32_763) },
    ],
    [
      'more than those in separators',
      'x',
      { a: Array(21_844).fill(1) },
      'x',
      { a: Array(21_843).fill(1) },
    ],
    [
      'more than those in escapes',
      'x',
      { a: '\u0001'.repeat(10_922) },
      'x',
      { a: '\u0001'.repeat(10_921) },
    ],
    [
      'more than those in large numbers',
      'x',
      { a: Array(211).fill(1e308) },
      'x',
      { a: Array(210).fill(1e308) },
    ],
    [
      'more than those in small numbers',
      'x',
      { a: Array(214).fill(-1.25e-300) },
      'x',
      { a: Array(213).fill(-1.25e-300) },
    ],
    ['more than 100 levels', 'x', deep(100), 'x', deep(99)],
    ['no object', 'x', { toJSON: () => undefined }, 'x', { toJSON: () => ({}) }],
    ['an action of no letters', '', {}],
    ['an action of 201 characters', 'é'.repeat(201), {}, '\u{1f600}'.repeat(200), {}],
    ['U+0000 in an action', 'a\0', {}],
  ])(
    'are refused when they are made, not at COMMIT, for %s',
    async (_, action, detail, good = 'x', fine = {}) => {
      const recording = (what: string, more: object) =>
        guard.tenant(ann, async (scope) => {
          await scope.query`update document set title = title`
          try {
            scope.record(what, more as Record<string, unknown>)
          } catch (error) {
            return (error as GuardFailure).code
          }
          return 'recorded'
        })
      expect(await codeOf(recording(good, fine))).toBe('no failure')
      expect(await recordsOf(world.superuser)).toHaveLength(1)
      expect(await recording(action, detail)).toBe('bad-record')
      expect(await recordsOf(world.superuser)).toHaveLength(1)
    },
  )

  it('are of the tenant of the scope alone', async () => {
    expect(await codeOf(insert(tenants.b))).toBe('42501')
    expect(await codeOf(insert(tenants.a))).toBe('no failure')
  })

  it.each([
    'select from kept.outbox',
    'delete from kept.outbox',
    `update kept.outbox set action = 'x'`,
  ])('are out of the app’s reach: %s', async (text) => {
    await insert(tenants.a)
    expect(await codeOf(guard.tenant(ann, (scope) => scope.query({ text })))).toBe('42501')
    expect(await recordsOf(world.superuser)).toHaveLength(1)
  })

  it('are there for kept_drain to read and take, and nothing else is', async () => {
    await insert(tenants.a)
    const client = await world.superuser.connect()
    const attempt = (text: string) => codeOf(client.query(text))
    await client.query('set role kept_drain')
    expect((await client.query('select tenant from kept.outbox')).rowCount).toBe(1)
    expect(await attempt('select from document')).toBe('42501')
    expect(await attempt(`update kept.outbox set action = 'x'`)).toBe('42501')
    expect(await attempt('insert into kept.outbox (tenant) values (1)')).toBe('42501')
    expect((await client.query('delete from kept.outbox')).rowCount).toBe(1)
    await client.query('reset role')
    client.release()
  })

  it('need a scope that writes, and a guard that keeps them', async () => {
    const record = (one: Guard, readOnly: boolean) =>
      codeOf(one.tenant(ann, async (scope) => scope.record('documents.share'), { readOnly }))
    expect(await record(guard, true)).toBe('bad-query')
    expect(await record(world.guard, false)).toBe('not-installed')
    expect(await record(guard, false)).toBe('no failure')
  })

  it('have a table that can be made again and stays as it was', async () => {
    const rights = async () => {
      const { rows } = await world.superuser.query(
        `select relacl::text, relforcerowsecurity,
          (select array_agg((polname, polcmd, pg_get_expr(polwithcheck, polrelid))::text order by polname)
            from pg_policy where polrelid = pg_class.oid) as policies
        from pg_class where oid = 'kept.outbox'::regclass`,
      )
      return rows as unknown[]
    }
    const before = await rights()
    await insert(tenants.a)
    await world.superuser.query(outboxSql({ mode, appRole }))
    expect(await rights()).toEqual(before)
    expect(await recordsOf(world.superuser)).toHaveLength(1)
  })

  it('count what a tenant reads of its own, by the minute', async () => {
    const read = (who: typeof ann, id: string) =>
      guard.tenant(who, (scope) => scope.rows`select id from document where id = ${id}`, {
        action: 'documents.read',
        readOnly: true,
      })
    // From here on a minute is long enough.
    moved = Math.ceil(now() / minute) * minute - now()
    const begun = now()
    await read(ann, 'a1')
    await read(ann, 'a2')
    await read(bob, 'b1')
    // Nothing came back, so nothing was read.
    expect(await read(bob, 'a1')).toEqual([])
    expect(await recordsOf(world.superuser)).toEqual([])
    moved += 5 * minute
    await read(ann, 'a1')
    const later = now()
    await guard.close()
    const counted = (tenant: string, actor: string, at: number, reads: number) => ({
      tenant,
      actor,
      kind: 'reads',
      action: 'documents.read',
      detail: { minute: iso(Math.floor(at / minute) * minute), reads },
    })
    expect(await recordsOf(world.superuser)).toMatchObject([
      counted(tenants.a, 'user:ann', begun, 2),
      counted(tenants.a, 'user:ann', later, 1),
      counted(tenants.b, 'user:bob', begun, 1),
    ])
  })
})
