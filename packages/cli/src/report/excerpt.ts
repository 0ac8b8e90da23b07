import type { Source } from './source.ts'
import { charWidth, clean, textWidth } from '../typeset.ts'

/** A stretch of a source, as a finding carries it; the end is exclusive. */
export interface Stretch {
  line: number
  column: number
  endLine: number
  endColumn: number
}

const tab = '    '

/**
 * The source line of a stretch and carets under it, both behind a gutter. Of a line wider than the
 * terminal only the neighbourhood of the stretch is looked at, so that a page written in one long
 * line costs no more. Right-to-left letters stay in the order they are stored in, as in an editor.
 */
export function excerpt(source: Source, stretch: Stretch, width: number): [string, string] {
  const number = String(stretch.line).padStart(5)
  const gutter = ' '.repeat(number.length)
  const { shown, marks } = frame(source, stretch, width - number.length - 3)
  return [`${number} | ${shown}`, `${gutter} | ${marks}`]
}

function frame(source: Source, stretch: Stretch, room: number): { shown: string; marks: string } {
  const { text } = source
  const start = source.lines.start(stretch.line)
  const end = lineEnd(source, stretch.line)
  const from = Math.min(start + stretch.column - 1, end)
  const to = stretch.endLine > stretch.line ? end : Math.min(start + stretch.endColumn - 1, end)
  let at = from - start < room / 2 ? start : from - Math.floor(room / 4)
  if (isLowSurrogate(text, at)) at--
  let shown = at > start ? '…' : ''
  let marks = at > start ? ' ' : ''
  let used = shown.length
  while (at < end) {
    const char = String.fromCodePoint(text.codePointAt(at)!)
    const cell = char === '\t' ? tab : clean(char)
    const size = cell.length > 1 ? textWidth(cell) : charWidth(cell)
    if (used + size > room - 1 && at + char.length < end) {
      shown += '…'
      break
    }
    shown += cell
    marks += (at >= from && at < Math.max(to, from + 1) ? '^' : ' ').repeat(size)
    used += size
    at += char.length
  }
  return { shown, marks: marks.includes('^') ? marks.trimEnd() : `${marks}^` }
}

function lineEnd({ text, lines }: Source, line: number): number {
  let end = line < lines.count ? lines.start(line + 1) : text.length
  const start = lines.start(line)
  while (end > start && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--
  return end
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}
