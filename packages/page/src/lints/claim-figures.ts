import { durationLength, formatDuration, readDuration } from '../duration.ts'
import { findingAt, type Finding } from '../finding.ts'
import type { Claim, Obligation } from '../page.ts'
import { durationsIn, type Param } from '../params.ts'
import { claimWords, mostRead } from './claim-words.ts'
import { otherwise, spelled } from './looser.ts'
import { isApart, placesIn } from './places.ts'
import { fold, type Reading } from './reading.ts'
import { counts, numberOf, stretchesIn } from './words.ts'

/** What a reader reads off a claim's words, and what its address promises: figures of one kind. */
interface Figures {
  said: readonly Figure[]
  promised: readonly Figure[]
  /** Each gives one figure, and the address the looser one: nothing else can be meant. */
  isLie?: boolean
}

interface Figure {
  words: string
  /** Milliseconds, or the number itself. */
  size: number
}

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
      const figure = confirmed.has(claim) ? null : sayFigure(claim)
      if (!words && !figure) return []
      return findingAt(source.lines, claim.span, {
        rule: 'contradiction',
        level: words?.level === 'error' || figure?.isLie ? 'error' : 'warning',
        message: figure?.message ?? words!.message,
      })
    })
  return [...limit, ...found]
}

function sayFigure(claim: Claim): { message: string; isLie: boolean } | null {
  const text = fold(claim.text)
  const kinds = figures.test(text) ? [...ofFigures, ...others] : others
  const off = kinds.map((kind) => kind(claim, text)).find((one) => one !== null)
  if (!off) return null
  const [said] = off.said
  const message = `Readers read "${said!.words}" here, and its address promises ${[...new Set(off.promised.map(({ words }) => words))].join(', ')}: that is what is proved.`
  return { message, isLie: off.isLie ?? false }
}

/** Null where the words and the address say the same, or one of them says nothing. */
type Kind = (claim: Claim, text: string) => Figures | null

const ofFigures: readonly Kind[] = [lengths, versions, percents, numbers, strengths]
const others: readonly Kind[] = [often, places]
const figures = new RegExp(String.raw`\d|\b${counts}\b`)

interface Length {
  of: string
  name: string
  given: boolean
  figure: Figure
}

/** The lengths of time that a claim promises, those of parameters that it leaves out too. */
function lengthsOf({ obligations }: Claim): Length[] {
  return obligations.flatMap(({ proof, params }) =>
    Object.entries<Param>(proof.params).flatMap(([name, param]) => {
      if (param.type !== 'duration' && param.type !== 'limit') return []
      const value = params[name]
      const absent = otherwise(param)
      const length = absent === null ? null : readDuration(spelled[absent] ?? absent)
      const all = value === undefined ? [length].filter((one) => one !== null) : durationsIn(value)
      return all.map((one) => ({
        of: proof.id,
        name,
        given: value !== undefined,
        figure: { words: formatDuration(one), size: durationLength(one) },
      }))
    }),
  )
}

/** Frequencies that are no number: whoever writes them has said what `every` says. */
const unnumbered =
  /\b(?:hourly|daily|nightly|weekly|biweekly|monthly|bimonthly|quarterly|annual\w*|yearly|twice|(?:once|times) (?:an?|per|every|each)|(?:every|each|per|a) (?:(?:second|other) )?(?:hour|day|night|week|month|quarter|year)|real[- ]time|continuous\w*)\b/
/** Days of which nobody knows how long they are together, and parts of what follows. */
const uncounted = /\b(?:business|working)\b/
const halved = /\b(?:half|quarter of) (?:an? )?$/
/** What makes a length of time a promise, where the address gives none itself. */
const promising =
  /\b(?:within|in|after|every|each|under|than|most|to|for|by)(?: the(?: (?:first|next))?)? $/
/** What makes it an upper limit, whoever says it. */
const limiting =
  /\b(?:within|(?:less|later|longer|more) than|at most|under)(?: the(?: (?:first|next))?)? $/

function lengths(claim: Claim, text: string): Figures | null {
  const all = lengthsOf(claim)
  const spoken = unnumbered.test(text)
  const given = all.filter((one) => one.given && !(spoken && one.name === 'every'))
  const used = given.length > 0 || all.some((one) => one.given) ? given : all
  if (used.length === 0 || (spoken && given.length === 0)) return null
  const said = stretchesIn(text)
    .filter(({ from, to }) => !uncounted.test(text.slice(from, to + 9)))
    .filter(({ from }) => !halved.test(text.slice(0, from)))
    .filter(({ from }) => given.length > 0 || promising.test(text.slice(0, from)))
    .map(({ from, to, seconds }) => ({ words: text.slice(from, to), size: seconds * 1000, from }))
  const promised = used.map(({ figure }) => figure)
  const unmatched = said.filter((one) => !promised.some((other) => isSameLength(one, other)))
  // As many as the address gives: each of them must be one of its own.
  const count = new Set(given.map(({ of, name }) => `${of} ${name}`)).size
  const isMatched = said.length > unmatched.length && count !== said.length
  const off = isMatched ? null : differing(unmatched, promised)
  const [only] = said
  // One limit in the words and one in the address are of the same thing, and that is the looser one.
  const isLie =
    said.length === 1 &&
    count === 1 &&
    given[0]!.name === 'within' &&
    limiting.test(text.slice(0, only!.from)) &&
    given.every(({ figure }) => figure.size > only!.size)
  return off && { ...off, isLie }
}

/** A month has 28 to 31 days. */
function isSameLength(one: Figure, other: Figure): boolean {
  return Math.abs(one.size - other.size) <= 0.09 * Math.max(one.size, other.size)
}

const hour = 3_600_000
const frequencies: readonly [pattern: RegExp, size: number][] = [
  [/\b(?:hourly|every hour)\b/g, hour],
  [/\b(?:daily|nightly|(?:every|each) (?:day|night)|once a day)\b/g, 24 * hour],
  [/\b(?:weekly|(?:every|each) week|once a week)\b/g, 7 * 24 * hour],
  [/\b(?:monthly|(?:every|each) month|once a month)\b/g, 31 * 24 * hour],
  [/\b(?:quarterly|(?:every|each) quarter|once a quarter)\b/g, 92 * 24 * hour],
  [/\b(?:annually|yearly|(?:every|each) year|once a year)\b/g, 366 * 24 * hour],
]

/** An address that promises more often than its words lies to nobody. */
function often(claim: Claim, text: string): Figures | null {
  const all = lengthsOf(claim).filter(({ name }) => name === 'every')
  const promised = all.map(({ figure }) => figure)
  if (promised.length === 0 || stretchesIn(text).length > 0) return null
  const said = frequencies.flatMap(([pattern, size]) =>
    [...text.matchAll(pattern)].map(([words]) => ({ words, size })),
  )
  const isKept = said.some((one) => promised.some(({ size }) => size <= one.size * 1.01))
  return isKept ? null : differing(said, promised)
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

function percents(claim: Claim, text: string): Figures | null {
  const promised = numbersOf(claim, 'uptime', 'min', '')
  if (promised.length === 0) return null
  return atLeast(numbersIn(text, /(\d{1,3}(?:\.\d+)?) ?(?:%|percent\b|per cent\b)/g), promised)
}

const people = 'employee|engineer|person|people|admin|staff'
/** What is counted, by proof and parameter, as prose calls it. */
const counted: readonly { id: string; name: string; pattern: RegExp; most?: true }[] = [
  {
    id: 'changes.reviewed',
    name: 'min',
    pattern: counting('engineer|reviewer|developer|colleague|peer|person|people|approval|approver'),
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
function counting(of: string): RegExp {
  return new RegExp(
    String.raw`(?<![\w.,:/-])(${counts})(?: \(\d{1,4}\))?(?: [a-z]+){0,2}? (?:${of})s?\b`,
    'g',
  )
}

/** Of most values: words that allow no more than the address lie to nobody. */
function worseThan(said: readonly Figure[], promised: readonly Figure[]): readonly Figure[] {
  return said.some(({ size }) => promised.some((one) => one.size <= size)) ? [] : said
}

/** Of least values: an address that promises more than its words lies to nobody. */
function atLeast(said: readonly Figure[], promised: readonly Figure[]): Figures | null {
  const isKept = said.some(({ size }) => promised.some((one) => one.size >= size))
  return isKept ? null : differing(said, promised)
}

function differing(said: readonly Figure[], promised: readonly Figure[]): Figures | null {
  return said.length > 0 && promised.length > 0 ? { said, promised } : null
}

/** `AES-128` before a link that promises AES-256, and the other way round. */
function strengths(claim: Claim, text: string): Figures | null {
  const pattern = /\baes[-_ ]?(128|192|256)/g
  const promised = listsOf(claim, 'with').flatMap((cipher) => numbersIn(cipher, pattern))
  if (promised.length === 0) return null
  const said = numbersIn(text, pattern)
  const isSaid = said.some(({ size }) => promised.some((one) => one.size === size))
  return isSaid ? null : differing(said, promised)
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

function numbersIn(text: string, pattern: RegExp): Figure[] {
  return [...text.matchAll(pattern)].map(([words, size]) => ({ words, size: Number(size) }))
}

function numbersOf({ obligations }: Claim, id: string, name: string, unit: string): Figure[] {
  return obligations
    .filter(({ proof }) => proof.id === id)
    .map(
      ({ proof, params }) => params[name] ?? Number(otherwise(proof.params[name]!) ?? Number.NaN),
    )
    .filter((value): value is number => typeof value === 'number' && !Number.isNaN(value))
    .map((size) => ({ words: `${unit}${size}`, size }))
}

function listsOf({ obligations }: Claim, name: string): string[] {
  return obligations.flatMap(({ params }: Obligation) => {
    const value = params[name]
    if (typeof value === 'string') return [value]
    return Array.isArray(value) ? value : []
  })
}
