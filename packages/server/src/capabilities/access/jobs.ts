import { z } from 'zod'
import { job, type Job, type JobContext } from '../../foundation/capability.ts'
import { Failure } from '../../foundation/failure.ts'
import { loginOf, withDatabase } from '../../outside/postgres.ts'
import { drainBatch } from './drain.ts'
import type { AccessOperations } from './operations.ts'

/** Batches of one job: what is left is taken by the next, so that stopping waits for none. */
const mostBatches = 500

export function accessJobs(operations: AccessOperations): Job[] {
  return [
    job({
      name: 'access.drain',
      says: 'Takes over what an app recorded in the outbox of its database',
      input: z.strictObject({ database: z.string() }),
      async run(work, { database }) {
        const why = await drain(work, operations, database)
        const { isNews } = await work.ask(operations.noteDrain, { database, why })
        // Told when it begins and when it is over, and not each time in between.
        if (!isNews) return
        work.log({
          note: `the outbox of ${database} ${why === null ? 'is drained again' : `cannot be drained: ${why}`}`,
        })
      },
    }),
  ]
}

/** Drains until nothing is left; hands back why it could not. */
async function drain(
  work: JobContext,
  operations: AccessOperations,
  database: string,
): Promise<string | null> {
  try {
    const system = await work.ask(operations.prepareDrain, { database })
    await withDatabase(work, loginOf(system, work), async (client) => {
      for (let batches = 0, isMore = true; isMore && batches < mostBatches; batches++) {
        work.signal.throwIfAborted()
        isMore = await drainBatch(client, (rows) =>
          work.ask(operations.keepRecords, { database, rows: [...rows] }),
        )
      }
    })
    return null
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-connected')
      return error.message.slice(0, 1000)
    throw error
  }
}
