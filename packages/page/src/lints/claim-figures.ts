import { durationLength, formatDuration, type Duration } from '../duration.ts'
import { findingAt, type Finding } from '../finding.ts'
import type { Claim } from '../page.ts'
import type { Value } from '../params.ts'
import { fold, type Reading } from './reading.ts'
import { stretchesIn } from './words.ts'

/** What a reader reads off a claim's words, and what its address promises: figures of one kind. */
interface Figures {
  said: readonly Figure[]
  promised: readonly Figure[]
}

interface Figure {
  words: string
  /** Milliseconds, or the number itself. */
  size: number
  /** How much two may differ and be the same, as a part: a month has 28 to 31 days. */
  slack: number
}

/** Frequencies that are no number: whoever writes them has said what the address says. */
const unnumbered =
  /\b(?:hourly|daily|nightly|weekly|biweekly|monthly|bimonthly|quarterly|annual\w*|yearly|twice|once|(?:every|each|per|a) (?:(?:second|other) )?(?:hour|day|night|week|month|quarter|year)|real[- ]time|half|continuous\w*|business|working)\b/
const version = /\btls(?: ?v| |-)?(?:ersion )?(1\.[0-3])\b/g
const percent = /(\d{1,3}(?:\.\d+)?) ?(?:%|percent\b|per cent\b)/g

/**
 * A claim whose words give other figures than its address: readers see one, and the other is proved.
 * The words may speak of something else, so it stops nobody.
 */
export function claimFigures({ source }: Reading, claims: readonly Claim[]): Finding[] {
  return claims
    .filter(({ faulty }) => faulty === null)
    .flatMap((claim) => {
      const text = fold(claim.text)
      const kinds = [lengths(claim, text), versions(claim, text), percents(claim, text)]
      const off = kinds.find((figures) => figures !== null && differ(figures))
      if (!off) return []
      const [said] = off.said
      return findingAt(source.lines, claim.span, {
        rule: 'contradiction',
        level: 'warning',
        message: `Readers read "${said!.words}" here, and its address promises ${[...new Set(off.promised.map(({ words }) => words))].join(', ')}: that is what is proved.`,
      })
    })
}

function differ({ said, promised }: Figures): boolean {
  if (said.length === 0 || promised.length === 0) return false
  return !said.some((one) => promised.some((other) => isSame(one, other)))
}

function isSame(one: Figure, other: Figure): boolean {
  return Math.abs(one.size - other.size) <= one.slack * Math.max(one.size, other.size)
}

function lengths(claim: Claim, text: string): Figures | null {
  const promised = valuesOf(claim)
    .flatMap(durationsIn)
    .map((one) => ({ words: formatDuration(one), size: durationLength(one), slack: 0.09 }))
  if (promised.length === 0 || unnumbered.test(text)) return null
  const said = stretchesIn(text).map(({ from, to, seconds }) => ({
    words: text.slice(from, to),
    size: seconds * 1000,
    slack: 0.09,
  }))
  return { said, promised }
}

function versions(claim: Claim, text: string): Figures {
  const promised = numbersOf(claim, 'encryption.in-transit', 'min', 'TLS ')
  return atLeast(promised, () => numbersIn(text, version))
}

function percents(claim: Claim, text: string): Figures {
  const promised = numbersOf(claim, 'uptime', 'min', '')
  return atLeast(promised, () => numbersIn(text, percent))
}

/** Of least values: an address that promises more than its words lies to nobody. */
function atLeast(promised: readonly Figure[], read: () => Figure[]): Figures {
  if (promised.length === 0) return { said: [], promised }
  const said = read()
  return {
    said: said.every(({ size }) => promised.every((one) => size <= one.size)) ? [] : said,
    promised,
  }
}

function numbersIn(text: string, pattern: RegExp): Figure[] {
  return [...text.matchAll(pattern)].map(([words, size]) => ({
    words,
    size: Number(size),
    slack: 0,
  }))
}

function numbersOf({ obligations }: Claim, id: string, name: string, unit: string): Figure[] {
  return obligations
    .filter(({ proof }) => proof.id === id)
    .map(({ params }) => params[name])
    .filter((value) => typeof value === 'number')
    .map((size) => ({ words: `${unit}${size}`, size, slack: 0 }))
}

function valuesOf({ obligations }: Claim): Value[] {
  return obligations.flatMap(({ params }) => Object.values(params))
}

/** The lengths of time of a value; of a range both ends. */
function durationsIn(value: Value): Duration[] {
  if (typeof value !== 'object' || Array.isArray(value)) return []
  if ('seconds' in value) return [value]
  return 'promise' in value ? [value.target, value.promise] : []
}
