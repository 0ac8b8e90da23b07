import type { Span } from '../place.ts'
import type { Cell, Place } from './table.ts'

/** A link in a block: `from` and `to` in the block's text, `span` and `urlSpan` in the source. */
export interface Link {
  from: number
  to: number
  url: string
  span: Span
  urlSpan: Span
  /** The text between the brackets as written, where the block's own text still shows the brackets. */
  label?: string
}

export type BlockKind = 'heading' | 'paragraph' | 'item' | 'cell'

/** A stretch of prose: what a reader sees, white space folded, and where each character came from. */
export interface Block {
  kind: BlockKind
  /** Depth of a heading or list item, from 1. */
  level: number
  text: string
  links: readonly Link[]
  /** The headings above, outermost first. */
  headings: readonly string[]
  /** What introduces an item or a cell: the paragraph before the list, or the rest of the row. */
  lead: Block | null
  /** Where a cell stands in its table; null for any other block. */
  cell: Place | null
  span: Span
  /** Offset in the source of a character of the text, and just behind it. */
  at(index: number): number
  behind(index: number): number
}

/** The links of a block that touch a stretch of its text. */
export function linksIn({ links }: Block, from: number, to: number): readonly Link[] {
  return touching(links, from, to)
}

/** Those of some stretches, in order and apart from each other, that touch another one. */
export function touching<Stretch extends Span>(
  all: readonly Stretch[],
  from: number,
  to: number,
): readonly Stretch[] {
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (all[middle]!.to <= from) low = middle + 1
    else high = middle
  }
  let end = low
  while (end < all.length && all[end]!.from < to) end++
  return all.slice(low, end)
}

export interface Verbatim {
  behind: number
  text: string
}

/** A whole page as prose. */
export interface Prose {
  blocks: readonly Block[]
  /** What is shown letter by letter, and is no prose: it stands behind so many blocks. */
  verbatim?: readonly Verbatim[]
  /** Where reading ended, on a page of too many blocks; null when all of it was read. */
  unread: number | null
}

const white = /\s/

/** Gathers the visible text of one block. Every piece is verbatim or stands for a stretch of source. */
export class BlockBuilder {
  text = ''
  readonly links: Link[] = []
  /** Triples: offset in text, offset in source, end in source where the piece is not verbatim, else -1. */
  private readonly runs: number[] = []
  /** Whether a further space would be one too many; asking the text itself would copy it each time. */
  private spaced = true
  private open: Omit<Link, 'to' | 'urlSpan'> | null = null
  private readonly kind: BlockKind
  private readonly level: number

  constructor(kind: BlockKind, level: number) {
    this.kind = kind
    this.level = level
  }

  /** Adds source text as it stands; runs of white space become one space. */
  add(source: string, from: number, to: number): void {
    let start = from
    for (let i = from; i < to; i++) {
      if (!white.test(source[i]!)) continue
      this.verbatim(source, start, i)
      let end = i + 1
      while (end < to && white.test(source[end]!)) end++
      this.space(i, end)
      start = end
      i = end - 1
    }
    this.verbatim(source, start, to)
  }

  private verbatim(source: string, from: number, to: number): void {
    if (to <= from) return
    this.runs.push(this.text.length, from, -1)
    this.text += source.slice(from, to)
    this.spaced = false
  }

  /** Adds one space, unless there is one already. */
  space(from: number, to: number): void {
    if (!this.spaced) this.put(' ', from, to)
    this.spaced = true
  }

  /** Adds text that stands for a stretch of source: an entity, an escape, a line break. */
  put(text: string, from: number, to: number): void {
    if (text === '') return
    this.runs.push(this.text.length, from, to)
    this.text += text
    this.spaced = false
  }

  openLink(url: string, span: Span): void {
    this.closeLink()
    this.open = { from: this.text.length, url, span }
  }

  closeLink(): void {
    if (this.open) this.links.push({ ...this.open, to: this.text.length, urlSpan: this.open.span })
    this.open = null
  }

  build(
    headings: readonly string[],
    lead: Block | null,
    span: Span,
    cell: Place | null = null,
  ): Block {
    const { runs } = this
    const text = this.text.trimEnd()
    const find = (index: number) => {
      let low = 0
      let high = runs.length / 3 - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if (runs[middle * 3]! <= index) low = middle
        else high = middle - 1
      }
      return low * 3
    }
    return {
      kind: this.kind,
      level: this.level,
      text,
      links: this.links,
      headings,
      lead,
      cell,
      span,
      at(index) {
        const run = find(index)
        if (runs.length === 0) return span.from
        return runs[run + 2]! < 0 ? runs[run + 1]! + index - runs[run]! : runs[run + 1]!
      },
      behind(index) {
        if (index <= 0 || runs.length === 0) return span.from
        const run = find(index - 1)
        return runs[run + 2]! < 0 ? runs[run + 1]! + index - runs[run]! : runs[run + 2]!
      },
    }
  }
}

/** No page has so many paragraphs, items and cells; each takes memory for as long as the page is read. */
export const mostBlocks = 200_000

/** So much of a heading stands with whatever is below it; each of its claims is read with it. */
const mostOfHeading = 1000

/** Keeps the headings above and the paragraph before a list while a reader walks down a page. */
export class Outline {
  readonly blocks: Block[] = []
  unread: number | null = null
  private headings: string[] = []
  private path: readonly string[] = []
  private lastParagraph: Block | null = null
  private readonly items: Block[] = []

  add(
    builder: BlockBuilder,
    kind: BlockKind,
    level: number,
    span: Span,
    cell: Cell | null = null,
  ): Block | null {
    if (builder.text.trim() === '' && builder.links.length === 0) return null
    if (this.blocks.length >= mostBlocks) {
      this.unread ??= span.from
      return null
    }
    const block = cell
      ? builder.build(this.path, cell.lead, span, cell.place)
      : builder.build(this.path, this.leadOf(kind, level), span)
    this.blocks.push(block)
    if (kind === 'heading') this.enter(block.text, level)
    else if (kind === 'paragraph') this.lastParagraph = block
    else if (kind === 'item') {
      this.items.length = level - 1
      this.items[level - 1] = block
    }
    return block
  }

  /** A new list begins: its first items hang on the paragraph before it. */
  enterList(level: number): void {
    this.items.length = Math.min(this.items.length, Math.max(0, level - 1))
  }

  /** Something that is neither list nor paragraph parts a list from what was before. */
  part(): void {
    this.lastParagraph = null
  }

  private leadOf(kind: BlockKind, level: number): Block | null {
    if (kind !== 'item') return null
    return this.items[level - 2] ?? this.lastParagraph
  }

  private enter(text: string, level: number): void {
    this.headings = [...this.headings.slice(0, level - 1), text.slice(0, mostOfHeading)]
    // A page may skip a level: what is not there is no heading.
    this.path = this.headings.filter((heading) => heading !== undefined)
    this.lastParagraph = null
  }
}
