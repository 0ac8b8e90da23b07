/** A position in a page: line and column both count from 1, columns in UTF-16 code units. */
export interface Place {
  line: number
  column: number
}

/** A stretch of source text, offsets in UTF-16 code units, `to` exclusive. */
export interface Span {
  from: number
  to: number
}

/** Finds line and column of an offset in O(log lines). Lines end at LF, CR or CRLF (CommonMark 2.1). */
export interface Lines {
  place(offset: number): Place
  /** The offset at which a line begins; lines count from 1. */
  start(line: number): number
  count: number
}

/**
 * A page's text without byte order mark, every line ended by LF: the parser knows no other end, and
 * read to the end of the page what a CR hid from it. Lines and columns stay.
 */
export function textOf(page: string): string {
  const text = page.startsWith('\uFEFF') ? page.slice(1) : page
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

export function indexLines(text: string): Lines {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
  }
  return {
    count: starts.length,
    start: (line) => starts[line - 1]!,
    place(offset) {
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if (starts[middle]! <= offset) low = middle
        else high = middle - 1
      }
      return { line: low + 1, column: offset - starts[low]! + 1 }
    },
  }
}
