import { join } from 'node:path'
import { z } from 'zod'
import type { AlarmHandler, Capability } from '../../foundation/capability.ts'
import { Failure } from '../../foundation/failure.ts'
import { operation, route } from '../../foundation/operation.ts'
import { listClocks, raiseAlarms, type Unanswered } from './clocks.ts'
import { holdings } from './holdings.ts'

/** `handlers` says who answers the alarms, by the clock's owner; the composition hands them in. */
export function clocks(handlers: () => Readonly<Record<string, AlarmHandler>>): Capability {
  const raise = operation({
    action: 'clocks.raise',
    says: 'Raises the alarms that have become due',
    input: z.strictObject({}),
    output: z.object({ raised: z.number(), more: z.boolean(), troubles: z.array(z.string()) }),
    async run(tx) {
      const { raised, unanswered } = await raiseAlarms(tx, async (tx, alarm) => {
        const handler = handlers()[alarm.owner]
        if (!handler) throw new Failure('internal', `nobody answers the alarms of ${alarm.owner}`)
        await handler(tx, alarm)
      })
      return { raised, more: raised > 0, troubles: unanswered.map(sayUnanswered) }
    },
  })
  const list = operation({
    action: 'clocks.list',
    says: 'The clocks that run, the next due first, and those that stopped last',
    input: z.strictObject({}),
    output: z.object({
      clocks: z.array(
        z.object({
          id: z.string(),
          owner: z.string(),
          kind: z.string(),
          subject: z.string(),
          startedAt: z.number(),
          targetAt: z.number().nullable(),
          dueAt: z.number().nullable(),
          stoppedAt: z.number().nullable(),
        }),
      ),
    }),
    run: async (tx) => ({ clocks: await listClocks(tx) }),
  })
  return {
    name: 'clocks',
    migrations: join(import.meta.dirname, 'migrations'),
    operations: [raise, list],
    policy: join(import.meta.dirname, 'policy.cedar'),
    routes: [route('GET', '/api/clocks', list)],
    beats: [{ every: 1, operation: raise }],
    holdings,
  }
}

function sayUnanswered({ alarm: { owner, kind, fraction }, failure }: Unanswered): string {
  return `${owner} could not answer the alarm of ${kind} at ${fraction} of its time: ${failure.code}, ${failure.message}`
}
