import type { Claim } from '../page.ts'
import type { Span } from '../place.ts'
import {
  differing,
  isSameLength,
  lengthsOf,
  lie,
  type Figure,
  type Figures,
  type Length,
} from './claim-values.ts'
import { sideOf } from './looser.ts'
import { numberOf, stretchesIn } from './words.ts'

/** Frequencies that are no number: whoever writes them has said what `every` says. */
const unnumbered =
  /\b(?:hourly|daily|nightly|weekly|biweekly|monthly|bimonthly|quarterly|annual\w*|yearly|twice|(?:once|times) (?:an?|per|every|each)|(?:every|each|per|a) (?:(?:second|other) )?(?:hour|day|night|week|month|quarter|year)|real[- ]time|continuous\w*)\b/
const halved = /\b(?:half|quarters? of) (?:an? )?$/
/** What makes a length of time a promise, where the address gives none itself. */
const promising =
  /\b(?:within|in|after|every|each|under|than|most|to|for|by)(?: the(?: (?:first|next))?)? $/
/** What makes it the limit that the address gives, and no time of something else. */
const limiting =
  /(?:^|: ?|\b(?:within|in|inside(?: of)?|after|before|until|under|than|most|least|max\.?|maximum)(?: the(?: (?:first|next))?)? )$/
const recurring = /\b(?:every|each) $/
/** Of something that is to last: what comes within a time lasts no such time. */
const short = /\b(?:every|each|within|in|inside|under|after|ago) $/
const atMost = /^,? ?(?:at most|or less|or faster|at the latest|maximum|max)\b/
/** `Within the hour`: a unit by itself. What comes `twice in a day` is no limit. */
const unit =
  /(?<!\b(?:once|twice|times) )\b(?:within|inside(?: of)?|under|less than|in(?= an? (?:minute|hour|day)\b)) (?:the|an?) (?:same )?(minute|hour|day|week|month|quarter|year)\b|(?<!\bevery )\bhalf an? (hour|day|week|month|year)\b|(?<!\bthree )\b(?:a )?quarter of an (hour)\b|\b(same|next)[- ](?:(?:working|business) )?day\b/g

const hour = 3_600_000

/** Lengths of time in the words beside those of the address. */
export function lengths(claim: Claim, text: string): Figures | null {
  const lengthsSaid = saidIn(text)
  if (lengthsSaid.length === 0) return null
  const all = lengthsOf(claim)
  const spoken = unnumbered.test(text.replace(unit, ''))
  const given = all.filter((one) => one.given && !(spoken && one.name === 'every'))
  const used = given.length > 0 || all.some((one) => one.given) ? given : all
  if (used.length === 0 || (spoken && given.length === 0)) return null
  const said = lengthsSaid.filter(
    ({ from }) =>
      !halved.test(text.slice(0, from)) &&
      (given.length > 0 || promising.test(text.slice(0, from))),
  )
  const names = [...new Set(used.map(({ of, name }) => `${of} ${name}`))]
  const side = names.length === 1 ? sideOf(used[0]!.of, used[0]!.name) : undefined
  if (side === 'most' || side === 'least') {
    if (said.every(({ size }) => isSameLength(said[0]!, { words: '', size })))
      return single(used, said, side, text)
  }
  return several(used, said, new Set(given.map(({ of, name }) => `${of} ${name}`)).size)
}

/**
 * One length in the words and one in the address are of the same thing, where nothing says otherwise.
 * An address that promises more than its words lies to nobody.
 */
function single(
  used: readonly Length[],
  said: readonly Said[],
  side: 'most' | 'least',
  text: string,
): Figures | null {
  const [only] = said
  const { name } = used[0]!
  if (!only || (side === 'least' && only.business) || (only.ofDay && name !== 'within')) return null
  const promised = used.map(({ figure }) => figure)
  const isLess = ({ size }: Figure) => (side === 'most' ? size > only.size : size < only.size)
  if (!promised.every((one) => isLess(one) && !isSameLength(one, only))) return null
  const [before, after] = [text.slice(0, only.from), text.slice(only.to)]
  const { given } = used[0]!
  return { said, promised, isLie: only.ofDay ? given : isLimit(name, side, before, after) }
}

function isLimit(name: string, side: 'most' | 'least', before: string, after: string): boolean {
  if (side === 'least') return !short.test(before)
  // `After 2 minutes of silence` says when a thing begins, as far as a recogniser knows no better.
  if (/\bafter $/.test(before) && /^ (?:of|without)\b/.test(after)) return false
  if (atMost.test(after) || (name === 'every' ? recurring : limiting).test(before)) return true
  return name === 'max' && /\bfor $/.test(before)
}

/** As many lengths as the address gives: each of them must be one of its own. */
function several(used: readonly Length[], said: readonly Said[], count: number): Figures | null {
  const sure = said.filter(({ business, ofDay }) => !business && !ofDay)
  const isOwn = (one: Figure) => used.some(({ figure }) => isSameLength(one, figure))
  const unmatched = sure.filter((one) => !isOwn(one))
  if (sure.length > unmatched.length && count !== sure.length) return null
  const left = used.filter(({ figure }) => !sure.some((one) => isSameLength(one, figure)))
  const [only, other] = [unmatched[0], left.at(-1)]
  // All others are matched: these two are of one thing.
  const isOne = new Set(left.map(({ of, name }) => `${of} ${name}`)).size === 1
  if (count > 1 && only && other && unmatched.length === 1 && isOne) {
    const isLess = left.every(({ figure }) => figure.size > only.size)
    if (sideOf(other.of, other.name) === 'most') return isLess ? lie(unmatched, [other.figure]) : null // prettier-ignore
  }
  return differing(unmatched, used.map(({ figure }) => figure)) // prettier-ignore
}

interface Said extends Figure, Span {
  /** It is the longest that so many business days can take. */
  business: boolean
  /** `On the same day`, which says of some things only when they are. */
  ofDay: boolean
}

/** Lengths of time as a reader takes them. */
function saidIn(text: string): Said[] {
  const counted = stretchesIn(text).map(({ from, to, seconds, high, unit: of }) => {
    const business = /\b(?:business|working)\b/.test(text.slice(from, to + 9))
    const days = of === 'hour' ? Math.ceil(numberOf(high) / 8) : numberOf(high)
    const size = business ? businessDays(days) : seconds * 1000
    return { words: text.slice(from, to), size, from, to, business, ofDay: false }
  })
  return [...counted, ...[...text.matchAll(unit)].map((match) => spelled(match))]
}

function spelled(match: RegExpMatchArray): Said {
  const [words, whole, half, quarter, day] = match
  const from = match.index!
  const to = from + words.length
  const ofDay = day !== undefined
  const business = day === 'next' && /working|business/.test(words)
  if (ofDay) {
    const size = business ? businessDays(1) : (day === 'next' ? 48 : 24) * hour
    return { words, size, from, to, business, ofDay }
  }
  const [{ seconds } = { seconds: 0 }] = stretchesIn(`1 ${whole ?? half ?? quarter}`)
  const size = (seconds * 1000) / (whole ? 1 : half ? 2 : 4)
  // The limit stands in the words themselves, before the unit.
  const at = whole ? words.search(/(?:the|an?) (?:same )?\w+$/) : 0
  return { words, size, from: from + at, to, business, ofDay }
}

/** A weekend may lie between, and a holiday. */
function businessDays(count: number): number {
  return (count + 2 * Math.ceil(count / 5) + 1) * 24 * hour
}
