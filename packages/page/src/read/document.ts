import type { SyntaxNode } from '@lezer/common'
import { decodeString } from 'micromark-util-decode-string'
import { isAddress } from '../address.ts'
import { indexLines, textOf, type Span } from '../place.ts'
import { readFrontMatter } from '../front-matter.ts'
import { readMarkdown } from './markdown.ts'
import { readCells, readTable } from './table.ts'
import type { Targets } from './targets.ts'

/** What stands in a line of prose. Spans are offsets in the text that `textOf` makes of the page. */
export type Inline =
  | { type: 'text'; text: string; span: Span }
  | { type: 'code'; text: string }
  | { type: 'emphasis' | 'strong' | 'struck'; children: readonly Inline[] }
  /** `span` is the span of the claim, where the link is one. */
  | { type: 'link'; url: string; span: Span; children: readonly Inline[] }
  | { type: 'image'; url: string; alt: string }
  | { type: 'break' }

export type Align = 'start' | 'center' | 'end' | null

/** A page with its structure, for whoever shows it. */
export type DocumentBlock =
  | { type: 'heading'; level: number; children: readonly Inline[] }
  | { type: 'paragraph'; children: readonly Inline[] }
  | { type: 'list'; start: number | null; tight: boolean; items: readonly ListItem[] }
  | { type: 'quote'; children: readonly DocumentBlock[] }
  | { type: 'table'; aligns: readonly Align[]; header: Row; rows: readonly Row[] }
  | { type: 'code'; text: string }
  | { type: 'rule' }

export interface ListItem {
  /** Of a task list; null for any other item. */
  checked: boolean | null
  children: readonly DocumentBlock[]
}

/** The cells of a row; an empty one has no children. */
export type Row = readonly (readonly Inline[])[]

/**
 * Reads a page of Markdown with its structure. It is read by the same parser as by `compile`, so that
 * its links are the claims and no others; HTML is text, and comments are left out.
 */
export function readDocument(page: string): DocumentBlock[] {
  const text = textOf(page)
  const { end } = readFrontMatter(text, indexLines(text), [])
  const { tree, targets, blocks } = readMarkdown(text, end)
  const exact = blocks
    .flatMap((block) => block.links)
    .flatMap(({ label, span, url }) =>
      label === undefined ? [] : [{ span, url, close: span.from + 1 + label.length }],
    )
  return new Builder(text, targets, exact).blocks(tree.topNode)
}

/** A link that only the exact parser found: the tree shows its brackets as text. */
interface Exact {
  span: Span
  close: number
  url: string
}

/** Marks that a reader does not see. */
const hidden = new Set([
  'EmphasisMark', 'StrikethroughMark', 'CodeMark', 'HeaderMark', 'QuoteMark', 'ListMark', 'TaskMarker',
  'Comment', 'ProcessingInstruction',
]) // prettier-ignore

/** Nodes whose text is taken as it stands: a link that the exact parser finds in one cuts it in two. */
const leaves = new Set([
  'URL', 'Autolink', 'InlineCode', 'Entity', 'Escape', 'HTMLTag', 'Image', 'Comment', 'ProcessingInstruction',
]) // prettier-ignore

const styles: Record<string, 'emphasis' | 'strong' | 'struck'> = {
  Emphasis: 'emphasis',
  StrongEmphasis: 'strong',
  Strikethrough: 'struck',
}

/** Lists and quotes that lie deeper in each other are shown side by side. */
const deepest = 40

class Builder {
  private readonly source: string
  private readonly targets: Targets
  private readonly exact: readonly Exact[]

  constructor(source: string, targets: Targets, exact: readonly Exact[]) {
    this.source = source
    this.targets = targets
    this.exact = exact
  }

  blocks(parent: SyntaxNode, depth = 0): DocumentBlock[] {
    const nodes = depth < deepest ? childrenOf(parent) : leavesOf(parent)
    return nodes.map((node) => this.block(node, depth + 1)).filter((block) => block !== null)
  }

  private block(node: SyntaxNode, depth: number): DocumentBlock | null {
    const heading = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name)
    if (heading) return { type: 'heading', level: Number(heading[1]), children: this.within(node) }
    switch (node.name) {
      case 'Paragraph':
      case 'Task':
        return { type: 'paragraph', children: this.within(node) }
      case 'HTMLBlock':
        return { type: 'paragraph', children: [this.text(node.from, node.to)] }
      case 'BulletList':
      case 'OrderedList':
        return this.list(node, depth)
      case 'Blockquote':
        return { type: 'quote', children: this.blocks(node, depth) }
      case 'Table':
        return this.table(node)
      case 'FencedCode':
      case 'CodeBlock':
        return { type: 'code', text: this.written(node.getChildren('CodeText')) }
      case 'HorizontalRule':
        return { type: 'rule' }
      default:
        return null
    }
  }

  private list(node: SyntaxNode, depth: number): DocumentBlock {
    const items = node.getChildren('ListItem')
    const mark = items[0]?.getChild('ListMark')
    const start =
      node.name === 'OrderedList' && mark ? Number.parseInt(this.written([mark]), 10) : null
    return {
      type: 'list',
      start,
      tight: !items.some((item, i) => isLoose(this.source, item, items[i + 1])),
      items: items.map((item) => {
        const marker = item.getChild('Task')?.getChild('TaskMarker')
        const checked = marker ? /x/i.test(this.written([marker])) : null
        return { checked, children: this.blocks(item, depth) }
      }),
    }
  }

  private table(node: SyntaxNode): DocumentBlock {
    const { header, columns, rows } = readTable(node, this.source)
    return {
      type: 'table',
      aligns: columns.map(readAlign),
      header: header ? this.row(header, columns.length) : [],
      rows: rows.map((row) => this.row(row, columns.length)),
    }
  }

  /** GFM: cells too many are left out, those missing are empty. */
  private row(node: SyntaxNode, width: number): Row {
    const cells = new Map(readCells(node))
    return Array.from({ length: width }, (_, column) => {
      const cell = cells.get(column)
      return cell ? this.within(cell) : []
    })
  }

  private within(node: SyntaxNode): Inline[] {
    return trim(this.inline(node, node.from, node.to, false))
  }

  /** The content of a node between two offsets. */
  private inline(node: SyntaxNode, from: number, to: number, inLink: boolean): Inline[] {
    const found: Inline[] = []
    let at = from
    const upTo = (end: number) => {
      if (end > at) found.push(this.text(at, end))
      at = Math.max(at, end)
    }
    let child = node.firstChild
    while (child && child.to <= from) child = child.nextSibling
    while (at < to) {
      const link: Exact | undefined = inLink ? undefined : this.exactBetween(at, to, child)
      if (link && link.span.from <= Math.max(at, child?.from ?? Infinity)) {
        upTo(link.span.from)
        const children = this.inline(node, link.span.from + 1, link.close, true)
        found.push({ type: 'link', url: link.url, span: link.span, children: trim(children) })
        at = link.span.to
      } else if (child && child.from < to) {
        upTo(child.from)
        const end = Math.min(child.to, to, link?.span.from ?? Infinity)
        const whole = at <= child.from && child.to <= end
        const inside = whole ? this.node(child, inLink) : this.inline(child, at, end, inLink)
        for (const one of inside) found.push(one)
        at = Math.max(at, end)
      } else break
      while (child && child.to <= at) child = child.nextSibling
    }
    upTo(to)
    return found
  }

  /** The next exact link that no child holds whole. */
  private exactBetween(from: number, to: number, child: SyntaxNode | null): Exact | undefined {
    return this.exact.find(({ span }) => {
      if (span.from < from || span.to > to) return false
      for (let one = child; one && one.from <= span.from; one = one.nextSibling) {
        if (one.to >= span.to && !leaves.has(one.name)) return false
      }
      return true
    })
  }

  private node(node: SyntaxNode, inLink: boolean): Inline[] {
    if (hidden.has(node.name)) return []
    const style = styles[node.name]
    if (style) return [{ type: style, children: this.inline(node, node.from, node.to, inLink) }]
    const verbatim = this.source.slice(node.from, node.to)
    const span = { from: node.from, to: node.to }
    switch (node.name) {
      case 'Link':
        return this.link(node, inLink)
      case 'Image':
        return this.image(node)
      case 'Autolink':
        return [this.bare(verbatim.slice(1, -1), span, inLink || isAddress(verbatim.slice(1)))]
      case 'URL':
        return [this.bare(verbatim, span, inLink)]
      case 'InlineCode':
        return [{ type: 'code', text: readCode(verbatim) }]
      case 'Escape':
        return [{ type: 'text', text: verbatim.slice(1), span }]
      case 'Entity':
        return [{ type: 'text', text: decodeString(verbatim), span }]
      case 'HardBreak':
        return [{ type: 'break' }]
      case 'HTMLTag':
        return /^<br\s*\/?>$/i.test(verbatim)
          ? [{ type: 'break' }]
          : [this.text(node.from, node.to)]
      case 'LinkMark':
      case 'LinkLabel':
        return [this.text(node.from, node.to)]
      default:
        return this.inline(node, node.from, node.to, inLink)
    }
  }

  private link(node: SyntaxNode, inLink: boolean): Inline[] {
    const target = this.targets.of(node)
    const close = node.getChildren('LinkMark')[1]
    if (!target || !close || inLink) return this.inline(node, node.from, node.to, inLink)
    const children = trim(this.inline(node, node.from + 1, close.from, true))
    return [{ type: 'link', url: target.url, span: { from: node.from, to: node.to }, children }]
  }

  private image(node: SyntaxNode): Inline[] {
    const target = this.targets.of(node)
    const close = node.getChildren('LinkMark')[1]
    if (!target || !close) return [this.text(node.from, node.to)]
    return [{ type: 'image', url: target.url, alt: this.source.slice(node.from + 2, close.from) }]
  }

  /** An address that stands in the prose by itself (GFM 6.9). */
  private bare(text: string, span: Span, inLink: boolean): Inline {
    const shown: Inline = { type: 'text', text, span }
    if (inLink) return shown
    const url = /^www\./i.test(text)
      ? `http://${text}`
      : /^[^\s:/]+@[^\s/]+$/.test(text)
        ? `mailto:${text}`
        : text
    return { type: 'link', url, span, children: [shown] }
  }

  private text(from: number, to: number): Inline {
    return { type: 'text', text: this.source.slice(from, to), span: { from, to } }
  }

  private written(nodes: readonly SyntaxNode[]): string {
    return nodes.map((node) => this.source.slice(node.from, node.to)).join('')
  }
}

/** Blank lines between items, or between the blocks of one, set a list wide (CommonMark 5.3). */
function isLoose(source: string, item: SyntaxNode, next: SyntaxNode | undefined): boolean {
  const ends = [...childrenOf(item), next].filter((node) => node !== undefined)
  return ends.some((node, i) => {
    const before = ends[i - 1]
    return before !== undefined && /\n[ \t>]*\r?\n/.test(source.slice(before.to, node.from))
  })
}

function childrenOf(parent: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let node = parent.firstChild; node; node = node.nextSibling) children.push(node)
  return children
}

/** The blocks that hold prose themselves, however deep they lie. */
function leavesOf(parent: SyntaxNode): SyntaxNode[] {
  const leaves: SyntaxNode[] = []
  const cursor = parent.cursor()
  let more = cursor.firstChild()
  while (more && cursor.from < parent.to) {
    const isNest = /^(?:BulletList|OrderedList|ListItem|Blockquote)$/.test(cursor.name)
    if (!isNest) leaves.push(cursor.node)
    more = cursor.next(isNest)
  }
  return leaves
}

function readAlign(cell: string): Align {
  const dashes = cell.trim()
  if (dashes.endsWith(':')) return dashes.startsWith(':') ? 'center' : 'end'
  return dashes.startsWith(':') ? 'start' : null
}

/** CommonMark 6.1: line ends are spaces, and one space on both sides is not part of the code. */
function readCode(verbatim: string): string {
  const ticks = /^`+/.exec(verbatim)?.[0].length ?? 0
  const text = verbatim.slice(ticks, verbatim.length - ticks).replace(/\r\n|\r|\n/g, ' ')
  return /^ .*[^ ].* $/.test(text) ? text.slice(1, -1) : text
}

/** Without white space at the two ends of a block. */
function trim(children: Inline[]): Inline[] {
  const cut = (index: number, pattern: RegExp) => {
    const one = children.at(index)
    if (one?.type !== 'text') return
    const text = one.text.replace(pattern, '')
    const gone = one.text.length - text.length
    const { from, to } = one.span
    const span = index === 0 ? { from: from + gone, to } : { from, to: to - gone }
    children[index < 0 ? children.length + index : index] = { ...one, text, span }
  }
  cut(0, /^\s+/)
  cut(-1, /\s+$/)
  return children
}
