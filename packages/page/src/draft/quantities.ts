import { durationLength, type Duration } from '../duration.ts'

/** A length of time in a sentence: a range keeps both bounds. Offsets are of the text read. */
export interface Length {
  from: number
  to: number
  target: Duration
  promise: Duration
  /** Whether it bounds something (`within 4 hours`), is a least (`at least 30 days`), or stands alone. */
  role: 'within' | 'least' | 'plain'
  /** It counts from an event: `30 days after the contract ends`, `after 30 days`. */
  after: boolean
  /** Business or working days are no lengths of time: nobody can say when they end. */
  business: boolean
}

/** How often something is done: `times` in each `every`. */
export interface Frequency {
  from: number
  to: number
  every: Duration
  /** Set where the sentence counts in calendar years: `at least twice in a calendar year`. */
  perYear: number | null
}

const small: Record<string, number> = {
  a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
  eleven: 11, twelve: 12, thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19,
  twenty: 20, 'twenty-one': 21, 'twenty-five': 25, 'a dozen': 12, 'twenty-four': 24, 'twenty-eight': 28, thirty: 30, 'thirty-five': 35,
  'thirty-six': 36, forty: 40, 'forty-five': 45, eighty: 80, 'one hundred': 100, 'one hundred and twenty': 120, 'one hundred and eighty': 180, 'one hundred eighty': 180, 'one hundred twenty': 120, 'forty-eight': 48, fifty: 50, sixty: 60,
  'seventy-two': 72, ninety: 90, hundred: 100, 'a hundred': 100, 'quarter of an': 0.25, 'a quarter of an': 0.25, 'half a': 0.5, 'half an': 0.5, half: 0.5,
} // prettier-ignore

/** A number written in figures or words, as regular expression source. */
export const numberSource = `(?:\\d{1,3}(?:,\\d{3})+|\\d{1,9}(?:\\.\\d{1,3})?|${Object.keys(small)
  .sort((a, b) => b.length - a.length)
  .map((word) => word.replaceAll(/[- ]/g, '[ -]'))
  .join('|')})`

/** The value of a number in figures or words. */
export function numberOf(text: string): number {
  const word = text.trim().toLowerCase()
  return (
    small[word] ??
    small[word.replace(' ', '-')] ??
    small[word.replace('-', ' ')] ??
    Number(word.replaceAll(',', ''))
  )
}

const unitSource =
  '(?:seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|days?|d|fortnights?|weeks?|wks?|w|months?|mo|quarters?|years?|yrs?)'
const unitLengths: Record<string, Duration> = {
  s: { months: 0, seconds: 1 },
  mi: { months: 0, seconds: 60 },
  h: { months: 0, seconds: 3600 },
  d: { months: 0, seconds: 86_400 },
  n: { months: 0, seconds: 86_400 },
  w: { months: 0, seconds: 604_800 },
  f: { months: 0, seconds: 1_209_600 },
  mo: { months: 1, seconds: 0 },
  q: { months: 3, seconds: 0 },
  y: { months: 12, seconds: 0 },
  a: { months: 12, seconds: 0 },
}

function unitOf(word: string): Duration {
  const letters = word.toLowerCase()
  return unitLengths[letters.startsWith('m') ? letters.slice(0, 2) : letters[0]!]!
}

/** So many of a unit; a share of a month or year stays a whole number of months, or of days. */
function times(count: number, unit: Duration): Duration {
  const months = count * unit.months
  if (Number.isInteger(months)) return { months, seconds: Math.round(count * unit.seconds) }
  return { months: 0, seconds: Math.round(months * 30) * 86_400 }
}

const bracketed = '(?:\\s*\\(\\s*\\d{1,6}\\s*\\))?'
const kinds =
  '(?:(?:full|consecutive|calendar|whole|straight|idle|inactive|further|more|clock)\\s+|(?<business>business|working|work)[\\s-]+)?'
const lengthPattern = new RegExp(
  `(?<![\\w.,-])(?<first>${numberSource})(?:(?:\\s*(?:-|–|—|to|and)\\s*|${bracketed}[\\s-]*(?<firstUnit>${unitSource})\\s*(?:-|–|to)\\s*)(?<second>${numberSource}))?${bracketed}[\\s-]*${kinds}(?<unit>${unitSource})(?:['’]s?)?(?![\\w])`,
  'giu',
)
/** `two hours ... and guarantee six`: what is aimed at, and then what is promised. */
const aimPattern =
  /\b(?:aim\w*|target\w*|endeavou?r\w*|goal|objective|strive\w*|usually|normally|typically)\b/i
const vowPattern =
  /\b(?:guarantee\w*|in any event|at the (?:very )?latest|at most|maximum|no later than|commit(?:ted|ment)?)\b/i

/** Every length of time in a sentence. */
export function lengthsIn(text: string): Length[] {
  const lengths: Length[] = []
  for (const match of text.matchAll(lengthPattern)) {
    const [whole] = match
    const { first, firstUnit, second, business, unit } = match.groups as unknown as Parts
    const from = match.index
    const to = from + whole.length
    const before = text.slice(Math.max(0, from - 40), from).toLowerCase()
    const behind = text.slice(to, to + 40).toLowerCase()
    if (/^(?:an?|another)\s+second\b/i.test(whole)) continue
    if (isWord(first, whole, unit) || isPartOfTheDay(whole, before, behind)) continue
    if (second !== undefined && /\band\b/.test(whole) && !/between\s*$/.test(before)) continue
    const promise = times(numberOf(second ?? first), unitOf(unit))
    const target =
      second === undefined ? promise : times(numberOf(first), unitOf(firstUnit ?? unit))
    if (!(durationLength(promise) > 0) || durationLength(target) > durationLength(promise)) continue
    const near = { role: roleOf(before, behind), after: isAfter(before, behind) }
    lengths.push({
      from, to, target, promise, ...near, business: business !== undefined,
    }) // prettier-ignore
  }
  for (const match of text.matchAll(namedPattern)) {
    const [from, to] = [match.index, match.index + match[0].length]
    if (lengths.some((one) => one.from < to && from < one.to)) continue
    const promise = unitOf(match[1] ?? 'day')
    const after = isAfter('', text.slice(to, to + 40).toLowerCase())
    lengths.push({ from, to, target: promise, promise, role: 'within', after, business: false })
  }
  return withAims(
    text,
    lengths.sort((a, b) => a.from - b.from),
  )
}

/** `within the hour`, `the same day`, `on the last day of work`. */
const namedPattern =
  /\b(?:with)?in(?:side)? (?:the|that|this) (?:same )?(hour|day|week|month)\b|\b(?:the|that) (?:very |same )(?:working |business )?day\b|\bsame[- ]day\b|\b(?:on|by) (?:the|their|his or her) (?:very )?last (?:working )?day\b|\bthe day (?:they|they're|someone|somebody|people|an employee|anyone) leaves?\b/gi

interface Parts {
  first: string
  firstUnit: string | undefined
  second: string | undefined
  business: string | undefined
  unit: string
}

/** `ones` is no second: a number in words wants a space and a unit in letters. */
function isWord(number: string, whole: string, unit: string): boolean {
  return /^[a-z]/i.test(number) && (unit.length === 1 || !/[\s-]/.test(whole))
}

/** `24 hours a day` and `7 days a week` say always, not how long; `a day` alone is how often. */
function isPartOfTheDay(whole: string, before: string, behind: string): boolean {
  if (/^\s*(?:a|per|each|every|\/)\s*(?:day|week|year)\b/.test(behind)) return true
  return /^an?\s/i.test(whole) && /(?:\d|\b(?:once|twice|times|hours|days))\s*$/.test(before)
}

function roleOf(before: string, behind: string): Length['role'] {
  const last = before
    .replace(
      /\b(?:the|a|an|first|next|maximum|max|of|about|approximately|only|most|period|periods)\s+/g,
      ' ',
    )
    .trimEnd()
  if (/\b(?:least|minimum|minimum of|no less than|not less than|no fewer than)$/.test(last))
    return 'least'
  if (
    /\b(?:within|inside|under|than|in|at|up to|after|following|by|between|upto|exceed|exceeding|latest|at most|max)$|[<≤]$/.test(
      last,
    ) ||
    /\b(?:maximum|max)\b[^a-z]*(?:of )?$/.test(before)
  )
    return 'within'
  // `Who has ten minutes to acknowledge them`
  if (/\b(?:has|have)$/.test(last) && /^\s+to\s/.test(behind)) return 'within'
  if (/^[^.;]{0,30}\b(?:at the latest|at most|max|maximum|or less|or sooner|tops)\b/.test(behind))
    return 'within'
  return 'plain'
}

function isAfter(before: string, behind: string): boolean {
  return (
    /\b(?:after|following)\s*$/.test(before) || /^\s*(?:after|of|from|following)\b/.test(behind)
  )
}

/** Joins an aim and the promise behind it to one range; the promise may leave its unit out. */
function withAims(text: string, lengths: Length[]): Length[] {
  if (lengths.length === 0 || !aimPattern.test(text)) return lengths
  const vow = vowPattern.exec(text)
  const aim = lengths.findIndex(
    (one) => vow && one.to <= vow.index + vow[0].length && aimPattern.test(text.slice(0, one.from)),
  )
  if (!vow || aim < 0) return lengths
  const first = lengths[aim]!
  const behind = vow.index + vow[0].length
  const second = bare(text, behind, first) ?? lengths.find((one) => one.from >= vow.index)
  if (!second || durationLength(second.promise) < durationLength(first.promise)) return lengths
  const joined: Length = {
    ...first,
    to: second.to,
    promise: second.promise,
    role: 'within',
    business: first.business || second.business,
  }
  return lengths.filter((one) => one !== second).with(aim, joined)
}

function bare(text: string, at: number, first: Length): Length | null {
  const match = new RegExp(
    `^(?:\\s+to)?\\s+(${numberSource})(?![\\w%]|\\s+(?:${unitSource})\\b)`,
    'i',
  ).exec(text.slice(at, at + 20))
  if (!match) return null
  const unit = new RegExp(unitSource, 'i').exec(
    text.slice(first.from, first.to).replace(/^\S+/, ''),
  )
  if (!unit) return null
  const promise = times(numberOf(match[1]!), unitOf(unit[0]))
  return { ...first, from: at, to: at + match[0].length, promise }
}

const single = '(hour|day|night|week|fortnight|month|quarter|year|annum)'
const sixMonths = times(6, unitLengths['mo']!)
const adverbs: Record<string, Duration> = {
  hourly: unitLengths['h']!, daily: unitLengths['d']!, nightly: unitLengths['d']!, weekly: unitLengths['w']!,
  fortnightly: times(2, unitLengths['w']!), monthly: unitLengths['mo']!, quarterly: unitLengths['q']!,
  'half-yearly': sixMonths, 'half yearly': sixMonths, 'six-monthly': sixMonths, 'six monthly': sixMonths,
  'semi-annually': sixMonths, 'semi-annual': sixMonths, 'bi-annually': sixMonths, 'bi-annual': sixMonths,
  semiannually: sixMonths, semiannual: sixMonths, biannually: sixMonths, biannual: sixMonths,
  'per annum': unitLengths['y']!, overnight: unitLengths['d']!, annually: unitLengths['y']!, annual: unitLengths['y']!, yearly: unitLengths['y']!,
} // prettier-ignore

const adverbPattern = new RegExp(
  `(?<![\\w-])(${Object.keys(adverbs)
    .sort((a, b) => b.length - a.length)
    .join('|')})\\b`,
  'gi',
)
const everyPattern = new RegExp(
  `\\b(?:every|each|per|once in every|intervals? (?:of )?(?:no more than|not more than|at most|not exceeding|of)|intervals? not exceeding)\\s+(?:single\\s+)?(?:period\\s+of\\s+)?(?:(other|second|half)\\s+)?(?:(${numberSource})${bracketed}[\\s-]*)?(?:calendar\\s+)?(hours?|hrs?|h|days?|nights?|evenings?|mornings?|weeks?|fortnights?|months?|quarters?|years?|minutes?|mins?|seconds?|mon(?:day)?|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|winter)\\b`,
  'gi',
)
const timesPattern = new RegExp(
  `\\b(once|twice|thrice|(?:${numberSource}) times|(?:${numberSource})[\\s]?[x×])\\s*(?:a|an|per|each|every|in a|in every|in each|in any|in|during a|\\/)\\s*(?:period of\\s+)?(calendar\\s+)?(?:(${numberSource})${bracketed}\\s+)?(calendar\\s+)?${single}s?\\b`,
  'gi',
)

/** Every frequency in a sentence, the longest reading of each place. */
export function frequenciesIn(text: string): Frequency[] {
  const found: Frequency[] = []
  const add = (match: RegExpExecArray, every: Duration, perYear: number | null = null) => {
    const [from, to] = [match.index, match.index + match[0].length]
    if (found.some((one) => one.from < to && from < one.to)) return
    if (durationLength(every) > 0) found.push({ from, to, every, perYear })
  }
  for (const match of text.matchAll(timesPattern)) {
    const count = countOf(match[1]!)
    const unit = times(match[3] ? numberOf(match[3]) : 1, unitOf(match[5]!))
    const yearly = unit.months === 12 && count > 1 && (match[2] ?? match[4]) !== undefined
    if (count >= 1) add(match, times(1 / count, unit), yearly ? count : null)
  }
  for (const match of text.matchAll(everyPattern)) {
    // `each day` of a length is how long: `within 30 days each` names no time.
    const unit = unitOf(named(match[3]!))
    if (/^per/i.test(match[0]) && !isCounted(text, match.index)) continue
    add(match, times(manyOf(match[1]) * (match[2] ? numberOf(match[2]) : 1), unit))
  }
  for (const { match, every } of everyMonths(text)) add(match, every)
  for (const match of text.matchAll(adverbPattern)) add(match, adverbs[match[1]!.toLowerCase()]!)
  return found.sort((a, b) => a.from - b.from)
}

/** `Every March and every September` is twice a year, where the months lie evenly. */
function everyMonths(text: string): { match: RegExpExecArray; every: Duration }[] {
  return [...text.matchAll(monthsPattern)].flatMap((match) => {
    const months = [...match[0].matchAll(new RegExp(`\\b${monthSource}\\b`, 'gi'))]
    const at = months.map((one) => monthOf(one[0])).sort((a, b) => a - b)
    const step = 12 / at.length
    const even = at.every((month, i) => i === 0 || at[i - 1]! + step === month)
    return even ? [{ match, every: times(step, unitLengths['mo']!) }] : []
  })
}

/** A night comes once a day, a Monday once a week, a spring once a year. */
function named(word: string): string {
  if (/^(?:night|evening|morning)/i.test(word)) return 'day'
  if (/^(?:mon|tue|wed|thu|fri|sat|sun)(?:day|s|n|r|u)?\w*day$|^mon$/i.test(word)) return 'week'
  return /^(?:spring|summer|autumn|winter)/i.test(word) ? 'year' : word
}

function manyOf(word: string | undefined): number {
  if (word === undefined) return 1
  return word.toLowerCase() === 'half' ? 0.5 : 2
}

/** `once per quarter`, not `99.9 % per month` or `600 requests per minute`. */
function isCounted(text: string, at: number): boolean {
  return /\b(?:one|once|1|1x)\s*$/i.test(text.slice(Math.max(0, at - 8), at))
}

function countOf(words: string): number {
  const first = words.toLowerCase().replace(/\s*(?:times|x|×)$/, '')
  return first === 'once' ? 1 : first === 'twice' ? 2 : first === 'thrice' ? 3 : numberOf(first)
}

const monthNames =
  'january february march april may june july august september october november december'.split(' ')
const monthSource =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const monthsPattern = new RegExp(
  `\\b(?:every|each)\\s+${monthSource}\\b(?:,?\\s+(?:and\\s+)?(?:(?:every|each)\\s+)?${monthSource}\\b){0,5}`,
  'gi',
)
const dayFirst = new RegExp(
  `\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${monthSource}\\.?,?\\s+(\\d{4})\\b`,
  'gi',
)
const monthFirst = new RegExp(
  `\\b${monthSource}\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})\\b`,
  'gi',
)
const monthOnly = new RegExp(`\\b${monthSource}\\.?,?\\s+(\\d{4})\\b`, 'gi')

/** A calendar day in a sentence, as `2022-07-22`; a month alone stands for its last day. */
export interface Day {
  from: number
  to: number
  date: string
}

export function daysIn(text: string): Day[] {
  const found: Day[] = []
  const add = (match: RegExpExecArray, year: string, month: number, day: number) => {
    const [from, to] = [match.index, match.index + match[0].length]
    const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    if (month < 1 || day < 1 || day > lastDay(Number(year), month)) return
    if (!found.some((one) => one.from < to && from < one.to)) found.push({ from, to, date })
  }
  // Every one of them has a year.
  if (!/\d{4}/.test(text)) return found
  for (const match of text.matchAll(/\b(\d{4})-(\d\d)-(\d\d)\b/g))
    add(match, match[1]!, Number(match[2]), Number(match[3]))
  for (const match of text.matchAll(dayFirst))
    add(match, match[3]!, monthOf(match[2]!), Number(match[1]))
  for (const match of text.matchAll(monthFirst))
    add(match, match[3]!, monthOf(match[1]!), Number(match[2]))
  for (const match of text.matchAll(monthOnly)) {
    const month = monthOf(match[1]!)
    add(match, match[2]!, month, lastDay(Number(match[2]), month))
  }
  return found.sort((a, b) => a.from - b.from)
}

function monthOf(name: string): number {
  return monthNames.findIndex((month) => month.startsWith(name.toLowerCase().slice(0, 3))) + 1
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}
