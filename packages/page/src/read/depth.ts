import type { BlockContext, InlineContext, Line, MarkdownConfig } from '@lezer/markdown'

/** Quotes, lists and emphasis that lie deeper in each other than this are not read. */
export const deepest = 100

/** The parser calls itself for emphasis in emphasis: of more open marks than this it takes none. */
const mostOpen = 1000

const open = new WeakMap<InlineContext, number>()

/** For a mark that ends no emphasis the parser looks through all that stands before: of more it takes none. */
const mostOdd = 1000

/** The marks of a paragraph that wait for their partner, and how many found none. */
interface Marks {
  waiting: { mark: number; from: number; size: number }[]
  odd: number
}

const marks = new WeakMap<InlineContext, Marks>()

/** Marks within a link are no partners of those behind it. */
export function forgetMarks(cx: InlineContext, from: number): void {
  const waiting = marks.get(cx)?.waiting
  if (waiting) waiting.length = waiting.findLastIndex((one) => one.from < from) + 1
}

/** Makes marks of a paragraph that opens or leaves too many of them nodes of their own, `TooDeep` and `TooMany`. */
export const limitDepth: MarkdownConfig = {
  defineNodes: ['TooDeep', 'TooMany'],
  parseBlock: [{ name: 'TooDeep', before: 'IndentedCode', parse: readFlat }],
  parseInline: [
    {
      name: 'TooDeep',
      before: 'Emphasis',
      parse(cx, next, from) {
        const change = changeAt(cx, next, from)
        if (change === 0) return -1
        const known = open.get(cx) ?? 0
        if (change < 0 || known + change <= mostOpen) {
          open.set(cx, Math.max(0, known + change))
          return -1
        }
        return cx.addElement(cx.elt('TooDeep', from, from + change))
      },
    },
    {
      name: 'TooMany',
      before: 'Emphasis',
      parse(cx, next, from) {
        if (!isMark(next) || cx.char(from - 1) === next) return -1
        const to = endOfRun(cx, next, from)
        const found = marks.get(cx) ?? { waiting: [], odd: 0 }
        marks.set(cx, found)
        if (found.odd <= mostOdd && isOdd(cx, found, next, from, to)) found.odd++
        return found.odd > mostOdd ? cx.addElement(cx.elt('TooMany', from, to)) : -1
      },
    },
  ],
}

/** Each line is asked of every quote and list around it: below those that are read, none is opened. */
function readFlat(cx: BlockContext, line: Line): boolean {
  if (cx.depth <= deepest + 2) return false
  const from = cx.lineStart + line.pos
  const inline = cx.parser.parseInline(line.text.slice(line.pos), from)
  cx.addElement(cx.elt('Paragraph', from, cx.lineStart + line.text.length, inline))
  cx.nextLine()
  return true
}

const [star, low, tilde, bang, bracket, closing] = [42, 95, 126, 33, 91, 93]

/** By how much a mark deepens what follows it: a run of marks by its length, an image by two characters. */
function changeAt(cx: InlineContext, next: number, from: number): number {
  if (next === bang) return cx.char(from + 1) === bracket ? 2 : 0
  if (next === closing) return -2
  if (!isMark(next) || cx.char(from - 1) === next) return 0
  const to = endOfRun(cx, next, from)
  const { mayOpen, mayClose } = sidesOf(cx, from, to)
  if (mayOpen) return to - from
  return mayClose ? from - to : 0
}

function isMark(next: number): boolean {
  return next === star || next === low || next === tilde
}

function endOfRun(cx: InlineContext, next: number, from: number): number {
  let to = from + 1
  while (cx.char(to) === next) to++
  return to
}

function sidesOf(cx: InlineContext, from: number, to: number) {
  const [before, after] = [cx.slice(Math.max(cx.offset, from - 1), from), cx.slice(to, to + 1)]
  return { mayOpen: opens(before, after), mayClose: opens(after, before) }
}

/** Whether a run may end emphasis and does not plainly end the one that was begun last. */
function isOdd(cx: InlineContext, { waiting }: Marks, mark: number, from: number, to: number) {
  const { mayOpen, mayClose } = sidesOf(cx, from, to)
  const size = to - from
  // Two tildes are a mark, and no other number of them.
  if (mark === tilde && size !== 2) return false
  // Nor is an underscore within a word one: `snake_case`.
  if (mark === low && mayOpen && mayClose && !besidePunctuation(cx, from, to)) return false
  if (mayOpen && !mayClose) waiting.push({ mark, from, size })
  if (!mayClose) return false
  // One that may do both pairs by a rule of its own (CommonMark 6.2): it is not followed.
  if (mayOpen) return true
  const partner = waiting.findLastIndex((one) => one.mark === mark)
  if (partner < 0) return true
  const { from: begin, size: length } = waiting[partner]!
  waiting.length = partner
  if (length > size) waiting.push({ mark, from: begin, size: length - size })
  return length < size
}

function besidePunctuation(cx: InlineContext, from: number, to: number): boolean {
  return /[\p{P}\p{S}]/u.test(cx.slice(Math.max(cx.offset, from - 1), from) + cx.slice(to, to + 1))
}

/** Whether a run of marks may open emphasis (left-flanking, CommonMark 6.2). */
function opens(before: string, after: string): boolean {
  if (/^\s?$/.test(after)) return false
  return !/^[\p{P}\p{S}]/u.test(after) || before === '' || /^[\s\p{P}\p{S}]/u.test(before)
}
