import { findingAt, type Finding } from '../finding.ts'
import type { Claim } from '../page.ts'
import { claimWords, mostRead } from './claim-words.ts'
import {
  atLeast,
  differing,
  listsOf,
  numbersIn,
  numbersOf,
  type Figure,
  type Figures,
  type Kind,
} from './claim-values.ts'
import { lengths } from './claim-lengths.ts'
import { manyTimes, often } from './claim-often.ts'
import { strictKindsOf } from './claim-strict.ts'
import { isApart, placesIn } from './places.ts'
import { fold, type Reading } from './reading.ts'
import { counts, numberOf } from './words.ts'

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
  const kinds = [...strictKindsOf(claim), ...(isRead ? [manyTimes] : rest)]
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
  String.raw`\d|\b(?:${counts})\b|\b(?:within|inside(?: of)?|under|in|than|half|of) (?:the|an?) |\bninety-nine|\b(?:same|next)[- ]`,
)

/** A version that is turned away is none that is promised. */
const refused =
  /\btls(?: ?v| |-)?1\.[0-3](?: (?:and|or) (?:older|below|lower|earlier))?(?: [a-z]+)? (?:is|are|gets?|will be) (?:refused|rejected|turned (?:away|off|down)|disabled|blocked|not accepted)\b/g

function versions(claim: Claim, text: string): Figures | null {
  const promised = numbersOf(claim, 'encryption.in-transit', 'min', 'TLS ')
  if (promised.length === 0) return null
  const said = numbersIn(
    text.replace(refused, ''),
    /\btls(?: ?v| |-)?(?:ersion:? |[^.;\d]{1,15})?(1\.[0-3])\b/g,
  )
  return atLeast(said, promised)
}

const percent = /(\d{1,3}(?:\.\d+)?) ?(?:%|percent\b|per cent\b)/g
const nines = /\b(two|three|four|five|six)( and a half)? nines\b|\bninety-nine point ((?:nine|five|eight)(?: (?:nine|five|eight))*)\b/g // prettier-ignore
/** What was measured or is aimed at is no promise. */
const unpromised = /\b(?:last|was|were|had|measured|average|actual|aim|target|goal)\b/

function percents(claim: Claim, text: string): Figures | null {
  const promised = numbersOf(claim, 'uptime', 'min', '')
  if (promised.length === 0) return null
  const down = downIn(text)
  const said = down.length > 0 ? down : [...numbersIn(text, percent), ...spelledIn(text)]
  const off = atLeast(said, promised)
  return off && { ...off, isLie: said.length === 1 && !unpromised.test(text) }
}

const downtime =
  /\bdown(?:time)?\b[^.;]{0,30}?(?:(\d+(?:\.\d+)?) ?(?:%|percent\b)|(\d+) (second|minute|hour)s? (?:an?|per|each|every|in a) (day|week|month|quarter|year)\b)/g
const spans: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800, month: 2_629_746, quarter: 7_889_238, year: 31_556_952 } // prettier-ignore

/** `Down for no more than 5 minutes a month`. */
function downIn(text: string): Figure[] {
  if (!text.includes('down')) return []
  return [...text.matchAll(downtime)].map(([words, share, count, unit, period]) => {
    const down = share ? Number(share) : (100 * Number(count) * spans[unit!]!) / spans[period!]!
    return { words, size: Math.floor((100 - down) * 100) / 100 }
  })
}

/** `Four nines` are 99.99, and so is `ninety-nine point nine nine`. */
function spelledIn(text: string): Figure[] {
  return [...text.matchAll(nines)].map(([words, count, half, digits]) => {
    const behind = digits ? digits.split(' ').map((one) => numberOf(one)).join('') : '9'.repeat(numberOf(count!) - 2) + (half ? '5' : '') // prettier-ignore
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
  {
    id: 'password.minimum',
    name: 'length',
    pattern: new RegExp(
      String.raw`${counting('character|letter|sign').source}|\b(?:length|at least|minimum|no fewer than)\b(?: of| is|:)? (\d{1,3})\b(?! ?(?:days?|hours?|minutes?|months?|%|of|characters?|letters?|signs?))`,
      'g',
    ),
  },
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
    const said = [...text.matchAll(pattern)].map(({ 0: words, 1: count, 2: bare, index: at }) => ({
      words,
      size: numberOf((count ?? bare)!),
      at,
    }))
    const off = most ? differing(worseThan(said, promised), promised) : atLeast(said, promised)
    // `Our 3 engineers in Berlin` may be some of those who are meant.
    if (off)
      return { ...off, isLie: said.length === 1 && !definite.test(text.slice(0, said[0]!.at)) }
  }
  return null
}

const definite = /\b(?:our|the|all|of|with|each|every) $/

/** `two other engineers`, `16 characters`; not `ISO 27001 regions`, and not `two-thirds`. */
function counting(of: string, behind = ''): RegExp {
  return new RegExp(
    String.raw`${behind}(?<![\w.,:/-])(${counts})\+?(?: \(\d{1,4}\))?(?: [a-z]+){0,2}? (?:${of})s?\b`,
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
