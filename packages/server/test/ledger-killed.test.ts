import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ledgerOperations } from '../src/capabilities/ledger/operations.ts'
import { testKept, testLog, type TestKept } from './kept.ts'
import { steps, type Step, type Task } from './ledger-process.ts'
import { mulberry32 } from './random.ts'

const kills = 50
/** The first kills are at a named step, each twice at least; the others whenever it happens. */
const atSteps = 3 * steps.length
const operations = ledgerOperations(testLog, [])

let kept: TestKept
beforeAll(async () => {
  kept = await testKept()
})
afterAll(() => kept.stop())

it(`keeps each acknowledged entry once, killed ${kills} times`, { timeout: 600_000 }, async () => {
  const seed = Number(process.env['KEPT_TEST_SEED'] ?? Date.now() % 2 ** 31)
  const random = mulberry32(seed)
  const told = [`seed ${seed}; KEPT_TEST_SEED repeats it`]
  const acknowledged: string[] = []
  const hits = new Map<Step, number>()
  for (let i = 0; i < kills; i++) {
    const step = i < atSteps ? steps[i % steps.length]! : null
    const end = step && { step, time: 1 + Math.floor(random() * 5) }
    const task = { url: kept.urls.server, name: `run${i}`, end }
    const said = await runUntilKilled(task, random() * 200)
    acknowledged.push(...said.acknowledged)
    const last = step ?? said.last
    told.push(`kill ${i + 1}: ${step ? 'at' : 'at random, after'} "${last}"`)
    if (last) hits.set(last, (hits.get(last) ?? 0) + 1)
  }
  told.push(...steps.map((step) => `${step}: ${hits.get(step) ?? 0} times`))
  console.log(told.join('\n'))
  expect(
    steps.filter((step) => !hits.has(step)),
    'every step was interrupted',
  ).toEqual([])

  await kept.work()
  const entries = await readEntries()
  const counts = new Map<string, number>()
  for (const entry of entries) counts.set(entry, (counts.get(entry) ?? 0) + 1)
  expect(acknowledged.length).toBeGreaterThan(kills)
  expect(acknowledged.filter((id) => counts.get(id) !== 1)).toEqual([])
  expect([...counts].filter(([, count]) => count > 1)).toEqual([])
  kept.time.advance(1)
  const { size, findings } = await kept.ask('operator', operations.check, {})
  expect({ size, findings }).toEqual({ size: entries.length, findings: [] })
})

async function readEntries(): Promise<string[]> {
  const { rows } = await kept.as.owner.query<{ body: Buffer }>('select body from ledger.entries')
  return rows.map(({ body }) => (JSON.parse(body.toString()) as { entry: string }).entry)
}

/** Runs the process until it kills itself, or is killed so many milliseconds after its first step. */
async function runUntilKilled(task: Task, wait: number) {
  const file = join(import.meta.dirname, 'ledger-process.ts')
  const child = spawn(process.execPath, [file, JSON.stringify(task)], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  const channel = child.stdio[3] as Readable
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>
  if (!task.end) {
    const kill = () => setTimeout(() => child.kill('SIGKILL'), wait)
    channel.on('data', (chunk: Buffer) => {
      if (chunk.includes('step')) kill()
    })
  }
  const said = await text(channel)
  const [code, signal] = await exit
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
  const lines = said.split('\n')
  const told = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
  return { acknowledged: told('acknowledged'), last: told('step').at(-1) as Step | undefined }
}
