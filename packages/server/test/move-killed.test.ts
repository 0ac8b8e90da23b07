import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { moveSteps, type MoveStep } from '../src/capabilities/isolation/move/move.ts'
import type { TestKept } from './kept.ts'
import type { Task } from './moving-process.ts'
import {
  a,
  contents,
  isEmpty,
  list,
  outsideOf,
  person,
  start,
  startMoving,
  type Moving,
} from './moving.ts'
import { ScopedWriters } from './scoped-writers.ts'
import { mulberry32 } from './random.ts'

/** So many kills whenever it happens, after each named step was interrupted twice. */
const atRandom = 10

let moving: Moving
let kept: TestKept
beforeAll(async () => {
  moving = await startMoving()
  kept = await moving.begin()
}, 60_000)
afterAll(async () => {
  await kept.stop()
  await moving.stop()
})

it('has each acknowledged row once, killed at every step', { timeout: 900_000 }, async () => {
  const seed = Number(process.env['KEPT_TEST_SEED'] ?? Date.now() % 2 ** 31)
  const random = mulberry32(seed)
  const before = await contents(moving, 'shared', a)
  const { postgres, authority } = moving
  const urls = { shared: postgres.url('app', 'shared'), own: postgres.url('app', 'own') }
  const writers = new ScopedWriters(urls, authority.pem, a, 'shared')
  writers.start()
  const hits = new Map<MoveStep, number>()
  const told = [`seed ${seed}; KEPT_TEST_SEED repeats it`]
  await killAndKill(random, writers, hits, told).finally(() => writers.stop())
  const moves = await readMoves()
  const home = homeOf(moves[0])
  const [here, elsewhere] = [home, home === 'own' ? 'shared' : 'own']
  told.push(
    ...moveSteps.map((step) => `${step}: ${hits.get(step) ?? 0} times`),
    `${moves.length} moves, ${writers.acknowledged} writes acknowledged, ${writers.rows.size} rows in the end`,
    `a scope waited ${Math.round(writers.longestWait)} ms at most, kills included`,
  )
  console.log(told.join('\n'))
  expect(moveSteps.filter((step) => !hits.has(step))).toEqual([])
  expect(moves.filter(({ state }) => state !== 'done')).toEqual([])
  const rows = (await postgres.sql(
    `select id, n from app.writes where tenant_id = '${a}'`,
    here,
  )) as { id: string; n: number }[]
  expect(rows.length).toBeGreaterThan(100)
  expect(new Map(rows.map(({ id, n }) => [id, n]))).toEqual(writers.rows)
  expect(rows.length).toBe(writers.rows.size)
  const { writes: _, ...after } = await contents(moving, here, a)
  expect({ ...after, writes: [] }).toEqual(before)
  expect(isEmpty(await contents(moving, elsewhere, a))).toBe(true)
})

/** Interrupts moves until every step was, and then at random, and brings the last one to its end. */
async function killAndKill(
  random: () => number,
  writers: ScopedWriters,
  hits: Map<MoveStep, number>,
  told: string[],
): Promise<void> {
  await runUntilKilled(null, null)
  told.push(`undisturbed, a scope waited ${Math.round(writers.longestWait)} ms at most`)
  const steps = [...moveSteps, ...shuffle(moveSteps, random)]
  while (steps.length > 0) {
    const step = steps[0]!
    const said = await runUntilKilled(step, null)
    if (!said.isKilled) continue
    steps.shift()
    hits.set(step, (hits.get(step) ?? 0) + 1)
    told.push(`killed at "${step}"`)
  }
  for (let i = 0; i < atRandom; i++) {
    const { last } = await runUntilKilled(null, random() * 1500)
    told.push(`killed at random, after "${last}"`)
  }
  while ((await readMoves())[0]!.endedAt === null) await runUntilKilled(null, null)
}

type Listed = Awaited<ReturnType<typeof readMoves>>[number]

/** Where the tenant is after a move that is over, or before any. */
function homeOf(move: Listed | undefined): string {
  if (!move) return 'shared'
  return move.state === 'done' ? move.to : move.from
}

const readMoves = async () => (await kept.ask(person, list, {})).moves

/** The move that is not over, or one to the other database. */
async function needMove(): Promise<string> {
  const [last] = await readMoves()
  if (last && last.endedAt === null) return last.id
  const cluster = homeOf(last) === 'own' ? 'shared' : 'own'
  const kind = cluster === 'own' ? 'dedicated' : 'shared'
  return (await kept.ask(person, start, { tenant: a, cluster, kind })).move
}

/** Carries a move on until it kills itself, is killed so many milliseconds after it began, or is done. */
async function runUntilKilled(end: MoveStep | null, wait: number | null) {
  const task: Task = {
    url: kept.urls.server,
    move: await needMove(),
    now: kept.time.now(),
    authority: moving.authority.pem,
    secrets: {
      SHARED: outsideOf(moving).secret('SHARED')!,
      OWN: outsideOf(moving).secret('OWN')!,
    },
    end,
  }
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'moving-process.ts'), JSON.stringify(task)],
    { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] },
  )
  const channel = child.stdio[3] as Readable
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>
  if (wait !== null) channel.once('data', () => setTimeout(() => child.kill('SIGKILL'), wait))
  const said = await text(channel)
  const [code, signal] = await exit
  expect(code === 0 || signal === 'SIGKILL', `it ended with ${code}`).toBe(true)
  const last = said.trim().split('\n').at(-1)!.replace('step ', '')
  return { isKilled: signal === 'SIGKILL', last }
}

function shuffle(all: readonly MoveStep[], random: () => number): MoveStep[] {
  return all
    .map((step) => ({ step, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ step }) => step)
}
