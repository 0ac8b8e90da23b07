import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestKept } from '../../../../test/kept.ts'
import {
  a,
  b,
  canary,
  carryLast,
  contents,
  databases,
  interruptLast,
  isEmpty,
  list,
  person,
  start,
  startMoving,
  type Moving,
} from '../../../../test/moving.ts'
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

type Database = (typeof databases)[number]
const sql = (text: string, database: Database = 'shared') => moving.postgres.sql(text, database)
const both = async (text: string) => {
  for (const database of databases) await sql(text, database)
}
const last = async () => (await kept.ask(person, list, {})).moves[0]!
const move = (kind: 'shared' | 'dedicated', cluster: Database = 'own') =>
  kept.ask(person, start, { tenant: a, cluster, kind })
/** Plans a move and keeps the worker from it, so that it is carried out here. */
const plan = async (kind: 'shared' | 'dedicated' = 'shared') => {
  await move(kind)
  await kept.as.superuser.query('delete from graphile_worker._private_jobs')
}

/** A move that comes to no step at all, and so writes nothing; how the same ends once that is mended. */
async function endAfterRefusal(
  why: RegExp,
  mend: () => Promise<unknown>,
  kind: 'shared' | 'dedicated' = 'shared',
): Promise<string> {
  const before = await contents(moving, 'shared', a)
  await plan(kind)
  const steps: MoveStep[] = []
  await carryLast(moving, kept, (step) => steps.push(step))
  expect(await last()).toMatchObject({ state: 'rolled-back', reason: expect.stringMatching(why) })
  expect(steps).toEqual([])
  expect(await contents(moving, 'shared', a)).toEqual(before)
  await mend()
  const now = await contents(moving, 'shared', a)
  await move(kind)
  await kept.work()
  expect(await contents(moving, 'own', a)).toEqual(now)
  expect(isEmpty(await contents(moving, 'shared', a))).toBe(true)
  const { state, reason } = await last()
  return reason ?? state
}

describe('a move is refused before anything is copied where the destination', () => {
  const differences: readonly (readonly [
    what: string,
    damage: string,
    why: RegExp,
    mending: string,
  ])[] = [
    [
      'checks no foreign key',
      'alter table app.projects drop constraint projects_country_fkey',
      /own differs from shared: app.projects has no FOREIGN KEY \(country\) REFERENCES app.countries\(code\) there/,
      'alter table app.projects add foreign key (country) references app.countries',
    ],
    [
      'checks more',
      `alter table app.writes add check (n >= 0)`,
      /app.writes has CHECK \(\(n >= 0\)\) only there/,
      'alter table app.writes drop constraint writes_n_check',
    ],
    [
      'lets the same be there twice',
      'alter table app.projects drop constraint projects_tenant_id_name_key',
      /app.projects has no UNIQUE \(tenant_id, name\) there/,
      // By another name, which is nothing that matters.
      'alter table app.projects add constraint called_other unique (tenant_id, name)',
    ],
    [
      'has another default',
      'alter table app.writes alter n set default 99',
      /app.writes has another default of "n" there/,
      'alter table app.writes alter n set default 0',
    ],
  ]
  it.each(differences)('%s', async (_, damage, why, mending) => {
    await sql(damage, 'own')
    expect(await endAfterRefusal(why, () => sql(mending, 'own'))).toBe('done')
  })

  it('takes the same twice by an index alone', async () => {
    await sql('create unique index only_here on app.writes (tenant_id, n, id)')
    expect(
      await endAfterRefusal(/app.writes has no CREATE UNIQUE INDEX ON app.writes .* there/, () =>
        sql('create unique index called_other on app.writes (tenant_id, n, id)', 'own'),
      ),
    ).toBe('done')
  })

  it('generates other values', async () => {
    await both('alter table app.writes add m int generated always as (n + 1) stored')
    await sql(
      'alter table app.writes drop m; alter table app.writes add m int generated always as (n + 2) stored',
      'own',
    )
    expect(
      await endAfterRefusal(/app.writes has another default of "m" there/, () =>
        sql(
          'alter table app.writes drop m; alter table app.writes add m int generated always as (n + 1) stored',
          'own',
        ),
      ),
    ).toBe('done')
  })

  it('is shared and row security is off', async () => {
    await sql('alter table app.writes disable row level security', 'own')
    expect(
      await endAfterRefusal(
        /own does not keep tenants apart: app.writes: row security is off/,
        () => sql('alter table app.writes enable row level security', 'own'),
      ),
    ).toBe('done')
  })

  it('is shared and a view shows all of it', async () => {
    await sql(
      'create view app.all_writes as select * from app.writes; grant select on app.all_writes to app',
      'own',
    )
    expect(
      await endAfterRefusal(/own does not keep tenants apart: app.all_writes: /, () =>
        sql('alter view app.all_writes set (security_invoker = on)', 'own'),
      ),
    ).toBe('done')
  })

  it('is shared and has no role that the app is said to be', async () => {
    await sql('alter role app rename to other', 'own')
    expect(
      await endAfterRefusal(/own: there is no role app/, () =>
        sql('alter role other rename to app', 'own'),
      ),
    ).toBe('done')
  })

  it('is to be its own and has rows of another that the register does not know', async () => {
    await sql(`insert into app.tenants values ('${b}', 'b')`, 'own')
    await sql(`insert into app.writes values ('${b}', 'b-row', 1)`, 'own')
    // A canary is nobody, and the row of one who once was there is no row of anybody's.
    await sql(`insert into app.writes values ('${canary}', 'canary-row', 1)`, 'own')
    expect(
      await endAfterRefusal(
        /own has rows of 1 other tenant, in app.writes/,
        () => sql(`delete from app.writes where tenant_id = '${b}'`, 'own'),
        'dedicated',
      ),
    ).toBe('done')
  })

  it('is outside of what the page promises by now', async () => {
    await plan()
    const outside = `update tenancy.clusters set region = $1 where id = 'own'`
    await kept.as.owner.query(outside, ['eu-west-1'])
    const steps: MoveStep[] = []
    await carryLast(moving, kept, (step) => steps.push(step))
    expect(steps).toEqual([])
    expect(await last()).toMatchObject({
      state: 'rolled-back',
      reason: expect.stringMatching(/^eu-west-1 lies outside us, where the page promises that own/),
    })
    await kept.as.owner.query(outside, ['us-east-1'])
    await plan()
    await interruptLast(moving, kept, 'caught up')
    await kept.as.owner.query(outside, ['eu-west-1'])
    await carryLast(moving, kept)
    expect(await last()).toMatchObject({
      state: 'rolled-back',
      reason: expect.stringMatching(/^eu-west-1 lies outside us/),
    })
    expect(isEmpty(await contents(moving, 'own', a))).toBe(true)
    await kept.as.owner.query(outside, ['us-east-1'])
    await move('shared')
    await kept.work()
    expect((await last()).state).toBe('done')
    const { cluster } = await kept.ask(person, tenancyOperations.showTenant, { tenant: a })
    expect(cluster).toBe('own')
  })
})

describe('rows of others that point at those of the tenant', () => {
  /** Deals of one tenant on projects of another; the other pairs tenants, and so needs no look. */
  const deals = (action: string) => `
    create table app.deals (tenant_id uuid not null, id int, other_tenant uuid, other_project bigint,
      primary key (tenant_id, id), foreign key (tenant_id, other_project) references app.projects (tenant_id, id),
      foreign key (other_tenant, other_project) references app.projects (tenant_id, id) ${action});
    alter table app.deals drop constraint deals_tenant_id_other_project_fkey;
    grant select, insert, update, delete on app.deals to mover`
  const deal = (whose: string) =>
    `insert into app.deals select '${whose}', 1, '${a}', min(id) from app.projects where tenant_id = '${a}'`
  const theirs = () => sql(`select * from app.deals where tenant_id = '${b}'`)

  it.each(['on delete cascade', 'on delete set null', ''])('refuse it: %s', async (action) => {
    await both(deals(action))
    await sql(`${deal(b)}; ${deal(a)}`)
    const before = await theirs()
    expect(
      await endAfterRefusal(
        /rows of others in app.deals of shared point at rows of the tenant in app.projects/,
        async () => {
          expect(await theirs()).toEqual(before)
          await sql(`update app.deals set other_tenant = null where tenant_id = '${b}'`)
        },
      ),
    ).toBe('done')
    expect(await theirs()).toHaveLength(1)
  })

  it('refuse it where its row among the tenants stays and points at them', async () => {
    await both(
      'alter table app.tenants add lead int, add foreign key (id, lead) references app.members',
    )
    await sql(`update app.tenants set lead = 2 where id = '${a}'`)
    expect(
      await endAfterRefusal(
        /app.tenants of shared point at rows of the tenant in app.members/,
        () => sql(`update app.tenants set lead = null where id = '${a}'`),
        'dedicated',
      ),
    ).toBe('done')
  })

  it('come later: it is rolled back', async () => {
    await both(deals('on delete cascade'))
    await plan()
    await interruptLast(moving, kept, 'copied')
    await sql(deal(b))
    await carryLast(moving, kept)
    expect(await last()).toMatchObject({
      state: 'rolled-back',
      reason: expect.stringMatching(/rows of others in app.deals of shared/),
    })
    expect(await theirs()).toHaveLength(1)
    expect(isEmpty(await contents(moving, 'own', a))).toBe(true)
  })

  it.each(['on delete cascade', 'on delete set null', ''])(
    'come when it has switched: nothing is deleted until they are gone: %s',
    async (action) => {
      await both(deals(action))
      await plan()
      const other = await moving.postgres.connect({
        connectionString: moving.postgres.url('mover', 'shared'),
        ssl: { ca: moving.authority.pem },
      })
      await interruptLast(moving, kept, 'placed there')
      // Not committed yet when the move goes on.
      await other.query(`begin; ${deal(b)}`)
      const ending = setTimeout(() => void other.query('commit'), 1000)
      await expect(carryLast(moving, kept)).rejects.toThrow(/rows of others in app.deals/)
      clearTimeout(ending)
      await other.end()
      const before = await theirs()
      expect(before).toHaveLength(1)
      expect((await last()).state).toBe('cleaning')
      expect(isEmpty(await contents(moving, 'shared', a))).toBe(false)
      await sql(`delete from app.deals where tenant_id = '${b}'`)
      await carryLast(moving, kept)
      expect((await last()).state).toBe('done')
      expect(isEmpty(await contents(moving, 'shared', a))).toBe(true)
    },
  )
})

describe('numbers', () => {
  const insert = async (table: string) =>
    (await sql(
      `insert into app.${table} (tenant_id) values ('${a}') returning id::int`,
      'own',
    )) as {
      id: number
    }[]

  it.each([
    [
      'counted down',
      'id int generated always as identity (increment by -1 start with -1 maxvalue -1 minvalue -1000000)',
      -1006,
    ],
    [
      'drawn by a name that is only text',
      `id bigint default nextval('app.numbers'::text::regclass)`,
      1006,
    ],
    ['drawn in a function', 'id bigint default app.draw()', 1006],
    [
      'counted by tens',
      'id int generated always as identity (increment by 10 start with 3)',
      // After 43, and on the destination's own stride.
      1053,
    ],
    [
      'of which few are left',
      'id smallint generated always as identity (start with 32700)',
      32_705,
    ],
  ])('%s are not drawn again', async (_, column, next) => {
    await both(`create sequence app.numbers; create function app.draw() returns bigint language sql
        as $$ select nextval('app.numbers') $$;
      create table app.bills (tenant_id uuid not null, ${column}, primary key (id));
      grant all on app.bills to mover; grant all on all sequences in schema app to mover`)
    await sql(`insert into app.bills select '${a}' from generate_series(1, 5)`)
    await plan()
    await carryLast(moving, kept)
    expect(await last()).toMatchObject({ state: 'done', reason: null })
    expect(await insert('bills')).toEqual([{ id: next }])
  })

  it('of a sequence that is not there, or counts the other way, refuse it', async () => {
    await sql('create sequence app.numbers; grant all on app.numbers to mover')
    expect(
      await endAfterRefusal(/app.numbers of shared is no sequence of own/, async () => {
        await sql(
          'create sequence app.numbers increment by -1; grant all on app.numbers to mover',
          'own',
        )
        await plan()
        await carryLast(moving, kept)
        expect((await last()).reason).toMatch(/app.numbers counts the other way in own/)
        await sql('alter sequence app.numbers increment by 1', 'own')
      }),
    ).toBe('done')
  })

  it('of a table that all tenants share are left alone', async () => {
    await sql('create table app.plans (id serial primary key)')
    await plan()
    await carryLast(moving, kept)
    expect((await last()).state).toBe('done')
  })

  it.each(['oid', 'oid[]', 'app.lo', 'app.file'])(
    'of large objects, which stay behind, refuse it: %s',
    async (type) => {
      await both(`create domain app.lo as oid; create type app.file as (name text, body app.lo);
        create table app.files (tenant_id uuid not null, id int primary key, body ${type}, oid int);
        grant all on app.files to mover`)
      expect(
        await endAfterRefusal(
          /column body of app.files in shared holds numbers of objects \(oid\)/,
          () => both('alter table app.files drop body'),
        ),
      ).toBe('done')
    },
  )
})
