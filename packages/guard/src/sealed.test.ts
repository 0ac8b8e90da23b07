import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ann, appRole, bob, codeOf, guarded, tenants, type Guarded } from '../test/guarded.ts'
import { addKey, removeKey, schemaSql, type Scope } from './index.ts'
import { padKey, seal } from './seal.ts'

const ids = (scope: Scope) => scope.rows`select id from document order by id`
const seen = async (scope: Scope) => (await ids(scope)).map(({ id }) => id)
const pidOf = async (scope: Scope) => (await scope.rows`select pg_backend_pid() as pid`)[0]!['pid']
/** What injected SQL does: any one statement. */
const inject = (scope: Scope, text: string) => scope.query({ text })

let plain: Guarded
let sealed: Guarded
beforeAll(async () => {
  plain = await guarded('plain')
  sealed = await guarded('sealed')
})
afterAll(async () => {
  await plain.stop()
  await sealed.stop()
})

/** What bob sees after a statement in his own scope. */
const bobAfter = (world: Guarded, text: string, readOnly = false) =>
  world.guard.tenant(bob, (scope) => inject(scope, text).then(() => seen(scope)), { readOnly })

describe('a statement injected into a scope', () => {
  it('moves a plain scope to another tenant, and no sealed one', async () => {
    const move = `select set_config('app.tenant_id', '${tenants.a}', true)`
    expect(await bobAfter(plain, move)).toEqual(['a1', 'a2'])
    expect(await bobAfter(sealed, move)).toEqual(['b1'])
    const forge = `select set_config('kept.token', repeat('0', 64) || rpad('first', 16, '.') || repeat('7', 16) || '${tenants.a}', true)`
    expect(await codeOf(bobAfter(sealed, forge))).toBe('seal-refused')
    const edit = `select set_config('kept.token', replace(current_setting('kept.token'), '${tenants.b}', '${tenants.a}'), true)`
    expect(await codeOf(bobAfter(sealed, edit))).toBe('seal-refused')
    expect(await bobAfter(sealed, 'select 1')).toEqual(['b1'])
  })

  it('may leave the scope, and then sees nothing', async () => {
    for (const leave of [
      'reset kept.token',
      'reset all',
      `select set_config('kept.token', '', true)`,
    ]) {
      expect(await bobAfter(sealed, leave), leave).toEqual([])
    }
  })

  it('becomes nobody else', async () => {
    for (const text of [
      'set role kept_guard',
      'set session authorization postgres',
      `select set_config('role', 'kept_guard', false)`,
      `select set_config('session_authorization', 'postgres', false)`,
    ]) {
      expect(await codeOf(bobAfter(sealed, text)), text).toBe('42501')
    }
    expect(await bobAfter(sealed, `set role ${appRole}`)).toEqual(['b1'])
  })

  it('is one statement: a second is none', async () => {
    const two = `select 1; select set_config('kept.token', '', true)`
    expect(await codeOf(bobAfter(sealed, two))).toBe('42601')
    expect((await sealed.pool.query(two)) as unknown).toHaveLength(2)
  })

  it('ends the scope with its transaction', async () => {
    for (const world of [plain, sealed]) {
      const after = (text: string) =>
        codeOf(
          world.guard.tenant(bob, async (scope) => {
            await scope.query`insert into document values (${tenants.b}, 'b2', 'new')`
            // Whoever swallows its error gets no further.
            await inject(scope, text).catch(() => {})
            await scope.query`select 1`
          }),
        )
      for (const text of [
        'commit',
        'rollback',
        'abort',
        'end',
        'commit and chain',
        'rollback and chain',
        ';/* a /* nested */ comment */ -- and a line\n COMMIT WORK AND CHAIN',
        `prepare transaction 'x'`,
      ]) {
        expect(await after(text), text).toBe('scope-ended')
        expect(await world.guard.tenant(bob, seen), text).toEqual(['b1'])
      }
      expect(await codeOf(bobAfter(world, 'begin', true))).toBe('scope-ended')
      expect(await codeOf(bobAfter(world, 'commit'))).toBe('scope-ended')
      const within = world.guard.tenant(bob, async (scope) => {
        await inject(scope, 'savepoint x')
        await inject(scope, 'delete from document')
        await inject(scope, 'rollback to savepoint x')
        await inject(scope, 'rollback  transaction to x')
        return await seen(scope)
      })
      expect(await within).toEqual(['b1'])
    }
  })

  it('gains nothing by a block or a function', async () => {
    const forge = `set_config('kept.token', repeat('0', 64) || 'first', true)`
    expect(await codeOf(bobAfter(sealed, `do $$ begin perform ${forge}; end $$`))).toBe(
      'seal-refused',
    )
    expect(
      await codeOf(bobAfter(sealed, `select run_text('select ${forge.replaceAll("'", "''")}')`)),
    ).toBe('seal-refused')
    expect(await codeOf(bobAfter(sealed, 'do $$ begin commit; end $$'))).toBe('2D000')
    expect(await bobAfter(sealed, 'do $$ begin perform 1; end $$')).toEqual(['b1'])
  })

  it('reads no key, and of the seal its own tenant alone', async () => {
    for (const text of [
      'select * from kept.key',
      'select * from kept.moved',
      'table pg_authid',
      `select pg_read_file('PG_VERSION')`,
      `copy kept.key to stdout`,
      `create or replace view kept.scope as select '${tenants.a}'::text as tenant`,
      'alter table document disable row level security',
      'drop policy kept_tenant on document',
      'truncate document',
    ]) {
      expect(await codeOf(bobAfter(sealed, text)), text).toMatch(/^42(?:501|P16)$/)
    }
    const leaky = `create function pg_temp.leak(text) returns bool language plpgsql as 'begin raise notice ''%'', $1; return true; end'`
    expect(await codeOf(bobAfter(sealed, leaky))).toBe('42501')
    const { rows } = await sealed.guard.tenant(bob, (scope) =>
      inject(scope, 'select * from kept.scope'),
    )
    expect(rows).toEqual([{ tenant: tenants.b }])
  })

  it('makes no temporary table, in whose place others would write', async () => {
    const shadow = 'create temporary table document (like public.document)'
    expect(await codeOf(bobAfter(sealed, shadow))).toBe('42501')
    const client = await sealed.superuser.connect()
    await client.query(shadow)
    expect((await client.query('select from document')).rowCount).toBe(0)
    client.release(true)
  })

  it('finds neither seals nor values in what others run', async () => {
    const guard = sealed.open({ pool: sealed.openPool() })
    const secret = 'a value of tenant a'
    const others = await guard.tenant(ann, async (scope) => {
      await scope.query`select ${secret}::text, id from document`
      const read = `select string_agg(query, ' ') as said from pg_stat_activity where pid <> pg_backend_pid()`
      const { rows } = await sealed.guard
        .tenant(bob, (other) => inject(other, read))
        .catch((error: { code: string }) => {
          // Within ann's scope nobody opens one of bob's: so it is done outside.
          expect(error.code).toBe('scope-nested')
          return sealed.pool.query(read)
        })
      return (rows[0] as { said: string }).said
    })
    expect(others).toContain('::text, id from document')
    expect(others).not.toContain(secret)
    expect(others).not.toMatch(/[0-9a-f]{64}/)
  })

  it('catches no seal while another scope opens, however often it looks', async () => {
    const over = new AbortController()
    const guard = sealed.open({ pool: sealed.openPool() })
    const honest = (async () => {
      while (!over.signal.aborted) await guard.tenant(bob, seen)
    })()
    // One statement that looks anew 2000 times: it must catch an opening, or it proves nothing.
    const spy = `with recursive looked (n, said, cleared) as (select 0, null::text, '' union all
      select n + 1, other.query, pg_stat_clear_snapshot()::text from looked
      left join lateral (select query from pg_stat_get_activity(null) where n >= 0 and cleared is not null
        and pid <> pg_backend_pid() and query like '%kept.token%') as other on true
      where n < 2000 and said is null) select said from looked where said is not null`
    let said: unknown
    while (said === undefined) {
      const { rows } = await sealed.guard.tenant(ann, (scope) => inject(scope, spy))
      said = rows[0]?.['said']
    }
    over.abort()
    await honest
    expect(said).toBe(`select pg_catalog.set_config('kept.token', $1, true)`)
    // By chance, so that a busy machine takes long.
  }, 180_000)
})

describe('a token', () => {
  /** What a backend of the app says to a token in a transaction of its own. */
  async function tried(
    token: (pid: number, start: number) => string,
    world = sealed,
  ): Promise<string> {
    const client = await world.pool.connect()
    try {
      await client.query('begin')
      const { rows } = await client.query(
        `select pg_backend_pid() as pid, (extract(epoch from now()) * 1000000)::int8 as start`,
      )
      await client.query(`select set_config('kept.token', $1, true)`, [
        token(rows[0].pid, Number(rows[0].start)),
      ])
      return await client.query('select tenant from kept.scope').then(
        (result) => String(result.rows[0]?.tenant),
        (error: Error) => error.message.replace(/.* is /, ''),
      )
    } finally {
      await client.query('rollback')
      client.release()
    }
  }
  const tenant = tenants.a
  const made =
    (claim: object, key = sealed.key) =>
    (pid: number, until: number) =>
      seal(padKey(key), { tenant, pid, until, ...claim })

  it('holds for its backend, tenant, key and time, and for nothing else', async () => {
    expect(await tried(made({}))).toBe(tenant)
    expect(await tried((pid, start) => made({})(pid + 1, start))).toBe('forged')
    expect(await tried((pid, start) => made({})(pid, start - 1))).toBe('expired')
    expect(await tried((pid, start) => made({})(pid, start).replace('000a', '000b'))).toBe('forged')
    expect(await tried(made({}, { ...sealed.key, id: 'other' }))).toBe('undefined')
    expect(await tried(made({}, { ...sealed.key, secret: Buffer.alloc(32) }))).toBe('forged')
    expect(await tried(() => 'x')).toBe('undefined')
    expect(await tried(() => 'x'.padEnd(64) + 'first')).toBe('forged')
    expect(await tried(() => '')).toBe('undefined')
  })

  it('is what HMAC-SHA-256 makes of a key of any length', async () => {
    for (const length of [32, 64, 65, 200]) {
      const key = { id: 'long', secret: Buffer.alloc(length, length) }
      await sealed.superuser.query(addKey(key))
      expect(await tried(made({}, key))).toBe(tenant)
    }
    await sealed.superuser.query(removeKey('long'))
  })

  it('names its key, so that keys rotate', async () => {
    const next = { id: 'next', secret: Buffer.alloc(32, 1) }
    const guard = sealed.open({ scope: { mode: 'sealed', key: next } })
    expect(await codeOf(guard.tenant(ann, seen))).toBe('seal-refused')
    await sealed.superuser.query(addKey(next))
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
    expect(await sealed.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
    await sealed.superuser.query(removeKey('next'))
    expect(await codeOf(guard.tenant(ann, seen))).toBe('seal-refused')
  })

  it('opens no other tenants than those that its key may speak for', async () => {
    const narrow = { id: 'narrow', secret: Buffer.alloc(32, 2) }
    const opened = async (limits?: { tenants?: string[] }) => {
      await sealed.superuser.query(addKey(narrow, limits))
      return [await tried(made({}, narrow)), await tried(made({ tenant: tenants.b }, narrow))]
    }
    expect(await opened()).toEqual([tenants.a, tenants.b])
    expect(await opened({ tenants: [tenants.a] })).toEqual([tenants.a, 'forged'])
    expect(await opened({ tenants: [tenants.a, tenants.b] })).toEqual([tenants.a, tenants.b])
    expect(await opened({ tenants: [] })).toEqual(['forged', 'forged'])
    await sealed.superuser.query(addKey(narrow, { tenants: [tenants.a] }))
    await sealed.superuser.query(
      `update kept.key set tenants = tenants || null::text where id = 'narrow'`,
    )
    expect(await tried(made({ tenant: tenants.b }, narrow))).toBe('forged')
    const guard = sealed.open({ scope: { mode: 'sealed', key: narrow } })
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
    expect(await codeOf(guard.tenant(bob, seen))).toBe('seal-refused')
    await sealed.superuser.query(removeKey('narrow'))
  })

  it('goes on to open all where an earlier version made the keys', async () => {
    const world = await guarded('sealed')
    await world.superuser.query(`
      create or replace view kept.scope with (security_barrier) as select null::text as tenant from kept.key;
      alter table kept.key drop column tenants`)
    expect(await codeOf(world.superuser.query(addKey(world.key)))).toBe('42703')
    for (let time = 0; time < 2; time++) {
      await world.superuser.query(schemaSql({ mode: 'sealed', appRole }))
      expect(await world.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
      expect(await world.guard.tenant(bob, seen)).toEqual(['b1'])
    }
    await world.stop()
  })

  const read = (scope: Scope) => inject(scope, `select current_setting('kept.token') as token`)
  const replay = (token: string) => `select set_config('kept.token', '${token}', true)`

  it('can be used again by who injects into scopes of both tenants on one backend, until it expires', async () => {
    const pid = Number(await sealed.guard.tenant(bob, pidOf))
    const made = (until: number) =>
      seal(padKey(sealed.key), { tenant, pid, until: (Date.now() + until) * 1000 })
    expect(await bobAfter(sealed, replay(made(60_000)))).toEqual(['a1', 'a2'])
    expect(await codeOf(bobAfter(sealed, replay(made(-1000))))).toBe('seal-refused')
  })

  it('expires within two seconds, whatever is done to the clock of this process', async () => {
    let shift = 0
    const guard = sealed.open({ now: () => Date.now() + shift })
    await guard.tenant(ann, seen)
    for (shift of [0, 3_600_000, -3_600_000]) {
      const { rows } = await guard.tenant(ann, read)
      const token = String(rows[0]!['token'])
      const until = Number.parseInt(token.slice(80, 96), 16) / 1000 + Date.UTC(2000, 0)
      expect(until - Date.now()).toBeLessThan(2100)
    }
  })

  it('is of no use on another backend, nor after its transaction where that was asked', async () => {
    const other = sealed.open({ pool: sealed.openPool() })
    const { rows } = await other.tenant(ann, read)
    expect(await codeOf(bobAfter(sealed, replay(String(rows[0]!['token']))))).toBe('seal-refused')
    const exact = sealed.open({ pooler: true })
    const { rows: own } = await exact.tenant(ann, read)
    expect(await codeOf(bobAfter(sealed, replay(String(own[0]!['token']))))).toBe('seal-refused')
    expect(await exact.tenant(ann, seen)).toEqual(['a1', 'a2'])
    expect(await exact.tenant(ann, seen, { readOnly: true })).toEqual(['a1', 'a2'])
  })

  it('is made by the database’s clock, where ours is near it, and after ours is set', async () => {
    let shift = -3000
    const guard = sealed.open({ pool: sealed.openPool(), now: () => Date.now() + shift })
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
    // What the connection was looked at by is a clock that nobody sets.
    shift = -60_000
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
    const late = sealed.open({ pool: sealed.openPool(), now: () => Date.now() + shift })
    const failure = await late.tenant(ann, seen).catch((error: Error) => error)
    expect(failure).toMatchObject({ code: 'seal-refused', message: expect.stringContaining('NTP') })
    for (const far of [-3_600_000, 3_600_000]) {
      const apart = (pooler: boolean) =>
        sealed.open({ pool: sealed.openPool(), pooler, now: () => Date.now() + far })
      expect(await codeOf(apart(false).tenant(ann, seen))).toBe('seal-refused')
      expect(await apart(true).tenant(ann, seen)).toEqual(['a1', 'a2'])
    }
  })
})

describe.each(['plain', 'sealed'] as const)(
  'a connection on which a %s scope ran injected SQL',
  (mode) => {
    const world = () => (mode === 'plain' ? plain : sealed)
    /** Bob's scope runs it, whatever comes of it; then ann's. */
    const after = async (text: string) => {
      await world()
        .guard.tenant(bob, (scope) => inject(scope, text))
        .catch(() => {})
      return await world().guard.tenant(ann, seen)
    }
    const backend = () => world().guard.tenant(ann, pidOf)

    it('goes on to serve when nothing was left on it', async () => {
      const before = await backend()
      expect(await after('select 1')).toEqual(['a1', 'a2'])
      expect(await after('select 1 / 0')).toEqual(['a1', 'a2'])
      expect(await backend()).toBe(before)
    })

    it.each([
      'prepare p as select 1',
      'deallocate all',
      'discard plans',
      'declare c cursor with hold for select * from document',
      'listen x',
      'do $$ begin perform 1; end $$',
      `set session search_path = nowhere`,
    ])('is closed after %s', async (text) => {
      const before = await backend()
      expect(await after(text)).toEqual(['a1', 'a2'])
      expect(await backend()).not.toBe(before)
    })

    it('keeps no setting by which the next would see others’ rows', async () => {
      const settings = {
        search_path: 'nowhere',
        'app.tenant_id': tenants.b,
        ...(mode === 'sealed' && {
          transform_null_equals: 'on',
          'app.stash': 'x',
          row_security: 'off',
          default_transaction_isolation: 'serializable',
        }),
      }
      const before = await backend()
      for (const [name, value] of Object.entries(settings)) {
        const left = `select set_config('${name}', '${value}', false)`
        expect(await after(left), name).toEqual(['a1', 'a2'])
        const { rows } = await world().guard.tenant(ann, (scope) =>
          inject(scope, `select current_setting('${name}', true) as it`),
        )
        if (mode === 'sealed' || name !== 'app.tenant_id')
          expect(rows[0]!['it'], name).not.toBe(value)
      }
      expect(await backend()).toBe(before)
    })

    it('lets the next one write, whatever it made the defaults of transactions', async () => {
      const left = `select set_config('default_transaction_' || which, 'on', false) from unnest('{read_only,deferrable}'::text[]) as which`
      const write = (scope: Scope) => scope.query`update document set title = title`
      for (let time = 0; time < 2; time++) {
        await world().guard.tenant(bob, (scope) => inject(scope, left))
        expect((await world().guard.tenant(ann, write)).rowCount).toBe(2)
      }
    })

    it('keeps no role of it', async () => {
      await world().superuser.query(`do $$ begin
      if not exists (select from pg_roles where rolname = 'test_guard_other') then create role test_guard_other; end if;
      end $$; grant test_guard_other to ${appRole}; grant usage on schema kept to test_guard_other`)
      const guard = world().open({ pool: world().openPool() })
      const role = (scope: Scope) => scope.rows`select current_user::text as role`
      const taking = guard.tenant(bob, async (scope) => {
        await inject(scope, `select set_config('role', 'test_guard_other', false)`)
        return await role(scope)
      })
      expect(await taking).toEqual([{ role: 'test_guard_other' }])
      expect(await guard.tenant(ann, role)).toEqual([{ role: appRole }])
      await world().superuser.query(
        `revoke test_guard_other from ${appRole}; drop owned by test_guard_other`,
      )
    })
  },
)

it('no cursor outlives a sealed scope', async () => {
  const holding = `select run_text('declare c cursor with hold for select * from document')`
  await sealed.guard.tenant(ann, (scope) => inject(scope, holding))
  const fetching = sealed.guard.tenant(bob, (scope) => inject(scope, 'fetch all from c'))
  expect(await codeOf(fetching)).toBe('34000')
})

it('a timeout that SQL left makes the next sealed scope wait for nothing and fail at nothing', async () => {
  const left = `select set_config('statement_timeout', '1', false)`
  const slow = (scope: Scope) => scope.rows`select pg_sleep(0.05)::text`
  for (const readOnly of [false, true]) {
    await sealed.guard.tenant(bob, (scope) => inject(scope, left))
    expect(await sealed.guard.tenant(ann, slow, { readOnly })).toHaveLength(1)
  }
})

it('a default isolation that SQL left is none of the next sealed scope’s', async () => {
  const isolation = (scope: Scope) => scope.rows`show transaction_isolation`
  const guard = sealed.open({ moves: true })
  for (const readOnly of [false, true]) {
    const before = await guard.tenant(ann, pidOf)
    // Injected as a text of its own it is set back at once; out of a function, before the next scope.
    const left = `select set_config('default_transaction_isolation', 'serializable', false)`
    await guard.tenant(bob, (scope) => inject(scope, left))
    expect(await guard.tenant(ann, pidOf, { readOnly })).toBe(before)
    await guard.tenant(
      bob,
      (scope) =>
        scope.query`select set_config('default_transaction_isolation', 'serializable', false)`,
    )
    expect(await guard.tenant(ann, isolation, { readOnly })).toEqual([
      { transaction_isolation: 'read committed' },
    ])
  }
})

it('a connection that ends in the pool ends no process, and who listens hears of it', async () => {
  const heard: string[] = []
  for (const listens of [true, false]) {
    // A pool as apps make it: whether anybody listens is up to them.
    const pool = new pg.Pool({ connectionString: sealed.url, max: 1 })
    if (listens) pool.on('error', (error) => heard.push(error.message))
    await sealed
      .open({ pool })
      .tenant(bob, (scope) => scope.query`select set_config('idle_session_timeout', '1', false)`)
    while (pool.totalCount > 0) await setTimeout(2)
    expect(await sealed.open({ pool }).tenant(ann, seen)).toEqual(['a1', 'a2'])
    await pool.end()
  }
  expect(heard).toEqual(['terminating connection due to idle-session timeout'])
})

describe('what a sealed scope leaves on its connection', () => {
  it.each(['end well', 'fail'])('is taken away, if its texts can %s', async (how) => {
    await sealed.superuser.query(
      `create sequence if not exists numbers; grant usage on sequence numbers to ${appRole}`,
    )
    const lock = `pg_advisory_lock(hashtextextended('kept.tenant:${tenants.b}', 0))`
    const leave = `select ${lock}, nextval('numbers'), setseed(0.5), run_text('listen x')`
    const pid = await sealed.guard
      .tenant(ann, async (scope) => {
        await inject(scope, leave)
        const { rows } = await inject(scope, 'select pg_backend_pid() as pid, lastval()')
        if (how === 'fail') await inject(scope, 'select 1 / 0').catch(() => {})
        return rows[0]!['pid']
      })
      .catch(({ code }: { code: string }) => code)
    if (how === 'fail') expect(pid).toBe('scope-ended')
    const found = await sealed.guard.tenant(
      bob,
      (scope) =>
        scope.rows`select pg_backend_pid() as pid, random() as random, array(select pg_listening_channels()) as heard,
        (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks`,
    )
    const seeded = await sealed.superuser.query('select setseed(0.5), random() as random')
    expect(found).toMatchObject([{ heard: [], locks: 0 }])
    if (how !== 'fail') expect(found[0]!['pid']).toBe(pid)
    expect(found[0]!['random']).not.toBe(seeded.rows[0].random)
    const last = () => codeOf(sealed.guard.tenant(bob, (scope) => scope.rows`select lastval()`))
    expect(await last()).toBe('55000')
    await sealed.guard.tenant(ann, async (scope) => scope.atCommit({ text: leave }))
    expect(await last()).toBe('55000')
  })
})

it('operators and functions of the app’s own are not taken by the guard’s statements', async () => {
  const world = await guarded('sealed')
  await world.superuser.query(`grant create on schema public to ${appRole}`)
  const raise = `returns %s language plpgsql as 'begin raise exception using errcode = ''XX999''; end'`
  const make = (name: string, of: string, returns: string) =>
    `create function public.${name}(${of}) ${raise.replace('%s', returns)}`
  for (const text of [
    make('times', 'numeric, int', 'numeric'),
    make('same', 'name, name', 'bool'),
    make('same', 'text, text', 'bool'),
    make('pg_has_role', 'name, oid, text', 'bool'),
    make('has_database_privilege', 'name, name, text', 'bool'),
    make('set_config', 'text, text, bool', 'text'),
    'create operator public.* (leftarg = numeric, rightarg = int, function = public.times)',
    'create operator public.= (leftarg = name, rightarg = name, function = public.same)',
    'create operator public.= (leftarg = text, rightarg = text, function = public.same)',
  ]) {
    await world.guard.tenant(ann, (scope) => inject(scope, text))
  }
  const pool = world.openPool({ options: '-c search_path=public,pg_catalog' })
  for (const text of ['select 1.5 * 2', `select session_user = 'x'::name`]) {
    expect(await codeOf(pool.query(text))).toBe('XX999')
  }
  for (const pooler of [false, true]) {
    const guard = world.open({ pool, pooler, moves: true })
    for (const readOnly of [false, true]) {
      expect(await guard.tenant(bob, seen, { readOnly })).toEqual(['b1'])
    }
  }
  await world.stop()
})

describe('a prepared statement', () => {
  /** Where nobody could hide the names of statements. */
  let open: Guarded
  beforeAll(async () => {
    open = await guarded('sealed')
    await open.superuser.query(
      'grant execute on function pg_catalog.pg_prepared_statement() to public',
    )
  })
  afterAll(() => open.stop())

  const rows = async (scope: Scope) => {
    const named = { name: 'mine', text: 'select id from document order by id' }
    return (await scope.query(named)).rows.map(({ id }) => id)
  }
  const readOnly = { readOnly: true }
  /** By a function of the app that runs any text, of which no tag tells. */
  const unseen = (scope: Scope, text: string) => scope.query`select run_text(${text})`
  const takePlace = (name: string) => `do $do$ declare its text; begin
    for its in select name from pg_prepared_statements where name like '%_${name}' loop
      execute format('deallocate %1$I; prepare %1$I as select ''x''::text as id', its);
    end loop; end $do$`

  it.each(['mine', 'kept_reset', 'kept_close'])(
    'like %s is replaced by nobody who cannot read its name',
    async (name) => {
      await sealed.guard.tenant(ann, rows, readOnly)
      const before = await sealed.guard.tenant(ann, pidOf)
      const replacing = sealed.guard.tenant(
        bob,
        (scope) => unseen(scope, takePlace(name)),
        readOnly,
      )
      expect(await codeOf(replacing)).toBe('42501')
      expect(await sealed.guard.tenant(ann, rows, readOnly)).toEqual(['a1', 'a2'])
      expect(await sealed.guard.tenant(ann, pidOf)).toBe(before)
    },
  )

  it.each(['mine', 'kept_reset', 'kept_close'])(
    'put in the place of %s serves nobody: its connection is closed',
    async (name) => {
      await open.guard.tenant(ann, rows, readOnly)
      const before = await open.guard.tenant(ann, pidOf)
      const replacing = open.guard.tenant(bob, (scope) => unseen(scope, takePlace(name)), readOnly)
      expect(await codeOf(replacing)).toBe('no failure')
      expect(await open.guard.tenant(ann, rows, readOnly)).toEqual(['a1', 'a2'])
      expect(await open.guard.tenant(ann, pidOf)).not.toBe(before)
    },
  )

  it('made by a block that failed is found, too', async () => {
    const before = await open.guard.tenant(ann, pidOf)
    const failing = `do $$ begin execute 'prepare p as select 1'; raise exception 'x'; end $$`
    expect(await codeOf(open.guard.tenant(bob, (scope) => inject(scope, failing)))).toBe('P0001')
    expect(await open.guard.tenant(ann, pidOf)).not.toBe(before)
  })

  it('that was thrown away is made again', async () => {
    for (const world of [plain, sealed, open]) {
      await world.guard.tenant(ann, rows)
      await world.guard.tenant(bob, (scope) => unseen(scope, 'deallocate all'))
      expect(await world.guard.tenant(ann, rows)).toEqual(['a1', 'a2'])
    }
  })

  it('is looked for where others than the guard used the pool', async () => {
    await open.guard.tenant(ann, rows)
    const before = await open.guard.tenant(ann, pidOf)
    await open.pool.query(takePlace('mine'))
    expect(await open.guard.tenant(ann, rows, readOnly)).toEqual(['a1', 'a2'])
    expect(await open.guard.tenant(ann, pidOf)).not.toBe(before)
  })

  it('put in the place of one of the guard’s own ends the scope that did it', async () => {
    const replacing = open.guard.tenant(
      bob,
      async (scope) => {
        await unseen(scope, takePlace('kept_reset'))
        return await seen(scope)
      },
      readOnly,
    )
    expect(await codeOf(replacing)).toBe('connection-poisoned')
    expect(await open.guard.tenant(ann, seen, readOnly)).toEqual(['a1', 'a2'])
  })
})
