import { indexLines } from '../place.ts'
import { BlockBuilder, Outline, type Prose } from './prose.ts'

const bullet =
  /^([ \t]*)(?:[•‣▪▫◦●○■·*+–—-]|(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|\(\w{1,3}\))[ \t]+(?=\S)/

interface Line {
  from: number
  to: number
  raw: string
  text: string
  indent: number
  /** Length of the bullet and the white space around it; 0 when there is none. */
  marker: number
}

/**
 * Reads plain text: paragraphs, bulleted or numbered items, and short lines that head what follows.
 * A line that breaks off in the middle of a sentence goes on in the next one.
 */
export function readText(source: string): Prose {
  const outline = new Outline()
  let group: Line[] = []
  const lines = splitLines(source)
  const width = wrapWidth(lines)
  lines.forEach((line, i) => {
    if (line.text === '') {
      group = flush(outline, source, group)
      return
    }
    const before = group.at(-1)
    if (before && !goesOn(before, line, width)) group = flush(outline, source, group)
    if (
      group.length === 0 &&
      isHeading(
        line,
        lines[i - 1],
        lines.slice(i + 1, i + 4).find((one) => one.text !== ''),
      )
    ) {
      flush(outline, source, [line], true)
    } else group.push(line)
  })
  flush(outline, source, group)
  const { blocks, unread } = outline
  return { blocks, unread }
}

function splitLines(source: string): Line[] {
  const index = indexLines(source)
  return Array.from({ length: index.count }, (_, i) => {
    const from = index.start(i + 1)
    const end = i + 1 < index.count ? index.start(i + 2) : source.length
    const raw = source.slice(from, end)
    const marker = bullet.exec(raw)?.[0].length ?? 0
    const text = raw.slice(marker).trim()
    const indent = raw.length - raw.trimStart().length
    return { from, to: from + raw.trimEnd().length, raw, text, indent, marker }
  })
}

/**
 * The width to which an editor or mail program wrapped the page's lines: none of those that others
 * follow is longer, and a good part nearly fills it. Null where lines end as their writer ended them.
 */
function wrapWidth(lines: readonly Line[]): number | null {
  let [widest, followed] = [0, 0]
  const widths = new Map<number, number>()
  lines.forEach((line, i) => {
    const next = lines[i + 1]
    if (line.text === '' || !next || next.text === '' || next.marker > 0) return
    const width = line.to - line.from
    followed++
    widths.set(width, (widths.get(width) ?? 0) + 1)
    widest = Math.max(widest, width)
  })
  if (widest < 50 || widest > 120) return null
  let full = 0
  for (const [width, count] of widths) if (width > widest - 12) full += count
  return full >= 2 && full >= followed / 3 ? widest : null
}

/** A wrapped line is long, ends no sentence, and goes on without a bullet, in small or after a comma. */
function goesOn(before: Line, line: Line, wrapped: number | null): boolean {
  if (line.marker > 0) return false
  // Of a wrapped page, a line goes on where its next word would not have fitted.
  if (wrapped !== null) {
    const word = /^\S+/.exec(line.text)![0]
    if (before.to - before.from + 1 + word.length > wrapped) return true
  }
  if (/[.!?:;]["”’)]?$/.test(before.text)) return false
  if (before.marker > 0 && line.indent > before.indent && /^[\p{Ll}\d(]/u.test(line.text))
    return true
  const width = before.to - before.from
  if (width < 40 || width > 140) return false
  return /^[\p{Ll}(&\d"“]/u.test(line.text) || /[,\p{L}\d]$/u.test(before.text)
    ? width >= 55
    : false
}

/** A heading stands apart, is short, says no sentence, and heads something that is no further item. */
function isHeading(line: Line, before: Line | undefined, next: Line | undefined): boolean {
  if (next === undefined || (before !== undefined && before.text !== '')) return false
  if (/[.:;,!]$/.test(line.text) || !/^[\p{Lu}\d]/u.test(line.text)) return false
  if (line.marker > 0 && (next.marker > 0 || !numbered.test(line.raw))) return false
  return (
    line.text.length <= 80 && line.text.split(/\s+/).length <= 9 && !saysSomething.test(line.text)
  )
}

const numbered = /^\s*(?:\d|[A-Z][.)])/
const saysSomething = /\b(?:is|are|was|were|we|will|must|shall|has|have|can|may|be)\b(?!.*\?$)/i

function flush(outline: Outline, source: string, group: Line[], heading = false): Line[] {
  const first = group[0]
  if (!first || /^[-=_*~ ]+$/.test(first.text)) return []
  const level = first.marker > 0 ? Math.min(6, 1 + Math.floor(first.indent / 4)) : 1
  const kind = heading ? 'heading' : first.marker > 0 ? 'item' : 'paragraph'
  const builder = new BlockBuilder(kind, level)
  for (const line of group) {
    builder.space(line.from, line.from)
    builder.add(source, line.from + line.marker, line.to)
  }
  const span = { from: first.from + first.marker, to: group.at(-1)!.to }
  outline.add(builder, kind, level, span)
  return []
}
