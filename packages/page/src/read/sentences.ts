import type { Block } from './prose.ts'

/** A sentence of a block: offsets in the block's text. */
export interface Sentence {
  block: Block
  from: number
  to: number
}

/** Short forms after which a full stop ends no sentence. */
const shortForms = new Set([
  'e.g', 'i.e', 'eg', 'ie', 'etc', 'vs', 'inc', 'ltd', 'no', 'nos', 'approx', 'cf', 'al', 'art', 'sec',
  'dr', 'mr', 'mrs', 'ms', 'prof', 'st', 'fig', 'dept', 'est', 'incl', 'resp', 'max', 'min', 'u.s', 'u.k',
]) // prettier-ignore

// The look behind keeps a long run of marks from being tried anew at each of them.
const ends = /(?<![.!?])[.!?]+["'”’)\]]*(?=\s)|[。！？]/g

/**
 * Splits a block into sentences at `.`, `!` or `?` before white space and a beginning. A name that
 * ends in `!` goes on: what follows it begins in lower case.
 */
export function sentencesOf(block: Block): Sentence[] {
  const { text } = block
  const sentences: Sentence[] = []
  let from = 0
  for (const match of text.matchAll(ends)) {
    const end = match.index + match[0].length
    if (!begins(text, end) || (match[0] === '.' && isShortForm(text, match.index))) continue
    push(sentences, block, from, end)
    from = end
  }
  push(sentences, block, from, text.length)
  return sentences
}

function push(sentences: Sentence[], block: Block, from: number, to: number): void {
  let start = from
  while (start < to && block.text[start] === ' ') start++
  if (start < to) sentences.push({ block, from: start, to })
}

function begins(text: string, end: number): boolean {
  const next = text.slice(end, end + 4).trimStart()
  if (next === '' || !/^[\p{Ll},;:)\]–—-]/u.test(next)) return true
  // A name in small letters, such as `eu-west-1`, begins a sentence too.
  return /^\s*[a-z]+-[a-z]+-\d/.test(text.slice(end, end + 24))
}

function isShortForm(text: string, dot: number): boolean {
  const word = /[\p{L}.]*$/u.exec(text.slice(Math.max(0, dot - 12), dot))![0].toLowerCase()
  // "No." is short only before a number; a single letter is an initial.
  if (word === 'no') return /^\.\s+\d/.test(text.slice(dot, dot + 4))
  // Short forms are not shouted: `DR.` ends a sentence, `Dr.` does not.
  const written = text.slice(dot - word.length, dot)
  if (word.length > 1 && written === written.toUpperCase() && !word.includes('.')) return false
  return shortForms.has(word) || /^\p{L}$/u.test(word)
}
