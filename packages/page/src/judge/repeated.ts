import {
  addDuration,
  calendarYear,
  formatDuration,
  sayLength,
  yearStart,
  type Duration,
  type Instant,
} from '../duration.ts'
import type { Part } from '../verdict.ts'
import { isDue, missedFor, sayInstant, standing, type Reading, type Series } from './series.ts'

export interface Cadence {
  every: Duration
  perYear: number | undefined
  timeZone: string
  now: Instant
}

type Ruling = Pick<Part, 'verdict' | 'until' | 'because' | 'evidence'>

/** Judges a duty that comes round; null when it was never done. */
export function judgeRepeated({ readings, silent }: Series, cadence: Cadence): Ruling | null {
  const { failure } = standing(readings)
  if (failure) {
    const because = `${failure.objection}; done ${sayInstant(failure.at)}`
    return { verdict: 'broken', until: null, because, evidence: [failure.evidence.id] }
  }
  const passes = readings.filter((reading) => !reading.objection)
  const last = passes.at(-1)
  if (!last) return null
  const { every, timeZone, now } = cadence
  const due = addDuration(last.at, every, timeZone)
  const evidence = [last.evidence.id]
  if (now >= due) {
    const because = `promised every ${formatDuration(every)}, last done ${sayInstant(last.at)}: overdue since ${sayInstant(due)}`
    return { verdict: 'broken', until: null, because, evidence }
  }
  const note = silent ? `; ${silent}` : ''
  const year = yearQuota(passes, cadence)
  const miss = latest([lastGap(passes, cadence), year.miss])
  if (miss && now < miss.until) {
    const because = `${last.figure}; ${miss.because}${note}`
    return { verdict: 'missed', until: Math.min(miss.until, due), because, evidence }
  }
  const runner = passes.findLast((reading) => !reading.personal)
  const runnerDue = runner ? addDuration(runner.at, every, timeZone) : -Infinity
  if (!runner || now >= runnerDue) {
    const because = `${last.figure}; attested by ${last.by}${note}`
    return { verdict: 'attested', until: Math.min(due, year.end), because, evidence }
  }
  const end = Math.min(runnerDue, year.end)
  return {
    verdict: isDue(now, runner.at, end) ? 'due' : 'kept',
    until: end,
    because: `${runner.figure}${note}`,
    evidence: [runner.evidence.id],
  }
}

interface Miss {
  until: Instant
  because: string
}

function latest(misses: readonly (Miss | null)[]): Miss | null {
  const known = misses.filter((miss) => miss !== null)
  return known.sort((a, b) => b.until - a.until)[0] ?? null
}

/** The last time the duty was done late. */
function lastGap(passes: readonly Reading[], { every, timeZone }: Cadence): Miss | null {
  for (let i = passes.length - 1; i > 0; i--) {
    const due = addDuration(passes[i - 1]!.at, every, timeZone)
    const done = passes[i]!.at
    if (done > due) {
      const because = `missed once: done ${sayLength(done - due)} late on ${sayInstant(done)}`
      return { until: done + missedFor, because }
    }
  }
  return null
}

/**
 * A promise of so many in a calendar year is settled when the year ends. The year in which the
 * record begins is not judged: nobody knows what came before.
 */
function yearQuota(
  passes: readonly Reading[],
  { perYear, timeZone, now }: Cadence,
): { end: Instant; miss: Miss | null } {
  if (perYear === undefined) return { end: Infinity, miss: null }
  const thisYear = calendarYear(now, timeZone)
  const count = (year: number) =>
    passes.filter((one) => calendarYear(one.at, timeZone) === year).length
  const start = yearStart(thisYear, timeZone)
  const begun = calendarYear(passes[0]!.at, timeZone)
  const lastYear = count(thisYear - 1)
  const short = begun < thisYear - 1 && lastYear < perYear
  const because = `missed once: ${lastYear} in ${thisYear - 1}, promised ${perYear}`
  const miss = short ? { until: start + missedFor, because } : null
  const open = begun < thisYear && count(thisYear) < perYear
  return { end: open ? yearStart(thisYear + 1, timeZone) : Infinity, miss }
}
