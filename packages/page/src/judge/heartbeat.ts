import { formatDuration, sayLength, type Instant } from '../duration.ts'
import { foresee, type Ruling } from '../verdict.ts'
import { readState, type Bound, type Foreseen } from './observed.ts'
import { readGaps, type Gap } from './repeated.ts'
import { missedFor, sayInstant, type Reading, type Series } from './series.ts'

/**
 * Judges the heartbeat of an intake; null when none was ever heard. It is unbroken when, in the last 90
 * days or since it was first heard, none came later than its age after the one before: in a longer
 * silence an event may have gone unheard, and beats received after it do not fill it. Such a silence
 * shows for 90 days after its end.
 */
export function judgeHeartbeat(series: Series, bound: Bound): Foreseen | null {
  const alive = readState(series, bound)
  if (!alive) return null
  const passes = series.readings.filter((reading) => !reading.objection)
  const all = readPulse(passes, bound)
  const own = readPulse(
    passes.filter((reading) => !reading.personal),
    bound,
  )
  const turns = [...alive.turns, ...all.turns, ...own.turns]
  return foresee(bound.now, turns, (at) => {
    const ruling = alive.rule(at)
    if (!['kept', 'due', 'attested'].includes(ruling.verdict)) return ruling
    const silence = all.silence(at)
    if (silence) return { ...ruling, verdict: 'missed', because: `${ruling.because}; ${silence}` }
    if (ruling.verdict !== 'attested' && own.silence(at)) return attest(ruling, passes)
    const pulse = ruling.verdict === 'attested' ? all : own
    return { ...ruling, because: `${ruling.because}; ${pulse.unbroken(at)}` }
  })
}

/** Where a person's word fills a silence of the runners. */
function attest(ruling: Ruling, passes: readonly Reading[]): Ruling {
  const person = passes.findLast((reading) => reading.personal)!
  const because = `${ruling.because}; attested by ${person.by}`
  return { verdict: 'attested', because, evidence: [...ruling.evidence, person.evidence] }
}

interface Pulse {
  silence: (at: Instant) => string | null
  unbroken: (at: Instant) => string
  turns: Instant[]
}

function readPulse(passes: readonly Reading[], { age, timeZone, now }: Bound): Pulse {
  const gaps = readGaps(passes, { every: age, timeZone, now })
  const first = passes[0]?.at ?? now
  return {
    silence: (at) => saySilence(gaps.filter((gap) => at < gap.until)),
    unbroken: (at) => {
      const length = at < first + missedFor ? `since ${sayInstant(first)}` : 'for 90 d'
      return `heard at least every ${formatDuration(age)} ${length}`
    },
    turns: [first + missedFor, ...gaps.map((gap) => gap.until)],
  }
}

function saySilence(gaps: readonly Gap[]): string | null {
  const last = gaps.at(-1)
  if (!last) return null
  const times = gaps.length === 1 ? 'once in 90 d' : `${gaps.length} times in 90 d, last`
  return `silent ${times} for ${sayLength(last.length)} until ${sayInstant(last.end)}`
}
