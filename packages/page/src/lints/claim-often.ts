import type { Claim } from '../page.ts'
import { differing, lengthsOf, type Figure, type Figures } from './claim-values.ts'
import { counts, numberOf, stretchesIn } from './words.ts'

const day = 24 * 3_600_000
const sizes: Readonly<Record<string, number>> = {
  hour: day / 24, day, night: day, week: 7 * day, month: 31 * day, quarter: 92 * day, year: 366 * day,
  hourly: day / 24, daily: day, nightly: day, weekly: 7 * day, fortnightly: 14 * day, monthly: 31 * day,
  quarterly: 92 * day, yearly: 366 * day, annually: 366 * day,
} // prettier-ignore
const units = 'hour|day|night|week|month|quarter|year'
const adverbs = 'hourly|daily|nightly|weekly|fortnightly|monthly|quarterly|yearly|annually'

/** `Twice daily`, `three dumps a day`, `six times per year`. */
const several = new RegExp(
  String.raw`\b(?:(once|twice)|(${counts}) [a-z]+) (?:(?:an?|per|every|each) (${units})|(${adverbs}))\b`,
  'g',
)
const each = new RegExp(String.raw`\b(?:every|each) (other |second |half[- ])?(${units})\b`, 'g')
const half = /\b(?:semi|half|bi)-?(?:annual(?:ly)?|yearly)\b/g
const adverb = new RegExp(String.raw`(?<!-)\b(${adverbs})\b`, 'g')
const always = /\b(?:continuous(?:ly)?|in real[- ]time)\b/g
const recurs = /ly\b|\b(?:every|each|once|twice|annual|continuous|real[- ]time|an?|per)\b/

interface Said extends Figure {
  to: number
}

/** How often a thing happens, where that is no length of time. */
function frequenciesIn(text: string): Said[] {
  const found: Said[] = []
  let rest = text
  const read = (pattern: RegExp, sizeOf: (match: RegExpMatchArray) => number) => {
    rest = rest.replace(pattern, (...args: unknown[]) => {
      const match = args.slice(0, -2) as unknown as RegExpMatchArray
      const words = match[0]
      const at = args.at(-2) as number
      found.push({ words, size: sizeOf(match), to: at + words.length })
      return ' '.repeat(words.length)
    })
  }
  read(several, ([, word, count, of, how]) => {
    const times = word === 'once' ? 1 : word === 'twice' ? 2 : numberOf(count!)
    return sizes[(of ?? how)!]! / Math.max(1, times)
  })
  read(each, ([, how, of]) => sizes[of!]! * (how === undefined ? 1 : how.startsWith('half') ? 0.5 : 2)) // prettier-ignore
  read(half, () => 183 * day)
  read(adverb, ([, how]) => sizes[how!]!)
  read(always, () => day / 96)
  return found
}

/** `The daily meeting` has a word behind it that it belongs to. */
const ofVerb = /^(?:$|[.,;:)]| (?:by|and|in|to|for|at|on|with|from|so)\b)/

/** An address that promises more often than its words lies to nobody. */
export function often(claim: Claim, text: string): Figures | null {
  if (!recurs.test(text)) return null
  const counted = perYear(claim)
  const all = lengthsOf(claim).filter(({ name, given }) => name === 'every' && (given || counted.length === 0)) // prettier-ignore
  const promised = [...all.map(({ figure }) => figure), ...counted]
  if (promised.length === 0 || stretchesIn(text).length > 0) return null
  const said = frequenciesIn(text)
  const isKept = said.some((one) => promised.some(({ size }) => size <= one.size * 1.03))
  const off = isKept ? null : differing(said, promised)
  const isLie = said.length === 1 && all.length === 1 && all[0]!.given && ofVerb.test(text.slice(said[0]!.to)) // prettier-ignore
  return off && { ...off, isLie }
}

/** A number a year in place of a period. */
function perYear({ obligations }: Claim): Figure[] {
  return obligations.flatMap(({ params }) => {
    const times = params['per-year']
    return typeof times === 'number'
      ? [{ words: `${times} a year`, size: (366 * day) / times }]
      : []
  })
}

const many = new RegExp(String.raw`\b(?:twice|${counts} (?:times|[a-z]+s)) (?:an?|per|every|each|[a-z]+ly)\b`) // prettier-ignore

/** `Twice daily` is no `daily`, whoever reads it so. */
export function manyTimes(claim: Claim, text: string): Figures | null {
  return many.test(text) ? often(claim, text) : null
}
