import type { SyntaxNode } from '@lezer/common'
import type { Span } from '../place.ts'
import { BlockBuilder, type Block } from './prose.ts'

/** The rows of a table of GFM, and its columns as the line under the header writes them: `:-`, `--`. */
export function readTable(
  table: SyntaxNode,
  source: string,
): { header: SyntaxNode | null; columns: string[]; rows: SyntaxNode[] } {
  const line = table.getChild('TableDelimiter')
  const written = line ? source.slice(line.from, line.to).trim() : ''
  return {
    header: table.getChild('TableHeader'),
    columns: written.replace(/^\||\|\s*$/g, '').split('|'),
    rows: table.getChildren('TableRow'),
  }
}

/** The cells of a row by their column: an empty cell is no node, only the bars around it are. */
export function readCells(row: SyntaxNode): [number, SyntaxNode][] {
  const cells: [number, SyntaxNode][] = []
  let column = row.firstChild?.name === 'TableDelimiter' ? -1 : 0
  for (let child = row.firstChild; child; child = child.nextSibling) {
    if (child.name === 'TableDelimiter') column++
    else cells.push([column, child])
  }
  return cells
}

/** Where a cell stands: tables and rows are counted over the page, columns in their table, each from 0. */
export interface Place {
  table: number
  row: number
  column: number
  /** Whether it names its column. */
  isTitle: boolean
}

/** What a cell needs to be a block: its introduction, and where it stands. */
export interface Cell {
  lead: Block
  place: Place
}

/** How much of what a row says introduces its next cell: so much of its beginning, and of its end. */
const most = 400

/** The cells of a row, of which each introduces the next. */
export class RowOfCells {
  private readonly place: Omit<Place, 'column'>
  private before = ''

  constructor(table: number, row: number, isTitle = false) {
    this.place = { table, row, isTitle }
  }

  /** The next cell: its column's title and the cells before it introduce it. */
  add(column: number, title: string | undefined, text: string, span: Span): Cell {
    const lead = new BlockBuilder('cell', 1)
    lead.put([title?.slice(0, most), this.before].filter(Boolean).join(' '), span.from, span.from)
    const all = [this.before, text].filter(Boolean).join(' ')
    this.before = all.length > 2 * most ? `${all.slice(0, most)} ${all.slice(-most)}` : all
    return { lead: lead.build([], null, span), place: { ...this.place, column } }
  }
}
