import { findingAt, type Finding } from '../finding.ts'
import type { Claim } from '../page.ts'
import type { Span } from '../place.ts'
import { claimWords, mostRead } from './claim-words.ts'
import {
  atLeast,
  differing,
  isSameLength,
  lengthsOf,
  listsOf,
  numbersIn,
  numbersOf,
  type Figure,
  type Figures,
  type Kind,
  type Length,
} from './claim-values.ts'
import { strictKindsOf } from './claim-strict.ts'
import { sideOf } from './looser.ts'
import { isApart, placesIn } from './places.ts'
import { fold, type Reading } from './reading.ts'
import { counts, numberOf, stretchesIn } from './words.ts'

/**
 * A claim whose words give other figures than its address: readers see one, and the other is proved.
 * Where the recogniser reads the words as the same promise they say more than is proved, and that is a
 * lie; where only their figures differ they may speak of something else, and that stops nobody.
 */
export function claimFigures({ source }: Reading, claims: readonly Claim[]): Finding[] {
  const { objected, confirmed } = claimWords(source, claims)
  const unread = claims[mostRead]
  const limit = unread
    ? [
        findingAt(source.lines, unread.span, {
          rule: 'unreadable',
          level: 'warning',
          message: `from here on, beyond ${mostRead} claims, words are held against addresses by their figures alone: part the page`,
        }),
      ]
    : []
  const found = claims
    .filter(({ faulty }) => faulty === null)
    .flatMap((claim) => {
      const words = objected.get(claim)
      const figure = sayFigure(claim, confirmed.has(claim))
      if (!words && !figure) return []
      return findingAt(source.lines, claim.span, {
        rule: 'contradiction',
        level: words?.level === 'error' || figure?.isLie ? 'error' : 'warning',
        message: figure?.message ?? words!.message,
      })
    })
  return [...limit, ...found]
}

function sayFigure(claim: Claim, isRead: boolean): { message: string; isLie: boolean } | null {
  const text = fold(claim.text)
  // Where all figures of the address were read in the words, only what is no figure is left.
  const rest = figures.test(text) ? [...ofFigures, ...others] : others
  const kinds = [...strictKindsOf(claim), ...(isRead ? [twice] : rest)]
  const off = kinds.map((kind) => kind(claim, text)).find((one) => one !== null)
  if (!off) return null
  const [said] = off.said
  const message = `Readers read "${said!.words}" here, and its address promises ${[...new Set(off.promised.map(({ words }) => words))].join(', ')}: that is what is proved.`
  return { message, isLie: off.isLie ?? false }
}

const ofFigures: readonly Kind[] = [lengths, versions, percents, numbers, strengths]
const others: readonly Kind[] = [often, places]
/** `Within the hour` and `four nines` have no digit either. */
const figures = new RegExp(
  String.raw`\d|\b(?:${counts})\b|\b(?:within|inside|under|in|than) (?:the|an?) |\bninety-nine`,
)

/** Frequencies that are no number: whoever writes them has said what `every` says. */
const unnumbered =
  /\b(?:hourly|daily|nightly|weekly|biweekly|monthly|bimonthly|quarterly|annual\w*|yearly|twice|(?:once|times) (?:an?|per|every|each)|(?:every|each|per|a) (?:(?:second|other) )?(?:hour|day|night|week|month|quarter|year)|real[- ]time|continuous\w*)\b/
const halved = /\b(?:half|quarter of) (?:an? )?$/
/** What makes a length of time a promise, where the address gives none itself. */
const promising =
  /\b(?:within|in|after|every|each|under|than|most|to|for|by)(?: the(?: (?:first|next))?)? $/
/** What makes it the limit that the address gives, and no time of something else. */
const limiting =
  /(?:^|: ?|\b(?:within|in|inside|after|under|than|most|least)(?: the(?: (?:first|next))?)? )$/
const recurring = /\b(?:every|each) $/
const lasting = /\b(?:for|least|last|of|within|under|than|most|after) $/
const atMost = /^,? ?(?:at most|or less|or faster|at the latest|maximum|max)\b/
/** `Within the hour`: a unit by itself. What comes `twice in a day` is no limit. */
const unit =
  /(?<!\b(?:once|twice|times) )\b(?:within|inside|under|less than|in(?= an? (?:minute|hour|day)\b)) (?:the|an?) (minute|hour|day|week|month|quarter|year)\b/g

function lengths(claim: Claim, text: string): Figures | null {
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
  const promised = used.map(({ figure }) => figure)
  if (side === 'most' || side === 'least') {
    if (said.every(({ size }) => isSameLength(said[0]!, { words: '', size })))
      return single(used, said, side, text)
  }
  const sure = said.filter(({ business }) => !business)
  const unmatched = sure.filter((one) => !promised.some((other) => isSameLength(one, other)))
  // As many as the address gives: each of them must be one of its own.
  const count = new Set(given.map(({ of, name }) => `${of} ${name}`)).size
  const isMatched = sure.length > unmatched.length && count !== sure.length
  return isMatched ? null : differing(unmatched, promised)
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
  if (!only || (side === 'least' && only.business)) return null
  const promised = used.map(({ figure }) => figure)
  const isLess = ({ size }: Figure) => (side === 'most' ? size > only.size : size < only.size)
  if (!promised.every((one) => isLess(one) && !isSameLength(one, only))) return null
  const [before, after] = [text.slice(0, only.from), text.slice(only.to)]
  const { name } = used[0]!
  const cue = name === 'every' ? recurring : name === 'max' || side === 'least' ? lasting : limiting // prettier-ignore
  const isLie = cue.test(before) || (side === 'most' && atMost.test(after))
  return { said, promised, isLie }
}

interface Said extends Figure, Span {
  /** It is the longest that so many business days can take. */
  business: boolean
}

/** Lengths of time as a reader takes them. */
function saidIn(text: string): Said[] {
  const counted = stretchesIn(text).map(({ from, to, seconds, high, unit: of }) => {
    const business = /\b(?:business|working)\b/.test(text.slice(from, to + 9))
    const days = of === 'hour' ? Math.ceil(numberOf(high) / 8) : numberOf(high)
    const size = business ? (days + 2 * Math.ceil(days / 5) + 1) * 24 * hour : seconds * 1000
    return { words: text.slice(from, to), size, from, to, business }
  })
  const alone = [...text.matchAll(unit)].map(({ 0: words, 1: of, index }) => {
    const from = index + words.lastIndexOf(' ', words.length - of!.length - 2) + 1
    const [{ seconds } = { seconds: 0 }] = stretchesIn(`1 ${of}`)
    return { words, size: seconds * 1000, from, to: index + words.length, business: false }
  })
  return [...counted, ...alone]
}

const hour = 3_600_000
const frequencies: readonly [pattern: RegExp, size: number][] = [
  [/\b(?:continuous(?:ly)?|in real[- ]time)\b/g, hour / 4],
  [/\b(?:hourly|every hour)\b/g, hour],
  [/\btwice (?:daily|a day|every day|each day|per day)\b/g, 12 * hour],
  [/(?<!\btwice )\b(?:daily|nightly|(?:every|each) (?:day|night)|once a day)\b/g, 24 * hour],
  [/\btwice (?:weekly|a week|every week|each week|per week)\b/g, 84 * hour],
  [/(?<!\btwice )\b(?:weekly|(?:every|each) week|once a week)\b/g, 7 * 24 * hour],
  [/\btwice (?:monthly|a month|every month|each month|per month)\b/g, 16 * 24 * hour],
  [/(?<!\btwice )\b(?:monthly|(?:every|each) month|once a month)\b/g, 31 * 24 * hour],
  [/\b(?:quarterly|(?:every|each) quarter|once a quarter)\b/g, 92 * 24 * hour],
  [/(?<!\btwice )\b(?:annually|yearly|(?:every|each) year|once a year)\b/g, 366 * 24 * hour],
]
const recurs = /ly\b|\b(?:every|each|once|twice|continuous|real[- ]time)\b/
/** `The daily meeting` has a word behind it that it belongs to. */
const ofVerb = /^(?:$|[.,;:)]| (?:by|and|in|to|for|at|on|with|from|so)\b)/

/** `Twice daily` is no `daily`, whoever reads it so. */
function twice(claim: Claim, text: string): Figures | null {
  return /\btwice /.test(text) ? often(claim, text) : null
}

/** An address that promises more often than its words lies to nobody. */
function often(claim: Claim, text: string): Figures | null {
  if (!recurs.test(text)) return null
  const all = lengthsOf(claim).filter(({ name }) => name === 'every')
  const promised = all.map(({ figure }) => figure)
  if (promised.length === 0 || stretchesIn(text).length > 0) return null
  const said = frequencies.flatMap(([pattern, size]) =>
    [...text.matchAll(pattern)].map(({ 0: words, index }) => ({ words, size, to: index + words.length })),
  ) // prettier-ignore
  const isKept = said.some((one) => promised.some(({ size }) => size <= one.size * 1.01))
  const off = isKept ? null : differing(said, promised)
  const isLie = said.length === 1 && all.length === 1 && all[0]!.given && ofVerb.test(text.slice(said[0]!.to)) // prettier-ignore
  return off && { ...off, isLie }
}

/** A version that is turned away is none that is promised. */
const refused =
  /\btls(?: ?v| |-)?1\.[0-3](?: (?:and|or) (?:older|below|lower|earlier))?(?: [a-z]+)? (?:is|are|gets?|will be) (?:refused|rejected|turned (?:away|off|down)|disabled|blocked|not accepted)\b/g

function versions(claim: Claim, text: string): Figures | null {
  const promised = numbersOf(claim, 'encryption.in-transit', 'min', 'TLS ')
  if (promised.length === 0) return null
  const said = numbersIn(text.replace(refused, ''), /\btls(?: ?v| |-)?(?:ersion )?(1\.[0-3])\b/g)
  return atLeast(said, promised)
}

const percent = /(\d{1,3}(?:\.\d+)?) ?(?:%|percent\b|per cent\b)/g
const nines = /\b(two|three|four|five|six) nines\b|\bninety-nine point ((?:nine|five|eight)(?: (?:nine|five|eight))*)\b/g // prettier-ignore
/** What was measured or is aimed at is no promise. */
const unpromised = /\b(?:last|was|were|had|measured|average|actual|aim|target|goal)\b/

function percents(claim: Claim, text: string): Figures | null {
  const promised = numbersOf(claim, 'uptime', 'min', '')
  if (promised.length === 0) return null
  const said = [...numbersIn(text, percent), ...spelledIn(text)]
  const off = atLeast(said, promised)
  return off && { ...off, isLie: said.length === 1 && !unpromised.test(text) }
}

/** `Four nines` are 99.99, and so is `ninety-nine point nine nine`. */
function spelledIn(text: string): Figure[] {
  return [...text.matchAll(nines)].map(([words, count, digits]) => {
    const behind = digits ? digits.split(' ').map((one) => numberOf(one)).join('') : '9'.repeat(numberOf(count!) - 2) // prettier-ignore
    return { words, size: Number(`99.${behind}`) }
  })
}

const people = 'employee|engineer|person|people|admin|staff'
/** What is counted, by proof and parameter, as prose calls it. */
const counted: readonly { id: string; name: string; pattern: RegExp; most?: true }[] = [
  {
    id: 'changes.reviewed',
    name: 'min',
    // `Our 12 engineers` are how many there are, and not how many look at a change.
    pattern: counting(
      'engineer|reviewer|developer|colleague|peer|person|people|approval|approver',
      String.raw`(?<!\b(?:our|the|all|of|with|have|has|employ) )`,
    ),
  },
  { id: 'access.limit', name: 'max', pattern: counting(people), most: true },
  { id: 'access.database', name: 'max', pattern: counting(people), most: true },
  { id: 'password.minimum', name: 'length', pattern: counting('character|letter|sign') },
  {
    id: 'backup.copies',
    name: 'min',
    pattern: counting('region|location|site|place|data cent(?:er|re)'),
  },
  { id: 'replicas', name: 'min', pattern: counting('cop(?:y|ie)|node|instance|replica') },
  { id: 'replicas', name: 'zones', pattern: counting('zone') },
]

function numbers(claim: Claim, text: string): Figures | null {
  for (const { id, name, pattern, most } of counted) {
    const promised = numbersOf(claim, id, name, '')
    if (promised.length === 0) continue
    const said = [...text.matchAll(pattern)].map(([words, count]) => ({
      words,
      size: numberOf(count!),
    }))
    const off = most ? differing(worseThan(said, promised), promised) : atLeast(said, promised)
    if (off) return off
  }
  return null
}

/** `two other engineers`, `16 characters`; not `ISO 27001 regions`, and not `two-thirds`. */
function counting(of: string, behind = ''): RegExp {
  return new RegExp(
    String.raw`${behind}(?<![\w.,:/-])(${counts})(?: \(\d{1,4}\))?(?: [a-z]+){0,2}? (?:${of})s?\b`,
    'g',
  )
}

/** Of most values: words that allow no more than the address lie to nobody. */
function worseThan(said: readonly Figure[], promised: readonly Figure[]): readonly Figure[] {
  return said.some(({ size }) => promised.some((one) => one.size <= size)) ? [] : said
}

const strength =
  /\baes[-_ ]?(128|192|256)|\b(128|192|256)(?=[- ]bits?\b|(?:,| or| and|\/) ?(?:128|192|256)\b)/g

/** `AES-128` before a link that promises AES-256, and the other way round. */
function strengths(claim: Claim, text: string): Figures | null {
  const promised = [
    ...[...listsOf(claim, 'with'), ...listsOf(claim, 'cipher')].flatMap(strengthsIn),
    ...numbersOf(claim, 'tls.suites', 'bits', ''),
  ]
  if (promised.length === 0) return null
  const said = strengthsIn(text)
  const isSaid = said.some(({ size }) => promised.some((one) => one.size === size))
  const off = isSaid ? null : differing(said, promised)
  const isLie = said.every(({ size }) => promised.every((one) => one.size < size))
  return off && { ...off, isLie }
}

function strengthsIn(words: string): Figure[] {
  return [...words.matchAll(strength)].map(([own, a, b]) => ({ words: own, size: Number(a ?? b) }))
}

function places(claim: Claim): Figures | null {
  const regions = [...listsOf(claim, 'regions'), ...listsOf(claim, 'within')]
  if (regions.length === 0) return null
  const named = placesIn(claim.text)
  if (named.some(({ area }) => regions.some((region) => !isApart(area, region)))) return null
  return differing(
    named.map(({ from, to }) => ({ words: claim.text.slice(from, to), size: 0 })),
    regions.map((words) => ({ words, size: 0 })),
  )
}
