import {
  addDuration,
  calendarDay,
  calendarYear,
  formatDuration,
  sayLength,
  yearStart,
  type Duration,
  type Instant,
} from '../duration.ts'
import { foresee, forever, type Ruling } from '../verdict.ts'
import type { Foreseen, Outlook } from './observed.ts'
import { dueFrom, missedFor, sayInstant, standing, type Reading, type Series } from './series.ts'

export interface Cadence {
  every: Duration
  perYear: number | undefined
  timeZone: string
  now: Instant
}

/** Judges a duty that comes round; null when it was never done. */
export function judgeRepeated({ readings, silent }: Series, cadence: Cadence): Foreseen | null {
  const { failure } = standing(readings)
  if (failure) {
    const because = `${failure.objection}; done ${sayInstant(failure.at)}`
    return forever({ verdict: 'broken', because, evidence: [failure.evidence] })
  }
  const passes = readings.filter((reading) => !reading.objection)
  const note = silent ? `; ${silent}` : ''
  const all = readAccount(passes, cadence, note)
  if (!all) return null
  // What runners did alone: where a person's word fills a gap in it, the promise is attested.
  const person = passes.findLast((reading) => reading.personal)
  const own = person
    ? readAccount(
        passes.filter((one) => !one.personal),
        cadence,
        note,
      )
    : all
  return foresee(cadence.now, [...all.turns, ...(own?.turns ?? [])], (at) => {
    const ruling = all.rule(at)
    if (ruling.verdict === 'broken' || ruling.verdict === 'missed') return ruling
    const proven = own?.rule(at)
    if (proven?.verdict === 'kept' || proven?.verdict === 'due') return proven
    const because = `${all.last.figure}; attested by ${person!.by}${note}`
    return { verdict: 'attested', because, evidence: [person!.evidence] }
  })
}

interface Account extends Outlook {
  last: Reading
}

function readAccount(told: readonly Reading[], cadence: Cadence, note: string): Account | null {
  const passes = readEvents(told)
  const last = passes.at(-1)
  if (!last) return null
  const { every, timeZone } = cadence
  const due = addDuration(last.done, every, timeZone)
  const gaps = readGaps(passes, cadence)
  const quota = readQuota(passes, cadence, due)
  const evidence = [last.evidence]
  const figure = last.personal ? `${last.figure}; attested by ${last.by}` : last.figure
  const rule = (at: Instant): Ruling => {
    if (at >= due) {
      const because = `promised every ${formatDuration(every)}, last done ${sayInstant(last.done)}: overdue since ${sayInstant(due)}`
      return { verdict: 'broken', because, evidence }
    }
    const missed = [sayGaps(gaps, at), quota.missed(at)].filter((one) => one !== null)
    if (missed.length > 0) {
      const because = `${figure}; ${missed.join('; ')}${note}`
      return { verdict: 'missed', because, evidence }
    }
    const soon = dueFrom(last.done, Math.min(due, quota.end(at)))
    return { verdict: at < soon ? 'kept' : 'due', because: `${figure}${note}`, evidence }
  }
  const turns = [due, dueFrom(last.done, due), ...gaps.map((gap) => gap.until), ...quota.turns]
  return { last, turns, rule }
}

/** Each time it was done, oldest first. What is told again, under whatever id, was done once: at first. */
function readEvents(told: readonly Reading[]): Reading[] {
  const events = new Map<string, Reading>()
  const passes: Reading[] = []
  for (const reading of told.toSorted((a, b) => a.done - b.done)) {
    if (reading.event !== null && events.has(reading.event)) continue
    if (reading.event !== null) events.set(reading.event, reading)
    passes.push(reading)
  }
  return passes
}

/** A time between two that was longer than promised. */
export interface Gap {
  length: number
  late: number
  done: Instant
  until: Instant
}

/** The times the duty was done late that still show, oldest first. */
export function readGaps(
  passes: readonly Reading[],
  { every, timeZone, now }: Omit<Cadence, 'perYear'>,
): Gap[] {
  const gaps: Gap[] = []
  for (let i = passes.length - 1; i > 0 && passes[i]!.done + missedFor > now; i--) {
    const due = addDuration(passes[i - 1]!.done, every, timeZone)
    const { done } = passes[i]!
    const length = done - passes[i - 1]!.done
    if (done > due) gaps.unshift({ length, late: done - due, done, until: done + missedFor })
  }
  return gaps
}

function sayGaps(gaps: readonly Gap[], at: Instant): string | null {
  const shown = gaps.filter((gap) => at < gap.until)
  const last = shown.at(-1)
  if (!last) return null
  const times = shown.length === 1 ? 'once:' : `${shown.length} times, last`
  return `missed ${times} done ${sayLength(last.late)} late on ${sayInstant(last.done)}`
}

interface Quota {
  /** The end of the year when its quota is still open at an instant; else never. */
  end: (at: Instant) => Instant
  missed: (at: Instant) => string | null
  turns: Instant[]
}

/**
 * A promise of so many in a calendar year is settled when the year ends. The year in which the
 * record begins is not judged: nobody knows what came before. Two of one day count once, unless each
 * names an event of its own.
 */
function readQuota(
  passes: readonly Reading[],
  { perYear, timeZone, now }: Cadence,
  due: Instant,
): Quota {
  if (perYear === undefined) return { end: () => Infinity, missed: () => null, turns: [] }
  const years = readDays(passes, timeZone).map((one) => calendarYear(one.done, timeZone))
  const begun = years[0]!
  const count = (year: number) => years.filter((one) => one === year).length
  const isOpen = (year: number) => year > begun && count(year) < perYear
  const end = (at: Instant) => {
    const year = calendarYear(at, timeZone)
    return isOpen(year) ? yearStart(year + 1, timeZone) : Infinity
  }
  const missed = (at: Instant) => {
    const year = calendarYear(at, timeZone) - 1
    if (!isOpen(year) || at >= yearStart(year + 1, timeZone) + missedFor) return null
    return `missed once: ${count(year)} in ${year}, promised ${perYear}`
  }
  const turns: Instant[] = []
  for (let year = calendarYear(now, timeZone); yearStart(year, timeZone) < due; year++) {
    const [start, next] = [yearStart(year, timeZone), yearStart(year + 1, timeZone)]
    const soon = dueFrom(passes.at(-1)!.done, Math.min(due, next))
    turns.push(start, start + missedFor, soon, next)
  }
  return { end, missed, turns }
}

function readDays(passes: readonly Reading[], timeZone: string): Reading[] {
  const days = Map.groupBy(passes, (one) => calendarDay(one.done, timeZone))
  return [...days.values()].flatMap((one) => {
    const named = one.filter(({ event }) => event !== null)
    return named.length > 0 ? named : one.slice(0, 1)
  })
}
