import { lexicon } from './lexicon.ts'
import { nameTables } from './names.ts'
import { rules } from './rules.ts'
import { stemOf, tokenize, type Token } from './tokens.ts'

/** A phrase found in a text: token positions, `end` exclusive, and what it stands for. */
export interface Hit {
  start: number
  end: number
  /** The value of a name table's entry. */
  value: string
}

interface Phrase {
  key: string
  value: string
  stems: readonly string[]
  /** Compared as written, capitals included. */
  exact: string | null
}

/** Everything the rules look for, by the stem of its first word. */
const phrases = new Map<string, Phrase[]>()

function learn(key: string, text: string, value: string): void {
  const exact = text.startsWith('=') ? text.slice(1) : null
  const words = tokenize(exact ?? text)
  if (words.length === 0) throw new Error(`"${text}" of ${key} has no word`)
  const phrase = { key, value, stems: words.map((word) => word.stem), exact }
  const known = phrases.get(phrase.stems[0]!)
  if (known) known.push(phrase)
  else phrases.set(phrase.stems[0]!, [phrase])
}

for (const [concept, list] of Object.entries(lexicon)) {
  for (const text of list.split('|')) learn(concept, text.trim(), '')
}
for (const [table, names] of Object.entries(nameTables)) {
  for (const [value, list] of Object.entries(names)) {
    for (const text of list.split('|')) learn(`@${table}`, text.trim(), value)
  }
}

/** A term of a rule: any of these keys. Literal phrases are learned as they are met. */
export type Term = readonly string[]

const termPattern = /(?:"[^"]*"|[^\s"|]+)(?:\|(?:"[^"]*"|[^\s"|]+))*/g
const literals = new Set<string>()

/** Reads `notify customer|"every client"` into terms. */
export function readTerms(text: string | undefined): Term[] {
  return (text?.match(termPattern) ?? []).map((term) => {
    const keys = term.match(/"[^"]*"|[^|"]+/g) ?? []
    for (const key of keys) {
      if (!key.startsWith('"') || literals.has(key)) continue
      literals.add(key)
      learn(key, key.slice(1, -1), '')
    }
    return keys
  })
}

/** Finds every known phrase in a list of words. */
export function findPhrases(text: string, tokens: readonly Token[]): Map<string, Hit[]> {
  const hits = new Map<string, Hit[]>()
  tokens.forEach((token, start) => {
    for (const phrase of phrases.get(token.stem) ?? []) {
      if (!matches(phrase, text, tokens, start)) continue
      const hit = { start, end: start + phrase.stems.length, value: phrase.value }
      const known = hits.get(phrase.key)
      if (known) known.push(hit)
      else hits.set(phrase.key, [hit])
    }
  })
  return hits
}

function matches(phrase: Phrase, text: string, tokens: readonly Token[], start: number): boolean {
  const { stems, exact } = phrase
  if (start + stems.length > tokens.length) return false
  for (let i = 1; i < stems.length; i++) if (tokens[start + i]!.stem !== stems[i]) return false
  if (exact === null) return true
  const written = text.slice(tokens[start]!.from, tokens[start + stems.length - 1]!.to)
  // A word in small letters is compared without case, a name or abbreviation as it is written.
  return exact === exact.toLowerCase() ? written.toLowerCase() === exact : written === exact
}

/** Keys that rules may name besides concepts, tables and literal phrases: what readers of their own find. */
export const specials = [
  '@length', '@within', '@frequency', '@percent', '@count', '@date', '@email', '@severity', '@certificate', '@cipher',
] as const // prettier-ignore

/** Keys that rules name and nothing defines; a test holds it empty. */
export function undefinedKeys(): string[] {
  const known = new Set<string>([
    ...Object.keys(lexicon),
    ...specials,
    ...Object.keys(nameTables).map((name) => `@${name}`),
  ])
  const named = rules.flatMap((rule) =>
    [rule.words, rule.not, rule.context].flatMap((text) => readTerms(text).flat()),
  )
  return [...new Set(named)].filter((key) => !key.startsWith('"') && !known.has(key))
}

export { stemOf }
