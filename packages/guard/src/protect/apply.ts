import { Client } from 'pg'
import { GuardFailure } from '../failure.ts'
import { reading, withDatabase } from './connect.ts'
import type { Plan } from './plan.ts'
import { protect, type Protection } from './protect.ts'
import { lockTimeout } from './sql.ts'
import type { Step } from './work.ts'

export interface Applying {
  /** Told before each step, with its place among those of this run. */
  say: (step: Step, place: number, of: number) => void
  /** Waits between tries to get a lock, in milliseconds. */
  wait: (milliseconds: number) => Promise<void>
  signal: AbortSignal
}

/** How often a statement is tried that did not get its lock: for about a minute. */
const tries = 40
const noLock = new Set(['55P03', '40P01'])

/** One thing done may make another possible, such as a constraint on what was filled. */
const rounds = 3

/**
 * Runs what a database lacks, statement by statement, and hands back how it then stands. What was done
 * stays done: run again after a stop, it goes on; run once more, it changes nothing.
 *
 * @throws GuardFailure `undecided`, `cancelled`, `step-failed`, `lacks-right`
 */
export async function apply(url: string, plan: Plan, applying: Applying): Promise<Protection> {
  return await withDatabase(url, { writes: true }, async (client) => {
    await alone(client)
    const cancel = () => void cancelRunning(url, client)
    applying.signal.addEventListener('abort', cancel, { once: true })
    try {
      for (let round = 1; ; round++) {
        const protection = await reading(client, () => protect(client, plan))
        mustBeDecided(protection)
        if (protection.steps.length === 0 || round > rounds) return protection
        for (const [i, step] of protection.steps.entries()) {
          applying.say(step, i + 1, protection.steps.length)
          await run(client, step, applying)
        }
      }
    } finally {
      applying.signal.removeEventListener('abort', cancel)
    }
  })
}

/** Two at once would do the same work twice. */
async function alone(client: Client): Promise<void> {
  const { rows } = await client.query<{ alone: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('kept protect', 0)) as alone`,
  )
  if (rows[0]!.alone) return
  throw new GuardFailure(
    'undecided',
    'another kept protect --apply works on this database',
    'wait for its end',
  )
}

function mustBeDecided({ decisions, plan }: Protection): void {
  const asked = decisions
    .filter(({ asked, table }) => asked && table.parents.length === 0)
    .map(({ table }) => table.id)
  if (asked.length > 0) {
    const said = `${asked.slice(0, 5).join(', ')}${asked.length > 5 ? `, and ${asked.length - 5} more` : ''}`
    throw new GuardFailure(
      'undecided',
      `nobody has decided whose these are: ${said}`,
      'decide in the file of --plan, or take what is proposed with --confirm',
    )
  }
  if (plan.appRoles.length > 0) return
  throw new GuardFailure(
    'undecided',
    'no role of the app was found',
    'name it with --app-role; it is made where there is none',
  )
}

async function run(client: Client, step: Step, { wait, signal }: Applying): Promise<void> {
  await client.query(`set lock_timeout = '${lockTimeout}'`)
  for (const statement of step.sql) {
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) throw stopped()
      try {
        await client.query(statement)
        break
      } catch (error) {
        // A transaction of several statements is left open by an error in it.
        await client.query('rollback').catch(() => {})
        if (signal.aborted) throw stopped(error)
        if (!noLock.has((error as { code: string }).code) || attempt === tries)
          throw explain(error, step, statement)
        await wait(250 * Math.min(attempt, 8))
      }
    }
  }
}

function stopped(cause?: unknown): GuardFailure {
  return new GuardFailure(
    'cancelled',
    'it was stopped',
    'run it again: it goes on where it was',
    cause,
  )
}

function explain(error: unknown, { at }: Step, statement: string): GuardFailure {
  const { code, message } = error as { code?: string; message: string }
  const first =
    statement.split('\n').find((line) => !/^(?:begin;|lock table)/.test(line)) ?? statement
  const reason = `${at}: ${message}, at "${first}"`
  if (code === '42501') {
    const fix = 'run it as the owner of the tables, or as a superuser; it goes on where it was'
    return new GuardFailure('lacks-right', reason, fix, error)
  }
  const fix =
    code === '55P03'
      ? 'another transaction holds the table: end it, and run this again'
      : 'mend that, and run this again: it goes on where it was'
  return new GuardFailure('step-failed', reason, fix, error)
}

/** From beside: the connection itself waits for its statement. */
async function cancelRunning(url: string, running: Client): Promise<void> {
  const { processID } = running as Client & { processID: number | null }
  await withDatabase(url, { writes: false }, async (client) => {
    await client.query('select pg_cancel_backend($1)', [processID])
  }).catch(() => {})
}
