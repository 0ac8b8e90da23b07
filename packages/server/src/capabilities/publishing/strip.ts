import type { Instant } from '@kept/page'
import { Temporal } from 'temporal-polyfill'
import type { Shown, Turn } from './model.ts'
import { isWorseShown } from './verdicts.ts'

export const stripLength = 90

/** A day in the page's time zone and the worst verdict that held during it; null before the first. */
export interface Day {
  /** `2026-11-20`. */
  date: string
  verdict: Shown | null
}

/** Days in a row of one verdict. */
export interface Run {
  from: Day
  to: Day
  days: number
  verdict: Shown | null
}

/** The last 90 days, today included, oldest first. A verdict holds from its turn to the next. */
export function stripOf(
  turns: readonly Pick<Turn, 'at' | 'verdict'>[],
  now: Instant,
  timeZone: string,
): Day[] {
  const sorted = turns.toSorted((a, b) => a.at - b.at)
  return calendarOf(now, timeZone).map(({ date, start, end }) => ({
    date,
    verdict: worstBetween(sorted, start, Math.min(end, now + 1)),
  }))
}

/** When a strip gets its next day. */
export function endOfDay(now: Instant, timeZone: string): Instant {
  return calendarOf(now, timeZone).at(-1)!.end
}

interface CalendarDay {
  date: string
  start: Instant
  end: Instant
}

// Every claim of a page asks for the same 90 days, and a time zone's rules are slow to ask.
let last: { today: string; timeZone: string; days: CalendarDay[] } | null = null

/** A day begins when its calendar says: it has 23, 24 or 25 hours, and need not begin at 00:00. */
function calendarOf(now: Instant, timeZone: string): CalendarDay[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
  if (last?.today === today.toString() && last.timeZone === timeZone) return last.days
  const dates = Array.from({ length: stripLength + 1 }, (_, i) =>
    today.subtract({ days: stripLength - 1 - i }),
  )
  const starts = dates.map((date) => date.toZonedDateTime(timeZone).epochMilliseconds)
  const days = dates
    .slice(0, -1)
    .map((date, i) => ({ date: date.toString(), start: starts[i]!, end: starts[i + 1]! }))
  last = { today: today.toString(), timeZone, days }
  return days
}

/** The worst of what held at any instant from `from` on and before `to`. */
function worstBetween(
  turns: readonly Pick<Turn, 'at' | 'verdict'>[],
  from: Instant,
  to: Instant,
): Shown | null {
  let worst: Shown | null = null
  turns.forEach(({ at, verdict }, i) => {
    const ends = turns[i + 1]?.at ?? Infinity
    if (at >= to || ends <= from || ends <= at) return
    if (worst === null || isWorseShown(verdict, worst)) worst = verdict
  })
  return worst
}

export function runsOf(days: readonly Day[]): Run[] {
  const runs: Run[] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last && last.verdict === day.verdict) {
      last.to = day
      last.days++
    } else runs.push({ from: day, to: day, days: 1, verdict: day.verdict })
  }
  return runs
}

/** `The last 90 days: kept on 88, broken on 2`. */
export function sayStrip(days: readonly Day[]): string {
  const counts = new Map<string, number>()
  for (const { verdict } of days) {
    const word = verdict ?? 'no verdict yet'
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const said = [...counts].sort((a, b) => b[1] - a[1]).map(([word, days]) => `${word} on ${days}`)
  return `The last ${days.length} days: ${said.join(', ')}`
}
