import type { Source } from '../compile.ts'
import { touching, type Block, type Link } from '../read/prose.ts'
import { byBlock, type Written } from './written.ts'

/** Writes prose that was read from text or HTML as Markdown, with its links and the new claims. */
export function renderMarkdown(source: Source, written: readonly Written[]): string {
  const claims = byBlock(written)
  const contentOf = (block: Block) => content(source, block, claims.get(block) ?? [])
  const waiting = (source.prose.verbatim ?? []).values()
  let code = waiting.next().value
  let [markdown, wasItem, behind] = ['', false, 0]
  const codeUpTo = (count: number) => {
    for (; code && code.behind <= count; code = waiting.next().value) {
      if (code.text.trim() === '') continue
      markdown += `${markdown === '' ? '' : '\n\n'}${fenced(code.text)}`
      wasItem = false
    }
  }
  for (const part of parts(source.prose.blocks, claims)) {
    codeUpTo(behind)
    behind += part.length
    const [first] = part as [Block]
    const isItem = part.length === 1 && (first.kind === 'item' || first.kind === 'cell')
    if (markdown !== '') markdown += isItem && wasItem ? '\n' : '\n\n'
    markdown +=
      part.length > 1 ? renderTable(part, contentOf) : opening(source, first) + contentOf(first)
    wasItem = isItem
  }
  codeUpTo(Infinity)
  return markdown === '' ? '' : `${markdown}\n`
}

/** A block of code, between fences longer than any of its own. */
function fenced(text: string): string {
  const longest = (text.match(/`{3,}/g) ?? []).reduce(
    (most, { length }) => Math.max(most, length),
    2,
  )
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text.trimEnd()}\n${fence}`
}

/** The blocks of each table that Markdown can show as one, together, and every other block by itself. */
function parts(
  blocks: readonly Block[],
  claims: ReadonlyMap<Block, unknown>,
): (readonly Block[])[] {
  const found: (readonly Block[])[] = []
  const tables = Map.groupBy(blocks, ({ cell }) => cell?.table)
  for (let i = 0; i < blocks.length;) {
    const block = blocks[i]!
    const all = block.cell ? tables.get(block.cell.table)! : []
    const isWhole = all.length > 1 && blocks[i + all.length - 1] === all.at(-1) && all[0] === block
    const table = isWhole && isGrid(all, claims) ? all : null
    found.push(table ?? [block])
    i += table?.length ?? 1
  }
  return found
}

/** Beyond so many columns a table is a list: each of its rows would be mostly empty. */
const mostColumns = 50

/** One block a cell, and no claim among the titles of Markdown, where nobody would find it. */
function isGrid(cells: readonly Block[], claims: ReadonlyMap<Block, unknown>): boolean {
  const places = new Set(cells.map(({ cell }) => `${cell!.row} ${cell!.column}`))
  return (
    places.size === cells.length &&
    cells.every(({ cell }) => cell!.column < mostColumns) &&
    cells.some(({ cell }) => !cell!.isTitle) &&
    !cells.some((block) => block.cell!.isTitle && claims.has(block))
  )
}

function renderTable(cells: readonly Block[], contentOf: (cell: Block) => string): string {
  const width = cells.reduce((most, { cell }) => Math.max(most, cell!.column + 1), 0)
  const line = (row: readonly Block[]) => {
    const written = Array.from({ length: width }, () => '')
    for (const block of row) written[block.cell!.column] = contentOf(block)
    return `| ${written.join(' | ')} |`
  }
  const rows = [...Map.groupBy(cells, ({ cell }) => cell!.row).values()]
  const [titles, ...others] = rows[0]![0]!.cell!.isTitle ? rows : [[], ...rows]
  return [line(titles!), `|${' --- |'.repeat(width)}`, ...others.map(line)].join('\n')
}

function opening(source: Source, block: Block): string {
  const mark = marker(source, block)
  if (block.kind === 'heading')
    return `${'#'.repeat(block.level)} ${mark ? `${escape(mark)} ` : ''}`
  if (block.kind === 'paragraph') return ''
  const number = /^(\d{1,9})[.)]$/.exec(mark)
  // Four spaces a level nest under bullets and numbers alike.
  const indent = '    '.repeat(Math.max(0, block.level - 1))
  return `${indent}${number ? `${number[1]}. ` : `- ${/^[(\w]/.test(mark) ? `${escape(mark)} ` : ''}`}`
}

/** The bullet or number before a block of plain text; it is part of the prose where it is a number. */
function marker(source: Source, { span }: Block): string {
  const start = source.lines.start(source.lines.place(span.from).line)
  const mark = source.text.slice(start, span.from).trim()
  return /^(?:\(?\w{1,4}[.)]|\(\w{1,3}\))$/.test(mark) ? mark : ''
}

/** A link whose address was never written stays one, so that it can still be found; an anchor is none. */
function isUnset(source: Source, { span }: Link): boolean {
  return /^<a\b[^>]{0,300}\bhref\b/i.test(source.text.slice(span.from, span.from + 320))
}

function content(source: Source, block: Block, claims: readonly Written[]): string {
  const links = block.links.filter(
    (link) =>
      (link.url !== '' || isUnset(source, link)) &&
      touching(claims, link.from, link.to).length === 0,
  )
  const pieces = [
    ...claims.map(({ from, to, address }) => ({ from, to, url: address })),
    ...links.map(({ from, to, url }: Link) => ({
      from,
      to,
      url: url.replace(/[\s()<>]/g, encodeURIComponent),
    })),
  ].sort((a, b) => a.from - b.from)
  let text = ''
  let at = 0
  for (const { from, to, url } of pieces) {
    if (from < at || to <= from) continue
    text += `${escape(block.text.slice(at, from))}[${escape(block.text.slice(from, to))}](${url})`
    at = to
  }
  return opened(text + escape(block.text.slice(at)))
}

/** What Markdown would read as a mark is written so that it shows. */
function escape(text: string): string {
  return text.replace(/[\\`*_[\]<>|~]/g, '\\$&').replace(/&(?=#?\w+;)/g, '&amp;')
}

/** What only means something at the beginning of a block. */
function opened(text: string): string {
  return text
    .replace(/^(?:#{1,6}(?=\s)|[+-](?=\s)|=+\s*$|-{2,}\s*$)/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
}
