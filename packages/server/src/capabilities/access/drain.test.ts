import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testKept, testBundles, type TestKept } from '../../../test/kept.ts'
import { onePromise } from '../../../test/one-promise.ts'
import { startOutbox, writeRecords, type Outbox } from '../../../test/outbox.ts'
import { openLog } from '../../log.ts'
import { claimsOperations } from '../claims/operations.ts'
import { accessJobs } from './jobs.ts'
import { accessOperations } from './operations.ts'

const operations = accessOperations({
  bundles: testBundles,
})
const ada = { kind: 'person', id: 'ada' } as const
const bob = { kind: 'person', id: 'bob' } as const
const web = { kind: 'runner', id: 'web' } as const
const tenant = 'tenant-1'

let outbox: Outbox
let kept: TestKept
let count = 0
let database: string
let secrets: Record<string, string>
let said: string[]

const systems = () => `databases:
  app-db: { address: '127.0.0.1:${outbox.postgres.port}', tags: ['outbox:DRAIN'] }
services:
  app: { tags: ['app-runner:web'] }
runners:
  collector: { holder: collector, kinds: ['*'], subjects: ['*'] }
  web: { holder: workload, kinds: ['*'], subjects: ['*'] }
  ada: { holder: person, name: Ada, kinds: ['*'], subjects: ['*'] }
  bob: { holder: person, name: Bob, kinds: ['*'], subjects: ['*'] }
`

beforeAll(async () => {
  outbox = await startOutbox()
}, 60_000)
afterAll(() => outbox.postgres.stop())
beforeEach(async () => {
  database = `app${++count}`
  await outbox.make(database)
  secrets = { DRAIN: outbox.url(database) }
  said = []
  const stream = { write: (line: string) => void said.push(line) }
  kept = await testKept({
    collectors: [],
    outside: { authorities: [outbox.authority.pem], secret: (name) => secrets[name] ?? null },
    log: openLog('warn', stream),
  })
  const { apply } = claimsOperations(() => [])
  await kept.ask('operator', apply, { page: onePromise, systems: systems() })
  return () => kept.stop()
})

const sql = (text: string) => outbox.sql(database, text)
const left = async () =>
  Number(((await sql('select count(*) from kept.outbox')) as [{ count: string }])[0].count)
const drain = async () => {
  kept.time.advance(30_000)
  await kept.work()
}
const reads = (more: object = {}) => kept.ask(web, operations.reads, { tenant, ...more })
const nowSaid = () => new Date(kept.time.now()).toISOString()
/** What a job is given. */
const work = () => ({
  ask: (operation: never, input: never) => kept.ask('worker', operation, input),
  outside: {
    reach: 'loopback',
    authorities: [outbox.authority.pem],
    secret: (name: string) => secrets[name] ?? null,
    mail: null,
  },
  now: () => kept.time.now(),
  signal: new AbortController().signal,
  log: () => {},
})
const login = async (user: string) => {
  const connectionString = outbox.url(database).replace('kept_drain', user)
  const client = new Client({ connectionString, ssl: { ca: outbox.authority.pem } })
  await client.connect()
  return client
}
const told = () => said.filter((line) => line.includes('outbox'))

describe('a drain', () => {
  it('takes what is there, batch after batch at once, with an entry for each record', async () => {
    await sql(writeRecords(0, 450))
    await drain()
    expect(await left()).toBe(0)
    await kept.work()
    const { records } = await reads({ kind: 'event', limit: 500 })
    expect(records).toHaveLength(450)
    expect(records[0]).toMatchObject({
      at: '2026-11-20T12:00:00.572Z',
      database: 'app-db',
      actor: 'user:449',
      action: 'invoices.pay',
      detail: '{"n": 449}',
      isCut: false,
      isCovered: null,
    })
    expect(new Set(records.map(({ entry }) => entry)).size).toBe(450)
    expect(told()).toEqual([])
  })

  it('says nothing of persons and tenants in the ledger', async () => {
    await sql(`insert into kept.outbox (at, tenant, actor, kind, action, detail) values
      ('2026-11-20', 'acme', 'user:eve@acme.test', 'paid by eve', 'pay.eve', '{"name": "Eve"}')`)
    await drain()
    await kept.work()
    const { rows } = await kept.as.owner.query<{ body: Buffer }>('select body from ledger.entries')
    const entries = rows.map(({ body }) => body.toString())
    const entry = entries.find((text) => text.includes('access.record'))!
    expect(entry).toContain('"kind":"other"')
    expect(entries.join()).not.toMatch(/acme|eve/i)
  })

  it('keeps what is hostile as it is, bounded, and goes on behind it', async () => {
    await sql(`alter table kept.outbox alter at type text, alter actor drop not null, alter detail drop not null;
      insert into kept.outbox (at, tenant, actor, kind, action, detail) values
        ('no time', 'tenant-1', null, 'event', repeat('long', 1000), null),
        ('infinity', 'tenant-1', E'tab\\tand\\x07bell', 'event', 'a', '{"grant": 7}'),
        ('294276-01-01', 'tenant-1', 'x', 'staff-read', 'a', '{"grant": "no id"}'),
        ('0044-03-15 BC', 'tenant-1', 'x', 'event', '', to_jsonb(repeat('b', 2000000))),
        ('2026-11-20', 'tenant-1', 'x', 'event', 'random', (select to_jsonb(string_agg(md5(n::text), '')) from generate_series(1, 500000) n)),
        ('2026-11-20 12:00:00+05:30', 'tenant-1', 'x', 'event', 'last', '[1, [2, [3]]]')`)
    await drain()
    expect(await left()).toBe(0)
    const { records } = await reads({ kind: 'event' })
    expect(records.map(({ action }) => action.slice(0, 8))).toEqual([
      'last',
      'random',
      '',
      'a',
      'longlong',
    ])
    const [last, random, large, odd, long] = records
    expect(last).toMatchObject({ at: '2026-11-20T06:30:00.000Z', detail: '[1, [2, [3]]]' })
    expect(random).toMatchObject({ detail: null, isCut: true })
    expect(large).toMatchObject({ at: null, isCut: true })
    expect(large!.detail).toHaveLength(262_144)
    expect(odd).toMatchObject({ at: null, actor: 'tab\tand\u0007bell' })
    expect(long).toMatchObject({ at: null, actor: '', detail: null })
    expect(long!.action).toHaveLength(500)
    expect((await reads()).records).toMatchObject([{ at: null, grant: null, isCovered: false }])
    expect(told()).toEqual([])
  })

  it('takes a number that comes again after a restore for another record, and the same for the same', async () => {
    await sql(writeRecords(0, 3))
    const saved = (await sql('select * from kept.outbox order by id')) as { id: string }[]
    expect(saved).toHaveLength(3)
    await sql('create table public.saved as select * from kept.outbox')
    await drain()
    // As of the backup: what was drained since is there again, and numbers begin anew.
    await sql('insert into kept.outbox overriding system value select * from public.saved')
    await drain()
    expect((await reads({ kind: 'event' })).records).toHaveLength(3)
    await sql('alter table kept.outbox alter id restart')
    await sql(writeRecords(100, 3))
    await drain()
    expect((await reads({ kind: 'event' })).records).toHaveLength(6)
    expect(await left()).toBe(0)
  })

  it('tells once that the database is away, and that it is back, and loses nothing', async () => {
    await sql(writeRecords(0, 10))
    secrets['DRAIN'] = outbox.url(database).replace('secret', 'wrong')
    for (let i = 0; i < 3; i++) await drain()
    expect(told()).toHaveLength(1)
    expect(told()[0]).toMatch(/outbox of app-db cannot be drained: .*28P01/)
    expect(told()[0]).not.toContain('wrong')
    expect((await reads()).outboxes).toMatchObject([
      { database: 'app-db', drainedAt: null, awaySince: expect.stringContaining('2026') },
    ])
    secrets['DRAIN'] = outbox.url(database)
    for (let i = 0; i < 3; i++) await drain()
    expect(told()).toHaveLength(2)
    expect(told()[1]).toMatch(/outbox of app-db is drained again/)
    expect((await reads()).outboxes).toMatchObject([{ awaySince: null }])
    expect((await reads({ kind: 'event' })).records).toHaveLength(10)
  })

  it.each([
    ['no such table', 'drop table kept.outbox', '42P01'],
    ['no right to delete', 'revoke delete on kept.outbox from kept_drain', '42501'],
    [
      'no policy to delete',
      `alter table kept.outbox enable row level security;
       create policy read on kept.outbox for select to kept_drain using (true)`,
      'read and not deleted',
    ],
  ])('with %s says so, and acknowledges nothing that is not kept', async (_, damage, code) => {
    await sql(writeRecords(0, 2))
    await sql(damage)
    await drain()
    await drain()
    expect(told()).toHaveLength(1)
    expect(told()[0]).toContain(code)
  })

  it('goes where the database is, and nowhere else', async () => {
    secrets['DRAIN'] = outbox.url(database).replace('127.0.0.1', '127.0.0.2')
    await drain()
    expect(told()[0]).toMatch(/opens 127\.0\.0\.2:\d+, its address is 127\.0\.0\.1/)
  })

  it('is hindered by no lock that another login can hold', async () => {
    await sql(writeRecords(0, 3))
    await sql(`create role web_${database} login password 'secret';
      grant usage on schema kept to web_${database};
      grant insert (at, tenant, actor, kind, action, detail) on kept.outbox to web_${database}`)
    const web = await login(`web_${database}`)
    await web.query(`select pg_advisory_lock(hashtextextended('kept.outbox', 0))`)
    for (const mode of ['access share', 'row exclusive', 'share update exclusive', 'exclusive']) {
      const locking = web.query(`begin; lock kept.outbox in ${mode} mode`)
      await expect(locking, mode).rejects.toThrow('permission denied')
      await web.query('rollback')
    }
    for (const text of ['select from kept.outbox for update', 'delete from kept.outbox']) {
      await expect(web.query(text), text).rejects.toThrow('permission denied')
    }
    // What an app holds that adds a record and does not come to an end.
    await web.query(`begin; ${writeRecords(9, 1)}`)
    await drain()
    await web.end()
    expect(await left()).toBe(0)
    expect(told()).toEqual([])
    expect((await reads({ kind: 'event' })).records).toHaveLength(3)
    expect((await reads()).outboxes).toMatchObject([{ drainedAt: nowSaid(), awaySince: null }])
  })

  it('is hindered by who may lock it, and says so', async () => {
    await drain()
    const [before] = (await reads()).outboxes
    expect(before).toMatchObject({ drainedAt: expect.any(String), awaySince: null })
    await sql(writeRecords(0, 3))
    const other = await login('kept_drain')
    await other.query('begin; delete from kept.outbox')
    await drain()
    expect(told()).toEqual([expect.stringMatching(/cannot be drained: .*55P03/)])
    const during = { drainedAt: before!.drainedAt, awaySince: expect.any(String) }
    expect((await reads()).outboxes).toMatchObject([during])
    await other.end()
    await drain()
    expect((await reads()).outboxes).toMatchObject([{ drainedAt: nowSaid(), awaySince: null }])
    expect(await left()).toBe(0)
  })

  it('says that all is here only after a look that found nothing, and as of then', async () => {
    await sql(writeRecords(0, 450))
    const began = kept.time.now()
    const slow = {
      ...work(),
      now() {
        kept.time.advance(1000)
        return kept.time.now()
      },
    }
    const run = async (most: number) => {
      await kept.ask('worker', operations.sendOut, {})
      await accessJobs(operations, most)[0]!.run(slow as never, { database: 'app-db' })
      kept.time.advance(60_000)
      return [await left(), (await reads()).outboxes] as const
    }
    // As many batches as there are, and none that saw the end.
    expect(await run(3)).toEqual([0, [{ database: 'app-db', drainedAt: null, awaySince: null }]])
    const looked = new Date(began + 64_000).toISOString()
    expect(await run(3)).toMatchObject([0, [{ drainedAt: looked }]])
    await sql(writeRecords(450, 450))
    expect(await run(2)).toMatchObject([50, [{ drainedAt: looked, awaySince: null }]])
  })

  it('is done by one of two at a time', async () => {
    await sql(writeRecords(0, 1000))
    const [job] = accessJobs(operations)
    await kept.ask('worker', operations.sendOut, {})
    const run = () => job!.run(work() as never, { database: 'app-db' })
    await Promise.all([run(), run(), run()])
    await drain()
    const { rows } = await kept.as.superuser.query('select distinct place from access.records')
    expect(rows).toHaveLength(1000)
    const all = await kept.as.superuser.query('select from access.records')
    expect(all.rowCount).toBe(1000)
  })
})

describe('a read of the staff', () => {
  const readAt = (instant: number, grant: string, more = '') =>
    sql(`insert into kept.outbox (at, tenant, actor, kind, action, detail) values
      ('${new Date(instant).toISOString()}', '${more || tenant}', 'staff:ada', 'staff-read',
      'invoices.read', '{"grant": "${grant}", "table": "invoices", "rows": ["inv-1"]}')`)
  const minute = 60_000

  it('stands under its grant, and says whether that let it', async () => {
    const until = new Date(kept.time.now() + 60 * minute).toISOString()
    const { grant } = await kept.ask(ada, operations.request, { tenant, reason: 'help', until })
    const other = await kept.ask(ada, operations.request, { tenant, reason: 'other', until })
    await kept.ask(web, operations.allow, { grant, tenant, by: 'eve' })
    const from = kept.time.now()
    await readAt(from - 2 * minute, grant)
    await readAt(from + 1, grant)
    await readAt(from + 59 * minute, grant)
    await readAt(from + 62 * minute, grant)
    await readAt(from + 1, other.grant)
    await readAt(from + 1, grant, 'tenant-2')
    await drain()
    const under = async (id?: string) =>
      (await reads(id === undefined ? {} : { grant: id })).records.map(({ isCovered }) => isCovered)
    expect(await under()).toEqual([false, false, true, true, false])
    expect(await under(grant)).toEqual([false, true, true, false])
    expect(await under(other.grant)).toEqual([false])
    const elsewhere = await kept.ask(web, operations.reads, { tenant: 'tenant-2' })
    expect(elsewhere.records).toMatchObject([{ grant, isCovered: false }])
  })

  it('after an early end is covered only until the app must have heard of it', async () => {
    const until = new Date(kept.time.now() + 60 * minute).toISOString()
    const { grant } = await kept.ask(ada, operations.request, { tenant, reason: 'help', until })
    await kept.ask(web, operations.allow, { grant, tenant, by: 'eve' })
    kept.time.advance(minute)
    await kept.ask(web, operations.end, { grant, tenant, by: 'eve' })
    const end = kept.time.now()
    await readAt(end + 15 * minute, grant)
    await readAt(end + 17 * minute, grant)
    await drain()
    const { records } = await reads({ grant })
    expect(records.map(({ isCovered }) => isCovered)).toEqual([false, true])
  })
})

it('has no more outboxes than systems.yaml tags', async () => {
  await drain()
  expect((await reads()).outboxes).toHaveLength(1)
  const { apply, approve } = claimsOperations(() => [])
  const without = { page: onePromise, systems: systems().replace("'outbox:DRAIN'", '') }
  const { proposal } = await kept.ask('operator', apply, without)
  for (const person of [ada, bob]) await kept.ask(person, approve, { proposal: proposal! })
  await drain()
  expect((await reads()).outboxes).toEqual([])
})
