import { isAddress, parseAddress } from './address.ts'
import type { Instant } from './duration.ts'
import { atMost, findingAt, type Finding, type Rule } from './finding.ts'
import { readFrontMatter, type FrontMatter } from './front-matter.ts'
import { idFor, Ids } from './ids.ts'
import { lint } from './lints/lint.ts'
import type { Claim, Format, Page } from './page.ts'
import { indexLines, textOf, type Lines, type Span } from './place.ts'
import { readMarkdown, type Stray } from './read/markdown.ts'
import { mostBlocks, touching, type Block, type Link, type Prose } from './read/prose.ts'
import { sentencesOf, type Sentence } from './read/sentences.ts'
import { readText } from './read/text.ts'

export interface CompileOptions {
  format: Format
  /** Decides which dates in the prose have passed. */
  now: Instant
}

/** A page's text read as prose, before any claim or lint. */
export interface Source {
  text: string
  lines: Lines
  matter: FrontMatter
  prose: Prose
  strays: readonly Stray[]
  findings: Finding[]
}

/** Reads a page of any format; never fails, whatever the text is. */
export function readSource(source: string, format: Format): Source {
  const text = textOf(source)
  const lines = indexLines(text)
  const findings: Finding[] = []
  const none: FrontMatter = { company: null, contact: null, timeZone: 'UTC', end: 0 }
  if (format !== 'markdown') {
    const [prose, why] =
      format === 'text' ? [readText(text), format] : [format(text), 'html' as const]
    return { text, lines, matter: none, prose, strays: straysOf(text, why), findings }
  }
  const matter = readFrontMatter(text, lines, findings)
  const prose = readMarkdown(text, matter.end)
  return { text, lines, matter, prose, strays: prose.strays, findings }
}

/** Only a Markdown page has claims; one that was given another name must not pass as if it had none. */
function straysOf(text: string, why: 'html' | 'text'): Stray[] {
  const claim = /\]\(\s*<?kept:|\bhref\s*=\s*["']?kept:/gi
  return [...text.matchAll(claim)].map(({ 0: { length }, index }) => ({
    span: { from: index, to: index + length },
    why,
  }))
}

/** Compiles a page: its claims with their proofs, what its prose gets wrong, and what is left unlinked. */
export function compile(text: string, { format, now }: CompileOptions): Page {
  const source = readSource(text, format)
  const claims = format === 'markdown' ? readClaims(source) : []
  for (const stray of source.strays)
    source.findings.push(findingAt(source.lines, stray.span, sayStray(stray)))
  const { unread } = source.prose
  if (unread !== null) source.findings.push(sayUnread(source, unread))
  const { findings, unlinked } = lint(source, claims, now)
  const { company, contact, timeZone } = source.matter
  const all = listed([...source.findings, ...findings])
  return { company, contact, timeZone, claims, unlinked, findings: all }
}

/** What a rule objects to a hundred times it need not say a hundred thousand times. */
function listed(findings: readonly Finding[]): Finding[] {
  const byRule = Map.groupBy(findings.toSorted(byPlace), ({ rule, level }) => `${rule} ${level}`)
  return [...byRule.values()].flatMap((some) => atMost(some)).sort(byPlace)
}

function byPlace(a: Finding, b: Finding): number {
  return a.line - b.line || a.column - b.column
}

function sayUnread({ lines }: Source, offset: number): Finding {
  return findingAt(
    lines,
    { from: offset, to: offset + 1 },
    {
      rule: 'unreadable',
      level: 'error',
      message: `this page has more than ${mostBlocks.toLocaleString('en')} paragraphs, items and cells, and nothing is read from here on: split it`,
    },
  )
}

const strayMessages: Record<Stray['why'], string> = {
  'not-a-link':
    'this looks like a claim, but Markdown does not read it as a link: check its brackets',
  'nested-link': 'a link stands inside this claim; Markdown allows no link in a link',
  image: 'this claim is an image; a promise is text: drop the exclamation mark',
  autolink: 'this claim has no text of its own; write [the promise](kept:...)',
  'beyond-table': 'this claim stands beyond the last column of its table, where no reader sees it',
  'too-deep':
    'this lies more than 100 levels deep in quotes, lists or emphasis, and is not read: lay it flat',
  'too-many':
    'this paragraph holds more than 1000 marks that end no emphasis, and they are not read from here on: write \\* where a star is meant, or split it',
  html: 'a claim cannot be written in HTML; write [the promise](kept:...) outside of it',
  'html-unread':
    'this is HTML, in which nothing is read: no promise, and no mistake of its words; write it as Markdown',
  footnote: 'a claim in a footnote is not read, for not every reader sees it: write it in the text',
  text: 'this file is read as plain text, which has no claims: name it as Markdown, security.md',
  space: 'an address ends at a space: write it without any, as kept:backup?every=24h',
}

const strayRules: Partial<Record<Stray['why'], Rule>> = {
  'nested-link': 'nested-link',
  autolink: 'empty-text',
  'html-unread': 'unreadable',
  'too-deep': 'unreadable',
  'too-many': 'unreadable',
}

function sayStray(stray: Stray) {
  const rule = strayRules[stray.why] ?? 'not-a-link'
  const level = stray.why === 'html-unread' ? 'warning' : 'error'
  return { rule, level, message: strayMessages[stray.why] } as const
}

export function readClaims(source: Source): Claim[] {
  const claims: Claim[] = []
  const ids = new Ids<Claim>()
  for (const block of source.prose.blocks) {
    const links = block.links.filter(({ url }) => isAddress(url))
    if (links.length === 0) continue
    const sentences = sentencesOf(block)
    for (const link of links) {
      const context = contextOf(block, link, touching(sentences, link.from, link.to))
      claims.push({ ...readClaim(source, block, link), context })
    }
  }
  for (const claim of claims) if (claim.named) claimId(source, claim, ids)
  for (const claim of claims) if (!claim.named) deriveId(claim, ids)
  spoil(source, claims)
  return claims
}

/**
 * What the page says of itself decides what all its claims mean: months end by its time zone, and
 * which one is meant nobody knows where that cannot be read.
 */
function spoil({ findings }: Source, claims: readonly Claim[]): void {
  const error = findings.find(({ rule, level }) => rule === 'front-matter' && level === 'error')
  if (error) for (const claim of claims) claim.faulty ??= sayFault(error)
}

function sayFault({ line, message }: Finding): string {
  return `line ${line}: ${message}`
}

/** How much of what introduces a claim is read with it, and how much of its sentence on both sides. */
const mostLead = 300
const mostAround = 500

function contextOf(block: Block, link: Link, sentences: readonly Sentence[]): string {
  const [first, last] = [sentences[0], sentences.at(-1)]
  // A sentence without end would be kept whole with each of its claims.
  const from = Math.max(first?.from ?? 0, link.from - mostAround)
  const to = Math.min(last?.to ?? block.text.length, link.to + mostAround)
  const lead = block.lead?.text.slice(-mostLead) ?? ''
  const parts = [block.headings.at(-1) ?? '', lead, block.text.slice(from, to)]
  return parts.filter((part) => part !== '').join(' / ')
}

function readClaim(source: Source, block: Block, link: Link): Omit<Claim, 'context'> {
  const { lines, findings } = source
  const address = parseAddress(link.url)
  const verbatim = source.text.slice(link.urlSpan.from, link.urlSpan.to)
  // Offsets inside the address hold only where the page writes it as it is read.
  const start =
    verbatim === link.url
      ? link.urlSpan.from
      : verbatim === `<${link.url}>`
        ? link.urlSpan.from + 1
        : null
  const faults = address.problems.map(({ rule, message, suggestion, from, to }) => {
    const span: Span =
      start === null ? link.urlSpan : { from: start + from, to: start + Math.max(to, from + 1) }
    return findingAt(lines, span, { rule, level: 'error', message, suggestion })
  })
  const text = (link.label ?? block.text.slice(link.from, link.to)).trim()
  if (text.replace(unseen, '') === '') {
    const message = 'this claim has no text: a promise is what stands between the brackets'
    faults.push(findingAt(lines, link.span, { rule: 'empty-text', level: 'error', message }))
  }
  findings.push(...faults)
  return {
    ...lines.place(link.span.from),
    id: address.id ?? '',
    named: address.id !== null,
    text,
    heading: block.headings.at(-1) ?? '',
    obligations: address.obligations,
    faulty: faults[0] ? sayFault(faults[0]) : null,
    span: link.span,
  }
}

/** What a reader does not see: white space, controls, and what Unicode says to ignore or leave blank. */
const unseen = /[\s\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2800]+/gu

/** Whatever is kept under an id is of one claim: two of the same id are both in error. */
function claimId(source: Source, claim: Claim, ids: Ids<Claim>): void {
  const taken = ids.ownerOf(claim.id)
  if (!taken) {
    ids.take(claim.id, claim)
    return
  }
  const error = findingAt(source.lines, claim.span, {
    rule: 'duplicate-id',
    level: 'error',
    message: `the id "${claim.id}" is already used on line ${taken.line}; ids are unique on a page`,
    suggestion: `#${ids.unique(claim.id)}`,
  })
  source.findings.push(error)
  for (const one of [claim, taken]) one.faulty ??= sayFault(error)
}

/** An id derived from heading and proof; a number keeps it apart from its like. */
function deriveId(claim: Claim, ids: Ids<Claim>): void {
  claim.id = ids.unique(idFor(claim.heading, claim.obligations[0]?.proof.id ?? 'claim'))
  ids.take(claim.id, claim)
}
