import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { steps, type Step, type Task } from './drain-process.ts'
import { testKept, type TestKept } from './kept.ts'
import { system } from './looking.ts'
import { startOutbox, writeRecords, type Outbox } from './outbox.ts'
import { mulberry32 } from './random.ts'

const kills = 30
/** The first kills are at a named step, each twice at least; the others whenever it happens. */
const atSteps = 3 * steps.length
/** Two batches at least, so that each step comes twice. */
const perKill = 250

let kept: TestKept
let outbox: Outbox
beforeAll(async () => {
  ;[kept, outbox] = await Promise.all([testKept({ collectors: [] }), startOutbox()])
  await outbox.make('app')
}, 60_000)
afterAll(async () => {
  await kept.stop()
  await outbox.postgres.stop()
})

const subject = system({ type: 'database', id: 'app-db', secret: 'DRAIN' })
const left = async () =>
  Number(
    ((await outbox.sql('app', 'select count(*) from kept.outbox')) as [{ count: string }])[0].count,
  )

it(`drains each record once, killed ${kills} times`, { timeout: 600_000 }, async () => {
  const seed = Number(process.env['KEPT_TEST_SEED'] ?? Date.now() % 2 ** 31)
  const random = mulberry32(seed)
  const told = [`seed ${seed}; KEPT_TEST_SEED repeats it`]
  const hits = new Map<Step, number>()
  let written = 0
  for (let i = 0; i < kills; i++) {
    await outbox.sql('app', writeRecords(written, perKill))
    written += perKill
    const step = i < atSteps ? steps[i % steps.length]! : null
    const end = step && { step, time: 1 + Math.floor(random() * 2) }
    const last = await runUntilKilled(end, random() * 60)
    told.push(`kill ${i + 1}: ${step ? 'at' : 'at random, after'} "${step ?? last}"`)
    if (last) hits.set(step ?? last, (hits.get(step ?? last) ?? 0) + 1)
  }
  told.push(...steps.map((step) => `${step}: ${hits.get(step) ?? 0} times`))
  console.log(told.join('\n'))
  expect(
    steps.filter((step) => !hits.has(step)),
    'every step was interrupted',
  ).toEqual([])

  // What is left two drain at once, neither of them killed until nothing is there.
  await outbox.sql('app', writeRecords(written, 10 * perKill))
  written += 10 * perKill
  const both = [start(null), start(null)]
  while ((await left()) > 0) await sleep(50)
  for (const { child } of both) child.kill('SIGKILL')
  await Promise.all(both.map(({ over }) => over))

  await sequenceAll()
  const { rows: records } = await kept.as.superuser.query<{ n: string; ticket: string }>(
    `select detail::json->>'n' as n, ticket from access.records`,
  )
  expect(records).toHaveLength(written)
  expect(new Set(records.map(({ n }) => n)).size).toBe(written)
  const { rows: entries } = await kept.as.owner.query<{ body: Buffer; ticket: string }>(
    'select body, ticket from ledger.entries',
  )
  const drained = entries.filter(({ body }) => body.includes('"action":"access.record"'))
  expect(drained).toHaveLength(written)
  expect(new Set(drained.map(({ ticket }) => ticket))).toEqual(
    new Set(records.map(({ ticket }) => ticket)),
  )
})

/** Gives every entry its place, however many wait. */
async function sequenceAll(): Promise<void> {
  const waiting = async () =>
    (await kept.as.owner.query('select from ledger.outbox limit 1')).rowCount !== 0
  while (await waiting()) await kept.work()
}

function start(end: Task['end']) {
  const task: Task = {
    url: kept.urls.server,
    system: subject,
    outbox: outbox.url('app'),
    authority: outbox.authority.pem,
    end,
  }
  const file = join(import.meta.dirname, 'drain-process.ts')
  const child = spawn(process.execPath, [file, JSON.stringify(task)], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>
  const channel = child.stdio[3] as Readable
  return { child, channel, over: Promise.all([text(channel), exit]) }
}

/** Runs the process until it kills itself, or is killed so many milliseconds after its first step. */
async function runUntilKilled(end: Task['end'], wait: number): Promise<Step | undefined> {
  const { child, channel, over } = start(end)
  if (!end) channel.once('data', () => setTimeout(() => child.kill('SIGKILL'), wait))
  const [said, [code, signal]] = await over
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
  const lines = said.split('\n').filter((line) => line.startsWith('step '))
  return lines.at(-1)?.slice('step '.length) as Step | undefined
}
