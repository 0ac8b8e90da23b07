/** Durations and frequencies as prose writes them. */

const numerals: Record<string, number> = {
  one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10,
  twelve: 12, fourteen: 14, fifteen: 15, twenty: 20, 'twenty-four': 24, thirty: 30, 'forty-eight': 48,
  sixty: 60, 'seventy-two': 72, ninety: 90,
} // prettier-ignore

const seconds: Record<string, number> = {
  minute: 60, min: 60, hour: 3600, hr: 3600, h: 3600, day: 86_400, d: 86_400, week: 604_800, month: 2_629_746,
  quarter: 7_889_238, year: 31_556_952,
} // prettier-ignore

export interface Stretch {
  from: number
  to: number
  /** The smaller number of a range, or null. */
  low: string | null
  high: string
  unit: string
  /** The longest it may take. */
  seconds: number
}

/** A number as digits or as a word, for patterns over small letters. */
export const counts = String.raw`(?:\d{1,4}|${Object.keys(numerals)
  .sort((a, b) => b.length - a.length)
  .join('|')})`
const units = 'minute|min|hour|hr|day|week|month|quarter|year|h|d'
/** `4h - 8h`: the smaller number may carry the unit, too. */
const unitTwice = String.raw`[ -]?(?<lowUnit>${units})s?(?: ?- ?| to )(?=${counts}[ -]?\k<lowUnit>s?\b)`
const stretch = new RegExp(
  String.raw`(?<![\w.:])(?:(?<low>${counts})(?: ?- ?| to | or | and |${unitTwice}))?(?<high>${counts})(?: \(\d{1,4}\))?[ -]?(?:(?:business|working|calendar) )?(?<unit>minute|min|hour|hr|day|week|month|quarter|year|h(?=\W|$)|d(?=\W|$)(?![ -]?(?:secure|print|model|view|render)))s?\b`,
  'g',
)

/** The lengths of time in a text of small letters: `24 hours`, `1-2 weeks`, `thirty (30) days`. */
export function stretchesIn(text: string): Stretch[] {
  return [...text.matchAll(stretch)].map((match) => {
    const { low, high, unit } = match.groups as { low?: string; high: string; unit: string }
    const span = { from: match.index, to: match.index + match[0].length }
    return { ...span, low: low ?? null, high, unit, seconds: numberOf(high) * seconds[unit]! }
  })
}

export function numberOf(numeral: string): number {
  return numerals[numeral] ?? Number(numeral)
}

const often =
  /\b(?:every|each|daily|weekly|monthly|quarterly|annual|annually|yearly|hourly|nightly|biannual|biannually|biweekly|semiannual|semiannually|twice|once|continuous|continuously|per|times|24\/7|real-time)\b|\ba (?:day|week|month|quarter|year)\b/

/** Whether a text says how often: `quarterly`, `every 24 hours`, `twice a year`. */
export function saysHowOften(text: string): boolean {
  return often.test(text)
}
