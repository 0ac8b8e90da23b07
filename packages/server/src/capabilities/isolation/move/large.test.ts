import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestKept } from '../../../../test/kept.ts'
import {
  a,
  cancel,
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
const both = async (text: string) => {
  for (const database of databases) await sql(text, database)
}
const last = async () => (await kept.ask(person, list, {})).moves[0]!
/** The worker is kept from it, so that an error is seen here. */
const plan = async () => {
  await kept.ask(person, start, { tenant: a, cluster: 'own', kind: 'dedicated' })
  await kept.as.superuser.query('delete from graphile_worker._private_jobs')
}
const move = async (step?: (step: MoveStep) => void) => {
  await plan()
  await carryLast(moving, kept, step)
}
const sums = (table: string, database: string) =>
  sql(
    `select count(*)::int as rows, sum(hashtextextended(t::text, 0)) as sum from app.${table} t
     where tenant_id = '${a}'`,
    database,
  )

describe('rows that are large together', () => {
  it('travel in parts, by their size', { timeout: 120_000 }, async () => {
    await both(`create table app.notes (tenant_id uuid not null, id int, said text, primary key (tenant_id, id));
      grant select, insert, update, delete on app.notes to mover`)
    // What each statement brings there, which the move's own silence does not hide.
    await sql(
      `create table app.told (rows int, bytes bigint); grant insert on app.told to mover;
      create function app.tell() returns trigger language plpgsql as $$ begin
        insert into app.told select count(*), sum(octet_length(said)) from brought; return null; end $$;
      create trigger inserted after insert on app.notes referencing new table as brought
        for each statement execute function app.tell();
      create trigger updated after update on app.notes referencing new table as brought
        for each statement execute function app.tell();
      alter table app.notes enable always trigger inserted, enable always trigger updated`,
      'own',
    )
    await sql(`insert into app.notes select '${a}', i, repeat('x', case when i <= 12 then 1000000
        when i <= 300 then 20000 else 40 end) from generate_series(1, 2500) i`)
    await sql('grant set on parameter session_replication_role to mover')
    try {
      await plan()
      await interruptLast(moving, kept, 'copied')
      await sql(`update app.notes set said = said || '!' where tenant_id = '${a}'`)
      const before = await sums('notes', 'shared')
      await carryLast(moving, kept)
      expect(await last()).toMatchObject({ state: 'done', reason: null })
      expect(await sums('notes', 'own')).toEqual(before)
    } finally {
      await sql('revoke set on parameter session_replication_role from mover')
    }
    const [told] = await sql(
      `select sum(rows)::int as rows, max(bytes)::int as most, max(rows)::int as together from app.told`,
      'own',
    )
    // Each once inserted and once updated.
    expect(told).toEqual({ rows: 5000, most: 1_000_001, together: 1000 })
  })

  it('wait where they point at one another', { timeout: 300_000 }, async () => {
    await both(`create table app.pages (tenant_id uuid not null, id int, above int, said text,
        primary key (tenant_id, id), foreign key (tenant_id, above) references app.pages);
      grant select, insert, update, delete on app.pages to mover`)
    // As one list more than a string of JavaScript can hold: there each quote becomes four characters.
    await sql(`insert into app.pages select '${a}', i, case when i < 35 then i + 1 end,
      i || repeat('"', 4000000) from generate_series(1, 35) i`)
    await plan()
    await interruptLast(moving, kept, 'copied')
    expect(await sums('pages', 'own')).toEqual(await sums('pages', 'shared'))
    await kept.ask(person, cancel, { move: (await last()).id })
    await carryLast(moving, kept)
    expect((await last()).state).toBe('rolled-back')
  })
})

it('a row that no message can hold refuses it', { timeout: 120_000 }, async () => {
  await sql(
    `insert into app.writes values ('${a}', 'large', 0); alter table app.writes add said text`,
  )
  await sql('alter table app.writes add said text', 'own')
  await sql(`update app.writes set said = repeat('x', 135000000) where id = 'large'`)
  const steps: MoveStep[] = []
  await move((step) => steps.push(step))
  expect(steps).toEqual([])
  expect(await last()).toMatchObject({
    state: 'rolled-back',
    reason: 'app.writes of shared has a row of more than 128 MB',
  })
  await sql(`update app.writes set said = repeat('"', 4000000) where id = 'large'`)
  await move()
  expect(await last()).toMatchObject({ state: 'done', reason: null })
})

it('a database that gives no temporary tables refuses it, where rows point at one another', async () => {
  await sql('revoke temporary on database own from public', 'own')
  await move()
  expect((await last()).reason).toMatch(
    /the role of the secret of own may make no temporary tables/,
  )
  await sql('grant temporary on database own to mover', 'own')
  await move()
  expect((await last()).state).toBe('done')
})

describe('an error that no retry heals', () => {
  it('ends a move, which is rolled back', async () => {
    const before = await contents(moving, 'shared', a)
    await move((step) => {
      if (step === 'copied') throw new RangeError('Invalid string length')
    })
    expect(await last()).toMatchObject({
      state: 'rolled-back',
      reason: 'something went wrong inside; the log has it',
    })
    expect(await contents(moving, 'shared', a)).toEqual(before)
    expect(isEmpty(await contents(moving, 'own', a))).toBe(true)
    expect(await sql('select * from kept.moved', 'own')).toEqual([])
    await move()
    expect((await last()).state).toBe('done')
  })

  it('ends none that has told where the tenant is', async () => {
    await plan()
    for (const at of ['told here', 'placed there'] as const) {
      const error = new RangeError('Invalid string length')
      const carried = carryLast(moving, kept, (step) => {
        if (step === at) throw error
      })
      await expect(carried).rejects.toBe(error)
      expect((await last()).state).toBe(at === 'told here' ? 'switching' : 'cleaning')
    }
    await carryLast(moving, kept)
    expect((await last()).state).toBe('done')
  })

  it('is not that a worker goes down', async () => {
    await plan()
    await interruptLast(moving, kept, 'copied')
    expect((await last()).state).toBe('copying')
    await carryLast(moving, kept)
    expect((await last()).state).toBe('done')
  })
})
