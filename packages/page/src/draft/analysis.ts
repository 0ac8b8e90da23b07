import { boundariesOf } from './clauses.ts'
import { certificatesIn, type Named } from './certificates.ts'
import { findPhrases, type Hit, type Term } from './phrases.ts'
import {
  daysIn,
  frequenciesIn,
  lengthsIn,
  numberSource,
  type Day,
  type Frequency,
  type Length,
} from './quantities.ts'
import { tokenize, type Token } from './tokens.ts'

/** All that the rules look at in one sentence; the dear parts are read when a rule first asks. */
export class Analysis {
  readonly text: string
  readonly tokens: readonly Token[]
  private readonly hits: Map<string, Hit[]>
  private readonly known = new Map<string, readonly Hit[]>()

  constructor(text: string) {
    this.text = text
    this.tokens = tokenize(text)
    this.hits = findPhrases(text, this.tokens)
  }

  /** Where a key occurs, in the order of the text. */
  of(key: string): readonly Hit[] {
    const hits = this.hits.get(key)
    if (hits) return hits
    if (!key.startsWith('@')) return []
    const known = this.known.get(key)
    if (known) return known
    const found = this.read(key)
    this.known.set(key, found)
    return found
  }

  any(term: Term): readonly Hit[] {
    if (term.length === 1) return this.of(term[0]!)
    return term.flatMap((key) => this.of(key)).sort((a, b) => a.start - b.start)
  }

  has(term: Term): boolean {
    return term.some((key) => this.of(key).length > 0)
  }

  private lengthCache: Length[] | null = null
  get lengths(): readonly Length[] {
    return (this.lengthCache ??= lengthsIn(this.text))
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

  private boundaryCache: { from: number; to: number }[] | null = null
  /** Where its clauses meet. */
  get boundaries(): readonly { from: number; to: number }[] {
    return (this.boundaryCache ??= boundariesOf(this.text))
  }

  private read(key: string): readonly Hit[] {
    switch (key) {
      case '@length':
        return this.toHits(this.lengths)
      case '@within':
        return this.toHits(this.lengths.filter((one) => one.role === 'within'))
      case '@frequency':
        return this.toHits(this.frequencies)
      case '@certificate':
        return this.toHits(this.certificates)
      case '@date':
        return this.toHits(this.days)
      case '@percent':
        return this.matches(percentPattern)
      case '@count':
        return this.matches(countPattern)
      case '@email':
        return this.matches(emailPattern)
      case '@severity':
        return this.matches(severityPattern)
      case '@cipher':
        return this.matches(cipherPattern)
      default:
        return []
    }
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

const percentPattern = /\d{2,3}(?:\.\d+)?\s*(?:%|percent|per cent)/gi
const countPattern = new RegExp(`\\b${numberSource}\\b`, 'gi')
export const emailPattern = /[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g
export const severityPattern =
  /\b(?:critical|high|medium|moderate|low|severe|urgent)\b|\bP[0-4]\b/gi
export const cipherPattern =
  /\b(?:AES[\s_-]?(?:128|256)?(?:[\s_-]?(?:GCM|CBC|XTS))?|CHACHA20(?:[\s_-]?POLY1305)?|(?:128|256)[\s-]?bits?|ECDHE?(?:[\s_-](?:RSA|ECDSA))?)\b/gi
