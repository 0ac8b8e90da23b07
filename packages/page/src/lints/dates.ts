import type { Span } from '../place.ts'

/** A date in prose: its first and last day, `2022-05-01` and `2022-05-31` for "May 2022". */
export interface Dated extends Span {
  first: string
  last: string
  /** A bare year says little: it may be part of a name. */
  yearOnly: boolean
}

const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec'
const month = `(${months})(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\\.?`
const year = '((?:19|20)\\d\\d)'
const ordinal = '(\\d{1,2})(?:st|nd|rd|th)?'
const patterns = new RegExp(
  [
    `\\b${ordinal}(?: of)? ${month},? ?${year}\\b`,
    `\\b${month} ${ordinal},? ${year}\\b`,
    `\\b${year}-(\\d\\d)-(\\d\\d)\\b`,
    `\\b(\\d{1,2})[./](\\d{1,2})[./]${year}\\b`,
    `\\b${month},? ${year}\\b`,
    `\\b(?:q([1-4])|h([12]))(?: of |[ /-])?${year}\\b`,
    `(?<![\\w:./-])${year}(?![\\w:/-])`,
    `(?<![\\w:./-])(0?[1-9]|1[0-2])/${year}(?![\\w:/-])`,
    `\\b(first|second|third|fourth|last) (quarter|half) of ${year}\\b`,
  ].join('|'),
  'g',
)

/** The dates of a text in small letters, in order. A date that is none on the calendar is left out. */
export function datesIn(text: string): Dated[] {
  const dates: Dated[] = []
  // Every form has a year in it, and most sentences none.
  if (!/\d{4}/.test(text)) return dates
  for (const match of text.matchAll(patterns)) {
    const days = daysOf(match)
    if (days) {
      const [first, last] = days
      const span = { from: match.index, to: match.index + match[0].length }
      dates.push({ ...span, first, last, yearOnly: match[18] !== undefined })
    }
  }
  return dates
}

function daysOf(match: RegExpMatchArray): [string, string] | null {
  const [
    ,
    d1,
    m1,
    y1,
    m2,
    d2,
    y2,
    y3,
    m3,
    d3,
    a,
    b,
    y4,
    m5,
    y5,
    quarter,
    half,
    y6,
    y7,
    m8,
    y8,
    nth,
    part,
    y9,
  ] = match
  if (y1) return day(y1, monthNumber(m1!), Number(d1))
  if (y2) return day(y2, monthNumber(m2!), Number(d2))
  if (y3) return day(y3, Number(m3), Number(d3))
  if (y4) return either(y4, Number(a), Number(b))
  if (y5) return stretch(y5, monthNumber(m5!), monthNumber(m5!))
  if (y6 && quarter) return stretch(y6, Number(quarter) * 3 - 2, Number(quarter) * 3)
  if (y6) return stretch(y6, Number(half) * 6 - 5, Number(half) * 6)
  if (y8) return stretch(y8, Number(m8), Number(m8))
  if (y9) return partOf(y9, nth!, part === 'half' ? 6 : 3)
  return stretch(y7!, 1, 12)
}

/** `the second quarter of 2026`; a third half is none. */
function partOf(year: string, nth: string, months: number): [string, string] | null {
  const last = 12 / months
  const at = nth === 'last' ? last : 1 + ['first', 'second', 'third', 'fourth'].indexOf(nth)
  return at > last ? null : stretch(year, (at - 1) * months + 1, at * months)
}

/** Whether day or month stands first is open: from the earlier reading to the later one. */
function either(year: string, a: number, b: number): [string, string] | null {
  const readings = [day(year, b, a), day(year, a, b)].filter((one) => one !== null)
  const days = readings.map(([first]) => first).sort()
  return days.length > 0 ? [days[0]!, days.at(-1)!] : null
}

function monthNumber(name: string): number {
  return months.split('|').indexOf(name) + 1
}

function day(year: string, month: number, day: number): [string, string] | null {
  if (month < 1 || month > 12 || day < 1 || day > lastDay(year, month)) return null
  const date = `${year}-${two(month)}-${two(day)}`
  return [date, date]
}

function stretch(year: string, from: number, to: number): [string, string] {
  return [`${year}-${two(from)}-01`, `${year}-${two(to)}-${two(lastDay(year, to))}`]
}

function lastDay(year: string, month: number): number {
  return new Date(Date.UTC(Number(year), month, 0)).getUTCDate()
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

/** The same day one year earlier; good enough to compare with. */
export function yearBefore(day: string): string {
  return `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`
}

const names = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December',
] // prettier-ignore

/** Says a day to a person: `22 July 2022`. */
export function sayDay(date: string): string {
  const [year, month, day] = date.split('-')
  return `${Number(day)} ${names[Number(month) - 1]} ${year}`
}
