import { addDuration, type Duration, type Instant } from '../duration.ts'
import { foresee, forever, type Ruling } from '../verdict.ts'
import { dueFrom, sayInstant, standing, type Reading, type Series } from './series.ts'

export interface Bound {
  age: Duration
  timeZone: string
  now: Instant
}

export type Foreseen = ReturnType<typeof foresee>

/** Judges a state that must be seen again and again; null when nothing has spoken yet. */
export function judgeObserved({ readings, silent }: Series, bound: Bound): Foreseen | null {
  const { failure, runner, person } = standing(readings)
  if (failure) {
    const because = `${failure.objection}; seen ${sayInstant(failure.at)}`
    return forever({ verdict: 'broken', because, evidence: [failure.evidence] })
  }
  const stands = [runner, person].filter((one) => one !== null).map((one) => stretch(one, bound))
  if (stands.length === 0) return null
  const newest = stands.map((one) => one.reading).reduce((a, b) => (b.at > a.at ? b : a))
  const turns = stands.flatMap(({ due, end, over }) => [due, end, over])
  return foresee(bound.now, turns, (at) => {
    // The newest word on when a document ends stands against an older one that gave it longer.
    const over = newest.validUntil !== null && newest.validUntil <= at
    const holding = over ? undefined : stands.find(({ end }) => at < end)
    return holding ? hold(holding, at, silent) : lapse(newest, over, silent)
  })
}

interface Stretch {
  reading: Reading
  due: Instant
  end: Instant
  over: Instant
}

function stretch(reading: Reading, { age, timeZone }: Bound): Stretch {
  const over = reading.validUntil ?? Infinity
  const end = Math.min(addDuration(reading.at, age, timeZone), over)
  return { reading, due: dueFrom(reading.at, end), end, over }
}

function hold({ reading, due }: Stretch, at: Instant, silent: string | null): Ruling {
  const note = silent ? `; ${silent}` : ''
  const evidence = [reading.evidence]
  if (reading.personal) {
    const because = `${reading.figure}; attested by ${reading.by}${note}`
    return { verdict: 'attested', because, evidence }
  }
  return { verdict: at < due ? 'kept' : 'due', because: `${reading.figure}${note}`, evidence }
}

function lapse(reading: Reading, over: boolean, silent: string | null): Ruling {
  const evidence = [reading.evidence]
  if (over) {
    const because = `expired ${sayInstant(reading.validUntil!)}`
    return { verdict: 'broken', because, evidence }
  }
  const because = `last seen good ${sayInstant(reading.at)}, too long ago${silent ? `; ${silent}` : ''}`
  return { verdict: 'stale', because, evidence }
}
