import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  job,
  type Collector,
  type Job,
  type JobContext,
  type Observation,
} from '../../foundation/capability.ts'
import { asFailure } from '../../foundation/failure.ts'
import type { CollectorList } from './collections.ts'
import type { ClaimsOperations } from './operations.ts'

export function claimsJobs(operations: ClaimsOperations, collectors: CollectorList): Job[] {
  return [
    job({
      name: 'claims.judge',
      says: 'Judges every claim',
      input: z.looseObject({}),
      async run(work) {
        for (let isMore = true; isMore;) {
          const { more, troubles } = await work.ask(operations.judge, {})
          for (const note of troubles) work.log({ note })
          isMore = more
        }
      },
    }),
    job({
      name: 'claims.collect',
      says: 'Has one collector look at one system',
      input: z.strictObject({ kind: z.string(), subject: z.string() }),
      async run(work, what) {
        const collector = collectors().find(({ kind }) => kind === what.kind)
        if (!collector) return
        const { system, systems, page, contact } = await work.ask(operations.prepareLook, what)
        const now = work.now()
        const {
          outcome,
          measured,
          note,
          observedAt = now,
        } = await look(work, collector, (signal) =>
          collector.collect(system, {
            ask: (operation, input) => work.ask(operation, input),
            outside: work.outside,
            now,
            signal,
            page: { source: page, contact },
            subjects: systems,
          }),
        )
        const seen = { ...what, id: randomUUID(), outcome, measured: { ...measured }, observedAt }
        await work.ask(
          operations.keepLook,
          note === undefined ? seen : { ...seen, note: note.slice(0, 500) },
        )
      },
    }),
  ]
}

/** What could not run, or not in time, is inconclusive and says why; it renews nothing. */
async function look(
  work: JobContext,
  { timeout }: Collector,
  run: (signal: AbortSignal) => Promise<Observation>,
): Promise<Observation> {
  const limit = AbortSignal.timeout(timeout * 1000)
  const signal = AbortSignal.any([work.signal, limit])
  const givenUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  try {
    return await Promise.race([run(signal), givenUp])
  } catch (error) {
    work.signal.throwIfAborted()
    const note = limit.aborted
      ? `it was given up after ${timeout} s`
      : `it could not run: ${asFailure(error).code === 'internal' ? 'an error, which the log has' : asFailure(error).message}`
    work.log({ error, note })
    return { outcome: 'inconclusive', measured: {}, note }
  }
}
