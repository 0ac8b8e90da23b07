import { ListError } from './list.ts'

/** A record with the line it begins at. */
export interface Row {
  line: number
  cells: string[]
}

/** More than this is no cell of a list of accounts, but a quote that was never closed. */
const longestCell = 20_000
const mostCells = 500

const [newline, carriageReturn] = [0x0a, 0x0d]

/**
 * Reads CSV strictly (RFC 4180), with what spreadsheets add: LF or CR alone as the end of a line, semicolons or
 * tabs between cells. A quote in the middle of a cell, one that is never closed and a row of another length than
 * the first are errors: whoever guesses there reads one account as another. A line with nothing in it is none.
 */
export function* readCsv(text: string): Generator<Row> {
  const reader = new Reader(text, separatorOf(text))
  let width: number | null = null
  while (!reader.isOver) {
    if (reader.takeEnd()) continue
    const row = reader.readRow()
    width ??= row.cells.length
    if (row.cells.length !== width) {
      const why = `has ${row.cells.length} of ${width} cells: the file is cut off, or a cell needs quotes`
      throw new ListError(`the row ${why}`, row.line)
    }
    yield row
  }
}

/** What lies between cells: of comma, semicolon and tab whichever the first line has most of, outside quotes. */
function separatorOf(text: string): string {
  const end = /[\r\n]/.exec(text)?.index ?? text.length
  const bare = text.slice(0, Math.min(end, 100_000)).replaceAll(/"[^"]*"/g, '')
  const count = (separator: string) => bare.split(separator).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}

class Reader {
  private at = 0
  private line = 1
  private readonly places = new Map<string, number>()
  private readonly text: string
  private readonly separator: string

  constructor(text: string, separator: string) {
    this.text = text
    this.separator = separator
  }

  get isOver(): boolean {
    return this.at >= this.text.length
  }

  readRow(): Row {
    const plain = this.readPlainRow()
    if (plain) return plain
    const row: Row = { line: this.line, cells: [] }
    do {
      this.checkWidth(row.cells)
      row.cells.push(this.text[this.at] === '"' ? this.readQuoted() : this.readBare())
    } while (this.takeSeparator())
    this.takeEnd()
    return row
  }

  /** Nearly all rows: one without a quote, that ends in LF or CRLF. Null for any other. */
  private readPlainRow(): Row | null {
    const end = this.find('\n')
    const isWindows = this.text.charCodeAt(end - 1) === carriageReturn
    const until = isWindows ? end - 1 : end
    if (end === Infinity || this.find('"') < end || this.find('\r') < until) return null
    const cells = this.text.slice(this.at, until).split(this.separator)
    const row = { line: this.line, cells }
    this.checkWidth(cells.slice(1))
    for (const cell of cells) this.checkLength(cell, this.line)
    this.at = end + 1
    this.line++
    return row
  }

  /** Where a sign stands next. Each place is looked for once, so that a hostile file takes no longer than others. */
  private find(sign: string): number {
    const known = this.places.get(sign) ?? -1
    if (known >= this.at) return known
    const found = this.text.indexOf(sign, this.at)
    const place = found < 0 ? Infinity : found
    this.places.set(sign, place)
    return place
  }

  private checkWidth(cells: readonly string[]): void {
    if (cells.length < mostCells) return
    throw new ListError(`the row has more than ${mostCells} cells`, this.line)
  }

  private readBare(): string {
    const from = this.at
    const [{ length }, separator] = [this.text, this.separator.charCodeAt(0)]
    for (; this.at < length; this.at++) {
      const unit = this.text.charCodeAt(this.at)
      if (unit === separator || unit === newline || unit === carriageReturn) break
    }
    const cell = this.text.slice(from, this.at)
    if (cell.includes('"')) throw new ListError('a quote stands inside a cell', this.line)
    return this.checkLength(cell, this.line)
  }

  private readQuoted(): string {
    const { line } = this
    const parts: string[] = []
    for (;;) {
      const close = this.text.indexOf('"', this.at + 1)
      if (close < 0) throw new ListError('a quote is opened and never closed', line)
      parts.push(this.text.slice(this.at + 1, close))
      this.at = close + 1
      if (this.text[this.at] !== '"') break
    }
    const cell = parts.join('"')
    this.line += cell.match(/\r\n|\r|\n/g)?.length ?? 0
    if (!this.isOver && !this.isEnd() && this.text[this.at] !== this.separator) {
      throw new ListError('text follows a quote that was closed', this.line)
    }
    return this.checkLength(cell, line)
  }

  private checkLength(cell: string, line: number): string {
    if (cell.length <= longestCell) return cell
    throw new ListError(`a cell is longer than ${longestCell} characters`, line)
  }

  private isEnd(): boolean {
    return this.text[this.at] === '\n' || this.text[this.at] === '\r'
  }

  private takeSeparator(): boolean {
    const isThere = !this.isOver && this.text[this.at] === this.separator
    if (isThere) this.at++
    return isThere
  }

  /** Goes over the end of a line, if one is here. */
  takeEnd(): boolean {
    if (!this.isEnd()) return false
    this.at += this.text.startsWith('\r\n', this.at) ? 2 : 1
    this.line++
    return true
  }
}
