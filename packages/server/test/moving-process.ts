import { writeSync } from 'node:fs'
import pg from 'pg'
import { carryOut, type MoveStep } from '../src/capabilities/isolation/move/move.ts'
import { stillTime } from '../src/foundation/time.ts'
import { openGate } from '../src/gate.ts'

/**
 * A process that carries out one move, to be killed. On channel 3 it says each step it comes to, before
 * the next begins.
 */
export interface Task {
  /** The database of Kept, as its server. */
  url: string
  move: string
  now: number
  authority: string
  /** URLs of both databases, by the names of their secrets. */
  secrets: Record<string, string>
  /** Kills itself at this step; null to be killed from outside. */
  end: MoveStep | null
}

async function run({ url, move, now, authority, secrets, end }: Task): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  const gate = openGate(pool, stillTime(now), {
    authenticate: () => Promise.reject(new Error('nobody asks from outside')),
    authorize: () => true,
    record: () => Promise.resolve(),
  })
  const actor = { kind: 'worker', id: 'worker' } as const
  const work = {
    ask: (operation: never, input: unknown) =>
      gate.enter({ caller: { actor }, operation, input }) as never,
    outside: {
      reach: 'loopback' as const,
      authorities: [authority],
      secret: (name: string) => secrets[name] ?? null,
      mail: null,
    },
    now: () => now,
    signal: new AbortController().signal,
    log: () => {},
  }
  writeSync(3, 'step begun\n')
  await carryOut(work, move, (step) => {
    writeSync(3, `step ${step}\n`)
    if (step === end) process.kill(process.pid, 'SIGKILL')
  })
  await pool.end()
}

if (import.meta.main) await run(JSON.parse(process.argv[2]!) as Task)
