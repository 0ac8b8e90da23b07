import type { SyntaxNode } from '@lezer/common'

/** The rows of a table of GFM. */
export function readTable(table: SyntaxNode): {
  header: SyntaxNode | null
  delimiter: SyntaxNode | null
  rows: SyntaxNode[]
} {
  return {
    header: table.getChild('TableHeader'),
    delimiter: table.getChild('TableDelimiter'),
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
