import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { testKept, type TestKept } from '../test/kept.ts'
import { openRoad } from '../test/road.ts'
import { job, type Beat, type Job } from './foundation/capability.ts'
import { Failure } from './foundation/failure.ts'
import { operation } from './foundation/operation.ts'
import { openLog } from './log.ts'
import { openMetrics } from './metrics.ts'
import { startWorker } from './worker.ts'

let kept: TestKept
beforeAll(async () => {
  kept = await testKept()
})
afterAll(() => kept.stop())

const add = (name: string, fails: boolean) =>
  kept.as.superuser.query(`select graphile_worker.add_job('tests.wait', $1, max_attempts := 3)`, [
    { name, fails },
  ])
/** Looks for jobs as the worker's own role does, through a road that a test can close. */
async function begin(jobs: Job[], { gate = kept.gate, beats = [] as Beat[] } = {}) {
  const road = await openRoad(kept.urls.worker)
  const pool = new pg.Pool({ connectionString: road.url, max: 5, connectionTimeoutMillis: 2000 })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const said: string[] = []
  const worker = await startWorker({
    pool,
    capabilities: [{ name: 'tests', jobs, beats, holdings: [] }],
    gate,
    outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
    time: kept.time,
    log: openLog('warn', { write: (line) => void said.push(line) }),
    metrics: openMetrics(() => Promise.resolve(0)),
    pace: 100,
  })
  return {
    road,
    said,
    worker,
    async [Symbol.asyncDispose]() {
      await worker.stop()
      await pool.end()
      await road.close()
    },
  }
}
const left = async () => {
  const { rows } = await kept.as.superuser.query('select from graphile_worker._private_jobs')
  return rows.length
}

// Whether it ends well or badly is written on different ways.
it.each([false, true])(
  'goes on by itself when the database was away while a job ended (failing: %s)',
  async (fails) => {
    const begun: string[] = []
    let end = () => {}
    const wait = job({
      name: 'tests.wait',
      says: 'Waits for the test',
      input: z.strictObject({ name: z.string(), fails: z.boolean() }),
      async run(_, input) {
        begun.push(input.name)
        if (begun.length === 1) await new Promise<void>((resolve) => (end = resolve))
        if (input.fails && begun.length === 1) throw new Error('as the test wants it')
      },
    })
    await using run = await begin([wait])
    await add('first', fails)
    await vi.waitFor(() => expect(begun).toEqual(['first']), 10_000)
    await run.road.close()
    end()
    await vi.waitFor(() => expect(run.said.join('')).toContain('no jobs are carried'), 30_000)
    await add('second', false)
    expect(begun).toEqual(['first'])
    await run.road.open()
    await vi.waitFor(() => expect(begun).toContain('second'), 30_000)
    await vi.waitFor(async () => expect(await left()).toBe(0), 30_000)
    expect(begun.filter((name) => name === 'first')).toHaveLength(2)
  },
  60_000,
)

it('says once that the database is away, and that it is back', async () => {
  let isAway = true
  const gate = {
    enter: () =>
      isAway
        ? Promise.reject(new Failure('database-away', 'the database does not answer'))
        : Promise.resolve({}),
  }
  const beat = operation({
    action: 'tests.beat', says: 'Beats', input: z.strictObject({}), output: z.object({}),
    run: () => Promise.resolve({}),
  }) // prettier-ignore
  await using run = await begin([], {
    gate,
    beats: [1, 2, 3].map(() => ({ every: 1, operation: beat })),
  })
  const heard = () => run.said.filter((line) => /database/.test(line))
  await vi.waitFor(() => expect(heard()).toHaveLength(1), 5000)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(heard()).toHaveLength(1)
  isAway = false
  await vi.waitFor(() => expect(heard()).toHaveLength(2), 5000)
  expect(heard()[1]).toContain('answers again')
})

it('prints nothing of its own when the database ends while it goes down', async () => {
  const printed = (['trace', 'error', 'warn', 'log'] as const).map((way) =>
    vi.spyOn(console, way).mockImplementation(() => {}),
  )
  const idle = job({
    name: 'tests.idle',
    says: 'Does nothing',
    input: z.strictObject({}),
    run: () => Promise.resolve(),
  })
  const waiting = async () => {
    const { rows } = await kept.as.superuser.query(
      `select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query ~ '_private_jobs'`,
    )
    return rows.length > 0
  }
  await using run = await begin([idle])
  const locker = await kept.as.superuser.connect()
  try {
    await locker.query('begin; lock table graphile_worker._private_jobs')
    await vi.waitFor(async () => expect(await waiting()).toBe(true), 10_000)
    const stopped = run.worker.stop()
    await run.road.close()
    await stopped
  } finally {
    await locker.query('rollback')
    locker.release()
  }
  for (const one of printed) expect(one).not.toHaveBeenCalled()
}, 60_000)
