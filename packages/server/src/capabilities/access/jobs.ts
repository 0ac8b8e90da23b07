import { z } from 'zod'
import { job, type Job, type JobContext } from '../../foundation/capability.ts'
import { Failure } from '../../foundation/failure.ts'
import { loginOf, withDatabase } from '../../outside/postgres.ts'
import { drainBatch } from './drain.ts'
import type { AccessOperations } from './operations.ts'

/** Batches of one job: what is left is taken by the next, so that stopping waits for none. */
const mostBatches = 500
/** So many in turn can be taken by others who drain the same; more is no chance. */
const mostInVain = 20

export function accessJobs(operations: AccessOperations, most = mostBatches): Job[] {
  return [
    job({
      name: 'access.drain',
      says: 'Takes over what an app recorded in the outbox of its database',
      input: z.strictObject({ database: z.string() }),
      async run(work, { database }) {
        const { why, emptyAt } = await drain(work, operations, database, most)
        const { isNews } = await work.ask(operations.noteDrain, { database, why, emptyAt })
        // Told when it begins and when it is over, and not each time in between.
        if (!isNews) return
        work.log({
          note: `the outbox of ${database} ${why === null ? 'is drained again' : `cannot be drained: ${why}`}`,
        })
      },
    }),
  ]
}

interface Outcome {
  /** Why it could not be drained; null where it could. */
  why: string | null
  /** When it was looked at last and nothing was there; null where something may be left. */
  emptyAt: number | null
}

/** Drains until nothing is left, or for as many batches as one job may take. */
async function drain(
  work: JobContext,
  operations: AccessOperations,
  database: string,
  most: number,
): Promise<Outcome> {
  try {
    const system = await work.ask(operations.prepareDrain, { database })
    return await withDatabase(work, loginOf(system, work), async (client): Promise<Outcome> => {
      let inVain = 0
      for (let batches = 0; batches < most; batches++) {
        work.signal.throwIfAborted()
        const now = work.now()
        const taken = await drainBatch(client, (rows) =>
          work.ask(operations.keepRecords, { database, rows: [...rows] }),
        )
        if (taken === null) return { why: null, emptyAt: now }
        inVain = taken === 0 ? inVain + 1 : 0
        if (inVain > mostInVain) return { why: untakeable, emptyAt: null }
      }
      return { why: null, emptyAt: null }
    })
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-connected')
      return { why: error.message.slice(0, 1000), emptyAt: null }
    throw error
  }
}

const untakeable = 'its rows can be read and not deleted: run the SQL of outboxSql() again'
