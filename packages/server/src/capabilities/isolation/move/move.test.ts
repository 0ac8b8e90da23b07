import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testKept, type TestKept } from '../../../../test/kept.ts'
import {
  a,
  b,
  cancel,
  canary,
  contents,
  interruptLast,
  isEmpty,
  list,
  person,
  rowsOf,
  start,
  startMoving,
  type Moving,
} from '../../../../test/moving.ts'
import { claimsOperations } from '../../claims/operations.ts'
import { tenancyOperations } from '../../tenancy/operations.ts'
import type { MoveStep } from './move.ts'

let moving: Moving
let kept: TestKept
beforeAll(async () => {
  moving = await startMoving()
}, 60_000)
afterAll(() => moving.stop())
beforeEach(async () => {
  kept = await moving.begin()
  return () => kept.stop()
})

const sql = (text: string, database = 'shared') => moving.postgres.sql(text, database)
const move = (cluster = 'own', kind: 'shared' | 'dedicated' = 'dedicated', tenant = a) =>
  kept.ask(person, start, { tenant, cluster, kind })
const last = async () => (await kept.ask(person, list, {})).moves[0]!
const where = async () =>
  (await kept.ask(person, tenancyOperations.showTenant, { tenant: a })).cluster
const refused = (code: string) => expect.objectContaining({ code }) as Error

describe('a move', () => {
  it('brings every row of every table, and leaves those of others', async () => {
    const [before, others] = [
      await contents(moving, 'shared', a),
      await contents(moving, 'shared', b),
    ]
    expect(Object.values(before).filter((rows) => rows.length === 0)).toEqual([[]])
    await move()
    await kept.work()
    expect(await last()).toMatchObject({ state: 'done', reason: null })
    expect(await contents(moving, 'own', a)).toEqual(before)
    expect(isEmpty(await contents(moving, 'shared', a))).toBe(true)
    expect(await contents(moving, 'shared', b)).toEqual(others)
    expect(await where()).toBe('own')
    expect(await sql('select * from kept.moved')).toEqual([{ tenant: a, destination: 'own' }])
    expect(await sql('select * from kept.moved', 'own')).toEqual([])
  })

  it('goes back, and forth, with what was written since', async () => {
    await move()
    await kept.work()
    await sql(
      `insert into app.writes values ('${a}', 'there'); delete from app.logs;
      update app.kinds set t = 'changed' where t = ''`,
      'own',
    )
    const before = await contents(moving, 'own', a)
    await move('shared', 'shared')
    await kept.work()
    expect(await last()).toMatchObject({ state: 'done' })
    expect(await contents(moving, 'shared', a)).toEqual(before)
    expect(isEmpty(await contents(moving, 'own', a))).toBe(true)
    expect(await sql('select * from kept.moved')).toEqual([])
    expect(await sql('select * from kept.moved', 'own')).toEqual([
      { tenant: a, destination: 'shared' },
    ])
    await move()
    await kept.work()
    expect(await contents(moving, 'own', a)).toEqual(before)
    const { history } = await kept.ask(person, tenancyOperations.showTenant, { tenant: a })
    expect(history.map(({ cluster, kind }) => `${cluster} ${kind}`)).toEqual([
      'own dedicated',
      'shared shared',
      'own dedicated',
      'shared shared',
    ])
  })

  it('puts sequences beyond the numbers it brought', async () => {
    await sql(`select setval('app.kinds_id_seq', 5000)`)
    await move()
    await kept.work()
    await sql(
      `insert into app.projects (tenant_id, name) values ('${a}', 'new');
      insert into app.kinds (tenant_id, n) values ('${a}', 1)`,
      'own',
    )
    const [row] = await sql('select max(id) as id from app.kinds', 'own')
    expect((row as { id: number }).id).toBe(6001)
  })

  it('is an entry of the ledger, with a handle in the place of the tenant', async () => {
    await move()
    await kept.work()
    const { rows } = await kept.as.owner.query<{ body: Buffer }>('select body from ledger.entries')
    const said = rows.map(({ body }) => body.toString()).filter((one) => one.includes('isolation.'))
    expect(said.map((one) => (JSON.parse(one) as { action: string }).action)).toEqual([
      'isolation.start-move',
      'isolation.switch-move',
      'isolation.finish-move',
    ])
    expect(said.join()).not.toContain(a)
  })

  it('takes a canary along that nobody placed', async () => {
    await sql(rowsOf(canary))
    const before = await contents(moving, 'shared', canary)
    await move('own', 'shared', canary)
    await kept.work()
    expect((await last()).state).toBe('done')
    expect(await contents(moving, 'own', canary)).toEqual(before)
    const shown = await kept.ask(person, tenancyOperations.showTenant, { tenant: canary })
    expect(shown).toMatchObject({ cluster: 'own', canary: true, moving: null })
  })

  it('copies thousands of rows', async () => {
    await sql(`insert into app.writes select '${a}', 'w' || i from generate_series(1, 5000) i`)
    const before = await contents(moving, 'shared', a)
    await move()
    await kept.work()
    expect(await contents(moving, 'own', a)).toEqual(before)
    expect((await last()).tables.find(({ table }) => table === 'app.writes')!.rows).toBe(5000)
  })

  it('leaves triggers asleep, where it may', async () => {
    const trigger = `create table app.told (line text); grant insert, select on app.told to mover;
      create function app.tell() returns trigger language plpgsql as $$
        begin insert into app.told values (tg_op); return coalesce(new, old); end $$;
      create trigger telling before insert or update or delete on app.projects
        for each row execute function app.tell()`
    for (const name of ['shared', 'own']) await sql(trigger, name)
    await move()
    await kept.work()
    expect((await last()).reason).toBe(
      'telling of app.projects in shared acts on rows that are only moved',
    )
    await sql('grant set on parameter session_replication_role to mover')
    try {
      await move()
      await kept.work()
      expect((await last()).state).toBe('done')
      for (const name of ['shared', 'own'])
        expect(await sql('select from app.told', name)).toEqual([])
      // Nothing checks what the rows point at then, but the move itself.
      await sql('set session_replication_role = replica; delete from app.countries')
      await move('shared', 'shared')
      await kept.work()
      expect((await last()).reason).toMatch(
        /app.projects of shared lacks rows that projects_country/,
      )
      expect(await where()).toBe('own')
      expect(isEmpty(await contents(moving, 'shared', a))).toBe(true)
    } finally {
      await sql('revoke set on parameter session_replication_role from mover')
    }
  })
})

describe('a move is refused', () => {
  it('while another of the same tenant goes on', async () => {
    await move()
    await expect(move()).rejects.toThrow(refused('conflict'))
    await kept.work()
    await expect(move()).rejects.toThrow(refused('conflict'))
    await move('shared', 'shared')
  })

  it('to a cluster outside the promised regions, and the ledger has that', async () => {
    await kept.as.owner.query(`update tenancy.clusters set region = 'eu-west-1' where id = 'own'`)
    await expect(move()).rejects.toThrow(refused('outside-regions'))
    await kept.as.owner.query(`update tenancy.clusters set region = 'us-east-1' where id = 'own'`)
    await move()
  })

  const refusals: readonly (readonly [
    what: string,
    damage: string,
    why: RegExp,
    repair: string,
  ])[] = [
    [
      'has rows of it',
      `set session_replication_role = replica; insert into app.writes values ('${a}', 'there')`,
      /own has 1 rows of the tenant already/,
      'delete from app.writes',
    ],
    [
      'lacks a column',
      'alter table app.writes drop column n',
      /own differs from shared: app.writes has other columns or keys there/,
      'alter table app.writes add column n int not null default 0',
    ],
    [
      'lacks a table',
      'drop table app.logs',
      /own differs from shared: app.logs is not there/,
      'create table app.logs (tenant_id uuid not null, line text); grant all on app.logs to mover',
    ],
    [
      'has a table more',
      'create table app.more (tenant_id uuid)',
      /own differs from shared: app.more is only there/,
      'drop table app.more',
    ],
    [
      'gives no right',
      'revoke insert on app.writes from mover',
      /the role of the secret of own may not insert app.writes/,
      'grant insert on app.writes to mover',
    ],
    [
      'lets no sequence be set',
      'revoke update on sequence app.kinds_id_seq from mover',
      /may not select and update app.kinds_id_seq/,
      'grant update on sequence app.kinds_id_seq to mover',
    ],
    [
      'knows nothing of moves',
      'alter table kept.moved rename to other',
      /own has no table kept.moved/,
      'alter table kept.other rename to moved',
    ],
    [
      'may not be told of moves',
      'revoke delete on kept.moved from mover',
      /may not write kept.moved/,
      'grant delete on kept.moved to mover',
    ],
    [
      'says that the tenant moved',
      `insert into kept.moved values ('${a}', 'third')`,
      /own says that the tenant moved to third/,
      'delete from kept.moved',
    ],
    [
      'lacks what all tenants share',
      'delete from app.countries',
      /app.projects of own lacks rows that projects_country_fkey points at/,
      `insert into app.countries values ('us')`,
    ],
    [
      'has a row of another with the same key',
      `insert into app.kinds (tenant_id, id, n) values ('${canary}', 1, 1)`,
      /app.kinds of own has a row of somebody else that kinds_pkey takes for the same/,
      'delete from app.kinds',
    ],
    [
      'has a table that only points at one',
      `create table app.lines (id int, project bigint, tenant uuid,
          foreign key (tenant, project) references app.projects)`,
      /app.lines of own points at app.projects and has no tenant_id/,
      'drop table app.lines',
    ],
  ]

  it.each(refusals)('when the destination %s', async (_, damage, why, repair) => {
    const before = await contents(moving, 'shared', a)
    const there = await contents(moving, 'own', a)
    await sql(damage, 'own')
    await move()
    await kept.work()
    expect(await last()).toMatchObject({ state: 'rolled-back', reason: expect.stringMatching(why) })
    expect(await contents(moving, 'shared', a)).toEqual(before)
    expect(await where()).toBe('shared')
    expect(await sql('select * from kept.moved')).toEqual([])
    await sql(repair, 'own')
    expect(await contents(moving, 'own', a)).toEqual(there)
    await move()
    await kept.work()
    expect(await last()).toMatchObject({ state: 'done', reason: null })
    expect(isEmpty(await contents(moving, 'shared', a))).toBe(true)
  })

  it('when policies hide rows from its role', async () => {
    await sql('alter role mover nobypassrls')
    await move()
    await kept.work()
    expect((await last()).reason).toMatch(/policies hide rows of app."Odd Tasks" from the role/)
    await sql('alter role mover bypassrls')
    await move()
    await kept.work()
    expect((await last()).state).toBe('done')
  })

  it('from a database to itself', async () => {
    const url = moving.postgres.url('mover', 'shared')
    const one = await testKept({
      collectors: [],
      outside: {
        reach: 'loopback',
        authorities: [moving.authority.pem],
        secret: () => url,
      },
    })
    try {
      const { rows } = await kept.as.owner.query<{ page: string; systems: string }>(
        'select page, systems from claims.versions',
      )
      await one.ask('operator', claimsOperations(() => []).apply, rows[0]!)
      for (const cluster of ['shared', 'own']) {
        const place = { cluster, provider: 'aws', region: 'us-east-1' }
        await one.ask(person, tenancyOperations.reviewCluster, place)
        await one.ask(person, tenancyOperations.registerCluster, place)
      }
      await one.ask(person, tenancyOperations.addTenants, { tenants: [a], cluster: 'shared' })
      await one.ask(person, start, { tenant: a, cluster: 'own' })
      await one.work()
      const { moves } = await one.ask(person, list, {})
      expect(moves[0]).toMatchObject({
        state: 'rolled-back',
        reason: 'shared and own are one database',
      })
      expect(isEmpty(await contents(moving, 'shared', a))).toBe(false)
    } finally {
      await one.stop()
    }
  })
})

const interruptAt = (step: MoveStep) => interruptLast(moving, kept, step)

/** As the worker finds it a minute later. */
async function resume(): Promise<void> {
  kept.time.advance(61_000)
  await kept.work()
}

describe('a move that was interrupted', () => {
  beforeEach(async () => {
    await move()
    await kept.as.superuser.query('delete from graphile_worker._private_jobs')
  })

  it('is sent out again, and copies what changed since', async () => {
    await interruptAt('copied')
    await sql(`set search_path = app;
      update projects set name = 'x' where name = 'p1' and tenant_id = '${a}';
      update projects set name = 'p1' where name = 'p2' and tenant_id = '${a}';
      update projects set name = 'p2' where name = 'x' and tenant_id = '${a}';
      delete from "Odd Tasks" where "the id" = 1 and tenant_id = '${a}';
      update "Odd Tasks" set parent = null where "the id" = 2 and tenant_id = '${a}';
      delete from "Odd Tasks" where "the id" = 3 and tenant_id = '${a}';
      insert into "Odd Tasks" values ('${a}', 3, 2, (select max(id) from projects where tenant_id = '${a}'));
      with t as (update teams set lead = 3 where tenant_id = '${a}') delete from members where id = 2 and tenant_id = '${a}';
      delete from logs where line = 'same' and tenant_id = '${a}'; insert into logs values ('${a}', 'other');
      update kinds set arr = '{7}', n = 1 where arr = '{}' and tenant_id = '${a}';
      update tenants set name = 'renamed' where id = '${a}'`)
    const before = await contents(moving, 'shared', a)
    expect((await last()).state).toBe('copying')
    await kept.work()
    expect((await last()).state, 'not before a minute has passed').toBe('copying')
    await resume()
    expect((await last()).state).toBe('done')
    expect(await contents(moving, 'own', a)).toEqual(before)
    expect(await sql('select name from app.tenants', 'own')).toEqual([{ name: 'renamed' }])
  })

  it('copies anew where thousands of new rows stand in the way of one', async () => {
    await interruptAt('copied')
    await sql(`set search_path = app; update projects set name = 'q' where name = 'p1' and tenant_id = '${a}';
      insert into projects (tenant_id, name) select '${a}', 'p1' || case when i < 2500 then '-' || i else '' end
        from generate_series(1, 2500) i`)
    const before = await contents(moving, 'shared', a)
    await resume()
    expect((await last()).state).toBe('done')
    expect(await contents(moving, 'own', a)).toEqual(before)
  })

  it('goes on once whoever holds its turn is gone', async () => {
    const other = await moving.postgres.connect({
      connectionString: moving.postgres.url('mover', 'own'),
      ssl: { ca: moving.authority.pem },
    })
    await other.query(`select pg_advisory_lock(hashtextextended('kept.move:${a}', 0))`)
    await resume()
    expect((await last()).state).toBe('planned')
    await other.end()
    await resume()
    expect((await last()).state).toBe('done')
  })

  it('is rolled back when it was cancelled', async () => {
    const before = await contents(moving, 'shared', a)
    await interruptAt('copied')
    expect(isEmpty(await contents(moving, 'own', a))).toBe(false)
    expect(await sql('select * from kept.moved', 'own')).toEqual([
      { tenant: a, destination: 'shared' },
    ])
    await kept.ask(person, cancel, { move: (await last()).id })
    await kept.work()
    expect(await last()).toMatchObject({ state: 'rolled-back', reason: 'it was cancelled' })
    expect(isEmpty(await contents(moving, 'own', a))).toBe(true)
    expect(await sql('select * from kept.moved', 'own')).toEqual([])
    expect(await contents(moving, 'shared', a)).toEqual(before)
  })

  it('comes to its end all the same when the source was told before it was cancelled', async () => {
    await interruptAt('told here')
    await kept.ask(person, cancel, { move: (await last()).id })
    await kept.work()
    expect((await last()).state).toBe('done')
    expect(await sql('select * from kept.moved', 'own')).toEqual([])
  })

  it('takes its word back when the destination lost rows before it was opened', async () => {
    await interruptAt('told here')
    const before = await contents(moving, 'shared', a)
    await sql(`delete from app.logs where tenant_id = '${a}'`, 'own')
    await resume()
    expect(await last()).toMatchObject({
      state: 'rolled-back',
      reason: 'app.logs differ after copying',
    })
    expect(await sql('select * from kept.moved')).toEqual([])
    expect(await contents(moving, 'shared', a)).toEqual(before)
    expect(isEmpty(await contents(moving, 'own', a))).toBe(true)
  })

  it('deletes nothing while the source does not say where the tenant went', async () => {
    await interruptAt('placed there')
    await sql('delete from kept.moved')
    await resume()
    expect((await last()).state).toBe('cleaning')
    expect(isEmpty(await contents(moving, 'shared', a))).toBe(false)
    await sql(`insert into kept.moved values ('${a}', 'own')`)
    await resume()
    expect((await last()).state).toBe('done')
  })

  it('is never rolled back once the source told, whatever is amiss', async () => {
    await interruptAt('told here')
    await sql('alter table app.logs rename column tenant_id to tenant', 'own')
    await resume()
    expect((await last()).state).toBe('switching')
    expect(isEmpty(await contents(moving, 'shared', a))).toBe(false)
    await sql('alter table app.logs rename column tenant to tenant_id', 'own')
    await resume()
    expect((await last()).state).toBe('done')
  })
})

describe('scopes of the tenant', () => {
  const open = () =>
    moving.postgres.connect({
      connectionString: moving.postgres.url('app', 'shared'),
      ssl: { ca: moving.authority.pem },
    })
  const lock = `begin; select pg_advisory_xact_lock_shared(hashtextextended('kept.tenant:${a}', 0))`

  it('that stay open end a move, and one that ends does not', async () => {
    const scope = await open()
    await scope.query(lock)
    await move()
    await kept.work()
    expect(await last()).toMatchObject({
      state: 'rolled-back',
      reason: 'scopes of the tenant stay open',
    })
    await move()
    const ending = setTimeout(() => void scope.query('commit'), 1000)
    await kept.work()
    clearTimeout(ending)
    expect((await last()).state).toBe('done')
    await scope.end()
  })

  it('are not kept waiting by who writes outside of one, which a move tells', async () => {
    await move()
    await kept.as.superuser.query('delete from graphile_worker._private_jobs')
    await interruptAt('caught up')
    const over = new AbortController()
    const writing = (async () => {
      for (let i = 0; !over.signal.aborted; i++) {
        await sql(`insert into app.writes values ('${a}', 'beside${i}')`)
      }
    })()
    await resume()
    over.abort()
    await writing
    expect(await last()).toMatchObject({
      state: 'rolled-back',
      reason: 'app.writes differ after copying',
    })
    await move()
    await kept.work()
    expect((await last()).state).toBe('done')
  })
})

describe('a move that is cancelled before it begins', () => {
  it('writes nothing', async () => {
    const { move: id } = await move()
    await kept.ask(person, cancel, { move: id })
    await kept.work()
    expect(await last()).toMatchObject({ state: 'rolled-back', reason: 'it was cancelled' })
    await expect(kept.ask(person, cancel, { move: id })).rejects.toThrow(refused('conflict'))
    expect(isEmpty(await contents(moving, 'own', a))).toBe(true)
  })
})
