import { writeSync } from 'node:fs'
import pg from 'pg'
import type { System } from '@kept/page'
import { drainBatch, drainSteps, type Drained } from '../src/capabilities/access/drain.ts'
import { keepRecords } from '../src/capabilities/access/records.ts'
import { accessOperations } from '../src/capabilities/access/operations.ts'
import { Failure } from '../src/foundation/failure.ts'
import { operation } from '../src/foundation/operation.ts'
import { systemTime } from '../src/foundation/time.ts'
import { openGate } from '../src/gate.ts'
import { loginOf, withDatabase } from '../src/outside/postgres.ts'
import { testBundles } from './log.ts'

/**
 * A process that drains an outbox without pause, to be killed. On channel 3 it says each step it comes
 * to, before the next begins.
 */
export interface Task {
  /** Kept's own database, as its server. */
  url: string
  system: System
  outbox: string
  authority: string
  /** Kills itself at the so-many-th time it comes to a step; null to be killed from outside. */
  end: { step: Step; time: number } | null
}

export const steps = [...drainSteps, 'before commit in Kept'] as const
export type Step = (typeof steps)[number]

async function run({ url, system, outbox, authority, end }: Task): Promise<never> {
  const comeTo = (step: Step) => {
    writeSync(3, `step ${step}\n`)
    if (end?.step === step && --end.time === 0) process.kill(process.pid, 'SIGKILL')
  }
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const gate = openGate(pool, systemTime, {
    authenticate: () => Promise.reject(new Error('nobody asks from outside')),
    authorize: () => true,
    record: () => Promise.resolve(),
  })
  const { keepRecords: declared } = accessOperations({
    bundles: testBundles,
  })
  const keep = operation({
    ...declared,
    async run(tx, input) {
      const kept = await keepRecords(tx, input)
      comeTo('before commit in Kept')
      return { kept }
    },
  })
  const caller = { actor: { kind: 'worker', id: 'worker' } } as const
  const way = {
    outside: {
      reach: 'loopback',
      authorities: [authority],
      secret: () => outbox,
      mail: null,
    },
    signal: new AbortController().signal,
  } as const
  const login = loginOf(system, way)
  const keepAll = (rows: readonly Drained[]) =>
    gate.enter({ caller, operation: keep, input: { database: system.id, rows: [...rows] } })
  for (;;) {
    // A connection that came to nothing is tried again, as the job does.
    await withDatabase(way, login, async (client) => {
      while ((await drainBatch(client, keepAll, comeTo)) !== null);
    }).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.code !== 'not-connected') throw error
    })
  }
}

if (import.meta.main) await run(JSON.parse(process.argv[2]!) as Task)
