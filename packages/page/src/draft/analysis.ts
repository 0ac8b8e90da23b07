import { certificatesIn, type Named } from './certificates.ts'
import { guardOf, type Guard } from './guards.ts'
import { findPhrases, idOf, type Found, type Hit, type Term } from './phrases.ts'
import {
  daysIn,
  frequenciesIn,
  lengthsIn,
  numberSource,
  type Day,
  type Frequency,
  type Length,
} from './quantities.ts'
import { plain, tokenize, type Token } from './tokens.ts'

const none: readonly Hit[] = []

/** All that the rules look at in one stretch of text; the dear parts are read when a rule first asks. */
export class Analysis {
  readonly text: string
  readonly tokens: readonly Token[]
  private readonly found: Found
  private readonly read = new Map<string, readonly Hit[]>()

  constructor(written: string, tokens: readonly Token[] = tokenize(written)) {
    const text = plain(written)
    this.text = text
    this.tokens = tokens
    this.found = findPhrases(text, tokens)
  }

  get bits(): readonly number[] {
    return this.found.bits
  }

  /** The numbers of all phrases that occur. */
  get keys(): Iterable<number> {
    return this.found.hits.keys()
  }

  private guardCache: Guard | undefined
  /** Why it is no promise; null when it may be one. */
  get guard(): Guard {
    if (this.guardCache === undefined) this.guardCache = guardOf(this.text)
    return this.guardCache
  }

  /** Where a key occurs, in the order of the text. */
  of(key: string): readonly Hit[] {
    const hits = this.found.hits.get(idOf(key))
    if (hits) return hits
    const reader = readers[key]
    if (!reader) return none
    const known = this.read.get(key)
    if (known) return known
    const spans = reader(this)
    this.read.set(key, spans)
    return spans
  }

  any(term: Term): readonly Hit[] {
    if (term.length === 1) return this.of(term[0]!)
    return term.flatMap((key) => this.of(key)).sort((a, b) => a.start - b.start)
  }

  has(term: Term): boolean {
    return term.some((key) => this.of(key).length > 0)
  }

  private lengthCache: Length[] | null = null
  /** Lengths of time; what says how often is none. */
  get lengths(): readonly Length[] {
    return (this.lengthCache ??= lengthsIn(this.text).filter(
      (one) => !this.frequencies.some((often) => often.from < one.to && one.from < often.to),
    ))
  }

  private frequencyCache: Frequency[] | null = null
  get frequencies(): readonly Frequency[] {
    return (this.frequencyCache ??= frequenciesIn(this.text))
  }

  private certificateCache: Named[] | null = null
  get certificates(): readonly Named[] {
    return (this.certificateCache ??= certificatesIn(this.text))
  }

  private dayCache: Day[] | null = null
  get days(): readonly Day[] {
    return (this.dayCache ??= daysIn(this.text))
  }

  matches(pattern: RegExp): Hit[] {
    return this.toHits(
      [...this.text.matchAll(pattern)].map((match) => ({
        from: match.index,
        to: match.index + match[0].length,
      })),
    )
  }

  /** Token positions of stretches of the text. */
  toHits(spans: readonly { from: number; to: number }[]): Hit[] {
    return spans.flatMap(({ from, to }) => {
      const start = this.tokens.findIndex((token) => token.to > from)
      if (start < 0 || this.tokens[start]!.from >= to) return []
      let end = start + 1
      while (end < this.tokens.length && this.tokens[end]!.from < to) end++
      return [{ start, end, value: '' }]
    })
  }
}

const percentPattern = /\d{2,3}(?:[.,]\d{1,4})?\s?(?:%|percent\b|per cent\b)/gi
const countPattern = new RegExp(`\\b${numberSource}\\b`, 'gi')
export const emailPattern = /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}/g
export const severityPattern =
  /(?<!\babove )\b(?:critical|high|medium|moderate|low|severe|urgent)s?\b|\bP[0-4]\b|\bCVSS(?: v?[23](?:\.[01])?)?(?: (?:base )?scores?)?(?: (?:of|from|>=?|at))? ?9(?:\.0)?(?:\+| ?(?:-|to) ?10(?:\.0)?\b|,? (?:and|or) (?:above|higher|more|over|up)\b)/gi
const cipherPattern =
  /\b(?:AES[\s_-]?(?:128|256)?(?:[\s_-]?(?:GCM|CBC|XTS))?|CHACHA20(?:[\s_-]?POLY1305)?|(?:128|256)[\s-]?bits?|ECDHE?(?:[\s_-](?:RSA|ECDSA))?)\b/gi
/** What tells the rows of one customer from those of another: a customer's word with `ID` behind it. */
export const ownKeyPattern =
  /\b(customer|client|tenant|account|organi[sz]ation|org|workspace|school|merchant|company|buyer|team|clinic|hospital|event|store|shop|council|employer|project)[ _-]?(ids?|identifiers?|numbers?|keys?|codes?)\b/gi
const tlsVersionPattern =
  /\b(?:TLS|Transport Layer Security)(?:\s*\(TLS\))?,?[\s-]*(?:versions?\s*|v\.?\s*)?(?:\w+\s){0,3}1\.[0-3]/gi

/** Readers of the keys that no phrase defines. */
const readers: Readonly<Record<string, (analysis: Analysis) => readonly Hit[]>> = {
  '@length': (one) => one.toHits(one.lengths),
  '@within': (one) => one.toHits(one.lengths.filter(({ role }) => role !== 'least')),
  '@frequency': (one) => one.toHits(one.frequencies),
  '@certificate': (one) => one.toHits(one.certificates),
  '@date': (one) => one.toHits(one.days),
  '@percent': (one) => one.matches(percentPattern),
  '@count': (one) => one.matches(countPattern),
  '@email': (one) => one.matches(emailPattern),
  '@severity': (one) => one.matches(severityPattern),
  '@ownKey': (one) =>
    one.matches(ownKeyPattern).filter((hit) => one.tokens[hit.end - 1]!.stem !== 'kei'),
  '@cipher': (one) => one.matches(cipherPattern),
  '@tlsVersion': (one) => one.matches(tlsVersionPattern),
}

/** Whether a text has nothing that any rule looks for: no phrase, no figure, no name. */
export function saysNothing(analysis: Analysis): boolean {
  return analysis.bits.length === 0 && Object.keys(readers).every((key) => !analysis.has([key]))
}

/** Keys that cost something to look for, and have no bit of their own. */
export function isRead(key: string): boolean {
  return key in readers
}
