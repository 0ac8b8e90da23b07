import { built } from './built.ts'
import { lexicon } from './lexicon.ts'
import { nameTables } from './names.ts'
import { stemsOf, type Token } from './tokens.ts'

/** A phrase found in a text: token positions, `end` exclusive, and what it stands for. */
export interface Hit {
  start: number
  end: number
  /** The value of a name table's entry. */
  value: string
}

interface Phrase {
  id: number
  /** Its place among all phrases: of two with the same words the first is taken first. */
  order: number
  value: string
  stems: readonly string[]
  /** It has a comma of its own. */
  parted: boolean
  /** Compared as written, not by stem. */
  exact: string | null
}

/** What rules look for, by the stem of its first word. */
const phrases = new Map<string, Phrase[]>()
const ids = new Map<string, number>()
let learned = 0

/** The number of a key: a concept, a table, or a phrase in quotes. */
export function idOf(key: string): number {
  const known = ids.get(key)
  if (known !== undefined) return known
  ids.set(key, ids.size)
  return ids.size - 1
}

function learn(key: string, text: string, value: string): void {
  const exact = text.startsWith('=') ? text.slice(1) : null
  const stems = stemsOf(exact ?? text)
  if (stems.length === 0) throw new Error(`"${text}" of ${key} has no word`)
  const phrase = {
    id: idOf(key),
    order: learned++,
    value,
    stems,
    parted: text.includes(','),
    exact,
  }
  const known = phrasesFrom(stems[0]!)
  if (known) known.push(phrase)
  else phrases.set(stems[0]!, [phrase])
}

/** Phrases of one first word; those of more words by their second. */
interface Sorted {
  alone: Phrase[]
  longer: Map<string, Phrase[]>
}

const sorted = new Map<string, Sorted>()

function beginningWith(stem: string): Sorted | undefined {
  const done = sorted.get(stem)
  if (done) return done
  const all = phrasesFrom(stem)
  if (!all) return undefined
  const alone = all.filter(({ stems }) => stems.length === 1)
  const rest = all.filter(({ stems }) => stems.length > 1)
  const made = { alone, longer: Map.groupBy(rest, ({ stems }) => stems[1]!) }
  sorted.set(stem, made)
  return made
}

const waiting: (() => unknown)[] = []

/**
 * What is made of rules' words. All of it is made when a text is first read, and not before: then every
 * phrase must be known, and a page whose promises are all linked is never read for them.
 */
export function whenRead<Made extends object>(make: () => Made): () => Made {
  let made: Made | undefined
  const get = () => (made ??= make())
  waiting.push(get)
  return get
}

whenRead(() => {
  if (built !== null) readBuilt(built)
  else learnAll()
  return phrases
})

function learnAll(): void {
  for (const [concept, list] of Object.entries(lexicon)) {
    for (const text of list.split('|')) learn(concept, text.trim(), '')
  }
  for (const [table, names] of Object.entries(nameTables)) {
    for (const [value, list] of Object.entries(names)) {
      for (const text of list.split('|')) learn(`@${table}`, text.trim(), value)
    }
  }
}

/** A phrase in a bundle, where thousands of them are read at once: its first stem goes without saying. */
type Packed = [id: number, order: number, more: string, value: string, parted: boolean, exact: string | null] // prettier-ignore

let packed: Readonly<Record<string, Packed[]>> = {}

function phrasesFrom(stem: string): Phrase[] | undefined {
  const known = phrases.get(stem)
  if (known || !Object.hasOwn(packed, stem)) return known
  const unpacked = packed[stem]!.map(([id, order, more, value, parted, exact]) => {
    const stems = more === '' ? [stem] : [stem, ...more.split(' ')]
    return { id, order, value, stems, parted, exact }
  })
  phrases.set(stem, unpacked)
  return unpacked
}

/** All that was learned, for `built.ts`. */
export function learnedPhrases(): string {
  for (const make of waiting.splice(0)) make()
  const all = [...phrases].map(([stem, some]) => {
    const those = some.map(({ id, order, stems, value, parted, exact }): Packed => [
      id, order, stems.slice(1).join(' '), value, parted, exact,
    ]) // prettier-ignore
    return [stem, those] as const
  })
  return JSON.stringify([[...ids.keys()], learned, Object.fromEntries(all)])
}

function readBuilt(json: string): void {
  const [keys, count, all] = JSON.parse(json) as [string[], number, typeof packed]
  for (const key of keys) idOf(key)
  learned = count
  packed = all
}

/** A term of a rule: any of these keys. Literal phrases are learned as they are met. */
export type Term = readonly string[]

/** Where a term may come from besides the clause: see `Rule`. */
export type Mark = '' | '~' | '^' | '+'

const termPattern = /[~^+]?(?:"[^"]*"|[^\s"|]+)(?:\|(?:"[^"]*"|[^\s"|]+))*/g

/** Reads `notify customer|"every client"` into terms; a mark (`~`, `^`, `+`) before a term is dropped. */
export function readTerms(text: string | undefined): Term[] {
  return readMarked(text).map(({ term }) => term)
}

/** As `readTerms`, with the mark before each term. */
export function readMarked(text: string | undefined): { term: Term; mark: Mark }[] {
  return (text?.match(termPattern) ?? []).map((written) => {
    const mark = /^[~^+]/.test(written) ? (written[0] as Mark) : ''
    const keys = written.slice(mark.length).match(/"[^"]*"|[^|"]+/g) ?? []
    for (const key of keys) {
      if (key.startsWith('"') && !ids.has(key)) learn(key, key.slice(1, -1), '')
    }
    return { term: keys, mark }
  })
}

/** What a text holds of the keys, by their numbers; `bits` has one bit for each key that occurs. */
export interface Found {
  hits: ReadonlyMap<number, Hit[]>
  bits: readonly number[]
}

/** Numbers of keys as bits, as many in each number as a machine word takes without a box around it. */
const wordBits = 30
const none: Found = { hits: new Map(), bits: [] }

/** A few bits of many: the index of a number and its mask, and so on in pairs. */
export type Bits = readonly number[]

export function bitsOf(term: Term): Bits {
  const masks = new Map<number, number>()
  for (const id of term.map(idOf)) {
    const at = Math.trunc(id / wordBits)
    masks.set(at, (masks.get(at) ?? 0) | (1 << (id % wordBits)))
  }
  return [...masks].flat()
}

export function intersects(found: readonly number[], bits: Bits): boolean {
  if (found.length === 0) return false
  for (let i = 0; i < bits.length; i += 2) if ((found[bits[i]!]! & bits[i + 1]!) !== 0) return true
  return false
}

/** Finds every known phrase in a list of words. */
export function findPhrases(text: string, tokens: readonly Token[]): Found {
  for (const make of waiting.splice(0)) make()
  let hits: Map<number, Hit[]> | null = null
  for (let start = 0; start < tokens.length; start++) {
    const known = beginningWith(tokens[start]!.stem)
    if (!known) continue
    const longer = start + 1 < tokens.length ? known.longer.get(tokens[start + 1]!.stem) : undefined
    const candidates = longer
      ? [...known.alone, ...longer].sort((a, b) => a.order - b.order)
      : known.alone
    for (const phrase of candidates) {
      if (!matches(phrase, text, tokens, start)) continue
      const hit = { start, end: start + phrase.stems.length, value: phrase.value }
      const earlier = (hits ??= new Map()).get(phrase.id)
      if (earlier) earlier.push(hit)
      else hits.set(phrase.id, [hit])
    }
  }
  return hits === null ? none : { hits, bits: allBits(hits.keys()) }
}

/** The bits of two texts together. */
export function union(one: readonly number[], other: readonly number[]): readonly number[] {
  if (other.length === 0) return one
  return one.length === 0 ? other : one.map((bits, i) => bits | other[i]!)
}

let zeros: number[] = []

function allBits(found: Iterable<number>): number[] {
  const length = Math.trunc(ids.size / wordBits) + 1
  if (zeros.length < length) zeros = Array.from({ length }, () => 0)
  const bits = zeros.slice()
  for (const id of found) bits[Math.trunc(id / wordBits)]! |= 1 << (id % wordBits)
  return bits
}

/** `Data, including backups, are`: a comma parts the words of two phrases. */
function isParted(text: string, tokens: readonly Token[], first: number, last: number): boolean {
  for (let i = first; i < last; i++) {
    const { to } = tokens[i]!
    if (text.slice(to, tokens[i + 1]!.from).includes(',')) return true
  }
  return false
}

function matches(phrase: Phrase, text: string, tokens: readonly Token[], start: number): boolean {
  const { stems, exact } = phrase
  if (start + stems.length > tokens.length) return false
  for (let i = 1; i < stems.length; i++) if (tokens[start + i]!.stem !== stems[i]) return false
  if (stems.length > 1 && !phrase.parted && isParted(text, tokens, start, start + stems.length - 1))
    return false
  if (exact === null) return true
  const written = text
    .slice(tokens[start]!.from, tokens[start + stems.length - 1]!.to)
    .replace(/['’]s$/, '')
  // A word in small letters is compared without case, a name or abbreviation as it is written.
  return exact === exact.toLowerCase() ? written.toLowerCase() === exact : written === exact
}

/** Keys that rules may name besides concepts, tables and literal phrases: what readers of their own find. */
const specials = [
  '@length', '@within', '@frequency', '@percent', '@count', '@date', '@email', '@severity', '@certificate',
  '@cipher', '@tlsVersion', '@ownKey',
] as const // prettier-ignore
for (const key of specials) idOf(key)

/** Keys that rules name and nothing defines; a test holds it empty. */
export function undefinedKeys(texts: readonly (string | undefined)[]): string[] {
  const defined = new Set<string>([
    ...Object.keys(lexicon),
    ...specials,
    ...Object.keys(nameTables).map((name) => `@${name}`),
  ])
  const named = texts.flatMap((text) => readTerms(text).flat())
  return [...new Set(named)].filter((key) => !key.startsWith('"') && !defined.has(key))
}
