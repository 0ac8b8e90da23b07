import { findingAt, type Finding } from '../finding.ts'
import type { Reading } from './reading.ts'

const delimiter = /^[\s|:-]*-[\s|:-]*$/
/** Columns that say where, when or who: a reader cannot do without them. */
const needed =
  /\b(?:locations?|regions?|countr(?:y|ies)|contacts?|e-?mail|phone|address|valid|expir\w*|until|date|edition|version|owner|responsible|retention|period|deadline|within|time|frequency|status)\b/i
/** Columns for what may be added: nothing is missing where nothing is said. */
const free = /^(?:notes?|comments?|remarks?)\b/i

interface Cell {
  text: string
  from: number
  to: number
}

/** Cells of a Markdown table that were never filled in: all that a row should say, or its where and when. */
export function blankCells(page: Reading): Finding[] {
  const { text, lines, prose } = page.source
  const lineOf = (line: number) => {
    const from = lines.start(line)
    const end = line < lines.count ? lines.start(line + 1) : text.length
    return { from, text: text.slice(from, end).trimEnd() }
  }
  const found: Finding[] = []
  let header: readonly Cell[] = []
  let last = 0
  for (const block of prose.blocks) {
    if (block.kind !== 'cell') continue
    const { line } = lines.place(block.span.from)
    if (line === last) continue
    if (line !== last + 1)
      header = line > 2 && delimiter.test(lineOf(line - 1).text) ? cellsOf(lineOf(line - 2)) : []
    last = line
    if (header.length < 2) continue
    const cells = cellsOf(lineOf(line))
    const blank = cells.slice(1).filter((cell) => cell.text === '')
    if (cells[0]?.text === '' || blank.length === 0) continue
    const all = blank.length === cells.length - 1
    const cell = blank.find((one) => {
      const name = header[cells.indexOf(one)]?.text ?? ''
      return !free.test(name) && (all || needed.test(name))
    })
    if (!cell) continue
    const message = `${cells[0]!.text}: this cell was to be filled in before the page went out.`
    const span = { from: cell.from, to: Math.max(cell.to, cell.from + 1) }
    found.push(findingAt(lines, span, { rule: 'blank', level: 'error', message }))
  }
  return found
}

function cellsOf({ from, text }: { from: number; text: string }): Cell[] {
  const cells: Cell[] = []
  let start = 0
  const bar = /\\.|\|/g
  const push = (end: number) => {
    cells.push({ text: text.slice(start, end).trim(), from: from + start, to: from + end })
    start = end + 1
  }
  for (const match of text.matchAll(bar)) if (match[0] === '|') push(match.index)
  push(text.length)
  // The bars at both ends part nothing.
  if (cells[0]?.text === '') cells.shift()
  if (cells.at(-1)?.text === '' && text.endsWith('|')) cells.pop()
  return cells
}
