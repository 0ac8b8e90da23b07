import type { Finding } from '../finding.ts'
import { findingAt } from '../finding.ts'
import type { Span } from '../place.ts'
import type { Block, Link } from '../read/prose.ts'
import { fold, type Reading } from './reading.ts'

const contact =
  /\b(?:contact|reach|e-?mail|mail|write|call|phone|questions?|report|reported|follow[- ]?up|available|found|published|visit|see|subscribe|support|inquiries)\b/
/** An end that calls for an address, a name or a link. */
const hangs = /(?:\b(?:at|via|to|here|below|link|visit|contact|e-?mail|and|or)) ?[:.,]?$/
const hereAnd = /\b(?:here|below|at|via) ?: (?:and|or) ?[.,]?$/
const lone = /\b(?:at|via|to|contact|e-?mail) [.,;)](?= |$)/
const announces =
  /\b(?:here|at|via|link|links|page|pages|address|addresses|url|urls|e-?mail|by visiting)\s*:$/
const placeholder =
  /(?<![\w$])(?:TBD|TBC|TODO|FIXME|X{3,})(?![\w-])|(?<!\w)[Ll]orem ipsum\b|\[(?:insert|your|company|enter|add|placeholder|link|url|e-?mail|date|name|contact|phone|address|number|tbd)(?: [a-zA-Z ]{0,40})?\](?!\()|\{\{ ?[\w. ]{1,40} ?\}\}|(?<!_)_{4,}(?!_)|<(?:insert|your|company|enter) [a-zA-Z ]{1,40}>/i
const shouted = /^[A-Z]/
const answers = /[@]|https?:|www\.|\+\d|\b[\w-]+\.(?:com|io|org|net|eu|dev|app|co)\b/
const shows =
  /<(?:img|svg|iframe|form|button|script|input|object|embed|video|pre|code|textarea|select)\b/i

/** Places where a link, a contact or a name should stand and nothing does. */
export function blank(page: Reading): Finding[] {
  const { blocks } = page.source.prose
  return blocks.flatMap((block, i) => {
    if (block.kind === 'heading') return []
    const finding =
      fillIn(page, block) ?? hanging(page, block, blocks[i + 1]) ?? emptyLink(page, block)
    return finding ? [finding] : []
  })
}

function fillIn(page: Reading, block: Block): Finding | null {
  const match = placeholder.exec(block.text)
  if (!match) return null
  // Words in small letters are words; XXX, TBD and TODO are shouted.
  if (/^\w+$/.test(match[0]) && !(shouted.test(match[0]) && match[0] === match[0].toUpperCase()))
    return null
  return at(page, block, { from: match.index, to: match.index + match[0].length }, {
    message: `"${match[0]}" was to be filled in before the page went out.`,
  }) // prettier-ignore
}

function hanging(page: Reading, block: Block, next: Block | undefined): Finding | null {
  const tail = fold(block.text.slice(-160))
  const offset = block.text.length - tail.length
  const gap = lone.exec(tail)
  if (
    gap &&
    contact.test(tail.slice(0, gap.index)) &&
    !linked(block, offset + gap.index + gap[0].length - 1)
  ) {
    return missing(page, block, offset + gap.index, offset + gap.index + gap[0].length)
  }
  const end = hereAnd.exec(tail) ?? announces.exec(tail) ?? bare(block, tail)
  if (!end || linked(block, block.text.length) || follows(page, block, next)) return null
  return missing(page, block, offset + end.index, block.text.length)
}

/** "For questions reach us at": the sentence ends before it says where. */
function bare(block: Block, tail: string): RegExpExecArray | null {
  const last = tail.slice(Math.max(0, tail.search(/[^.!?]*$/)))
  const match = /\b(?:at|via|visit|e-?mail us at|contact us at) ?\.?$/.exec(tail)
  if (!match || block.kind === 'cell' || !hangs.test(tail)) return null
  const sentence = last.trim() === '' ? tail : last
  return contact.test(sentence) && tail.length > 12 ? match : null
}

function linked({ links }: Block, index: number): boolean {
  return links.some(({ from, to, url }) => url !== '' && from <= index && to >= index - 2)
}

/** Whether what is announced stands in the next block: a list, a table, an address, or something unread. */
function follows(page: Reading, block: Block, next: Block | undefined): boolean {
  const until = next ? next.span.from : page.source.text.length
  const between = page.source.text.slice(block.span.to, Math.min(until, block.span.to + 4000))
  if (shows.test(between) || /\w{4}/.test(between.replace(/<[^<>]*>/g, ''))) return true
  if (!next || next.kind === 'heading') return false
  if (next.kind !== 'paragraph') return next.kind === 'cell' || next.lead === block
  return next.links.length > 0 || answers.test(next.text.slice(0, 200))
}

function missing(page: Reading, block: Block, from: number, to: number): Finding {
  return at(page, block, { from, to }, {
    message: 'Something should follow here and is missing: a link, an address or a name. A reader cannot go on from here.',
  }) // prettier-ignore
}

function emptyLink(page: Reading, block: Block): Finding | null {
  const link = block.links.find((one) => leadsNowhere(page, block, one))
  if (!link) return null
  return at(page, block, link, { message: 'This link leads nowhere: its address is empty.' })
}

/** `#` on its own is what menus and toggles use; inside a sentence it is a link that was never set. */
function leadsNowhere(page: Reading, block: Block, { from, to, url, span }: Link): boolean {
  if (url !== '' && url !== '#') return false
  const label = block.text.slice(from, to)
  const { text } = page.source
  const tag = text.slice(span.from, Math.min(span.to, span.from + 400))
  if (tag.startsWith('<') && !/^<a\b[^>]*\bhref\b/i.test(tag)) return false
  if (
    /\b(?:top|menu|close|open|toggle|expand|collapse|show|hide|more|next|previous|back|cookie\w*|settings|preferences)\b/i.test(
      label,
    )
  )
    return false
  return label.trim() !== '' && block.text.length > label.length + 8
}

function at(
  page: Reading,
  block: Block,
  { from, to }: Span,
  { message }: { message: string },
): Finding {
  const span = { from: block.at(from), to: block.behind(to) }
  return findingAt(page.source.lines, span, { rule: 'blank', level: 'error', message })
}
