import type { Source } from '../compile.ts'
import { touching, type Block, type Link } from '../read/prose.ts'
import { byBlock, type Written } from './written.ts'

/** Writes prose that was read from text or HTML as Markdown, with its links and the new claims. */
export function renderMarkdown(source: Source, written: readonly Written[]): string {
  const claims = byBlock(written)
  let markdown = ''
  let before: Block | null = null
  for (const block of source.prose.blocks) {
    const isList = block.kind === 'item' || block.kind === 'cell'
    const goesOn = isList && before !== null && (before.kind === 'item' || before.kind === 'cell')
    if (markdown !== '') markdown += goesOn ? '\n' : '\n\n'
    markdown += opening(source, block) + content(source, block, claims.get(block) ?? [])
    before = block
  }
  return markdown === '' ? '' : `${markdown}\n`
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
