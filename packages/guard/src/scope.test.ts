import { setTimeout } from 'node:timers/promises'
import { readPolicies } from '@kept/policy'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ann, bob, codeOf, guarded, tenants, type Guarded } from '../test/guarded.ts'
import { GuardFailure, openGuard, type GuardEvent, type Mode, type Scope } from './index.ts'

const seen = async (scope: Scope): Promise<string[]> =>
  (await scope.rows<{ id: string }>`select id from document order by id`).map(({ id }) => id)

describe.each(['plain', 'sealed'] as const)('a %s scope', (mode: Mode) => {
  let world: Guarded
  beforeAll(async () => {
    world = await guarded(mode)
  })
  afterAll(() => world.stop())

  it('sees the rows of its tenant and no others, again and again', async () => {
    for (const readOnly of [false, true, false]) {
      expect(await world.guard.tenant(ann, seen, { readOnly })).toEqual(['a1', 'a2'])
      expect(await world.guard.tenant(bob, seen, { readOnly })).toEqual(['b1'])
    }
  })

  it('keeps what it wrote, and takes another tenant for nobody', async () => {
    await world.guard.tenant(bob, async (scope) => {
      await scope.query`insert into document values (${scope.tenant}, ${'b2'}, ${'new'})`
      const { rowCount } =
        await scope.query`update document set title = ${'taken'} where id = ${'a1'}`
      expect(rowCount).toBe(0)
    })
    expect(await world.guard.tenant(bob, seen)).toEqual(['b1', 'b2'])
    const writing = world.guard.tenant(bob, (scope) =>
      scope.query({
        text: 'insert into document values ($1, $2, $3)',
        values: [tenants.a, 'x', 'x'],
      }),
    )
    expect(await codeOf(writing)).toBe('42501')
    await world.guard.tenant(bob, (scope) => scope.query`delete from document where id = ${'b2'}`)
  })

  it('undoes what its work threw on', async () => {
    const failing = world.guard.tenant(ann, async (scope) => {
      await scope.query`delete from document`
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('keeps nothing when a query failed, even if its error was swallowed', async () => {
    const swallowing = world.guard.tenant(ann, async (scope) => {
      await scope.query`delete from document`
      await scope.query`select 1 / 0`.catch(() => {})
    })
    expect(await codeOf(swallowing)).toBe('scope-ended')
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('runs no block where each query is a transaction of its own', async () => {
    const block = `do $$ begin null; end $$`
    const run = (readOnly: boolean) =>
      codeOf(world.guard.tenant(ann, (scope) => scope.query({ text: block }), { readOnly }))
    expect([await run(true), await run(false)]).toEqual(['bad-query', 'no failure'])
  })

  it('is the only way to see rows: outside the database shows none', async () => {
    expect((await world.pool.query('select from document')).rowCount).toBe(0)
    expect((await world.superuser.query('select from document')).rowCount).toBe(3)
  })

  it('writes nothing when it only reads', async () => {
    const writing = world.guard.tenant(ann, (scope) => scope.query`delete from document`, {
      readOnly: true,
    })
    expect(await codeOf(writing)).toBe('25006')
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('refuses when it is over, also by a promise that outlives it', async () => {
    let kept: Scope | undefined
    await world.guard.tenant(ann, async (scope) => {
      await scope.query`select 1`
      kept = scope
    })
    expect(await codeOf(kept!.query`select 1`)).toBe('scope-finished')
    expect(await codeOf(world.guard.tenant(ann, seen))).toBe('no failure')
  })

  it('keeps nothing when its work returns before its query is answered', async () => {
    let query: Promise<string> | undefined
    const hasty = world.guard.tenant(ann, async (scope) => {
      query = codeOf(scope.query`delete from document`)
      await Promise.resolve()
    })
    expect(await codeOf(hasty)).toBe('scope-in-use')
    expect(await query).toBe('scope-in-use')
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('lets two places take turns', async () => {
    const answers = await world.guard.tenant(ann, (scope) =>
      Promise.all(
        [1, 2, 3, 4].map((n) => scope.rows`select ${n}::int as n, pg_sleep(0.001)::text`),
      ),
    )
    expect(answers.map(([row]) => row!['n'])).toEqual([1, 2, 3, 4])
  })

  it('takes part in the scope around it, if that is of the same tenant', async () => {
    await world.guard.tenant(ann, async (outer) => {
      await outer.query`update document set title = ${'changed'} where id = ${'a1'}`
      const inner = await world.guard.tenant(
        ann,
        (scope) => scope.rows`select title from document where id = ${'a1'}`,
      )
      expect(inner).toEqual([{ title: 'changed' }])
      expect(await codeOf(world.guard.tenant(bob, seen))).toBe('scope-nested')
    })
    expect(await world.guard.tenant(bob, seen)).toEqual(['b1'])
  })

  it('is undone with a scope within it, whose error was swallowed', async () => {
    const swallowing = world.guard.tenant(ann, async (outer) => {
      await outer.query`delete from document`
      await world.guard.tenant(ann, () => Promise.reject(new Error('no'))).catch(() => {})
    })
    expect(await codeOf(swallowing)).toBe('scope-ended')
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('lets nothing that writes into one that only reads', async () => {
    const nesting = world.guard.tenant(ann, () => world.guard.tenant(ann, seen), { readOnly: true })
    expect(await codeOf(nesting)).toBe('scope-nested')
    const reading = world.guard.tenant(
      ann,
      () => world.guard.tenant(ann, seen, { readOnly: true }),
      {
        readOnly: true,
      },
    )
    expect(await reading).toEqual(['a1', 'a2'])
  })

  it('lets nothing that only reads into one that writes, where it would write', async () => {
    const writing = (readOnly: boolean) =>
      world.guard.tenant(ann, async (outer) => {
        await outer.rows`select id from document`
        const write = (scope: Scope) => scope.query`update document set title = title`
        return await world.guard.tenant(ann, write, { readOnly })
      })
    expect(await codeOf(writing(true))).toBe('scope-nested')
    expect(await codeOf(writing(false))).toBe('no failure')
  })

  it('sends what goes with the commit in the scope, and is undone with it', async () => {
    const insert = (id: string, tenant = tenants.a) => ({
      text: 'insert into document values ($1, $2, $3)',
      values: [tenant, id, 'record'],
    })
    await world.guard.tenant(ann, (scope) => Promise.resolve(scope.atCommit(insert('a3'))))
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2', 'a3'])
    const failing = world.guard.tenant(ann, async (scope) => {
      await scope.query`delete from document`
      scope.atCommit(insert('a4', tenants.b))
    })
    expect(await codeOf(failing)).toBe('42501')
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2', 'a3'])
    await world.guard.tenant(ann, (scope) => scope.query`delete from document where id = ${'a3'}`)
    const undoing = world.guard.tenant(ann, async (scope) => {
      await scope.query`delete from document`
      scope.atCommit({ text: 'rollback' })
    })
    expect(await codeOf(undoing)).toBe('scope-ended')
    const reading = world.guard.tenant(ann, async (scope) => scope.atCommit(insert('a4')), {
      readOnly: true,
    })
    expect(await codeOf(reading)).toBe('bad-query')
  })

  it('stops what runs when its signal says so', async () => {
    const abort = new AbortController()
    const waiting = world.guard.tenant(
      ann,
      async (scope) => {
        await scope.query`delete from document`
        await scope.query`select pg_sleep(600)`
      },
      { signal: abort.signal },
    )
    const sleeping = async () =>
      (
        await world.superuser.query(
          `select from pg_stat_activity where query like '%pg_sleep(600)%' and state = 'active' and pid <> pg_backend_pid()`,
        )
      ).rowCount
    while ((await sleeping()) === 0) await setTimeout(5)
    abort.abort()
    expect(await codeOf(waiting)).toBe('cancelled')
    while ((await sleeping()) !== 0) await setTimeout(5)
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
    const early = world.guard.tenant(ann, seen, { signal: AbortSignal.abort() })
    expect(await codeOf(early)).toBe('cancelled')
  })

  it('goes on to answer after a statement that does not parse, and one that failed', async () => {
    for (const readOnly of [true, false]) {
      const wrong = (scope: Scope) => scope.query`selec ${1}`
      for (let i = 0; i < 2; i++)
        expect(await codeOf(world.guard.tenant(ann, wrong, { readOnly }))).toBe('42601')
      const zero = (scope: Scope) => scope.query`select 1 / ${0}::int`
      for (let i = 0; i < 2; i++)
        expect(await codeOf(world.guard.tenant(ann, zero, { readOnly }))).toBe('22012')
      expect(await world.guard.tenant(ann, seen, { readOnly })).toEqual(['a1', 'a2'])
    }
  })

  it('takes no bare text, and no template that somebody sent', async () => {
    const asks: unknown[] = [
      'select 1',
      ['select 1'],
      { text: ' ' },
      null,
      Object.assign(['x'], { raw: ['x'] }),
    ]
    for (const ask of asks) {
      expect(await codeOf(world.guard.tenant(ann, (scope) => scope.query(ask as never)))).toBe(
        'bad-query',
      )
    }
  })

  it('tells what was decided and how it ended', async () => {
    const events: GuardEvent[] = []
    const policies = readPolicies({
      schema: `entity Tenant; entity User in [Tenant];
        action read, write appliesTo { principal: [User], resource: [Tenant] };`,
      policies: { 'only-read': 'permit (principal, action == Action::"read", resource);' },
    })
    const guard = world.open({ policies, watch: (event) => events.push(event) })
    expect(await guard.tenant(ann, seen, { action: 'read' })).toEqual(['a1', 'a2'])
    expect(await codeOf(guard.tenant(ann, seen, { action: 'write' }))).toBe('not-allowed')
    expect(await codeOf(world.guard.tenant(ann, seen, { action: 'read' }))).toBe('not-allowed')
    expect(() => guard.allow(ann, { action: 'reed' })).toThrow(/the schema has no action "reed"/)
    expect(
      events.map((event) => [event.kind, event.kind === 'decided' ? event.allowed : event.outcome]),
    ).toEqual([
      ['decided', true],
      ['ended', 'done'],
      ['decided', false],
      ['decided', false],
    ])
  })

  it('is opened for no principal but a proved one', async () => {
    const made = { tenant: tenants.a, entity: { type: 'User', id: 'eve' } }
    expect(await codeOf(world.guard.tenant(made as never, seen))).toBe('bad-principal')
  })

  it('opens in one round trip, and commits in another', async () => {
    const client = await world.pool.connect()
    const { stream } = (
      client as unknown as { connection: { stream: { write: (data: unknown) => boolean } } }
    ).connection
    let sent = 0
    const sync = Buffer.from([0x53, 0, 0, 0, 4])
    const { write } = stream
    stream.write = (...args) => {
      // A Sync asks for an answer, and nothing follows it.
      if (Buffer.isBuffer(args[0]) && args[0].subarray(-5).equals(sync)) sent++
      return write.apply(stream, args)
    }
    client.release()
    const count = async (readOnly: boolean) => {
      const before = sent
      await world.guard.tenant(ann, seen, { readOnly })
      while (world.pool.idleCount === 0) await setTimeout(1)
      return sent - before
    }
    await count(true)
    expect(await count(true)).toBe(1)
    expect(await count(false)).toBe(2)
  })
})

describe('trouble', () => {
  let world: Guarded
  beforeAll(async () => {
    world = await guarded('plain')
  })
  afterAll(() => world.stop())

  it('names a pool that is exhausted', async () => {
    const pool = world.openPool({ connectionTimeoutMillis: 50 })
    const guard = world.open({ pool })
    const held = await pool.connect()
    expect(await codeOf(guard.tenant(ann, seen))).toBe('pool-exhausted')
    held.release()
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('names a statement that takes too long', async () => {
    const guard = world.open({ pool: world.openPool({ statement_timeout: 50 }) })
    expect(await codeOf(guard.tenant(ann, (scope) => scope.query`select pg_sleep(600)`))).toBe(
      'statement-timeout',
    )
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
    const impatient = world.open({ pool: world.openPool({ query_timeout: 50 }) })
    expect(await codeOf(impatient.tenant(ann, (scope) => scope.query`select pg_sleep(1)`))).toBe(
      'statement-timeout',
    )
    expect(await impatient.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('names a connection that was lost before its query, and one lost in the commit', async () => {
    const end = (pid: unknown) => world.superuser.query('select pg_terminate_backend($1)', [pid])
    const between = world.guard.tenant(ann, async (scope) => {
      const { rows } = await scope.query`select pg_backend_pid() as pid`
      await end(rows[0]!['pid'])
      await scope.query`delete from document`
    })
    expect(await codeOf(between)).toBe('connection-lost')
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
    const committing = world.guard.tenant(ann, async (scope) => {
      await scope.query`select 1`
      scope.atCommit({ text: 'select pg_terminate_backend(pg_backend_pid())' })
    })
    expect(await codeOf(committing)).toBe('commit-unknown')
    expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('refuses a role that no policy binds', async () => {
    const guard = world.open({ pool: world.superuser })
    expect(await codeOf(guard.tenant(ann, seen))).toBe('unsafe-role')
  })

  it('says what is not installed', async () => {
    await world.superuser.query('alter function kept.stay rename to stayed')
    const guard = world.open({ pool: world.openPool(), moves: true })
    expect(await codeOf(guard.tenant(ann, seen))).toBe('not-installed')
    await world.superuser.query('alter function kept.stayed rename to stay')
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
  })

  it('takes no setting that is none of an app', () => {
    const open = () =>
      openGuard({ pool: world.pool, scope: { mode: 'plain', setting: 'search_path' } })
    expect(open).toThrow(GuardFailure)
  })
})
