import { EventEmitter } from 'node:events'
import { Logger, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Beat, Capability, Job, JobContext } from './foundation/capability.ts'
import { asFailure } from './foundation/failure.ts'
import type { Outside } from './foundation/outside.ts'
import type { Time } from './foundation/time.ts'
import type { Actor } from './foundation/transaction.ts'
import type { Gate } from './gate.ts'
import { factsOf, type Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface WorkerSettings {
  /** Connects as the role that sees only the jobs. */
  pool: Pool
  capabilities: readonly Capability[]
  gate: Gate
  outside: Outside
  time: Time
  log: Log
  metrics: Metrics
  /** Milliseconds between two looks for work that is due. */
  pace: number
}

const self: Actor = { kind: 'worker', id: 'worker' }

export interface Worker {
  /** Lets what runs come to its end, but not longer than a few seconds. */
  stop(): Promise<void>
}

/** Carries jobs and keeps the beats, through the same gate as everybody, as an actor of its own. */
export async function startWorker(settings: WorkerSettings): Promise<Worker> {
  const ending = new AbortController()
  const carrying = carryOn(await carry(settings, ending.signal), settings, ending.signal)
  const beats = keepBeats(
    settings.capabilities.flatMap((one) => one.beats ?? []),
    settings,
    ending.signal,
  )
  return {
    async stop() {
      ending.abort(new Error('the worker is going down'))
      await Promise.all([beats, carrying])
    },
  }
}

interface Carrier {
  runner: Runner
  /** By what the queue knows who holds a job. */
  id: string
}

async function carry(settings: WorkerSettings, signal: AbortSignal): Promise<Carrier> {
  const events: WorkerEvents = new EventEmitter()
  let id = ''
  events.once('pool:create', ({ workerPool }) => (id = workerPool.id))
  endQuietly(events)
  const runner = await run({
    pgPool: settings.pool,
    taskList: toTasks(settings, signal),
    noHandleSignals: true,
    logger: quietLogger(settings.log, signal),
    events,
    preset: {
      worker: {
        concurrentJobs: 4,
        pollInterval: Math.max(settings.pace, 200),
        // Without them a job whose end cannot be written, since the database is away, ends the process.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  })
  return { runner, id }
}

/**
 * Whoever was told to end while it looked for a job, and cannot finish that look since the database went
 * away first, has ended all the same. Told so before the queue notices, it prints no stack trace.
 */
function endQuietly(events: WorkerEvents): void {
  const told = new WeakSet<object>()
  events.on('worker:release', ({ worker }) => void told.add(worker))
  events.on('worker:getJob:error', ({ worker }) => {
    if (told.has(worker)) void worker.release(true)
  })
}

/** The queue gives up when it cannot write what became of a job: it is begun anew until it is told to end. */
async function carryOn(
  first: Carrier,
  settings: WorkerSettings,
  signal: AbortSignal,
): Promise<void> {
  let carrier: Carrier | null = first
  while (carrier) {
    await untilOver(carrier.runner, signal)
    carrier = await carryAnew(carrier.id, settings, signal)
  }
}

/** Null when it was told to end. */
async function carryAnew(
  gone: string,
  settings: WorkerSettings,
  signal: AbortSignal,
): Promise<Carrier | null> {
  while (!signal.aborted) {
    try {
      // Nobody carries these any more, and the queue itself would let hours pass before it takes them up.
      await settings.pool.query('select graphile_worker.force_unlock_workers($1)', [[gone]])
      return await carry(settings, signal)
    } catch (error) {
      settings.log.warn({ says: 'no jobs are carried', ...factsOf(error) })
    }
    await pause(settings.pace, signal)
  }
  return null
}

async function untilOver(runner: Runner, signal: AbortSignal): Promise<void> {
  const told = new Promise<void>((resolve) => {
    const stop = () => resolve(runner.stop().catch(() => {}))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  await Promise.race([told, runner.promise.catch(() => {})])
  if (signal.aborted) await told
}

function contextOf({ gate, outside, time, log }: WorkerSettings, signal: AbortSignal): JobContext {
  return {
    ask: (operation, input) =>
      gate.enter({
        caller: { actor: self },
        operation,
        input,
      }) as never,
    outside,
    now: () => time.now(),
    signal,
    log: ({ error, note }) =>
      log.warn({ ...(error ? factsOf(error) : {}), ...(note ? { note } : {}) }),
  }
}

/** What graphile-worker says goes into our log, and only its errors; what a going down cuts short is none. */
export function quietLogger(log: Log, signal: AbortSignal): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error' && !signal.aborted) log.error({ says: message })
  })
}

/** Every job of the capabilities, as graphile-worker runs it. */
export function toTasks(settings: WorkerSettings, signal: AbortSignal): TaskList {
  const jobs = settings.capabilities.flatMap((one) => one.jobs ?? [])
  return Object.fromEntries(jobs.map((one) => [one.name, toTask(one, settings, signal)]))
}

function toTask(job: Job, settings: WorkerSettings, signal: AbortSignal): TaskList[string] {
  return async (payload) => {
    try {
      await job.run(contextOf(settings, signal), job.input.parse(payload))
      settings.metrics.jobs.inc({ job: job.name, outcome: 'done' })
    } catch (error) {
      settings.metrics.jobs.inc({ job: job.name, outcome: 'failed' })
      if (!signal.aborted) settings.log.warn({ job: job.name, ...factsOf(error) })
      // oxlint-disable-next-line preserve-caught-error -- the queue keeps and logs what it is told, and a foreign error's message may hold anything
      throw new Error(asFailure(error).code)
    }
  }
}

/** One after the other, so that a slow database is not asked the more the slower it is. */
async function keepBeats(
  beats: readonly Beat[],
  settings: WorkerSettings,
  signal: AbortSignal,
): Promise<void> {
  const next = new Map<Beat, number>()
  const state = { isAway: false }
  while (!signal.aborted) {
    for (const beat of beats) {
      if (signal.aborted) return
      if ((next.get(beat) ?? 0) > performance.now()) continue
      next.set(beat, performance.now() + Math.min(beat.every * 1000, beat.every * settings.pace))
      await keepBeat(beat, settings, state)
    }
    await pause(settings.pace / 2, signal)
  }
}

/** That the database is away is said once, and that it is back, and not by every beat each second. */
async function keepBeat(
  { operation }: Beat,
  { gate, log }: WorkerSettings,
  state: { isAway: boolean },
): Promise<void> {
  try {
    // What it could not do at once it does at once again.
    for (let times = 0; times < 100; times++) {
      const asked = gate.enter({ caller: { actor: self }, operation, input: {} })
      const { more, troubles = [] } = (await asked) as { more?: boolean; troubles?: string[] }
      if (state.isAway) log.warn({ says: 'the database answers again' })
      state.isAway = false
      for (const says of troubles) log.warn({ action: operation.action, says })
      if (!more) return
    }
  } catch (error) {
    const isAway = asFailure(error).code === 'database-away'
    if (!isAway || !state.isAway) log.warn({ action: operation.action, ...factsOf(error) })
    state.isAway ||= isAway
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
