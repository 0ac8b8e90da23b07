import { durationLength, readDuration } from '../duration.ts'
import type { Obligation } from '../page.ts'
import { durationsIn, formatValue, type Param, type Value } from '../params.ts'
import { isApart, isWithin } from './places.ts'

/** A parameter of which an address promises less than words that were read by the same proof. */
export interface Lacking {
  proof: string
  name: string
  said: string
  /** Null where the address leaves it out, and the proof has no value of its own. */
  promised: string | null
  /** Both give a value, and the address the looser one. */
  isLie: boolean
}

/**
 * What makes a value looser than another: a greater one (`most`), a smaller one (`least`), a list that
 * names fewer (`covers`) or more (`limits`), another place (`areas`), a lower rank, or any difference.
 */
type Side = 'most' | 'least' | 'covers' | 'limits' | 'areas' | 'same' | readonly string[]

/** By the name of a parameter, where its proof has no row of its own below. */
const sides: Readonly<Record<string, Side>> = {
  within: 'most', every: 'most', rto: 'most', rpo: 'most', critical: 'most', high: 'most', medium: 'most',
  low: 'most', max: 'most', age: 'most', gap: 'most',
  min: 'least', length: 'least', bits: 'least', zones: 'least', rate: 'least', before: 'least',
  'per-year': 'least',
  name: 'covers', standard: 'covers', scope: 'covers', covers: 'covers', for: 'covers', via: 'covers',
  layers: 'covers', names: 'covers', who: 'covers', says: 'covers', with: 'covers', of: 'covers',
  to: 'limits', only: 'limits', by: 'limits', cipher: 'limits', exchange: 'limits', provider: 'limits',
  regions: 'areas',
  edition: 'same', until: 'same', from: 'same', address: 'same', in: 'same', offered: 'same', own: 'same',
  encrypted: 'same', potential: 'same', after: 'same',
} // prettier-ignore

const own: Readonly<Record<string, Side>> = {
  'logs.kept for': 'least',
  'password.hashed with': 'limits',
  'encryption.at-rest with': 'limits',
  'backup.copies within': 'areas',
  'contingency within': 'areas',
  'certificate to': 'same',
  'paging from': 'covers',
  'changes.tested by': 'covers',
  'incident.notice to': ['affected', 'all'],
  'pentest by': ['customers', 'internal', 'third-party', 'cert-in'],
  'scan by': ['customers', 'internal', 'third-party', 'cert-in'],
  'findings.retested by': ['outside-team', 'vendor'],
  'tls.grade min': ['b', 'a-', 'a', 'a+'],
  'disclosure.rewarded severity': ['critical', 'high', 'medium', 'low', 'any'],
}

/** What makes a value of a parameter the looser one; nothing where values cannot be compared. */
export function sideOf(proof: string, name: string): Side | undefined {
  return own[`${proof} ${name}`] ?? sides[name]
}

/** Values that a proof has by itself, as its parameters say: `72h when absent`. */
export function otherwise(param: Param): string | null {
  const known = unstated.get(param)
  if (known !== undefined) return known
  const said = /; (?:an? )?([\w.+-]+) when absent$/.exec(param.says)?.[1] ?? null
  unstated.set(param, said)
  return said
}
const unstated = new WeakMap<Param, string | null>()

/** Lengths that a parameter says in a word: `a quarter when absent`. */
export const spelled: Readonly<Record<string, string>> = {
  day: '24h',
  month: '1mo',
  quarter: '3mo',
  year: '1y',
}

/** What an address promises less of than words in which the same proof was recognised. */
export function lackingIn(said: Obligation, promised: Obligation): Lacking[] {
  const { proof } = said
  return Object.entries(said.params).flatMap(([name, value]): Lacking[] => {
    const side = sideOf(proof.id, name)
    const param = proof.params[name]
    if (side === undefined || param === undefined) return []
    const given = promised.params[name] ?? sameOtherwise(promised, name)
    const one = { proof: proof.id, name, said: formatValue(value) }
    if (given !== undefined)
      return isLooser(side, value, given)
        ? [{ ...one, promised: formatValue(given), isLie: true }]
        : []
    const absent = otherwise(param)
    const usual = absent === null ? undefined : usualOf(param, absent)
    if (usual !== undefined)
      return isLooser(side, value, usual)
        ? [{ ...one, promised: formatValue(usual), isLie: true }]
        : []
    // What a proof takes by itself where a word is left out is what such words mean.
    if (param.says.endsWith(' when absent') || side === 'covers') return []
    return [
      {
        ...one,
        promised: null,
        isLie: isFigure(side) || measured.has(`${proof.id} ${name}`),
      },
    ]
  })
}

/** `Four times a year` may be written as a period, and the other way round. */
function sameOtherwise({ params }: Obligation, name: string): Value | undefined {
  if (name === 'every' && typeof params['per-year'] === 'number')
    return { months: 0, seconds: Math.round(31_557_600 / params['per-year']) }
  const every = params['every']
  if (name !== 'per-year' || every === undefined) return undefined
  const [length] = durationsIn(every)
  return length && Math.round((31_557_600_000 / durationLength(length)) * 1.05)
}

function usualOf(param: Param, absent: string): Value | undefined {
  if (param.type === 'duration' || param.type === 'limit')
    return readDuration(spelled[absent] ?? absent) ?? undefined
  const number = param.type === 'number' ? Number(absent) : Number.NaN
  return Number.isNaN(number) ? undefined : number
}

/** Words that are measured like figures: whoever leaves them out lets any be proved. */
const measured: ReadonlySet<string> = new Set(['encryption.at-rest with', 'password.hashed with'])

function isFigure(side: Side): boolean {
  return side === 'most' || side === 'least'
}

function isLooser(side: Side, said: Value, given: Value): boolean {
  if (side === 'most' || side === 'least') {
    const [words, address] = [sizeOf(said), sizeOf(given)]
    if (words === null || address === null) return false
    // A month has 28 to 31 days.
    const slack = typeof said === 'number' ? 0 : 0.09 * Math.max(words, address)
    return side === 'most' ? address > words + slack : address < words - slack
  }
  const [words, address] = [wordsOf(said), wordsOf(given)]
  if (typeof side !== 'string')
    return side.indexOf(address[0]!) < side.indexOf(words[0]!) && side.includes(address[0]!)
  switch (side) {
    case 'covers':
      return !words.every((word) => address.some((one) => isSame(word, one)))
    case 'limits':
      return !address.every((one) => words.some((word) => isSame(word, one)))
    case 'areas':
      return address.some((one) => !words.some((area) => liesIn(one, area)))
    case 'same':
      return words.join(',') !== address.join(',')
  }
}

/** Whether a place of the address may lie in one that the words name: neither elsewhere nor around it. */
function liesIn(place: string, area: string): boolean {
  return isWithin(place, area) || (!isApart(place, area) && !isWithin(area, place))
}

/** `aes-256` is said of `aes-256-gcm`, `soc-2` of `soc-2-type-2`. */
function isSame(word: string, one: string): boolean {
  return word === one || one.startsWith(`${word}-`) || word.startsWith(`${one}-`)
}

/** Milliseconds, or the number itself; of a range its upper end is the promise. */
function sizeOf(value: Value): number | null {
  if (typeof value === 'number') return value
  const lengths = durationsIn(value).map((one) => durationLength(one))
  return lengths.length > 0 ? Math.max(...lengths) : null
}

function wordsOf(value: Value): string[] {
  return formatValue(value).toLowerCase().split(',')
}
