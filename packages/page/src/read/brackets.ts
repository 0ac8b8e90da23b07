import { InlineContext, type Element, type MarkdownConfig } from '@lezer/markdown'
import { forgetMarks } from './depth.ts'

/** The links of lezer, and its bare addresses, in time that grows with a paragraph and not with its square. */
export const linearLinks: MarkdownConfig = {
  parseInline: [
    { name: 'Link', parse: openLink },
    { name: 'Image', parse: openImage },
    { name: 'LinkEnd', parse: close },
    { name: 'Autolink', parse: readBare },
  ],
}

const [bang, quote, apostrophe, paren, closing, less, greater, bracket, backslash, bracketEnd] = [
  33, 34, 39, 40, 41, 60, 62, 91, 92, 93,
] // prettier-ignore
const newline = 10

interface Opening {
  from: number
  to: number
  isImage: boolean
  /** Its place among what the parser has found so far. */
  index: number
}

interface Brackets {
  open: Opening[]
  /** Of the open ones, so many stand before a link and can be none themselves: links do not nest. */
  dead: number
  ends: Int32Array | null
}

const known = new WeakMap<InlineContext, Brackets>()

function bracketsOf(cx: InlineContext): Brackets {
  const brackets = known.get(cx) ?? { open: [], dead: 0, ends: null }
  known.set(cx, brackets)
  return brackets
}

function openLink(cx: InlineContext, next: number, from: number): number {
  return next === bracket ? open(cx, from, from + 1, false) : -1
}

function openImage(cx: InlineContext, next: number, from: number): number {
  return next === bang && cx.char(from + 1) === bracket ? open(cx, from, from + 2, true) : -1
}

function open(cx: InlineContext, from: number, to: number, isImage: boolean): number {
  const kind = isImage ? InlineContext.imageStart : InlineContext.linkStart
  cx.addDelimiter(kind, from, to, true, false)
  bracketsOf(cx).open.push({ from, to, isImage, index: cx.findOpeningDelimiter(kind)! })
  return to
}

function close(cx: InlineContext, next: number, at: number): number {
  if (next !== bracketEnd) return -1
  const brackets = bracketsOf(cx)
  const opening = brackets.open.pop()
  if (!opening) return -1
  const place = brackets.open.length
  const isDead = !opening.isImage && place < brackets.dead
  brackets.dead = Math.min(brackets.dead, place)
  const after = cx.char(at + 1)
  const isBlank = cx.skipSpace(opening.to) === at && after !== paren && after !== bracket
  if (isDead || isBlank) return -1
  const children = [
    cx.elt('LinkMark', opening.from, opening.to),
    ...cx.takeContent(opening.index),
    cx.elt('LinkMark', at, at + 1),
  ]
  forgetMarks(cx, opening.from)
  const target = after === paren ? readTarget(cx, at + 1) : readLabel(cx, at + 1)
  for (const one of target) children.push(one)
  if (!opening.isImage) brackets.dead = place
  const end = target.at(-1)?.to ?? at + 1
  return cx.addElement(cx.elt(opening.isImage ? 'Image' : 'Link', opening.from, end, children))
}

/** `(address "title")`; nothing where that does not stand there whole. */
function readTarget(cx: InlineContext, from: number): Element[] {
  const start = cx.skipSpace(from + 1)
  const end = cx.char(start) === less ? quotedEnd(cx, start) : bareEnd(cx, start)
  if (end < 0) return []
  const found = end > start ? [cx.elt('URL', start, end)] : []
  let at = cx.skipSpace(end)
  if (at > end && end > start) {
    const title = titleEnd(cx, at)
    if (title > 0) {
      found.push(cx.elt('LinkTitle', at, title))
      at = cx.skipSpace(title)
    }
  }
  if (cx.char(at) !== closing) return []
  return [cx.elt('LinkMark', from, from + 1), ...found, cx.elt('LinkMark', at, at + 1)]
}

function quotedEnd(cx: InlineContext, start: number): number {
  for (let at = start + 1; at < cx.end; at++) {
    const char = cx.char(at)
    if (char === greater) return at + 1
    if (char === less || char === newline) return -1
    if (char === backslash) at++
  }
  return -1
}

function bareEnd(cx: InlineContext, start: number): number {
  const brackets = bracketsOf(cx)
  brackets.ends ??= addressEnds(cx.text)
  return start >= cx.end ? -1 : cx.offset + brackets.ends[start - 1 - cx.offset]!
}

/**
 * Where an address ends that begins behind a parenthesis or behind white space, by the offset of
 * either: at the parenthesis that closes it, or at the next white space.
 */
function addressEnds(text: string): Int32Array {
  const ends = new Int32Array(text.length)
  let opened: number[] = []
  for (let at = 0; at <= text.length; at++) {
    const char = text[at] ?? ' '
    if (/[ \t\r\n]/.test(char)) {
      for (const one of opened) ends[one] = at
      opened = [at]
    } else if (char === '(') opened.push(at)
    else if (char === ')' && opened.length > 0) ends[opened.pop()!] = at
    else if (char === '\\' && /[^ \t\r\n]/.test(text[at + 1] ?? ' ')) at++
  }
  return ends
}

/** The end of a title; 0 where none begins, or where it does not end. */
function titleEnd(cx: InlineContext, start: number): number {
  const first = cx.char(start)
  if (first !== quote && first !== apostrophe && first !== paren) return 0
  const last = first === paren ? closing : first
  for (let at = start + 1; at < cx.end; at++) {
    const char = cx.char(at)
    if (char === last) return at + 1
    // CommonMark 6.3: a title in parentheses holds none of its own.
    if (char === paren && first === paren) return 0
    if (char === backslash) at++
  }
  return 0
}

/** CommonMark 6.3: a label has at most 999 characters. */
const longestLabel = 999

function readLabel(cx: InlineContext, from: number): Element[] {
  if (cx.char(from) !== bracket) return []
  const most = Math.min(cx.end, from + 1 + longestLabel)
  for (let at = from + 1; at < most; at++) {
    const char = cx.char(at)
    if (char === bracketEnd) return [cx.elt('LinkLabel', from, at + 1)]
    if (char === bracket) return []
    if (char === backslash) at++
  }
  return []
}

const bareStart = /(www\.|https?:\/\/)|([\w.+-]{1,100}@)|(mailto:|xmpp:)/y
const host = /^[\w-]+(?:\.[\w-]+)+/
const behindHost = /(?::\d+)?(?:\/[^\s<]*)?/y
const email = /^[\w.+-]+@[\w-]+(?:\.[\w.-]+)+/
const resource = /\/[a-z\d@.]+/iy

/** No host and no mail address is longer: what is must not be read again from each of its dots. */
const longestHost = 500

/** An address that stands in the prose by itself (GFM 6.9). */
function readBare(cx: InlineContext, _next: number, start: number): number {
  const from = start - cx.offset
  const { text } = cx
  if (from > 0 && /\w/.test(text[from - 1]!)) return -1
  bareStart.lastIndex = from
  const found = bareStart.exec(text)
  if (!found) return -1
  const [all, web, , scheme] = found
  let end: number
  if (web) {
    end = webEnd(text, from + all.length)
    if (end > 0 && bracketsOf(cx).open.length > 0) end = bracketedEnd(text, from, end)
  } else {
    end = mailEnd(text, scheme ? from + all.length : from)
    resource.lastIndex = end
    if (end > 0 && scheme === 'xmpp:' && resource.test(text)) end = resource.lastIndex
  }
  return end > 0 ? cx.addElement(cx.elt('URL', start, cx.offset + end)) : -1
}

function webEnd(text: string, from: number): number {
  const name = host.exec(text.slice(from, from + longestHost))?.[0] ?? ''
  if (name === '' || name.length === longestHost) return -1
  if (name.split('.').slice(-2).join().includes('_')) return -1
  behindHost.lastIndex = from + name.length
  behindHost.test(text)
  let end = behindHost.lastIndex
  let surplus = 0
  for (let at = from; at < end; at++) surplus += text[at] === ')' ? 1 : text[at] === '(' ? -1 : 0
  for (;;) {
    const last = text[end - 1]!
    if (last === ')' && surplus > 0) surplus--
    else if (last === ';') {
      const entity = /&(?:#\d+|#x[a-f\d]+|\w+);$/.exec(text.slice(Math.max(from, end - 40), end))
      if (!entity) return end
      end -= entity[0].length - 1
    } else if (!/[?!.,:*_~]/.test(last)) return end
    end--
  }
}

/** In the text of a link an address ends where a bracket does that it did not open. */
function bracketedEnd(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (text[at] === ']') return at
    if (text[at] !== '[') continue
    const closed = text.slice(at, to).indexOf(']')
    if (closed < 0) return at
    at += closed
  }
  return to
}

function mailEnd(text: string, from: number): number {
  const found = email.exec(text.slice(from, from + longestHost))?.[0] ?? ''
  if (found === '' || found.length === longestHost || /[_-]$/.test(found)) return -1
  return from + found.length - (found.endsWith('.') ? 1 : 0)
}
