import { formatAddress, isAddress } from '../address.ts'
import { readClaims, readSource, type Source } from '../compile.ts'
import { idFor, Ids } from '../ids.ts'
import { lintUnlinked } from '../lints/unlinked.ts'
import type { Draft, Drafted, Format, Unlinked } from '../page.ts'
import { linksIn, type Block } from '../read/prose.ts'
import type { Sentence } from '../read/sentences.ts'
import { Analysis } from './analysis.ts'
import { guardOf } from './guards.ts'
import { recognise } from './recognise.ts'
import { renderMarkdown } from './render.ts'
import { unboundIn, type Unbound } from './unbound.ts'
import { byBlock, type Written } from './written.ts'

/**
 * Turns a page into a Kept page: its prose word for word, each recognised promise a link to what
 * keeps it. What is linked already stays as it is, so that drafting a draft changes nothing.
 */
export function draft(text: string, { format }: { format: Format }): Draft {
  const source = readSource(text, format)
  const { written, figures, unbound } = plan(source)
  const { markdown, kept } =
    format === 'markdown'
      ? endLikeIn(text, insert(source, written))
      : { markdown: renderMarkdown(source, written), kept: written }
  const claims = kept.map((one): Drafted => {
    const { block, from, to, obligations, address } = one
    return {
      ...source.lines.place(block.at(from)),
      text: block.text.slice(from, to),
      address,
      obligations,
    }
  })
  const bound = new Set(kept.map((one) => one.promise))
  const open = lintUnlinked(source).filter(({ span }) => !bound.has(span.from))
  const unrecognised = [...open]
  const named = new Set(open.map(({ span }) => span.from))
  for (const one of [
    ...figures.map((sentence) => unrecognisedFigure(source, sentence)),
    ...unbound.map((one) => unrecognisedTopic(source, one)),
  ]) {
    if (named.has(one.span.from)) continue
    named.add(one.span.from)
    unrecognised.push(one)
  }
  unrecognised.sort((a, b) => a.span.from - b.span.from)
  return { markdown, claims, unrecognised }
}

/** Ends each line as the page does; a draft has the same lines. */
function endLikeIn<T extends { markdown: string }>(page: string, drafted: T): T {
  if (!page.includes('\r')) return drafted
  const ends = page.match(/\r\n?|\n/g)!.values()
  return { ...drafted, markdown: drafted.markdown.replaceAll('\n', () => ends.next().value!) }
}

/**
 * The promises to link, with ids that no claim of the page has; sentences that say a figure and no known
 * promise; and what else is said of a topic and bound to nothing.
 */
function plan(source: Source): { written: Written[]; figures: Sentence[]; unbound: Unbound[] } {
  const ids = new Ids<unknown>()
  for (const claim of readClaims(source)) ids.take(claim.id, claim)
  const written: Written[] = []
  const figures: Sentence[] = []
  const unbound: Unbound[] = []
  const rows = new Set<number>()
  for (const { block, sentence, found, isSilent } of recognise(source.prose.blocks)) {
    if (found.length === 0 && saysFigure(sentence)) figures.push(sentence)
    if (!isSilent) unbound.push(...unboundIn(sentence, found))
    if (block.cell && found.length > 0) rows.add(block.cell.row)
    for (const promise of found) {
      const free = freeStretch(block, promise.from, beforeNote(block.text, promise.to))
      if (!free || losesFigure(block, promise, free)) continue
      const id = ids.unique(idFor(block.headings.at(-1) ?? '', promise.obligations[0]!.proof.id))
      ids.take(id, promise)
      written.push({
        block,
        ...free,
        obligations: promise.obligations,
        address: formatAddress(promise.obligations, id),
        promise: block.at(promise.from),
      })
    }
  }
  // One cell of a row makes its promise, and the others only say more of it.
  const left = unbound.filter(({ block }) => !block.cell || !rows.has(block.cell.row))
  return { written, figures, unbound: left }
}

const figure = ['@length', '@frequency', '@percent', '@cipher', '@certificate', '@tlsVersion']

/** Whether a sentence that nothing links says something of today that could be measured. */
function saysFigure({ block, from, to }: Sentence): boolean {
  const text = block.text.slice(from, to)
  if (linksIn(block, from, to).some(({ url }) => isAddress(url)) || guardOf(text) !== null)
    return false
  return new Analysis(text).has(figure)
}

const inFigures = {
  because: 'it says a figure, and no promise was recognised in it',
  suggestion: 'link it yourself if it promises something; `kept proofs` lists the proofs',
}
const inBusinessDays = {
  because: 'it counts business days, and no proof knows the weekends and holidays between them',
  suggestion: 'say it in calendar days or hours, the longest that it may take',
}

function unrecognisedFigure(source: Source, { block, from, to }: Sentence): Unlinked {
  const span = { from: block.at(from), to: block.behind(to) }
  const text = block.text.slice(from, to)
  const why = new Analysis(text).lengths.some(({ business }) => business)
    ? inBusinessDays
    : inFigures
  return {
    ...source.lines.place(span.from),
    verdict: 'unbacked',
    text,
    ...why,
    span,
  }
}

function unrecognisedTopic(source: Source, { block, from, to, topic }: Unbound): Unlinked {
  const span = { from: block.at(from), to: block.behind(to) }
  return {
    ...source.lines.place(span.from),
    verdict: 'unbacked',
    text: block.text.slice(from, to),
    because: `it speaks of ${topic}, and no promise was recognised in it`,
    suggestion: inFigures.suggestion,
    span,
  }
}

/** The mark of a footnote is a link to some readers: it stays behind the promise, as in `24 hours[^1]`. */
function beforeNote(text: string, to: number): number {
  return to - (/\^\w{1,20}$/.exec(text.slice(Math.max(0, to - 22), to))?.[0].length ?? 0)
}

/**
 * Links do not nest: a promise that touches a claim is linked already; one around another link keeps
 * its longest stretch beside it, if that still says something.
 */
function freeStretch(block: Block, from: number, to: number): { from: number; to: number } | null {
  const touching = linksIn(block, from, to)
  if (touching.length === 0) return { from, to }
  if (touching.some((link) => isAddress(link.url))) return null
  const edges = [from, ...touching.flatMap((link) => [link.from, link.to]), to]
  let best = { from, to: from }
  for (let i = 0; i < edges.length; i += 2) {
    const [start, end] = trimmed(block.text, edges[i]!, edges[i + 1]!)
    if (end - start > best.to - best.from) best = { from: start, to: end }
  }
  return block.text.slice(best.from, best.to).split(' ').length >= 3 ? best : null
}

/** Whether the address holds a figure that would stand outside of the claim's own text. */
function losesFigure(
  { text }: Block,
  { from, to, obligations }: Pick<Written, 'from' | 'to' | 'obligations'>,
  free: { from: number; to: number },
): boolean {
  if (free.from === from && free.to >= beforeNote(text, to)) return false
  if (!formatAddress(obligations, '').includes('=')) return false
  const has = (start: number, end: number) =>
    new Analysis(text.slice(start, end)).has([...figure, '@count'])
  if (has(from, free.from) || has(free.to, to)) return true
  return has(from, to) && !has(free.from, free.to)
}

function trimmed(text: string, from: number, to: number): [number, number] {
  const piece = text.slice(from, Math.max(from, to))
  const lead = /^[\s,;:.)\]]*/.exec(piece)![0].length
  return [from + lead, Math.max(from + lead, from + piece.replace(/[\s,;:(["“‘]+$/, '').length)]
}

/**
 * Writes the links into the source and reads the result again: what a link changed of the page's own
 * text (through emphasis, brackets, code) is taken back. Where that is not enough to tell which link of
 * a block it was, its links are tried one by one.
 */
function insert(
  source: Source,
  written: readonly Written[],
): { markdown: string; kept: readonly Written[] } {
  const all = apply(source.text, written)
  const spoilt = spoiltBlocks(source, all, written)
  if (spoilt.size === 0) return { markdown: all, kept: written }
  const alone = byBlock(written.filter((one) => spoilt.has(one.block)))
  const bad = new Set<Written>()
  for (let n = 0; n < mostTried; n++) {
    const tried = [...alone.values()].flatMap((links) => links.slice(n, n + 1))
    if (tried.length === 0) break
    const failed = spoiltBlocks(source, apply(source.text, tried), tried)
    for (const one of tried) if (failed.has(one.block)) bad.add(one)
  }
  const untried = new Set([...alone.values()].flatMap((links) => links.slice(mostTried)))
  let kept = written.filter((one) => !bad.has(one) && !untried.has(one))
  for (let round = 0; round < 3; round++) {
    const markdown = apply(source.text, kept)
    const again = spoiltBlocks(source, markdown, kept)
    if (again.size === 0) return { markdown, kept }
    kept = kept.filter((one) => !again.has(one.block))
  }
  return { markdown: source.text, kept: [] }
}

/** Nobody's paragraph promises more that Markdown's marks stand in the way of. */
const mostTried = 12

function apply(text: string, written: readonly Written[]): string {
  let markdown = ''
  let at = 0
  for (const { block, from, to, address } of written) {
    const [start, end] = balanced(text, block.at(from), block.behind(to), at)
    markdown += `${text.slice(at, start)}[${text.slice(start, end)}](${address})`
    at = end
  }
  return markdown + text.slice(at)
}

/** A stretch of source that takes in the marks whose partners stand in it: a backtick, an asterisk. */
function balanced(text: string, from: number, to: number, least: number): [number, number] {
  let [start, end] = [from, to]
  for (const mark of ['`', '**', '__', '*', '_', '~~']) {
    const inside = text.slice(start, end).split(mark).length - 1
    if (inside % 2 === 0) continue
    if (text.startsWith(mark, end)) end += mark.length
    else if (start - mark.length >= least && text.startsWith(mark, start - mark.length))
      start -= mark.length
  }
  return [start, end]
}

function spoiltBlocks(source: Source, markdown: string, kept: readonly Written[]): Set<Block> {
  const again = readSource(markdown, 'markdown').prose.blocks
  const before = source.prose.blocks
  const links = byBlock(kept)
  if (again.length !== before.length) return new Set(links.keys())
  const spoilt = new Set<Block>()
  before.forEach((block, i) => {
    const added = links.get(block)?.length
    if (added === undefined) return
    const after = again[i]!
    if (after.text !== block.text || after.links.length !== block.links.length + added)
      spoilt.add(block)
  })
  return spoilt
}
