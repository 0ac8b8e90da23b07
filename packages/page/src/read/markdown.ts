import { GFM, parser } from '@lezer/markdown'
import type { SyntaxNode, Tree } from '@lezer/common'
import { decodeString } from 'micromark-util-decode-string'
import { isAddress } from '../address.ts'
import type { Span } from '../place.ts'
import { linearLinks } from './brackets.ts'
import { deepest, limitDepth } from './depth.ts'
import { linearSpans } from './inline.ts'
import { findLinks, type ExactLink } from './micromark.ts'
import { readCells, readTable, RowOfCells } from './table.ts'
import { targetNode, Targets } from './targets.ts'
import { BlockBuilder, Outline, type Block, type BlockKind, type Prose } from './prose.ts'

/** The parser of every page. */
export const markdown = parser.configure([GFM, linearSpans, linearLinks, limitDepth])

/** Something that looks like a claim but that no Markdown reader would show as a link, or that nobody reads. */
export interface Stray {
  span: Span
  why:
    | 'not-a-link'
    | 'space'
    | 'nested-link'
    | 'image'
    | 'autolink'
    | 'html'
    | 'html-unread'
    | 'footnote'
    | 'text'
    | 'too-deep'
    | 'too-many'
    | 'beyond-table'
}

export interface MarkdownProse extends Prose {
  strays: readonly Stray[]
  /** What was read, for whoever shows the page with its structure. */
  tree: Tree
  targets: Targets
}

/** Marks that a reader does not see. */
const hidden = new Set([
  'EmphasisMark', 'StrikethroughMark', 'CodeMark', 'LinkMark', 'HeaderMark', 'QuoteMark', 'ListMark',
  'TaskMarker', 'LinkTitle', 'HTMLTag', 'Comment', 'ProcessingInstruction', 'TableDelimiter',
]) // prettier-ignore

/** Reads Markdown (CommonMark with GFM) from an offset on; front matter lies before it. */
export function readMarkdown(source: string, from = 0): MarkdownProse {
  const reader = new Reader(source, from)
  return reader.read()
}

/**
 * What the exact parser reads again, in UTF-16 units: its time grows with the square of a block. A claim
 * that it would have to find beyond that is an error where it stands.
 */
const mostInBlock = 16_384
const mostOnPage = 262_144

class Reader {
  private readonly outline = new Outline()
  private tables = 0
  private rows = 0
  /** How deep the node lies that is being read. */
  private level = 0
  private readonly strays: Stray[] = []
  /** Where each `](kept:` that became a link stands, by the offset of its `]`. */
  private readonly covered = new Set<number>()
  /** Stretches in which nothing is a claim: code, HTML, and what is not read. */
  private readonly code: Span[] = []
  private readonly beyond: Span[] = []
  private readonly footnotes: Span[] = []
  private readonly exact = new Map<number, readonly ExactLink[]>()
  private unread = mostOnPage
  private readonly source: string
  private readonly start: number
  private readonly tree: Tree
  private readonly targets: Targets

  constructor(source: string, from: number) {
    this.source = source
    this.start = from
    // Offsets stay those of the whole page: what lies before is blanked, not cut.
    this.tree = markdown.parse(from === 0 ? source : blank(source, from))
    this.targets = new Targets(source, this.tree)
  }

  read(): MarkdownProse {
    for (let node = this.tree.topNode.firstChild; node; node = node.nextSibling) this.block(node, 0)
    this.dropFootnotes()
    this.findStrays()
    const { strays, tree, targets } = this
    const { blocks, unread } = this.outline
    return { blocks, unread, strays, tree, targets }
  }

  private block(node: SyntaxNode, depth: number): void {
    const heading = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name)
    if (heading) return this.leaf(node, 'heading', Number(heading[1]))
    switch (node.name) {
      case 'Paragraph':
        return this.leaf(node, depth > 0 ? 'item' : 'paragraph', Math.max(1, depth))
      case 'BulletList':
      case 'OrderedList':
        this.outline.enterList(depth + 1)
        return this.children(node, depth + 1)
      case 'ListItem':
      case 'Blockquote':
        return this.children(node, depth)
      case 'Task':
        return this.leaf(node, 'item', Math.max(1, depth))
      case 'Table':
        return this.table(node)
      case 'HTMLBlock':
      case 'CommentBlock':
      case 'ProcessingInstructionBlock':
      case 'FencedCode':
      case 'CodeBlock':
        this.code.push({ from: node.from, to: node.to })
        if (node.name === 'HTMLBlock') this.strayHtml(node)
        return this.outline.part()
      default:
        return undefined
    }
  }

  private children(node: SyntaxNode, depth: number): void {
    this.within(node, () => {
      for (let child = node.firstChild; child; child = child.nextSibling) this.block(child, depth)
    })
  }

  /** Reads what a node holds, unless it lies too deep: then it is an error, and so is all within it. */
  private within(node: SyntaxNode, readIt: () => void): void {
    if (this.level >= deepest) {
      this.code.push({ from: node.from, to: node.to })
      return this.tooDeep(node)
    }
    this.level++
    readIt()
    this.level--
    return undefined
  }

  private tooDeep({ from, to }: SyntaxNode): void {
    this.strays.push({ span: { from, to: Math.min(to, from + 80) }, why: 'too-deep' })
  }

  private leaf(node: SyntaxNode, kind: BlockKind, level: number): void {
    const builder = new BlockBuilder(kind, level)
    this.inline(node, builder)
    this.outline.add(builder, kind, level, { from: node.from, to: node.to })
  }

  /** Each cell is a block; the header of its column and the rest of its row introduce it. */
  private table(node: SyntaxNode): void {
    const { header, columns, rows } = readTable(node, this.source)
    const titles = new Map(
      header && readCells(header).map(([column, cell]) => [column, this.written(cell)]),
    )
    const table = this.tables++
    for (const row of rows) {
      const before = new RowOfCells(table, this.rows++)
      for (const [column, cell] of readCells(row)) {
        // GFM: what stands beyond the last column is left out, and a claim there is seen by nobody.
        if (column < columns.length) this.cell(cell, before, column, titles.get(column))
        else this.beyond.push({ from: cell.from, to: cell.to })
      }
    }
    this.outline.part()
  }

  private written(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to).trim()
  }

  private cell(node: SyntaxNode, row: RowOfCells, column: number, title: string | undefined): void {
    const span = { from: node.from, to: node.to }
    const builder = new BlockBuilder('cell', 1)
    this.inline(node, builder)
    this.outline.add(builder, 'cell', 1, span, row.add(column, title, this.written(node), span))
  }

  private inline(node: SyntaxNode, builder: BlockBuilder): void {
    this.within(node, () => {
      let at = node.from
      for (let child = node.firstChild; child; child = child.nextSibling) {
        builder.add(this.source, at, child.from)
        this.inlineNode(child, builder)
        at = child.to
      }
      builder.add(this.source, at, node.to)
    })
  }

  private inlineNode(node: SyntaxNode, builder: BlockBuilder): void {
    const { source } = this
    if (node.name === 'HTMLTag') {
      this.strayHtml(node)
      if (/^<br\b/i.test(source.slice(node.from, node.to))) builder.space(node.from, node.to)
    }
    if (node.name === 'Comment') this.code.push({ from: node.from, to: node.to })
    if (hidden.has(node.name)) return
    switch (node.name) {
      case 'Link':
        return this.link(node, builder)
      case 'Image':
        return this.image(node)
      case 'InlineCode':
        this.code.push({ from: node.from, to: node.to })
        return this.inline(node, builder)
      case 'Escape':
        return builder.put(source.slice(node.from + 1, node.to), node.from, node.to)
      case 'Entity':
        return builder.put(decodeString(source.slice(node.from, node.to)), node.from, node.to)
      case 'HardBreak':
        return builder.space(node.from, node.to)
      case 'Autolink':
        if (isAddress(source.slice(node.from + 1, node.to))) {
          this.strays.push({ span: { from: node.from, to: node.to }, why: 'autolink' })
        }
        return this.inline(node, builder)
      case 'Strikethrough':
        // What is struck out is no longer said; a claim there is still seen, and still one.
        if (!/kept:/i.test(source.slice(node.from, node.to))) return
        return this.inline(node, builder)
      case 'TooDeep':
        this.tooDeep(node)
        return builder.add(source, node.from, node.to)
      case 'TooMany':
        this.strays.push({ span: { from: node.from, to: node.to }, why: 'too-many' })
        return builder.add(source, node.from, node.to)
      default:
        return this.inline(node, builder)
    }
  }

  private link(node: SyntaxNode, builder: BlockBuilder): void {
    const target = this.targets.of(node)
    const start = builder.text.length
    const close = this.linkText(node, builder)
    if (!target) return
    const from = builder.text.length > start ? start : builder.text.length
    builder.links.push({
      from,
      to: builder.text.length,
      url: target.url,
      span: { from: node.from, to: node.to },
      urlSpan: target.span,
    })
    if (isAddress(target.url)) this.covered.add(close)
  }

  /** Adds the text between the brackets; returns the offset of the closing one. */
  private linkText(node: SyntaxNode, builder: BlockBuilder): number {
    const open = node.firstChild!
    let at = open.to
    for (let child = open.nextSibling; child; child = child.nextSibling) {
      builder.add(this.source, at, child.from)
      if (child.name === 'LinkMark') return child.from
      this.inlineNode(child, builder)
      at = child.to
    }
    return node.to
  }

  private image(node: SyntaxNode): void {
    const url = targetNode(node)
    if (url && isAddress(this.targets.urlOf(url))) {
      this.strays.push({ span: { from: node.from, to: node.to }, why: 'image' })
      this.covered.add(node.getChildren('LinkMark')[1]?.from ?? node.from)
    }
  }

  private strayHtml(node: SyntaxNode): void {
    const written = this.source.slice(node.from, node.to)
    const claims = [...written.matchAll(/href\s*=\s*["']?kept:|\]\(\s*(?:<\s*)?kept:/gi)]
    for (const found of claims) {
      const from = node.from + found.index
      this.strays.push({ span: { from, to: from + found[0].length }, why: 'html' })
    }
    if (claims.length > 0) return
    const words = written.replace(/<[^<>]*>/g, ' ').match(/\p{L}{2,}/gu) ?? []
    if (words.length < 4 || /^\s*<(?:script|style)\b/i.test(written)) return
    const to = node.from + written.split('\n', 1)[0]!.length
    this.strays.push({ span: { from: node.from, to }, why: 'html-unread' })
  }

  /** Some readers show a footnote elsewhere, some only when it is referred to, and some as text. */
  private dropFootnotes(): void {
    if (!this.source.includes('[^')) return
    const code = this.code.sort((a, b) => a.from - b.from)
    const { blocks } = this.outline
    for (const { index, 0: text } of this.source.matchAll(footnote)) {
      const claim = text.search(/kept:/i)
      if (claim < 0 || isWithin(code, index)) continue
      const span = { from: index, to: index + text.length }
      this.strays.push({ span: { from: index + claim, to: index + claim + 5 }, why: 'footnote' })
      for (let i = Math.max(0, lastBefore(blocks, span.from)); i < blocks.length; i++) {
        const block = blocks[i]!
        if (block.span.from >= span.to) break
        const links = block.links.filter((link) => !overlap(link.span, span))
        if (links.length < block.links.length) blocks[i] = { ...block, links }
      }
      this.footnotes.push(span)
    }
  }

  /**
   * The fast parser takes any bracket pair for a possible link, so a claim around one is lost to it.
   * Whatever looks like a claim and became none is read again, block by block, by the slow exact one.
   */
  private findStrays(): void {
    const pattern = /\]\(\s*(?:<\s*)?kept:/gi
    pattern.lastIndex = this.start
    const code = this.code.sort((a, b) => a.from - b.from)
    const end = this.outline.unread ?? Infinity
    for (let match = pattern.exec(this.source); match; match = pattern.exec(this.source)) {
      if (match.index >= end) return
      if (this.covered.has(match.index) || isWithin(code, match.index)) continue
      if (isWithin(this.footnotes, match.index)) continue
      this.reread(match.index, match[0].length)
    }
  }

  private reread(close: number, length: number): void {
    const { blocks } = this.outline
    const index = lastBefore(blocks, close)
    const block = blocks[index]
    const inside = block && close < block.span.to
    const link = inside
      ? this.exactLinks(index, block).find((one) => one.close === close)
      : undefined
    if (block && link && !block.links.some((known) => overlap(known.span, link.span))) {
      this.covered.add(close)
      const [from, to] = [textIndex(block, link.span.from), textIndex(block, close)]
      const { url, span, urlSpan, label } = link
      const links = [...block.links, { from, to, url, span, urlSpan, label }]
      blocks[index] = { ...block, links: links.sort((one, other) => one.from - other.from) }
      return
    }
    const span = { from: close, to: close + length }
    this.strays.push({ span, why: this.whyNot(inside ? block : null, close) })
  }

  private whyNot(block: Block | null, close: number): Stray['why'] {
    if (this.beyond.some(({ from, to }) => from <= close && close < to)) return 'beyond-table'
    if (block && holdsLink(this.source, block, close)) return 'nested-link'
    spaced.lastIndex = close
    return spaced.test(this.source) ? 'space' : 'not-a-link'
  }

  private exactLinks(index: number, block: Block): readonly ExactLink[] {
    const known = this.exact.get(index)
    if (known) return known
    const length = block.span.to - block.span.from
    this.unread -= length
    const tooLong = length > mostInBlock || this.unread < 0
    const links = tooLong ? [] : findLinks(this.source, block.span, this.targets.definitions)
    this.exact.set(index, links)
    return links
  }
}

/** A footnote of GFM: its first line, those that continue it, and what stands indented below it. */
const footnote =
  /^ {0,3}\[\^[^\]\s]{1,200}\]:.*(?:\n(?! {0,3}(?:\[\^|#|[-*+] |\d+[.)] |>|```|~~~)).*\S.*|\n(?:[ \t]*\n)*(?: {4}|\t).*)*/gm

/** `](kept:backup?every=24 h)`: words behind a space that are no title of the link. */
const spaced = /\]\([^\s()]{1,500}[ \t]+[^\s"'()][^()\n]{0,500}\)/y

/** Index of the last block that begins at or before an offset. */
function lastBefore(blocks: readonly Block[], offset: number): number {
  let low = 0
  let high = blocks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (blocks[middle]!.span.from <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}

function overlap(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to
}

/** How far back the opening bracket of a claim is looked for. */
const longestLabel = 2000

/** Whether a link of the block lies between a closing bracket and the one that opens it. */
function holdsLink(source: string, block: Block, close: number): boolean {
  let depth = 0
  const start = Math.max(block.span.from, close - longestLabel)
  for (let i = close; i >= start; i--) {
    if (source[i] === ']') depth++
    else if (source[i] === '[' && --depth === 0) {
      return block.links.some((link) => i < link.span.from && link.span.to <= close)
    }
  }
  return false
}

function blank(source: string, to: number): string {
  return source.slice(0, to).replace(/[^\r\n]/g, ' ') + source.slice(to)
}

function isWithin(spans: readonly Span[], offset: number): boolean {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (spans[middle]!.to <= offset) low = middle + 1
    else high = middle
  }
  return low < spans.length && spans[low]!.from <= offset
}

/** The index in a block's text of the first character that comes from this offset or later. */
function textIndex(block: Block, offset: number): number {
  let low = 0
  let high = block.text.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (block.at(middle) < offset) low = middle + 1
    else high = middle
  }
  return low
}
