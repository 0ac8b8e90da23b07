import type { InlineContext, MarkdownConfig } from '@lezer/markdown'

/**
 * Inline parsers that take the place of lezer's, whose time grows with the square of a paragraph in
 * which much begins that nothing ends. They read alike; where they differ, CommonMark is on their side.
 */
export const linearSpans: MarkdownConfig = {
  parseInline: [
    { name: 'InlineCode', parse: readCode },
    { name: 'HTMLTag', parse: readTag },
    { name: 'HardBreak', parse: readBreak },
  ],
}

const [newline, space, bang, less, question, backslash, tick] = [10, 32, 33, 60, 63, 92, 96]

/** Where the last run of so many backticks begins: behind it no code span of that width ends. */
const lastRuns = new WeakMap<InlineContext, ReadonlyMap<number, number>>()

function readCode(cx: InlineContext, next: number, start: number): number {
  if (next !== tick || cx.char(start - 1) === tick) return -1
  const from = start - cx.offset
  let runs = lastRuns.get(cx)
  if (!runs) {
    runs = new Map([...cx.text.matchAll(/`+/g)].map((run) => [run[0].length, run.index]))
    lastRuns.set(cx, runs)
  }
  let to = from + 1
  while (cx.text.charCodeAt(to) === tick) to++
  const size = to - from
  if ((runs.get(size) ?? -1) < to) return -1
  const ticks = /`+/g
  ticks.lastIndex = to
  let close = ticks.exec(cx.text)!
  while (close[0].length !== size) close = ticks.exec(cx.text)!
  const end = cx.offset + close.index + size
  return cx.addElement(
    cx.elt('InlineCode', start, end, [
      cx.elt('CodeMark', start, start + size),
      cx.elt('CodeMark', end - size, end),
    ]),
  )
}

// A tag or address holds no other `<` but in quotes, so that none of these is tried twice over a stretch.
const autolink =
  /<(?:[a-z][-\w+.]+:[^\s<>]+|[a-z\d.!#$%&'*+/=?^_`{|}~-]+@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*)>/iy
const closingTag = /<\/[a-z][\w-]*\s*>/iy
const openingTag =
  /<[a-z][\w-]*(?:\s+[a-z:_][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*\/?>/iy

function readTag(cx: InlineContext, next: number, start: number): number {
  if (next !== less) return -1
  const at = start - cx.offset
  const address = lengthOf(autolink, cx.text, at)
  if (address > 0) {
    const end = start + address
    return cx.addElement(
      cx.elt('Autolink', start, end, [
        cx.elt('LinkMark', start, start + 1),
        cx.elt('URL', start + 1, end - 1),
        cx.elt('LinkMark', end - 1, end),
      ]),
    )
  }
  const [name, length] = markup(cx, at)
  return length > 0 ? cx.addElement(cx.elt(name, start, start + length)) : -1
}

function markup(cx: InlineContext, at: number): [name: string, length: number] {
  const { text } = cx
  const next = text.charCodeAt(at + 1)
  if (next === question) return ['ProcessingInstruction', lengthUpTo(cx, '?>', at, 2)]
  if (next !== bang) {
    return ['HTMLTag', lengthOf(openingTag, text, at) || lengthOf(closingTag, text, at)]
  }
  if (text.startsWith('<!-->', at)) return ['Comment', 5]
  if (text.startsWith('<!--->', at)) return ['Comment', 6]
  if (text.startsWith('<!--', at)) return ['Comment', lengthUpTo(cx, '-->', at, 4)]
  if (text.startsWith('<![CDATA[', at)) return ['HTMLTag', lengthUpTo(cx, ']]>', at, 9)]
  return ['HTMLTag', /^[A-Z]/.test(text.slice(at + 2, at + 3)) ? lengthUpTo(cx, '>', at, 3) : 0]
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex - at : 0
}

/** What is known not to come any more in a paragraph need not be looked for again. */
const missing = new WeakMap<InlineContext, Set<string>>()

function lengthUpTo(cx: InlineContext, end: string, at: number, skip: number): number {
  const known = missing.get(cx) ?? new Set()
  if (known.has(end)) return 0
  const found = cx.text.indexOf(end, at + skip)
  if (found >= 0) return found + end.length - at
  missing.set(cx, known.add(end))
  return 0
}

function readBreak(cx: InlineContext, next: number, start: number): number {
  if (next === backslash && cx.char(start + 1) === newline) {
    return cx.addElement(cx.elt('HardBreak', start, start + 2))
  }
  // Only the first space of many is asked, for what follows them follows each of them.
  if (next !== space || cx.char(start - 1) === space) return -1
  let end = start + 1
  while (cx.char(end) === space) end++
  if (cx.char(end) !== newline || end < start + 2) return -1
  return cx.addElement(cx.elt('HardBreak', start, end + 1))
}
