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
    for (const text of ['commit', 'rollback', 'commit and chain', 'abort']) {
      const ending = sealed.guard.tenant(bob, async (scope) => {
        await scope.query`select 1`
        await inject(scope, text)
      })
      const ended = text === 'commit and chain' ? 'no failure' : 'scope-ended'
      expect(await codeOf(ending), text).toBe(ended)
    }
    expect(await codeOf(bobAfter(sealed, 'begin', true))).toBe('scope-ended')
    const chained = bobAfter(sealed, 'commit and chain')
    expect(await chained).toEqual([])
    expect(await sealed.guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
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
})

describe('a token', () => {
  /** What a backend of the app says to a token in a transaction of its own. */
  async function tried(
    token: (pid: number, start: bigint) => string,
    world = sealed,
  ): Promise<string> {
    const client = await world.pool.connect()
    try {
      await client.query('begin')
      const { rows } = await client.query(
        `select pg_backend_pid() as pid, (extract(epoch from now()) * 1000000)::int8 as start`,
      )
      await client.query(`select set_config('kept.token', $1, true)`, [
        token(rows[0].pid, BigInt(rows[0].start)),
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
    (pid: number, until: bigint) =>
      seal(padKey(key), { tenant, pid, until, ...claim })

  it('holds for its backend, tenant, key and time, and for nothing else', async () => {
    expect(await tried(made({}))).toBe(tenant)
    expect(await tried((pid, start) => made({})(pid + 1, start))).toBe('forged')
    expect(await tried((pid, start) => made({})(pid, start - 1n))).toBe('expired')
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
    let shift = 0
    const guard = sealed.open({ now: () => Date.now() + shift })
    await guard.tenant(ann, seen)
    // As if its two seconds lasted a minute, so that a slow machine does not matter.
    shift = 60_000
    const { rows } = await guard.tenant(ann, read)
    expect(await bobAfter(sealed, replay(String(rows[0]!['token'])))).toEqual(['a1', 'a2'])
    const pid = Number(await sealed.guard.tenant(bob, pidOf))
    const until = BigInt(Date.now() - 1000) * 1000n
    const old = seal(padKey(sealed.key), { tenant, pid, until })
    expect(await codeOf(bobAfter(sealed, replay(old)))).toBe('seal-refused')
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

  it('is made by the database’s clock, however far that is from ours, and after ours is set', async () => {
    let shift = -3_600_000
    const guard = sealed.open({ pool: sealed.openPool(), now: () => Date.now() + shift })
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
    shift = -7_200_000
    expect(await guard.tenant(ann, seen)).toEqual(['a1', 'a2'])
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

    it('keeps no setting of it', async () => {
      const settings = {
        search_path: 'nowhere',
        transform_null_equals: 'on',
        'app.tenant_id': tenants.b,
        'app.stash': 'x',
        row_security: 'off',
        statement_timeout: '1',
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

it.each(['plain', 'sealed'] as const)('no cursor outlives a %s scope', async (mode) => {
  const world = mode === 'plain' ? plain : sealed
  const holding = `select run_text('declare c cursor with hold for select * from document')`
  await world.guard.tenant(ann, (scope) => inject(scope, holding))
  const fetching = world.guard.tenant(bob, (scope) => inject(scope, 'fetch all from c'))
  expect(await codeOf(fetching)).toBe('34000')
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

  it.each(['mine', 'kept_reset', 'kept_read'])(
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

  it.each(['mine', 'kept_reset', 'kept_read'])(
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
