import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ann, appRole, codeOf, guarded, tenants, type Guarded } from '../../test/guarded.ts'
import { drizzleOf } from '../drizzle.ts'
import { GuardFailure } from '../failure.ts'
import { trustedPrincipal, type Guard, type Mode, type Request, type Scope } from '../index.ts'
import { kyselyOf } from '../kysely.ts'

const sue = trustedPrincipal({ kind: 'staff', id: 'sue', tenant: null })
const tom = trustedPrincipal({ kind: 'staff', id: 'tom', tenant: null })
const look: Request = { tenant: tenants.a, action: 'support.look' }

const digest = (text: string) => createHash('sha256').update(text).digest('base64url')

interface Db {
  document: { id: string; title: string }
}

describe.each(['plain', 'sealed'] as const)('a %s scope of staff', (mode: Mode) => {
  let world: Guarded
  let guard: Guard
  let live = true

  const grants = {
    grantOf(staff: string, tenant: string) {
      if (live && staff === 'sue' && tenant === tenants.a) {
        return { id: 'g1', staff, tenant, reason: 'ticket 7', from: 0, until: Infinity }
      }
      throw new GuardFailure('no-grant', 'there is none', 'ask for one')
    },
  }
  const policies = {
    decide: ({ action }: { action: string }) => ({
      allowed: action === 'support.look',
      because: ['staff'],
      troubles: [],
    }),
  }

  beforeAll(async () => {
    world = await guarded(mode)
    guard = world.open({ records: true, grants, policies })
  })
  afterAll(async () => {
    await guard.close()
    await world.stop()
  })
  beforeEach(async () => {
    live = true
    await world.superuser.query('delete from kept.outbox')
  })

  const ids = async (scope: Scope) =>
    (await scope.rows<{ id: string }>`select id, title from document order by id`).map(
      ({ id }) => id,
    )
  const records = async () => {
    const { rows } = await world.superuser.query<{ kind: string; detail: unknown }>(
      'select tenant, actor, kind, action, detail from kept.outbox order by id',
    )
    return rows
  }
  /** Without the digest of the statement, which is compared once. */
  const details = async () =>
    (await records()).map(({ kind, detail }) => {
      const { statement: _, ...rest } = detail as Record<string, unknown>
      return [kind, rest]
    })
  const ask = (text: string, more: Partial<Request> = {}) =>
    guard.tenant(sue, async (scope) => (await scope.query({ text })).rows, { ...look, ...more })

  it('sees the rows of that tenant, each of them recorded under the grant', async () => {
    expect(await guard.tenant(sue, ids, look)).toEqual(['a1', 'a2'])
    expect(await records()).toEqual([
      {
        tenant: tenants.a,
        actor: 'staff:sue',
        kind: 'staff-read',
        action: 'support.look',
        detail: {
          grant: 'g1',
          statement: digest('select id, title from document order by id'),
          rows: 2,
          ids: ['a1', 'a2'],
        },
      },
    ])
  })

  it('records alike what only reads, and through Kysely and Drizzle', async () => {
    const seen = { grant: 'g1', rows: 2, ids: ['a1', 'a2'] }
    await guard.tenant(sue, ids, { ...look, readOnly: true })
    await guard.tenant(
      sue,
      (scope) => kyselyOf<Db>(scope).selectFrom('document').selectAll().orderBy('id').execute(),
      look,
    )
    await guard.tenant(
      sue,
      (scope) => drizzleOf(scope).execute('select id from document order by id'),
      look,
    )
    expect(await details()).toEqual([seen, seen, seen].map((detail) => ['staff-read', detail]))
  })

  it.each<[string, string, typeof sue, Request]>([
    ['another tenant', 'no-grant', sue, { ...look, tenant: tenants.b }],
    ['another person', 'no-grant', tom, look],
    [
      'no tenant named',
      'no-grant',
      sue,
      { action: 'support.look', resource: { type: 'Tenant', id: '' } },
    ],
    ['an action that no policy permits', 'not-allowed', sue, { ...look, action: 'support.delete' }],
    ['no action', 'bad-option', sue, { tenant: tenants.a }],
  ])('does not open for %s', async (_, code, who, request) => {
    expect(await codeOf(guard.tenant(who, ids, request))).toBe(code)
    expect(await records()).toEqual([])
    expect(await codeOf(guard.tenant(sue, ids, look))).toBe('no failure')
  })

  it('does not open without grants, or where nothing could be recorded', async () => {
    expect(await codeOf(world.open({ records: true, policies }).tenant(sue, ids, look))).toBe(
      'no-grant',
    )
    expect(await codeOf(world.open({ grants, policies }).tenant(sue, ids, look))).toBe(
      'not-installed',
    )
    expect(await codeOf(guard.tenant(sue, ids, look))).toBe('no failure')
  })

  it('is no way for others to another tenant', async () => {
    expect(await codeOf(guard.tenant(ann, ids, { ...look, tenant: tenants.b }))).toBe(
      'tenant-contradiction',
    )
    expect(await guard.tenant(ann, ids, look)).toEqual(['a1', 'a2'])
  })

  it('returns no row that could not be recorded', async () => {
    let rows: string[] | null = null
    const reading = () => guard.tenant(sue, async (scope) => void (rows = await ids(scope)), look)
    await world.superuser.query(
      'alter table kept.outbox add constraint closed check (false) not valid',
    )
    expect(await codeOf(reading())).toBe('unrecorded')
    expect(rows).toBeNull()
    await world.superuser.query('alter table kept.outbox drop constraint closed')
    expect(await codeOf(reading())).toBe('no failure')
    expect(rows).toEqual(['a1', 'a2'])
  })

  it('returns no row without a name', async () => {
    const reading = (text: string, rowId?: string) =>
      codeOf(
        guard.tenant(sue, (scope) => scope.query({ text }), { ...look, ...(rowId && { rowId }) }),
      )
    expect(await reading('select title from document')).toBe('unnamed-rows')
    expect(await reading('select null as id, title from document')).toBe('unnamed-rows')
    expect(await reading('select count(*) from document')).toBe('unnamed-rows')
    const unnamed = ['staff-read', { grant: 'g1', failed: 'unnamed-rows' }]
    expect(await details()).toEqual([unnamed, unnamed, unnamed])
    await world.superuser.query('delete from kept.outbox')
    expect(await reading(`select 'count' as id, count(*) from document`)).toBe('no failure')
    expect(await reading('select title from document order by 1', 'title')).toBe('no failure')
    expect(await details()).toEqual([
      ['staff-read', { grant: 'g1', rows: 1, ids: ['count'] }],
      ['staff-read', { grant: 'g1', rows: 2, ids: ['first', 'second'] }],
    ])
  })

  it('names every row, however many', async () => {
    const text = 'select n as id from generate_series(1, 250) as n'
    await guard.tenant(sue, (scope) => scope.query({ text }), look)
    const lists = (await records()).map(({ detail }) => (detail as { ids: string[] }).ids)
    expect(lists.map((list) => list.length)).toEqual([50, 50, 50, 50, 50])
    expect(new Set(lists.flat()).size).toBe(250)
  })

  it('stays recorded when it is undone', async () => {
    const failing = guard.tenant(
      sue,
      async (scope) => {
        throw new Error((await ids(scope)).join())
      },
      look,
    )
    await expect(failing).rejects.toThrow('a1,a2')
    expect(await details()).toEqual([['staff-read', { grant: 'g1', rows: 2, ids: ['a1', 'a2'] }]])
  })

  it('stays recorded when a part of it is undone', async () => {
    const undone = async (scope: Scope) => {
      const part = kyselyOf<Db>(scope)
        .transaction()
        .execute(async (db) => {
          await db.selectFrom('document').select('id').where('id', '=', 'a2').execute()
          throw new Error('undo this part')
        })
      await expect(part).rejects.toThrow('undo this part')
    }
    await guard.tenant(sue, undone, look)
    expect(await details()).toEqual([['staff-read', { grant: 'g1', rows: 1, ids: ['a2'] }]])
  })

  it('shows nothing further once its grant has ended', async () => {
    const reading = async (scope: Scope) => {
      const first = await ids(scope)
      live = false
      expect(await codeOf(ids(scope))).toBe('no-grant')
      live = true
      return first
    }
    expect(await guard.tenant(sue, reading, look)).toEqual(['a1', 'a2'])
    expect(await records()).toHaveLength(1)
  })

  it('writes nothing where it only reads', async () => {
    const retitle = `update document set title = title || '!' where id = 'a1'`
    const titled = async () => {
      const { rows } = await world.superuser.query<{ title: string }>(
        `select title from document where id = 'a1'`,
      )
      return rows[0]!.title
    }
    for (const text of [retitle, `select run_text($$${retitle}$$) as id`]) {
      expect(await codeOf(ask(text, { readOnly: true }))).toBe('bad-query')
    }
    expect(await titled()).toBe('first')
    const failed = ['staff-read', { grant: 'g1', failed: '25006' }]
    expect(await details()).toEqual([failed, failed])
    expect(
      await codeOf(
        ask(`select set_config('transaction_read_only', 'off', true) as id`, { readOnly: true }),
      ),
    ).toBe('bad-query')
    const outer = { ...look, readOnly: false }
    const inner = guard.tenant(sue, () => ask(retitle, { readOnly: true }), outer)
    expect(await codeOf(inner)).toBe('scope-nested')
    expect(await titled()).toBe('first')
    expect(await codeOf(ask(retitle, { readOnly: false }))).toBe('no failure')
    expect(await titled()).toBe('first!')
    await world.superuser.query(`update document set title = 'first' where id = 'a1'`)
  })

  it('learns nothing from errors but their code, and each is recorded', async () => {
    const all = `(select string_agg(title, ',' order by id) from document)`
    const says = `do $$ begin raise exception using message = ${all}, detail = ${all}, errcode = '57014'; end $$`
    const asking: [string, string, string][] = [
      [`select ${all}::int as id`, 'bad-query', '22P02'],
      [says, 'statement-timeout', 'statement-timeout'],
      [says.replace('57014', '57P01'), 'connection-lost', 'connection-lost'],
    ]
    for (const [text, code, failed] of asking) {
      const error = (await ask(text).catch((one: unknown) => one)) as GuardFailure
      expect(error).toMatchObject({ name: 'GuardFailure', code })
      expect(error.cause).toBeUndefined()
      expect(`${inspect(error)} ${error.stack}`).not.toContain('second')
      expect((await details()).at(-1)).toEqual(['staff-read', { grant: 'g1', failed }])
    }
    // The same from a tenant, whose own rows they are.
    const own = guard.tenant(ann, (scope) => scope.query({ text: asking[0]![0] }))
    await expect(own).rejects.toThrow('first,second')
  })

  it('learns no error once its grant has ended', async () => {
    const failing = (ends: boolean) =>
      guard.tenant(
        sue,
        async (scope) => {
          live = !ends
          return await scope.query({ text: 'select title::int as id from document' })
        },
        look,
      )
    expect(await codeOf(failing(true))).toBe('no-grant')
    expect(await records()).toEqual([])
    live = true
    expect(await codeOf(failing(false))).toBe('bad-query')
    expect(await records()).toHaveLength(1)
  })

  it('has seen nothing that is not recorded, though its connection dies', async () => {
    let seen: string[] = []
    const dying = guard.tenant(
      sue,
      async (scope) => {
        seen = await ids(scope)
        await world.superuser.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where usename = '${appRole}' and datname = current_database()`,
        )
        await scope.rows`select id from document`
      },
      look,
    )
    expect(await codeOf(dying)).toMatch(/^(?:connection-lost|unrecorded)$/)
    expect(seen).toEqual(['a1', 'a2'])
    expect((await details())[0]).toEqual(['staff-read', { grant: 'g1', rows: 2, ids: seen }])
  })

  it('is recorded while as many look as the pool has connections', async () => {
    const looks = Array.from({ length: 4 }, () => guard.tenant(sue, ids, look))
    expect(await Promise.all(looks)).toHaveLength(4)
    expect(await records()).toHaveLength(4)
  })

  it('has no value read by a parser before it is recorded', async () => {
    const read: string[] = []
    const types = {
      getTypeParser: () => (value: string) => {
        read.push(value)
        return value.toUpperCase()
      },
    } as never
    const reading = (ends: boolean) =>
      guard.tenant(
        sue,
        async (scope) => {
          live = !ends
          const text = 'select id, title from document order by id'
          return (await scope.query({ text, types })).rows
        },
        look,
      )
    expect(await codeOf(reading(true))).toBe('no-grant')
    expect(read).toEqual([])
    live = true
    expect(await reading(false)).toEqual([
      { id: 'A1', title: 'FIRST' },
      { id: 'A2', title: 'SECOND' },
    ])
    expect(read).toEqual(['a1', 'first', 'a2', 'second'])
  })

  it('gets values as a tenant gets them', async () => {
    const text = `select 7 as id, true as yes, null as no, date '2026-11-20' as day, '{"a": [1]}'::json as json, 'x' as n, 2 as n`
    const asked = (rowMode?: 'array') => async (scope: Scope) =>
      (await scope.query({ text, ...(rowMode && { rowMode }) })).rows
    expect(await guard.tenant(sue, asked(), look)).toEqual(await guard.tenant(ann, asked()))
    expect(await guard.tenant(sue, asked('array'), look)).toEqual(
      await guard.tenant(ann, asked('array')),
    )
  })

  it('is recorded where no row came back, and where one holds all', async () => {
    await ask(`select id from document where title like 'f%' and false`)
    await ask(`select 'count' as id, json_agg(document) from document`)
    expect(await details()).toEqual([
      ['staff-read', { grant: 'g1', rows: 0, ids: [] }],
      ['staff-read', { grant: 'g1', rows: 1, ids: ['count'] }],
    ])
  })

  it('sends nothing with its commit, where nobody sees what it does', async () => {
    const late = { text: 'update document set title = title' }
    const sending = (who: typeof sue, request: Request) =>
      codeOf(guard.tenant(who, async (scope) => scope.atCommit(late), request))
    expect(await sending(sue, look)).toBe('bad-query')
    expect(await sending(ann, {})).toBe('no failure')
    const noting = (readOnly: boolean) =>
      codeOf(guard.tenant(sue, async (scope) => scope.record('note'), { ...look, readOnly }))
    expect(await noting(true)).toBe('bad-query')
    expect(await noting(false)).toBe('no failure')
    expect(await details()).toEqual([['event', { grant: 'g1' }]])
  })

  it('records what staff change', async () => {
    const writing = { ...look, readOnly: false }
    await guard.tenant(sue, (scope) => scope.query`update document set title = title`, writing)
    await guard.tenant(sue, (scope) => scope.query`delete from document where id = ${'x'}`, writing)
    const undone = guard.tenant(
      sue,
      async (scope) => {
        await scope.query`update document set title = title where title like ${'f%'}`
        throw new Error('undo this')
      },
      writing,
    )
    await expect(undone).rejects.toThrow('undo this')
    // What was done is told if it was kept, what was asked in any case.
    expect(await details()).toEqual([
      ['staff-read', { grant: 'g1', rows: 2, ids: [] }],
      ['event', { grant: 'g1', did: { update: 2 } }],
      ['staff-read', { grant: 'g1', rows: 0, ids: [] }],
      ['staff-read', { grant: 'g1', rows: 1, ids: [] }],
    ])
  })

  describe('that writes', () => {
    const writing: Request = { ...look, readOnly: false }
    const titles = async () => {
      const { rows } = await world.superuser.query<{ title: string }>(
        `select title from document where tenant_id = '${tenants.a}' order by id`,
      )
      return rows.map(({ title }) => title)
    }
    beforeEach(async () => {
      await world.superuser.query(`
        delete from document where tenant_id = '${tenants.a}';
        insert into document values ('${tenants.a}', 'a1', 'first'), ('${tenants.a}', 'a2', 'second')`)
    })

    const change = `update document set title = 'changed' where id = 'a1'`
    const hidden: [string, string][] = [
      ['an UPDATE', change],
      [
        'a DELETE in a WITH',
        `with gone as (delete from document where id = 'a1' returning id) select 'count' as id, count(*) from gone`,
      ],
      ['a function', `select 'done' as id, run_text($$${change}$$)`],
      ['a DO block', `do $do$ begin ${change}; end $do$`],
      [
        'a DO block that catches an error behind it',
        `do $do$ begin ${change}; begin perform 1 / 0; exception when others then null; end; end $do$`,
      ],
      ['a prepared statement', `execute hidden`],
    ]
    const run = (text: string, request: Request) =>
      guard.tenant(
        sue,
        async (scope) => {
          if (text === 'execute hidden') await scope.query({ text: `prepare hidden as ${change}` })
          await scope.query({ text })
        },
        request,
      )

    it.each(hidden)('is asked for before %s can be kept, which is told', async (_, text) => {
      expect(await codeOf(run(text, look))).toBe('bad-query')
      expect(await titles()).toEqual(['first', 'second'])
      expect((await details()).at(-1)).toEqual(['staff-read', { grant: 'g1', failed: '25006' }])
      await world.superuser.query('delete from kept.outbox')
      expect(await codeOf(run(text, writing))).toBe('no failure')
      expect(await titles()).not.toContain('first')
      expect((await records()).map(({ kind }) => kind).filter((kind) => kind === 'event')).toEqual([
        'event',
      ])
    })

    it('commits nothing by itself', async () => {
      const tenant = `perform set_config('app.tenant_id', '${tenants.a}', true)`
      const token = mode === 'plain' ? tenant : `perform set_config('kept.token', token, true)`
      const text = `do $do$ declare token text := current_setting('kept.token', true);
        begin commit; ${token}; ${change}; commit; end $do$`
      for (const request of [look, { ...look, readOnly: true }, writing]) {
        expect(await codeOf(ask(text, request))).toBe('bad-query')
      }
      expect(await titles()).toEqual(['first', 'second'])
      const failed = ['staff-read', { grant: 'g1', failed: '2D000' }]
      expect(await details()).toEqual([failed, failed, failed])
    })

    it('tells what it did once, and nothing where it only read or noted', async () => {
      await guard.tenant(sue, ids, writing)
      await guard.tenant(sue, async (scope) => scope.record('support.note'), writing)
      await guard.tenant(
        sue,
        async (scope) => {
          scope.record('support.note', { n: 1 })
          await ids(scope)
        },
        writing,
      )
      expect((await details()).filter(([kind]) => kind === 'event')).toEqual([
        ['event', { grant: 'g1' }],
        ['event', { grant: 'g1', n: 1 }],
      ])
      await world.superuser.query('delete from kept.outbox')
      await guard.tenant(
        sue,
        async (scope) => {
          await scope.query({ text: change })
          await scope.query`update document set title = title`
          await scope.query`delete from document where id = ${'a2'}`
        },
        writing,
      )
      expect((await details()).filter(([kind]) => kind === 'event')).toEqual([
        ['event', { grant: 'g1', did: { update: 3, delete: 1 } }],
      ])
    })

    const gone = `delete from document where id = 'a1' returning id`
    const close = `alter table kept.outbox add constraint closed check (kind <> 'staff-read') not valid`
    it.each<[string, string, string, () => unknown]>([
      ['has no name', 'unnamed-rows', gone.replace('ing id', 'ing title'), () => {}],
      ['comes after the grant has ended', 'no-grant', gone, () => (live = false)],
      ['cannot be recorded', 'unrecorded', gone, () => world.superuser.query(close)],
    ])('keeps nothing that %s, though its work goes on', async (_, code, text, spoil) => {
      const caught: string[] = []
      const going = (asked: string, spoiled: () => unknown, behind = false) =>
        guard.tenant(
          sue,
          async (scope) => {
            await scope.query`update document set title = ${'changed'} where id = ${'a2'}`
            await spoiled()
            const asking = () => scope.query({ text: asked })
            const one = behind ? kyselyOf<Db>(scope).transaction().execute(asking) : asking()
            caught.push(await codeOf(one))
            live = true
          },
          writing,
        )
      for (const behind of [false, true]) {
        const failing = await codeOf(going(text, spoil, behind))
        await world.superuser.query('alter table kept.outbox drop constraint if exists closed')
        expect(failing).toBe(code)
        expect(await titles()).toEqual(['first', 'second'])
        expect((await records()).filter(({ kind }) => kind === 'event')).toEqual([])
      }
      expect(await codeOf(going(gone, () => {}))).toBe('no failure')
      expect(await titles()).toEqual(['changed'])
      expect(caught[0]).toBe(code)
      expect(caught.at(-1)).toBe('no failure')
    })

    it('keeps nothing while a record of it is still on its way', async () => {
      const closing = await world.superuser.connect()
      const changing = (waits: boolean) =>
        guard.tenant(
          sue,
          async (scope) => {
            const asked = scope.query({ text: change })
            if (waits) return void (await asked)
            asked.catch(() => {})
            await vi.waitFor(async () => {
              const { rowCount } = await closing.query(
                `select from pg_locks where relation = 'kept.outbox'::regclass and not granted`,
              )
              expect(rowCount).toBe(1)
            })
          },
          writing,
        )
      await closing.query('begin; lock kept.outbox in share mode')
      const unawaited = await codeOf(changing(false))
      await closing.query('rollback')
      closing.release()
      expect(unawaited).toBe('scope-in-use')
      expect(await titles()).toEqual(['first', 'second'])
      expect(await codeOf(changing(true))).toBe('no failure')
      expect(await titles()).toEqual(['changed', 'second'])
    })
  })

  it('is not entered from the scope of somebody else, nor by them', async () => {
    const inner = guard.tenant(ann, () => guard.tenant(sue, ids, look))
    expect(await codeOf(inner)).toBe('scope-nested')
    const outer = guard.tenant(sue, () => guard.tenant(ann, ids), look)
    expect(await codeOf(outer)).toBe('scope-nested')
    expect(await guard.tenant(sue, () => guard.tenant(sue, ids, look), look)).toEqual(['a1', 'a2'])
    expect(await records()).toHaveLength(1)
  })
})
