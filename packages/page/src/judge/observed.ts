import { addDuration, type Duration, type Instant } from '../duration.ts'
import type { Part } from '../verdict.ts'
import { isDue, sayInstant, standing, type Reading, type Series } from './series.ts'

export interface Bound {
  age: Duration
  expires: boolean
  timeZone: string
  now: Instant
}

type Ruling = Pick<Part, 'verdict' | 'until' | 'because' | 'evidence'>

/** Judges a state that must be seen again and again; null when nothing has spoken yet. */
export function judgeObserved({ readings, silent }: Series, bound: Bound): Ruling | null {
  const { failure, runner, person } = standing(readings)
  if (failure) {
    const because = `${failure.objection}; seen ${sayInstant(failure.at)}`
    return { verdict: 'broken', until: null, because, evidence: [failure.evidence.id] }
  }
  for (const reading of [runner, person]) {
    if (!reading) continue
    const end = endOf(reading, bound)
    if (bound.now < end) return hold(reading, end, bound.now, silent)
  }
  const newest = [runner, person].filter((one) => one !== null).sort((a, b) => b.at - a.at)[0]
  return newest ? lapse(newest, bound, silent) : null
}

function endOf(reading: Reading, { age, timeZone }: Bound): Instant {
  const end = addDuration(reading.at, age, timeZone)
  return reading.validUntil === null ? end : Math.min(end, reading.validUntil)
}

function hold(reading: Reading, end: Instant, now: Instant, silent: string | null): Ruling {
  const note = silent ? `; ${silent}` : ''
  const evidence = [reading.evidence.id]
  if (reading.personal) {
    const because = `${reading.figure}; attested by ${reading.by}${note}`
    return { verdict: 'attested', until: end, because, evidence }
  }
  const verdict = isDue(now, reading.at, end) ? 'due' : 'kept'
  return { verdict, until: end, because: `${reading.figure}${note}`, evidence }
}

function lapse(reading: Reading, { expires, now }: Bound, silent: string | null): Ruling {
  const evidence = [reading.evidence.id]
  if (expires && reading.validUntil !== null && reading.validUntil <= now) {
    const because = `expired ${sayInstant(reading.validUntil)}`
    return { verdict: 'broken', until: null, because, evidence }
  }
  const because = `last seen good ${sayInstant(reading.at)}, too long ago${silent ? `; ${silent}` : ''}`
  return { verdict: 'stale', until: null, because, evidence }
}
