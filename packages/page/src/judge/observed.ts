import { addDuration, type Duration, type Instant } from '../duration.ts'
import { foresee, type Ruling } from '../verdict.ts'
import { dueFrom, sayInstant, standing, type Reading, type Series } from './series.ts'

export interface Bound {
  age: Duration
  timeZone: string
  now: Instant
}

export type Foreseen = ReturnType<typeof foresee>

/** What a row of readings amounts to, at any instant from now on. */
export interface Outlook {
  turns: Instant[]
  rule: (at: Instant) => Ruling
}

/** Judges a state that must be seen again and again; null when nothing has spoken yet. */
export function judgeObserved(series: Series, bound: Bound): Foreseen | null {
  const outlook = readState(series, bound)
  return outlook && foresee(bound.now, outlook.turns, outlook.rule)
}

export function readState({ readings, silent }: Series, bound: Bound): Outlook | null {
  const { failure, runner, person } = standing(readings)
  if (failure) {
    const because = `${failure.objection}; seen ${sayInstant(failure.at)}`
    return { turns: [], rule: () => ({ verdict: 'broken', because, evidence: [failure.evidence] }) }
  }
  const stands = [runner, person].filter((one) => one !== null).map((one) => stretch(one, bound))
  if (stands.length === 0) return null
  const newest = stands.map((one) => one.reading).reduce((a, b) => (b.at > a.at ? b : a))
  const turns = stands.flatMap(({ due, end, over }) => [due, end, over])
  const rule = (at: Instant) => {
    // The newest word on when a document ends stands against an older one that gave it longer.
    const over = newest.validUntil !== null && newest.validUntil <= at
    const holding = over ? undefined : stands.find(({ end }) => at < end)
    return holding ? hold(holding, at, silent) : lapse(newest, over, silent)
  }
  return { turns, rule }
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
