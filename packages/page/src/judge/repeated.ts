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
  const note = silent ? `; ${silent}` : ''
  const all = readAccount(readings, cadence, note)
  if (!all) return null
  // What runners did alone: where a person's word fills a gap in it, the promise is attested.
  const person = readings.findLast((reading) => reading.personal && !reading.objection)
  const own = person
    ? readAccount(
        readings.filter((one) => !one.personal),
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

function readAccount(readings: readonly Reading[], cadence: Cadence, note: string): Account | null {
  const passes = readEvents(readings.filter((reading) => !reading.objection))
  const last = passes.at(-1)
  if (!last) return null
  // What was tried and failed was due as well: the record begins with it.
  const begun = readings.reduce((first, one) => (one.done < first.done ? one : first))
  const { every, timeZone } = cadence
  const due = addDuration(last.done, every, timeZone)
  const gaps = readGaps(passes, cadence, begun)
  const quota = readQuota(passes, cadence, begun.done, due)
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

/**
 * Each time it was done, oldest first. What is told again, under whatever id, was done once, at first,
 * and was known when it was first told.
 */
function readEvents(told: readonly Reading[]): Reading[] {
  const events = new Map<string, Reading>()
  const passes: Reading[] = []
  for (const reading of told.toSorted((a, b) => a.done - b.done)) {
    const known = reading.event === null ? undefined : events.get(reading.event)
    if (known) {
      known.received = Math.min(known.received, reading.received)
      continue
    }
    const pass = { ...reading }
    if (reading.event !== null) events.set(reading.event, pass)
    passes.push(pass)
  }
  return passes
}

/** A time between two that was longer than promised. */
export interface Gap {
  length: number
  late: number
  /** When it was done at last, or when the page was told. */
  end: Instant
  isTold: boolean
  until: Instant
}

/**
 * The times the duty was done late that still show, oldest first. A report that comes late is late: at
 * the due instant nobody had proof. Where nobody knew then that anything was due, only the times
 * between what was done count.
 */
export function readGaps(
  passes: readonly Reading[],
  { every, timeZone, now }: Omit<Cadence, 'perYear'>,
  begun: Pick<Reading, 'done' | 'received'> | undefined = passes[0],
): Gap[] {
  const gaps: Gap[] = []
  let told = Infinity
  for (let i = passes.length - 1; i >= 0; i--) {
    const { done, received } = passes[i]!
    // The first word that it, or a later one, was done.
    told = Math.min(told, received)
    if (told + missedFor <= now) break
    const before = passes[i - 1] ?? begun!
    const due = addDuration(before.done, every, timeZone)
    const isTold = before.received <= due && told > done
    const end = isTold ? told : done
    const until = end + missedFor
    if (end <= due || until <= now) continue
    gaps.unshift({ length: end - before.done, late: end - due, end, isTold, until })
  }
  return gaps
}

function sayGaps(gaps: readonly Gap[], at: Instant): string | null {
  const shown = gaps.filter((gap) => at < gap.until)
  const last = shown.at(-1)
  if (!last) return null
  const times = shown.length === 1 ? 'once:' : `${shown.length} times, last`
  const done = last.isTold ? 'proven' : 'done'
  return `missed ${times} ${done} ${sayLength(last.late)} late on ${sayInstant(last.end)}`
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
 * names an event of its own. What the page is told after a year that it was watching does not fill it.
 */
function readQuota(
  passes: readonly Reading[],
  { perYear, timeZone, now }: Cadence,
  begun: Instant,
  due: Instant,
): Quota {
  if (perYear === undefined) return { end: () => Infinity, missed: () => null, turns: [] }
  const heard = passes.reduce((least, { received }) => Math.min(least, received), Infinity)
  const inTime = passes.filter(({ done, received }) => {
    const end = yearStart(calendarYear(done, timeZone) + 1, timeZone)
    return received <= end || heard > end
  })
  const years = readDays(inTime, timeZone).map((one) => calendarYear(one.done, timeZone))
  const first = calendarYear(begun, timeZone)
  const count = (year: number) => years.filter((one) => one === year).length
  const isOpen = (year: number) => year > first && count(year) < perYear
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
