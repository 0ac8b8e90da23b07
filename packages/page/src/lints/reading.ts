import { Temporal } from 'temporal-polyfill'
import type { Source } from '../compile.ts'
import type { Instant } from '../duration.ts'
import { findingAt, type Finding } from '../finding.ts'
import type { Span } from '../place.ts'
import type { Block } from '../read/prose.ts'
import { sentencesOf, type Sentence } from '../read/sentences.ts'

/** A sentence of the page as the rules read it. */
export interface Said {
  block: Block
  /** Where it begins in the block's text. */
  from: number
  raw: string
  /** The same in small letters, with plain quotes and hyphens; every index is an index of `raw` too. */
  text: string
  line: number
  /** Its number on the page. */
  order: number
}

/** Words by which sentences are found, so that only those are read again that may matter. */
export type Words = readonly string[]

/** A page split into sentences once, for all rules. */
export interface Reading {
  source: Source
  /** The calendar day at the page's own place, `2026-11-20`: dates compare as text. */
  today: string
  said: readonly Said[]
  /** The sentences, in order, that hold a word of each list (small letters and digits only). */
  mentioning(...lists: readonly Words[]): Said[]
  /** The same without headings and questions: sentences that say something. */
  stating(...lists: readonly Words[]): Said[]
}

/** A rule: what it objects to on a page. */
export type Lint = (page: Reading) => Finding[]

export function readPage(source: Source, now: Instant): Reading {
  const said: Said[] = []
  const index = new Map<string, number[]>()
  for (const block of source.prose.blocks) {
    for (const { from, to } of sentencesOf(block).flatMap(cut)) {
      const raw = block.text.slice(from, to)
      const { line } = source.lines.place(block.at(from))
      const sentence = { block, from, raw, text: fold(raw), line, order: said.length }
      said.push(sentence)
      note(index, sentence)
    }
  }
  const holding = (words: Words) => new Set(words.flatMap((word) => index.get(word) ?? []))
  const mentioning = (...lists: readonly Words[]) => {
    const [orders, ...others] = lists.map(holding)
    const all = [...orders!].filter((order) => others.every((other) => other.has(order)))
    return all.sort((a, b) => a - b).map((order) => said[order]!)
  }
  return {
    source,
    // Most pages name no date, and what knows time zones takes a while to begin.
    get today() {
      return Temporal.Instant.fromEpochMilliseconds(now)
        .toZonedDateTimeISO(source.matter.timeZone)
        .toPlainDate()
        .toString()
    },
    said,
    mentioning,
    stating: (...lists) => mentioning(...lists).filter(states),
  }
}

const longest = 1000

/** Nobody's sentence is longer; pieces of what is keep every rule linear, whatever a page says. */
function cut(sentence: Sentence): Sentence[] {
  const pieces: Sentence[] = []
  let { from } = sentence
  while (sentence.to - from > longest) {
    const space = sentence.block.text.lastIndexOf(' ', from + longest)
    const to = space > from ? space : from + longest
    pieces.push({ ...sentence, from, to })
    from = space > from ? space + 1 : to
  }
  pieces.push({ ...sentence, from })
  return pieces
}

function states({ block, raw }: Said): boolean {
  return block.kind !== 'heading' && !raw.endsWith('?')
}

/** Small letters, plain quotes, hyphens and spaces, character by character: no index moves. */
export function fold(text: string): string {
  const small = text.toLowerCase()
  const kept = small.length === text.length ? small : foldEach(text)
  return kept
    .replace(/[‘’]/g, "'")
    .replace(/[‐‑‒–—]/g, '-')
    .replace(/\u00A0/g, ' ')
}

function foldEach(text: string): string {
  let folded = ''
  for (const unit of text) {
    const small = unit.toLowerCase()
    folded += small.length === unit.length ? small : unit
  }
  return folded
}

/** Enters each word of a sentence, once, into the index. A word is a run of `a-z` and `0-9`. */
function note(index: Map<string, number[]>, { text, order }: Said): void {
  let start = -1
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charCodeAt(i) : 32
    if ((unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57)) {
      if (start < 0) start = i
      continue
    }
    if (start < 0) continue
    const word = text.slice(start, i)
    start = -1
    const orders = index.get(word)
    if (!orders) index.set(word, [order])
    else if (orders.at(-1) !== order) orders.push(order)
  }
}

/** What introduces a sentence: the end of its list's lead, or the column and row of a cell. */
export function leadOf({ block }: Said): string {
  return block.lead ? fold(block.lead.text.slice(-300)) : ''
}

/** The nearest headings above a sentence, in small letters. */
export function headingsOf({ block }: Said): string {
  return fold(
    block.headings
      .slice(-2)
      .map((heading) => heading.slice(0, 120))
      .join(' | '),
  )
}

/** A finding about words of a sentence; `span` counts in the sentence, `suggestion` would replace them. */
export function object(
  page: Reading,
  said: Said,
  span: Span,
  what: Pick<Finding, 'rule' | 'level' | 'message'> & { suggestion?: string | null },
): Finding {
  const from = said.block.at(said.from + span.from)
  const to = said.block.behind(said.from + span.to)
  return findingAt(page.source.lines, { from, to }, what)
}

/** Where a pattern matches in a sentence. */
export function spanOf(match: RegExpMatchArray): Span {
  const from = match.index ?? 0
  return { from, to: from + match[0].length }
}

/** The words of a sentence at a span, as they are written. */
export function quote(said: Said, { from, to }: Span): string {
  return said.raw.slice(from, to)
}

/** Names lines to a reader, with the verb: `Line 4 says`, `Lines 4 and 9 say`. */
export function sayLines(all: readonly Said[], one: string, many: string): string {
  const lines = [...new Set(all.map(({ line }) => line))].slice(0, 4)
  if (lines.length === 1) return `Line ${lines[0]} ${one}`
  return `Lines ${lines.slice(0, -1).join(', ')} and ${lines.at(-1)} ${many}`
}
