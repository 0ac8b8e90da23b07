import { findingAt, type Finding } from '../finding.ts'
import type { Span } from '../place.ts'
import { linksIn, type Block, type Link } from '../read/prose.ts'
import { fold, spanOf, type Reading } from './reading.ts'

const contact = /\b(?:contact|reach|e-?mail|mail|write|call|phone|questions?|report|support)\b/
/** Ends that call for an address: somebody or something is to be found "at". */
const bare =
  /(?<=\b(?:us|team|follow[- ]?up|available|published|found|questions?|reports?|issues|vulnerabilities|bugs|inquiries|enquiries|requests?|officer|department|desk|details|emailing|writing|calling) )(?:at|via) ?\.?$|\bplease visit ?\.?$/
const hereAnd = /\b(?:here|below|at|via) ?: ?(?:(?:and|or) ?[.,]?|[.,])$/
const lone =
  /\b(?:at|via|to|contact|e-?mail) [.,;)](?= |$)|\b(?:write|writing|mail|mailing|turn) to(?= (?:or|and) (?:call|phone|ring|write)\b)/
/** Words behind which there must be an address or a number, whatever the sentence is about. */
const loneCall = /\b(?:see|visit|call|phone|ring) (?:\. ?$|\.(?= [A-Z]))/i
const announces =
  /\b(?:here|at|via|link|links|page|pages|address|addresses|url|urls|e-?mail|by visiting)\s*:$/
const placeholder =
  /(?<![\w$])(?:TBD|TBC|TODO|FIXME|X{3,})(?![\w-])|\b[Ll]orem ipsum\b|\{\{ ?[\w. ]{1,40} ?\}\}/
/** `Contact: n/a`, and nothing else in the block: whoever looks for an address finds none. */
const unsaid =
  /^(?:(?:security|privacy|abuse|emergency|data protection) )?(?:e-?mail|contact|phone|telephone|address|url|link|website|officer|owner|hotline|pgp key)(?: address| number)? ?: ?(?:tb[acd]|n ?\/ ?a|todo|to be (?:defined|determined|announced|confirmed|done)|-+|\?+|\.{3})\.?$/i
/** Looked for in the source: as Markdown, some of these show nothing at all. */
const unfilled =
  /\\?\[(?:insert|your|company|enter|add|placeholder|link|url|e-?mail(?! protected)|date|name|contact|phone|address|number|tbd)(?: [a-zA-Z ]{0,40})?\\?\](?![([:])|(?<![_\w])_{4,}(?![_\w])|<(?:insert|your|company|enter) [a-zA-Z ]{1,40}>/i
const pointless = /\[[^\][\n]{1,80}\]\( ?(?:#|<>)? ?\)/
const answers = /[@]|https?:|www\.|\+\d|\b[\w-]+\.(?:com|io|org|net|eu|dev|app|co)\b/
const shows =
  /<(?:img|svg|iframe|form|button|script|input|object|embed|video|pre|code|textarea|select)\b/i

/** `security@`: an address that was cut off; and a word in brackets where a link was. */
const cutOff =
  /(?<![\w.@+-])[\w.+-]{2,40}@(?=[.,;:)]?(?:\s|$))(?!\s+(?:[\w-]+\.\w{2,}|(?:our|the|this|followed|at|and|or)\b))/
const lostLink = /\((?:link|url|links?|insert link|link here|click here)\)/i

/** What menus and toggles are called. */
const interactive =
  /\b(?:top|menu|close|open|toggle|expand|collapse|show|hide|more|next|previous|back|cookie\w*|settings|preferences)\b/i

/** Places where a link, a contact or a name should stand and nothing does. */
export function blank(page: Reading): Finding[] {
  const { blocks } = page.source.prose
  return blocks.flatMap((block, i) => {
    if (block.kind === 'heading') return []
    const finding =
      fillIn(page, block) ??
      hanging(page, block, blocks[i + 1]) ??
      lost(page, block) ??
      emptyLink(page, block)
    return finding ? [finding] : []
  })
}

function fillIn(page: Reading, block: Block): Finding | null {
  const message = 'This was to be filled in before the page went out.'
  const shown = placeholder.exec(block.text) ?? unsaid.exec(block.text)
  if (shown) return at(page, block, spanOf(shown), message)
  const { from, to } = block.span
  const written = page.source.text.slice(from, to)
  const hidden = unfilled.exec(written)
  if (!hidden || block.links.some(({ span }) => span.from === from + hidden.index)) return null
  return inSource(page, from + hidden.index, hidden[0].length, message)
}

function hanging(page: Reading, block: Block, next: Block | undefined): Finding | null {
  const tail = fold(block.text.slice(-160))
  const offset = block.text.length - tail.length
  const gap = lone.exec(tail) ?? loneCall.exec(tail)
  if (
    gap &&
    (contact.test(tail.slice(0, gap.index)) || loneCall.test(gap[0])) &&
    !linked(block, offset + gap.index + gap[0].length - 1)
  ) {
    return missing(page, block, offset + gap.index, offset + gap.index + gap[0].length)
  }
  const end =
    hereAnd.exec(tail) ?? announces.exec(tail) ?? (block.kind === 'cell' ? null : bare.exec(tail))
  if (!end || linked(block, block.text.length) || follows(page, block, next)) return null
  return missing(page, block, offset + end.index, block.text.length)
}

function lost(page: Reading, block: Block): Finding | null {
  const match = cutOff.exec(block.text) ?? lostLink.exec(block.text)
  if (!match || linksIn(block, match.index, match.index + match[0].length).length > 0) return null
  return missing(page, block, match.index, match.index + match[0].length)
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
  return at(
    page,
    block,
    { from, to },
    'Something should follow here and is missing: a link, an address or a name. A reader cannot go on from here.',
  )
}

function emptyLink(page: Reading, block: Block): Finding | null {
  const message = 'This link leads nowhere: its address is empty.'
  const link = block.links.find((one) => leadsNowhere(page, block, one))
  if (link?.label === undefined && link && page.source.text[link.span.from] === '[')
    return inSource(page, link.span.from, link.span.to - link.span.from, message)
  if (link) return at(page, block, link, message)
  const { from, to } = block.span
  const match = pointless.exec(page.source.text.slice(from, to))
  if (!match || interactive.test(match[0]) || match[0].length > block.text.length) return null
  return inSource(page, from + match.index, match[0].length, message)
}

/** `#` on its own is what menus and toggles use; inside a sentence it is a link that was never set. */
function leadsNowhere(page: Reading, block: Block, { from, to, url, span }: Link): boolean {
  if (url !== '' && url !== '#') return false
  const label = block.text.slice(from, to)
  const { text } = page.source
  const tag = text.slice(span.from, Math.min(span.to, span.from + 400))
  if (tag.startsWith('<') && !/^<a\b[^>]*\bhref\b/i.test(tag)) return false
  if (interactive.test(label)) return false
  return label.trim() !== '' && block.text.length > label.length + 8
}

function at(page: Reading, block: Block, { from, to }: Span, message: string): Finding {
  const start = block.at(from)
  return inSource(page, start, block.behind(to) - start, message)
}

function inSource(page: Reading, from: number, length: number, message: string): Finding {
  const span = { from, to: from + length }
  return findingAt(page.source.lines, span, { rule: 'blank', level: 'error', message })
}
