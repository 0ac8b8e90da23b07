import { formatDuration, formatValue, type Duration, type Instant, type Value } from '@kept/page'
import { markup, type Markup } from './markup.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function parts(at: Instant, timeZone: string) {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(timeZone, format)
  }
  const found: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(at)) found[type] = value
  // en-GB abbreviates September to four letters.
  return { ...found, month: found['month']!.slice(0, 3) } as Record<string, string>
}

/** `20 Nov 2026`. */
export function sayDay(at: Instant, timeZone: string): string {
  const { day, month, year } = parts(at, timeZone)
  return `${day} ${month} ${year}`
}

/** `13:04`. */
export function sayClock(at: Instant, timeZone: string): string {
  const { hour, minute } = parts(at, timeZone)
  return `${hour}:${minute}`
}

function tag(at: Instant, text: string): Markup {
  return markup`<time datetime="${toIso(at)}">${text}</time>`
}

/** RFC 3339 in UTC, to the second. */
export function toIso(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

/** For a margin: `20 Nov, 13:04`; far away the day is enough, and another year is said. */
export function when(at: Instant, timeZone: string, now: Instant): Markup {
  const { day, month, year } = parts(at, timeZone)
  const sameYear = year === parts(now, timeZone)['year']
  if (Math.abs(at - now) > 45 * 86_400_000 || !sameYear) {
    return tag(at, `${day} ${month}${sameYear ? '' : ` ${year}`}`)
  }
  return tag(at, `${day} ${month}, ${sayClock(at, timeZone)}`)
}

/** Exactly, for those far away: `20 Nov 2026, 13:04 (12:04 UTC)`; once only in UTC. */
export function whenExactly(at: Instant, timeZone: string): Markup {
  const here = `${sayDay(at, timeZone)}, ${sayClock(at, timeZone)}`
  const there = `${sayDay(at, 'UTC')}, ${sayClock(at, 'UTC')}`
  if (here === there) return tag(at, `${here} UTC`)
  const sameDay = sayDay(at, timeZone) === sayDay(at, 'UTC')
  return tag(at, `${here} (${sameDay ? sayClock(at, 'UTC') : there} UTC)`)
}

/** `America/New York`. */
export function sayZone(timeZone: string): string {
  return timeZone.replaceAll('_', ' ')
}

/** A value of a claim in words: `24 hours`, `2 hours, at most 4 hours`, `email and phone`. */
export function sayValue(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if ('months' in value) return sayDuration(value)
  if ('promise' in value) {
    const promise = sayDuration(value.promise)
    const same = formatDuration(value.target) === formatDuration(value.promise)
    return same ? promise : `${sayDuration(value.target)}, at most ${promise}`
  }
  return value.length > 1
    ? `${value.slice(0, -1).join(', ')} and ${value.at(-1)}`
    : formatValue(value)
}

const unitWords: Record<string, string> = {
  y: 'year',
  mo: 'month',
  w: 'week',
  d: 'day',
  h: 'hour',
  m: 'minute',
  s: 'second',
}

function sayDuration(duration: Duration): string {
  const found = [...formatDuration(duration).matchAll(/(\d+)(mo|[ywdhms])/g)]
  return found
    .map(([, count, unit]) => `${count} ${unitWords[unit!]}${count === '1' ? '' : 's'}`)
    .join(' ')
}
