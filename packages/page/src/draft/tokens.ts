import { stemmer } from 'stemmer'

/** A word of a text: where it stands, as a reader sees it in small letters, and its stem. */
export interface Token {
  from: number
  to: number
  word: string
  stem: string
}

const stems = new Map<string, string>()

/** The stem of a word (Porter), one spelling for British and American forms. */
export function stemOf(word: string): string {
  const known = stems.get(word)
  if (known !== undefined) return known
  const spelled = respelled.test(word) ? american(word) : word
  // `No personal data` names no person.
  const stem = /^[a-z]+$/.test(spelled) && spelled !== 'personal' ? stemmer(spelled) : spelled
  // Words without end come only from an attack; what pages say is few.
  if (stems.size < 50_000) stems.set(word, stem)
  return stem
}

/** Most words have none of these: thousands of phrases are read at the start. */
const respelled = /is(?:e|ing|ation)|our|centre|cence|ll(?:ed|ing)/

function american(word: string): string {
  return word
    .replace(/([a-z]{3})is(e|ed|es|ing|ation|ations|er|ers)$/, '$1iz$2')
    .replace(/([a-z]{2})our(s|ed|ing|able)?$/, '$1or$2')
    .replace(/(cent)re(s?)$/, '$1er$2')
    .replace(/cence(s?)$/, 'cense$1')
    .replace(/([a-z]{3})ll(ed|ing)$/, '$1l$2')
}

/** Signs that a typesetter makes of plain ones, each of one character: no offset moves. */
const typeset: Readonly<Record<string, string>> = {
  '‘': "'", '’': "'", 'ʼ': "'", '“': '"', '”': '"', '‐': '-', '‑': '-', '‒': '-', '−': '-', '≤': '<', '≥': '>',
  '\u00A0': ' ', '\u2007': ' ', '\u2009': ' ', '\u202F': ' ',
} // prettier-ignore

/** A text as a keyboard writes it, of the same length. */
export function plain(text: string): string {
  return text.replace(/[‘’ʼ“”‐‑‒−≤≥\u00A0\u2007\u2009\u202F]/g, (sign) => typeset[sign]!)
}

const words = /[\p{L}\p{N}]+(?:[.:’'][\p{L}\p{N}]+)*[+%]?|%/gu

/** The stems of a text's words. */
export function stemsOf(text: string): string[] {
  // What `tokenize` finds in it, at a quarter of the price.
  if (/^[a-z]+(?: [a-z]+)*$/.test(text)) return text.split(' ').map(stemOf)
  return tokenize(text).map(({ stem }) => stem)
}

/** Splits a text into words; hyphens part them, as in `two-factor`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  // A pattern of its own state costs a third of `matchAll`, and thousands of phrases are read at the start.
  words.lastIndex = 0
  for (let match = words.exec(text); match !== null; match = words.exec(text)) {
    const word = bare(match[0].toLowerCase())
    tokens.push({ from: match.index, to: words.lastIndex, word, stem: stemOf(word) })
  }
  return tokens
}

function bare(word: string): string {
  return /['’]/.test(word) ? word.replaceAll('’', "'").replace(/'s$/, '') : word
}
