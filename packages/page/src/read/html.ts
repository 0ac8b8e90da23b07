import { defaultTreeAdapter, parse, type DefaultTreeAdapterTypes } from 'parse5'
import { decodeString } from 'micromark-util-decode-string'
import type { Span } from '../place.ts'
import { BlockBuilder, Outline, type BlockKind, type Prose, type Verbatim } from './prose.ts'
import { RowOfCells, type Cell } from './table.ts'

type Node = DefaultTreeAdapterTypes.ChildNode
type Element = DefaultTreeAdapterTypes.Element

/** Elements that hold no prose of the page; what is struck out is no longer said. */
const silent = new Set([
  'script', 'style', 'template', 'noscript', 'svg', 'math', 'head', 'nav', 'form', 'button', 'select',
  'textarea', 'iframe', 'noembed', 'noframes', 'title', 'del', 's', 'strike',
]) // prettier-ignore

const inlineTags = new Set([
  'a', 'abbr', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'dfn', 'em', 'font', 'i', 'ins', 'kbd', 'label',
  'mark', 'q', 'samp', 'small', 'span', 'strong', 'sub', 'sup', 'time', 'tt', 'u', 'var', 'wbr',
]) // prettier-ignore

/** HTML: what stands in these is text as it is written, whatever it looks like. */
const raw = new Set(['xmp', 'plaintext'])

interface Frame {
  node: Element
  next: number
  depth: number
}

/** Reads an HTML page as prose. Walks without recursion, so that no depth of nesting overflows. */
export function readHtml(page: string): Prose {
  // The parser drops carriage returns and with them its offsets: white space instead, the same length.
  const source = page.replace(/\r/g, ' ')
  const outline = new Outline()
  const document = parse(source, { sourceCodeLocationInfo: true })
  let gather = new Gatherer(source)
  const table = new Table()
  const verbatim: Verbatim[] = []
  const flush = (kind: BlockKind, level: number) => {
    const isCell = table.isInCell && (kind === 'cell' || kind === 'paragraph')
    const made = isCell ? 'cell' : kind
    const { builder, span } = gather.take(made, level)
    outline.add(builder, made, level, span, isCell ? table.add(builder.text, span) : null)
    gather = new Gatherer(source)
  }
  const root = document.childNodes.find((node) => node.nodeName === 'html') as Element
  const stack: Frame[] = [{ node: root, next: 0, depth: 0 }]
  while (stack.length > 0) {
    const frame = stack.at(-1)!
    const child = frame.node.childNodes[frame.next++]
    if (!child) {
      stack.pop()
      leave(frame, gather, flush)
      table.leave(frame.node.tagName)
    } else if (child.nodeName === '#text') gather.text(child as DefaultTreeAdapterTypes.TextNode)
    else if (defaultTreeAdapter.isElementNode(child) && !isUnseen(child)) {
      const depth = frame.depth + (isList(child) ? 1 : 0)
      if (!inlineTags.has(child.tagName) && child.tagName !== 'br') flush(...blockOf(frame))
      if (child.tagName === 'pre') {
        verbatim.push({ behind: outline.blocks.length, text: textWithin(child) })
        continue
      }
      enter(child, gather)
      table.enter(child)
      if (isList(child)) outline.enterList(depth)
      stack.push({ node: child, next: 0, depth })
    }
  }
  const { blocks, unread } = outline
  return { blocks, verbatim, unread }
}

/** The text of an element as it is shown where white space counts. */
function textWithin(element: Element): string {
  const texts: string[] = []
  const stack: Node[] = [element]
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.nodeName === '#text') texts.push((node as DefaultTreeAdapterTypes.TextNode).value)
    if (node.nodeName === 'br') texts.push('\n')
    if (!defaultTreeAdapter.isElementNode(node) || isUnseen(node)) continue
    for (let i = node.childNodes.length - 1; i >= 0; i--) stack.push(node.childNodes[i]!)
  }
  return texts.join('')
}

/** Whether nobody reads what an element holds, by its name or as far as its own attributes say so. */
function isUnseen({ tagName, attrs }: Element): boolean {
  return silent.has(tagName) || attrs.some(({ name, value }) => hides(name, value))
}

function hides(name: string, value: string): boolean {
  return (
    name === 'hidden' ||
    (name === 'style' && /\b(?:display\s*:\s*none|visibility\s*:\s*hidden)\b/i.test(value))
  )
}

function isList(node: Node): boolean {
  return node.nodeName === 'ul' || node.nodeName === 'ol'
}

function enter(element: Element, gather: Gatherer): void {
  if (element.tagName === 'br') gather.breakLine(element)
  if (element.tagName === 'a') gather.openLink(element)
}

function leave(
  frame: Frame,
  gather: Gatherer,
  flush: (kind: BlockKind, level: number) => void,
): void {
  const { tagName } = frame.node
  if (tagName === 'a') gather.closeLink()
  else if (!inlineTags.has(tagName) && tagName !== 'br') flush(...blockOf(frame))
}

/** What kind of block the text directly inside an element makes. */
function blockOf({ node, depth }: Frame): [BlockKind, number] {
  const heading = /^h([1-6])$/.exec(node.tagName)
  if (heading || node.tagName === 'summary' || node.tagName === 'dt') {
    return ['heading', heading ? Number(heading[1]) : 6]
  }
  if (depth > 0 && node.tagName !== 'ul' && node.tagName !== 'ol') return ['item', depth]
  if (node.tagName === 'td' || node.tagName === 'th') return ['cell', 1]
  return ['paragraph', 1]
}

/** Knows where a cell stands, and what introduces it: the title of its column and the cells before it in its row. */
class Table {
  isInCell = false
  private titles: string[] = []
  private texts: string[] = []
  private isTitles = false
  private tables = -1
  private rows = -1
  private column = 0
  private next = 0
  private row = new RowOfCells(0, 0)

  enter(element: Element): void {
    switch (element.tagName) {
      case 'table':
        this.tables++
        this.titles = []
        this.texts = []
        this.isInCell = false
        break
      case 'tr':
        if (this.isTitles) this.titles = this.texts
        this.isTitles = namesColumns(element)
        this.texts = []
        this.next = 0
        this.row = new RowOfCells(this.tables, ++this.rows, this.isTitles)
        break
      case 'td':
      case 'th':
        this.column = this.next
        this.next += widthOf(element)
        this.isInCell = true
    }
  }

  leave(tagName: string): void {
    if (tagName === 'td' || tagName === 'th') this.isInCell = false
  }

  add(text: string, span: Span): Cell {
    const title = this.titles[this.column]
    const own = text.trim()
    this.texts[this.column] = [this.texts[this.column], own].filter(Boolean).join(' ')
    return this.row.add(this.column, title, own, span)
  }
}

/** A row of titles is told by its tags alone: what else comes first in a table may be a promise. */
function namesColumns(row: Element): boolean {
  const cells = row.childNodes.filter((node) => defaultTreeAdapter.isElementNode(node))
  return row.parentNode?.nodeName === 'thead' || cells.every(({ nodeName }) => nodeName === 'th')
}

/** HTML: a cell spans 1 to 1000 columns. */
function widthOf({ attrs }: Element): number {
  const span = Number.parseInt(attrs.find(({ name }) => name === 'colspan')?.value ?? '')
  return span > 0 ? Math.min(span, 1000) : 1
}

class Gatherer {
  private readonly source: string
  private readonly pieces: ((builder: BlockBuilder) => void)[] = []
  private from = -1
  private to = -1

  constructor(source: string) {
    this.source = source
  }

  text(node: DefaultTreeAdapterTypes.TextNode): void {
    const place = node.sourceCodeLocation
    if (!place) return
    if (node.value.trim() !== '') this.reach(place.startOffset, place.endOffset)
    const { startOffset, endOffset } = place
    const isRaw = raw.has(node.parentNode?.nodeName ?? '')
    this.pieces.push((builder) =>
      isRaw
        ? builder.add(this.source, startOffset, endOffset)
        : addDecoded(builder, this.source, startOffset, endOffset),
    )
  }

  breakLine(element: Element): void {
    const at = element.sourceCodeLocation?.startOffset ?? this.to
    this.pieces.push((builder) => builder.space(at, at))
  }

  openLink(element: Element): void {
    const url = element.attrs.find((attribute) => attribute.name === 'href')?.value ?? ''
    this.pieces.push((builder) => builder.openLink(url, spanOf(element)))
  }

  closeLink(): void {
    this.pieces.push((builder) => builder.closeLink())
  }

  private reach(from: number, to: number): void {
    if (this.from < 0) this.from = from
    this.to = to
  }

  take(kind: BlockKind, level: number) {
    const builder = new BlockBuilder(kind, level)
    for (const piece of this.pieces) piece(builder)
    builder.closeLink()
    return { builder, span: { from: Math.max(0, this.from), to: Math.max(0, this.to) } }
  }
}

function spanOf(element: Element) {
  const place = element.sourceCodeLocation
  return { from: place?.startOffset ?? 0, to: place?.endOffset ?? 0 }
}

/** What in the source of a text is no text of it. The parser joins what stands on both sides of a tag that it drops. */
const unread =
  /&(?:#\d+|#x[\da-f]+|\w+);?|<!--[^]*?-->|<[!?][^>]*>|<\/?[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>/gi

/** Adds text whose source may hold character references: each of them stands for its stretch. */
function addDecoded(builder: BlockBuilder, source: string, from: number, to: number): void {
  let at = from
  for (const match of source.slice(from, to).matchAll(unread)) {
    const [written] = match
    const start = from + match.index
    const end = start + written.length
    builder.add(source, at, start)
    at = end
    if (written.startsWith('<')) continue
    const reference = written.endsWith(';') ? written : `${written};`
    const decoded = decodeString(reference)
    if (decoded === reference) builder.add(source, start, end)
    else if (decoded.trim() === '') builder.space(start, end)
    else builder.put(decoded, start, end)
  }
  builder.add(source, at, to)
}
