import { addDuration, formatDuration, sayLength, type Instant } from '../duration.ts'
import type { Evidence } from '../evidence.ts'
import type { Fields, Objection } from '../proof.ts'
import { decodeKnown, examine } from './admit.ts'
import type { Rules } from './cases.ts'

const clockFields = {
  startedAt: 'instant?',
  doneAt: 'instant?',
  dueAt: 'instant?',
} as const satisfies Fields

/**
 * What a rehearsal that passed says against the promise. It may measure nothing; what it measures of
 * what its clock does, it must do as well, and in time. Undefined when it practised less than that.
 */
export function examineRehearsal(
  evidence: Evidence,
  { need, params, subject, timeZone }: Omit<Rules, 'since'>,
): Objection | undefined {
  const { measured, observedAt } = evidence
  const measures = (fields: Fields) => Object.keys(fields).some((name) => name in measured)
  const limit = need.within(params, decodeKnown(measured, need.fields))
  if (limit === null) return undefined
  if (measures(need.fields)) {
    const seen = examine(evidence, need, params, subject)
    if (!seen || seen.objection !== null) return seen?.objection
  }
  if (!measures(clockFields)) return null
  const clock = decodeKnown(measured, clockFields) as Record<string, Instant | undefined>
  const { startedAt, doneAt, dueAt } = clock
  if (startedAt === undefined || doneAt === undefined) return undefined
  if (startedAt > doneAt || doneAt > observedAt) return undefined
  const took = `took ${sayLength(doneAt - startedAt)}`
  if (limit === 'given') {
    if (dueAt === undefined) return undefined
    return doneAt > dueAt ? `${took}, later than it was due` : null
  }
  const { promise } = limit
  const isLate = doneAt > addDuration(startedAt, promise, timeZone)
  return isLate ? `${took}, promised ${formatDuration(promise)}` : null
}
