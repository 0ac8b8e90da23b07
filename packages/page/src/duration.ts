import { Temporal } from 'temporal-polyfill'

/**
 * A length of time as a page writes it. Seconds are exact; months are counted on the calendar of
 * the page's time zone, so `2mo` after 31 December is the end of February.
 */
export interface Duration {
  months: number
  seconds: number
}

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

const units: Record<string, Duration> = {
  s: { months: 0, seconds: 1 },
  m: { months: 0, seconds: 60 },
  min: { months: 0, seconds: 60 },
  h: { months: 0, seconds: 3600 },
  d: { months: 0, seconds: 86_400 },
  w: { months: 0, seconds: 604_800 },
  mo: { months: 1, seconds: 0 },
  q: { months: 3, seconds: 0 },
  y: { months: 12, seconds: 0 },
}

/** The units a duration may be written in, for error messages. */
export const durationUnits = '15m, 4h, 30d, 1w, 2mo, 1q, 1y or PT4H'

const isoUnits =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i
const isoOrder = ['y', 'mo', 'w', 'd', 'h', 'm', 's']

/** Reads `4h`, `1d12h`, `2mo` or ISO 8601 `PT4H`; null when it is none, is zero, or exceeds a century. */
export function readDuration(text: string): Duration | null {
  const total: Duration = { months: 0, seconds: 0 }
  const add = (count: string | undefined, unit: string | undefined) => {
    const one = units[unit ?? '']
    if (!one || !count) return count === undefined
    total.months += Number(count) * one.months
    total.seconds += Number(count) * one.seconds
    return true
  }
  const iso = isoUnits.exec(text)
  if (iso && text.length <= 40) {
    isoOrder.forEach((unit, i) => add(iso[i + 1], unit))
  } else {
    if (!/^(?:\d{1,9}(?:mo|min|[smhdwqy]))+$/.test(text) || text.length > 40) return null
    for (const [, count, unit] of text.matchAll(/(\d+)(mo|min|[smhdwqy])/g)) add(count, unit)
  }
  const length = durationLength(total)
  return length > 0 && length <= 100 * 366 * 86_400_000 ? total : null
}

/** Writes a duration in the page's own notation, largest unit that fits: `30d`, `2mo`, `1h30m`. */
export function formatDuration({ months, seconds }: Duration): string {
  let text = ''
  if (months) text += months % 12 === 0 ? `${months / 12}y` : `${months}mo`
  // Up to three days pages speak of hours, from 24h to 72h, and up to four weeks of weeks.
  let rest = seconds
  if (!months && rest % 3600 === 0 && rest <= 72 * 3600 && rest > 0) return `${text}${rest / 3600}h`
  if (!months && rest % 604_800 === 0 && rest > 0 && rest <= 4 * 604_800)
    return `${text}${rest / 604_800}w`
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const size = units[unit]!.seconds
    if (rest >= size) text += `${Math.floor(rest / size)}${unit}`
    rest %= size
  }
  return text || '0s'
}

/** The instant a duration after another; months are added first, on the wall calendar of the zone. */
export function addDuration(
  instant: Instant,
  { months, seconds }: Duration,
  timeZone: string,
): Instant {
  const start =
    months === 0
      ? instant
      : Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).add({ months })
          .epochMilliseconds
  return start + seconds * 1000
}

/** A length in milliseconds for comparing durations with each other, never for a due date. */
export function durationLength({ months, seconds }: Duration): number {
  return (months * 30.436875 * 86_400 + seconds) * 1000
}

export function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Calendar year of an instant in a zone. */
export function calendarYear(instant: Instant, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).year
}

/** Calendar day of an instant in a zone, as `2022-07-22`. */
export function calendarDay(instant: Instant, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString()
}

/** First instant of a calendar year in a zone. */
export function yearStart(year: number, timeZone: string): Instant {
  return Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(timeZone)
    .epochMilliseconds
}

/** The first instant of a date written `2022-07-22`, in a zone. */
export function dayStart(date: string, timeZone: string): Instant {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds
}

/** The first instant of a day anywhere on earth, for a date that does not say in which zone it is. */
export function earliestStart(date: string): Instant {
  return Date.parse(`${date}T00:00:00+14:00`)
}

/** The instant a date written `2022-07-22` is over, in a zone. */
export function dayEnd(date: string, timeZone: string): Instant {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
}

/** Says a stretch of milliseconds to a person: `41 min`, `6 h 12 min`, `3 d 4 h`. */
export function sayLength(milliseconds: number): string {
  const total = Math.max(0, Math.round(milliseconds / 1000))
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first < 0) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** Reads an RFC 3339 date-time with an offset; null when it is none. A time without a zone is not an instant. */
export function readInstant(text: string): Instant | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text))
    return null
  // Date.parse carries 30 February over into March, and reads 24:00 as the next day.
  if (!isDate(text.slice(0, 10)) || text.startsWith('24', 11)) return null
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? null : instant
}

/** Whether a text is a real calendar date, `2022-07-22`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
