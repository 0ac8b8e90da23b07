import type { InlineContext, MarkdownConfig } from '@lezer/markdown'

/** Quotes, lists and emphasis that lie deeper in each other than this are not read. */
export const deepest = 100

/** The parser calls itself for emphasis in emphasis: of more open marks than this it takes none. */
const mostOpen = 1000

const open = new WeakMap<InlineContext, number>()

/** Makes marks of a paragraph that opens too many of them nodes of their own, `TooDeep`. */
export const limitDepth: MarkdownConfig = {
  defineNodes: ['TooDeep'],
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
  ],
}

const [star, low, tilde, bang, bracket, closing] = [42, 95, 126, 33, 91, 93]

/** By how much a mark deepens what follows it: a run of marks by its length, an image by two characters. */
function changeAt(cx: InlineContext, next: number, from: number): number {
  if (next === bang) return cx.char(from + 1) === bracket ? 2 : 0
  if (next === closing) return -2
  if (next !== star && next !== low && next !== tilde) return 0
  if (cx.char(from - 1) === next) return 0
  let to = from + 1
  while (cx.char(to) === next) to++
  const [before, after] = [cx.slice(Math.max(cx.offset, from - 1), from), cx.slice(to, to + 1)]
  if (opens(before, after)) return to - from
  return opens(after, before) ? from - to : 0
}

/** Whether a run of marks may open emphasis (left-flanking, CommonMark 6.2). */
function opens(before: string, after: string): boolean {
  if (/^\s?$/.test(after)) return false
  return !/^[\p{P}\p{S}]/u.test(after) || before === '' || /^[\s\p{P}\p{S}]/u.test(before)
}
