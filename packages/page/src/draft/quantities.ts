import { durationLength, type Duration } from '../duration.ts'

/** A length of time in a sentence: a range keeps both bounds. Offsets are of the sentence. */
export interface Length {
  from: number
  to: number
  target: Duration
  promise: Duration
  /** Whether it bounds something (`within 4 hours`), is how long something lasts, or stands alone. */
  role: 'within' | 'for' | 'plain'
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
  eleven: 11, twelve: 12, fourteen: 14, fifteen: 15, twenty: 20, 'twenty-four': 24, 'twenty four': 24,
  thirty: 30, 'thirty-six': 36, forty: 40, 'forty-five': 45, 'forty-eight': 48, 'forty eight': 48,
  fifty: 50, sixty: 60, 'seventy-two': 72, 'seventy two': 72, ninety: 90, hundred: 100, 'a hundred': 100,
} // prettier-ignore

/** A number written in figures or words, as regular expression source. */
export const numberSource = `(?:\\d+(?:\\.\\d+)?|${Object.keys(small)
  .sort((a, b) => b.length - a.length)
  .join('|')})`

/** The value of a number in figures or words. */
export function numberOf(text: string): number {
  const word = text.trim().toLowerCase()
  return small[word] ?? Number(word)
}

const unitSource =
  '(seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|quarters?|years?|yrs?)'
const unitLengths: Record<string, Duration> = {
  s: { months: 0, seconds: 1 },
  mi: { months: 0, seconds: 60 },
  h: { months: 0, seconds: 3600 },
  d: { months: 0, seconds: 86_400 },
  w: { months: 0, seconds: 604_800 },
  mo: { months: 1, seconds: 0 },
  q: { months: 3, seconds: 0 },
  y: { months: 12, seconds: 0 },
}

function unitOf(word: string): Duration {
  const letters = word.toLowerCase()
  return unitLengths[letters.startsWith('m') ? letters.slice(0, 2) : letters[0]!]!
}

function times(count: number, unit: Duration): Duration {
  return { months: count * unit.months, seconds: Math.round(count * unit.seconds) }
}

const filler =
  '(?:\\s*\\(\\s*\\d+\\s*\\))?[\\s-]+(?:full\\s+|consecutive\\s+|calendar\\s+|(business|working|work)\\s+)?'
const lengthPattern = new RegExp(
  `\\b(${numberSource})(?:(?:\\s*(?:-|–|—|to|and|bis)\\s*|${filler}${unitSource}\\s*(?:-|–|to)\\s*)(${numberSource}))?${filler.replace('+(', '*(')}${unitSource}\\b`,
  'giu',
)

/** Every length of time in a sentence. */
export function lengthsIn(text: string): Length[] {
  const lengths: Length[] = []
  for (const match of text.matchAll(lengthPattern)) {
    const [whole, first, businessFirst, firstUnit, second, business, unit] = match
    const before = text.slice(Math.max(0, match.index - 34), match.index).toLowerCase()
    if (second !== undefined && /\band\b/.test(whole) && !/between\s*$/.test(before)) continue
    const promise = times(numberOf(second ?? first!), unitOf(unit!))
    const target =
      second === undefined ? promise : times(numberOf(first!), unitOf(firstUnit ?? unit!))
    if (!(durationLength(promise) > 0) || durationLength(target) > durationLength(promise)) continue
    const role = roleOf(before)
    const from = match.index
    lengths.push({
      from,
      to: from + whole.length,
      target,
      promise,
      role,
      business: Boolean(business ?? businessFirst),
    })
  }
  return lengths
}

function roleOf(before: string): Length['role'] {
  const last = before
    .replace(/\b(?:the|a|first|next|maximum|max|of|about|approximately|only|most)\s+/g, ' ')
    .trimEnd()
  if (
    /\b(?:within|inside|under|than|in|at|up to|after|by|between|upto|every|each)$|[<≤:]$/.test(last)
  )
    return 'within'
  return /\b(?:for|least|minimum|keep|kept)$/.test(last) ? 'for' : 'plain'
}

const single = '(hour|day|night|week|month|quarter|year)'
const adverbs: Record<string, Duration> = {
  hourly: unitLengths['h']!, daily: unitLengths['d']!, nightly: unitLengths['d']!, weekly: unitLengths['w']!,
  fortnightly: times(2, unitLengths['w']!), biweekly: times(2, unitLengths['w']!),
  monthly: unitLengths['mo']!, bimonthly: times(2, unitLengths['mo']!), quarterly: unitLengths['q']!,
  'half-yearly': times(6, unitLengths['mo']!), 'semi-annually': times(6, unitLengths['mo']!),
  'semi-annual': times(6, unitLengths['mo']!), semiannually: times(6, unitLengths['mo']!),
  semiannual: times(6, unitLengths['mo']!), biannually: times(6, unitLengths['mo']!),
  'six-monthly': times(6, unitLengths['mo']!), biannual: times(6, unitLengths['mo']!),
  annually: unitLengths['y']!, annual: unitLengths['y']!, yearly: unitLengths['y']!,
} // prettier-ignore

const adverbPattern = new RegExp(
  `(?<![\\w-])(${Object.keys(adverbs)
    .sort((a, b) => b.length - a.length)
    .join('|')})\\b`,
  'gi',
)
const everyPattern = new RegExp(
  `\\b(?:every|each|once every|once in every)\\s+(?:(other|second)\\s+)?(?:(${numberSource})[\\s-]+)?(?:calendar\\s+)?(hours?|days?|nights?|weeks?|months?|quarters?|years?|minutes?)\\b`,
  'gi',
)
const timesPattern = new RegExp(
  `\\b(?:(once|twice|two times|three times|four times|(?:\\d+|three|four|six|twelve) times))\\s+(?:a|per|each|every|in a|in every|in each|in|during a)\\s+(calendar\\s+)?(?:(${numberSource})\\s+)?${single}s?\\b`,
  'gi',
)
const perPattern = new RegExp(`\\b(?:per|a)\\s+${single}\\b`, 'gi')

/** Every frequency in a sentence, the longest reading of each place. */
export function frequenciesIn(text: string): Frequency[] {
  const found: Frequency[] = []
  const add = (match: RegExpExecArray, every: Duration, perYear: number | null = null) => {
    const [from, to] = [match.index, match.index + match[0].length]
    if (found.some((one) => one.from < to && from < one.to)) return
    found.push({ from, to, every, perYear })
  }
  for (const match of text.matchAll(timesPattern)) {
    const count = countOf(match[1]!)
    const unit = times(
      match[3] ? numberOf(match[3]) : 1,
      unitOf(match[4] === 'night' ? 'day' : match[4]!),
    )
    const yearly = unit.months === 12 && count > 1 && match[2] !== undefined
    add(match, times(1 / count, unit), yearly ? count : null)
  }
  for (const match of text.matchAll(everyPattern)) {
    const unit = unitOf(/^night/i.test(match[3]!) ? 'day' : match[3]!)
    add(match, times(match[1] ? 2 : match[2] ? numberOf(match[2]) : 1, unit))
  }
  for (const match of text.matchAll(adverbPattern)) add(match, adverbs[match[1]!.toLowerCase()]!)
  for (const match of text.matchAll(perPattern)) {
    if (/\b(?:one|once|1)\s*$/i.test(text.slice(Math.max(0, match.index - 8), match.index))) {
      add(match, unitOf(match[1] === 'night' ? 'day' : match[1]!))
    }
  }
  return found.sort((a, b) => a.from - b.from)
}

function countOf(words: string): number {
  const [first] = words.toLowerCase().split(' ')
  return first === 'once' ? 1 : first === 'twice' ? 2 : numberOf(first!)
}

const monthNames =
  'january february march april may june july august september october november december'.split(' ')
const monthSource =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
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
