import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { testKept, type TestKept } from '../test/kept.ts'
import { openRoad } from '../test/road.ts'
import { job } from './foundation/capability.ts'
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
const left = async () => {
  const { rows } = await kept.as.superuser.query('select from graphile_worker._private_jobs')
  return rows.length
}

// Whether it ends well or badly is written on different ways.
it.each([false, true])(
  'goes on by itself when the database was away while a job ended (failing: %s)',
  async (fails) => {
    const road = await openRoad(kept.urls.worker)
    const pool = new pg.Pool({ connectionString: road.url, max: 5, connectionTimeoutMillis: 2000 })
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
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
    const said: string[] = []
    const worker = await startWorker({
      pool,
      capabilities: [{ name: 'tests', jobs: [wait], holdings: [] }],
      gate: kept.gate,
      outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
      time: kept.time,
      log: openLog('warn', { write: (line) => void said.push(line) }),
      metrics: openMetrics(() => Promise.resolve(0)),
      pace: 100,
    })
    try {
      await add('first', fails)
      await vi.waitFor(() => expect(begun).toEqual(['first']), 10_000)
      await road.close()
      end()
      await vi.waitFor(() => expect(said.join('')).toContain('no jobs are carried'), 30_000)
      await add('second', false)
      expect(begun).toEqual(['first'])
      await road.open()
      await vi.waitFor(() => expect(begun).toContain('second'), 30_000)
      await vi.waitFor(async () => expect(await left()).toBe(0), 30_000)
      expect(begun.filter((name) => name === 'first')).toHaveLength(2)
    } finally {
      await worker.stop()
      await pool.end()
      await road.close()
    }
  },
  60_000,
)
