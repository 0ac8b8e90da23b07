import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testKept, type TestKept } from '../../test/kept.ts'
import { enqueue } from './jobs.ts'
import { operation } from './operation.ts'

let kept: TestKept
beforeAll(async () => {
  kept = await testKept()
})
afterAll(() => kept.stop())
afterEach(() =>
  kept.as.superuser.query(
    'select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs',
  ),
)

const ask = operation({
  action: 'tests.enqueue',
  says: 'Enqueues work',
  input: z.strictObject({ input: z.unknown(), key: z.string().nullable(), fails: z.boolean() }),
  output: z.object({}),
  async run(tx, { input, key, fails }) {
    await enqueue(tx, 'tests.work', input, key)
    if (fails) throw new Error('the caller fails after it')
    return {}
  },
})
const send = (input: unknown, key: string | null = null, fails = false) =>
  kept.ask('operator', ask, { input, key, fails })
const waiting = async () => {
  const { rows } = await kept.as.superuser.query<{ key: string | null; payload: unknown }>(
    `select j.key, p.payload from graphile_worker.jobs j
     join graphile_worker._private_jobs p using (id) where j.task_identifier = 'tests.work'
     order by j.id`,
  )
  return rows
}

describe('work for later', () => {
  it('waits once its caller has committed, and is due then', async () => {
    await send({ a: 1 })
    expect(await waiting()).toEqual([{ key: null, payload: { a: 1 } }])
    const { rows } = await kept.as.superuser.query(
      `select from graphile_worker.jobs where task_identifier = 'tests.work' and run_at <= now()`,
    )
    expect(rows).toHaveLength(1)
  })

  it('is rolled back with its caller', async () => {
    await expect(send({ a: 1 }, null, true)).rejects.toMatchObject({ code: 'internal' })
    expect(await waiting()).toEqual([])
  })

  it('is not doubled under one key, and is without', async () => {
    await send({ a: 1 }, 'one')
    await send({ a: 2 }, 'one')
    expect(await waiting()).toEqual([{ key: 'one', payload: { a: 2 } }])
    await send({ a: 3 }, 'two')
    await send({ a: 4 })
    await send({ a: 5 })
    expect(await waiting()).toHaveLength(4)
  })

  it('holds its input as data, whatever stands in it', async () => {
    const input = { text: `'; drop schema graphile_worker cascade; --`, list: [1, null, 'ü'] }
    await send(input)
    expect(await waiting()).toEqual([{ key: null, payload: input }])
  })
})

describe('the jobs’ schema', () => {
  it.each([
    'select from graphile_worker.jobs',
    'select from graphile_worker._private_jobs',
    `select graphile_worker.add_job('tests.work')`,
    'delete from graphile_worker._private_jobs',
  ])('is closed to the server: %s', async (statement) => {
    await expect(kept.as.server.query(statement)).rejects.toMatchObject({ code: '42501' })
    await expect(kept.as.worker.query(statement)).resolves.toBeTruthy()
  })

  it('is open to it by one function, which the worker may not call', async () => {
    const call = `select kept.enqueue('tests.work', '{}', null)`
    await expect(kept.as.server.query(call)).resolves.toBeTruthy()
    await expect(kept.as.worker.query(call)).rejects.toMatchObject({ code: '42501' })
  })
})
