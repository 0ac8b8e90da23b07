import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseWitnessKey, readCosignatures, signCheckpoint } from '@kept/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testKept, testLog, type TestKept } from '../../../test/kept.ts'
import { startWitness, type TestWitness } from '../../../test/witness.ts'
import type { JobContext } from '../../foundation/capability.ts'
import { operation } from '../../foundation/operation.ts'
import { appendAll } from './append.ts'
import { ledgerJobs } from './jobs.ts'
import { ledgerOperations } from './operations.ts'

const write = operation({
  action: 'tests.write',
  says: 'Writes so many entries',
  input: z.strictObject({ count: z.number() }),
  output: z.object({}),
  async run(tx, { count }) {
    await appendAll(
      tx,
      'tests.write',
      Array.from({ length: count }, (_, i) => i),
    )
    return {}
  },
})

describe('a witness', () => {
  let witness: TestWitness
  let kept: TestKept
  let operations: ReturnType<typeof ledgerOperations>

  beforeAll(async () => {
    witness = await startWitness('witness.test/one', testLog)
    kept = await testKept({ witnesses: [witness] })
    operations = ledgerOperations(testLog, [witness])
  })
  afterAll(async () => {
    await kept.stop()
    await witness.stop()
  })

  const grow = async (count: number) => {
    await kept.ask('operator', write, { count })
    await kept.work()
  }
  const cosigned = async () => {
    const { body } = await kept.ask('public', operations.showCheckpoint, {})
    const witnesses = [parseWitnessKey(witness.key)]
    return readCosignatures(body as string, { witnesses, quorum: 1 }).met
  }

  it('cosigns the first checkpoint', async () => {
    await grow(3)
    expect(witness.answers).toEqual([200])
    expect(await cosigned()).toBe(true)
  })

  it('cosigns what grew from what it saw, and is left alone when nothing did', async () => {
    await grow(300)
    expect(witness.answers).toEqual([200, 200])
    expect(witness.seen.size).toBe(303)
    await kept.work()
    expect(witness.answers).toEqual([200, 200])
    expect(await cosigned()).toBe(true)
  })

  it('says 409 when it remembers another size than we do, and cosigns at the second request', async () => {
    Object.assign(witness.seen, { size: 0, root: null })
    await grow(1)
    expect(witness.answers.slice(2)).toEqual([409, 200])
    expect(await cosigned()).toBe(true)
  })

  it('refuses a log that rewrote what it saw; the checkpoint stays uncosigned', async () => {
    const other = await signCheckpoint(
      { origin: testLog.origin, size: 304, root: new Uint8Array(32).fill(1), extensions: [] },
      [testLog.signer],
    )
    expect(other).toContain('304')
    const root = witness.seen.root
    witness.seen.root = new Uint8Array(32).fill(1)
    await grow(1)
    expect(witness.answers.at(-1)).toBe(422)
    expect(await cosigned()).toBe(false)
    // With the history it knows it cosigns again.
    witness.seen.root = root
    const { request } = await kept.ask('worker', operations.askWitness, { old: 304 })
    const answer = await fetch(`${witness.url}/add-checkpoint`, {
      method: 'POST',
      body: request!.body,
    })
    expect(answer.status).toBe(200)
  })

  it('that saw more than there is has caught the ledger cut back', async () => {
    const asked = kept.ask('worker', operations.askWitness, { old: 100_000 })
    await expect(asked).rejects.toMatchObject({ code: 'conflict' })
  })

  it('has no false signature kept in its name', async () => {
    const stranger = await startWitness('witness.test/one', testLog, 10)
    try {
      const { request } = await kept.ask('worker', operations.askWitness, { old: 0 })
      const answer = await fetch(`${stranger.url}/add-checkpoint`, {
        method: 'POST',
        body: request!.body,
      })
      const line = await answer.text()
      expect(line).toContain('witness.test/one')
      const { size } = request!
      const asked = kept.ask('worker', operations.addCosignature, { size, key: witness.key, line })
      await expect(asked).rejects.toMatchObject({ code: 'bad-signature' })
      const own = { size, key: stranger.key, line }
      await expect(kept.ask('worker', operations.addCosignature, own)).resolves.toEqual({})
    } finally {
      await stranger.stop()
    }
  })
})

it('is not held up by witnesses that say nothing, never end or drip', async () => {
  const answers: ((response: ServerResponse) => void)[] = [
    () => {},
    (response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    },
    (response) => {
      const drip = setInterval(() => response.write('x'), 100)
      response.on('close', () => clearInterval(drip))
    },
  ]
  const sent: number[] = []
  const server = createServer((request, response) => {
    const socket = request.socket
    response.on('close', () => sent.push(socket.bytesWritten))
    request.resume()
    answers[Number(request.url!.split('/')[1])]!(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const good = await startWitness('witness.test/good', testLog)
  const bad = answers.map((_, i) => ({
    url: `http://127.0.0.1:${port}/${i}`,
    key: good.key.replace('good', `bad-${i}`),
  }))
  const kept = await testKept({ witnesses: [...bad, good] })
  try {
    const operations = ledgerOperations(testLog, [])
    await kept.ask('operator', write, { count: 1 })
    await kept.ask('worker', operations.sequence, {})
    const job = ledgerJobs(operations, [...bad, good]).find(
      ({ name }) => name === 'ledger.witness',
    )!
    const work: JobContext = {
      ask: (operation, input) => kept.ask('worker', operation, input),
      outside: { reach: 'loopback', authorities: [], secret: () => null, mail: null },
      now: () => kept.time.now(),
      signal: new AbortController().signal,
      log: () => {},
    }
    await expect(job.run(work, {})).rejects.toMatchObject({ code: 'not-connected' })
    expect(good.answers).toEqual([200])
    await expect.poll(() => sent.length).toBe(3)
    // What buffers on the way hold may be some megabytes; without an end it would be all memory.
    expect(Math.max(...sent)).toBeLessThan(32 * 1024 * 1024)
  } finally {
    await kept.stop()
    await good.stop()
    server.closeAllConnections()
    server.close()
  }
}, 30_000)
