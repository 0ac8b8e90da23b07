import type { Obligation } from '../page.ts'
import { readValue, formatValue, type Param, type Value } from '../params.ts'
import { commonParams } from '../proof.ts'
import { findProof } from '../proofs/index.ts'
import type { Block } from '../read/prose.ts'
import { sentencesOf, type Sentence } from '../read/sentences.ts'
import { Analysis } from './analysis.ts'
import { clauseAround } from './clauses.ts'
import { denies, guardOf } from './guards.ts'
import { hosts } from './names.ts'
import { readTerms, type Hit, type Term } from './phrases.ts'
import { rules, type Rule } from './rules.ts'
import { takes, type Place, type Taken } from './takes.ts'

/** A promise found in a block: offsets in the block's text, and what would keep it. */
export interface Recognised {
  from: number
  to: number
  obligations: readonly Obligation[]
}

type Around = Pick<Place, 'context' | 'continued' | 'previous' | 'next'>

interface Row {
  rule: Rule
  terms: readonly Term[]
  not: readonly Term[]
  context: ReadonlySet<string>
  over: ReadonlySet<string>
}

const rows: readonly Row[] = rules.map((rule) => ({
  rule,
  terms: readTerms(rule.words),
  not: readTerms(rule.not),
  context: new Set(readTerms(rule.context).flat()),
  over: new Set(rule.over?.split(' ')),
}))

/** One rule that holds in one sentence; offsets are of the sentence. */
interface Match {
  row: Row
  from: number
  to: number
  obligation: Obligation
}

/** What stands around a sentence and may complete it. */
export interface Surroundings {
  /** The next sentence of the same block, and the items that this one introduces. */
  previous: Sentence | undefined
  next: Sentence | undefined
  afterNext: Sentence | undefined
  items: readonly Block[]
}

/** Finds the promises of one sentence. */
export function recogniseSentence(sentence: Sentence, around: Surroundings): Recognised[] {
  const text = sentence.block.text.slice(sentence.from, sentence.to)
  const analysis = new Analysis(text)
  const guard = guardOf(text)
  if (guard === 'question' || guard === 'future') return []
  const context = new Analysis(contextOf(sentence.block))
  const continued = continuations(around)
  const [previous, next] = [around.previous, around.next].map((one) =>
    one ? new Analysis(textOf(one)) : null,
  )
  const matches: Match[] = []
  for (const row of rows) {
    if (guard !== null && !row.rule.modal) continue
    const match = tryRow(row, analysis, { context, continued, previous: previous!, next: next! })
    if (match) matches.push(match)
  }
  return spread(strongest(matches), analysis, sentence.from)
}

function contextOf(block: Block): string {
  return [block.headings.at(-1), block.headings.at(-2), block.lead?.text].filter(Boolean).join('. ')
}

const goesOn =
  /^(?:for ex(?:ample)?\b|namely|such as|e\.g)|^(?:these|this|those|they|among them)\s+(?:\w+\s+)?(?:include|includes|are|cover|covers|comprise)\b|^including\b/i

function continuations({ next, afterNext, items }: Surroundings): Analysis[] {
  const texts = items.map((item) => item.text)
  for (const following of [next, afterNext])
    if (following && goesOn.test(textOf(following))) texts.push(textOf(following))
  return texts.map((text) => new Analysis(text))
}

function tryRow(row: Row, analysis: Analysis, around: Around): Match | null {
  const { rule } = row
  const { context, continued } = around
  const groups: (readonly Hit[])[] = []
  for (const term of row.terms) {
    const hits = analysis.any(term)
    if (hits.length > 0) groups.push(hits)
    else if (!completes(term, row, context, continued)) return null
  }
  if (groups.length === 0) return null
  const window = narrowest(groups, analysis)
  if (window.end - window.start > (rule.near ?? 24)) return null
  const from = analysis.tokens[window.start]!.from
  const to = analysis.tokens[window.end - 1]!.to
  const clause = clauseAround(analysis.boundaries, analysis.text.length, from, to)
  if (row.not.some((term) => occursIn(analysis, term, clause))) return null
  const denied = denies(analysis.text.slice(clause.from, Math.max(to, clause.from)))
  if (denied && !rule.denial) return null
  if (!rule.provider && speaksOfProvider(analysis)) return null
  const place: Place = { from, to, clause, ...around }
  return toMatch(
    row,
    analysis,
    place,
    denied || denies(analysis.text.slice(clause.from, clause.to)),
  )
}

/** Whether the heading, the lead or the list below supplies a term that the sentence lacks. */
function completes(
  term: Term,
  row: Row,
  context: Analysis,
  continued: readonly Analysis[],
): boolean {
  if (term.some((key) => row.context.has(key) && context.of(key).length > 0)) return true
  if (row.rule.context && term.includes('@severity') && context.of('@severity').length > 0)
    return true
  return term.some((key) => key.startsWith('@') && continued.some((one) => one.of(key).length > 0))
}

/** The narrowest stretch of words that holds one hit of every group. */
function narrowest(
  groups: readonly (readonly Hit[])[],
  analysis: Analysis,
): { start: number; end: number } {
  let best = { start: 0, end: Infinity }
  let least = Infinity
  const rarest = groups.reduce((least, group) => (group.length < least.length ? group : least))
  for (const anchor of rarest.slice(0, 12)) {
    let { start, end } = anchor
    for (const group of groups) {
      if (group === rarest) continue
      let nearest = group[0]!
      const cost = (hit: Hit) =>
        growth(hit, start, end) +
        12 * boundariesIn(analysis, Math.min(start, hit.start), Math.max(end, hit.end))
      for (const hit of group) if (cost(hit) < cost(nearest)) nearest = hit
      start = Math.min(start, nearest.start)
      end = Math.max(end, nearest.end)
    }
    const size = end - start + 12 * boundariesIn(analysis, start, end)
    if (size < least) [best, least] = [{ start, end }, size]
  }
  return best
}

function growth(hit: Hit, start: number, end: number): number {
  return Math.max(0, start - hit.start) + Math.max(0, hit.end - end)
}

function boundariesIn(analysis: Analysis, start: number, end: number): number {
  const [from, to] = [analysis.tokens[start]!.from, analysis.tokens[end - 1]!.to]
  return analysis.boundaries.filter((one) => one.from >= from && one.to <= to).length
}

function occursIn(analysis: Analysis, term: Term, clause: { from: number; to: number }): boolean {
  return analysis.any(term).some((hit) => {
    return (
      analysis.tokens[hit.start]!.from >= clause.from &&
      analysis.tokens[hit.end - 1]!.to <= clause.to
    )
  })
}

function textOf({ block, from, to }: Sentence): string {
  return block.text.slice(from, to)
}

const hostValues: ReadonlySet<string> = new Set(hosts)

/** A sentence that begins with a hosting provider, or with its data centers, speaks of it. */
function speaksOfProvider(analysis: Analysis): boolean {
  const named = analysis.of('@services').some((hit) => hit.start <= 1 && hostValues.has(hit.value))
  return (
    named ||
    /^(?:our|the|its|these|their)?\s*(?:hosting|cloud|infrastructure)?\s*(?:provider|providers|data\s?cent(?:er|re)s?)\b/i.test(
      analysis.text,
    )
  )
}

function toMatch(row: Row, analysis: Analysis, place: Place, denied: boolean): Match | null {
  const { rule } = row
  const proof = findProof(rule.proof)!
  const params: Record<string, Value> = {}
  let { from, to } = place
  const keep = (name: string, taken: Taken) => {
    params[name] = taken.value
    if (taken.from === undefined || taken.from < place.clause.from || taken.to! > place.clause.to)
      return
    from = Math.min(from, taken.from)
    to = Math.max(to, taken.to!)
  }
  for (const [name, how] of Object.entries(rule.take ?? {})) {
    const [reader, ...argument] = how.split(' ')
    const taken = takes[reader!]!(analysis, place, argument.join(' '))
    if (!taken) continue
    if (isTaken(taken)) keep(name, taken)
    else for (const [key, one] of Object.entries(taken)) keep(key, one)
  }
  if (!hasNeeded(rule, params, denied, analysis)) return null
  const known: Record<string, Param> = { ...proof.params, ...commonParams }
  for (const [name, text] of Object.entries(rule.give ?? {})) {
    const reading = readValue(known[name]!, text)
    if ('value' in reading) params[name] = reading.value
  }
  // What the schema would refuse on the page is no value: a sentence may say 400 characters.
  for (const name of Object.keys(params)) {
    const reading = known[name] && readValue(known[name], formatValue(params[name]!))
    if (!reading || !('value' in reading)) return null
  }
  const lacks = Object.entries(proof.params).some(
    ([name, param]) => 'required' in param && params[name] === undefined,
  )
  return lacks ? null : { row, from, to, obligation: { proof, params } }
}

function isTaken(taken: Taken | Record<string, Taken>): taken is Taken {
  return (
    'value' in taken && (typeof taken.value !== 'object' || !('value' in (taken.value as object)))
  )
}

function hasNeeded(
  rule: Rule,
  params: Record<string, Value>,
  denied: boolean,
  analysis: Analysis,
): boolean {
  for (const need of rule.need?.split('&') ?? []) {
    if (need === '!negated') {
      if (!denied) return false
    } else if (need === '!refused') {
      if (!denied && !/\b(?:refus|reject|redirect|disabl|block)/i.test(analysis.text)) return false
    } else if (need === 'severities') {
      if (!['critical', 'high', 'medium', 'low'].some((name) => params[name] !== undefined))
        return false
    } else if (!need.split('|').some((name) => params[name] !== undefined)) return false
  }
  return true
}

/** Drops what a stronger row replaces, and the same proof said twice in the same words. */
function strongest(matches: readonly Match[]): Match[] {
  const kept = matches.filter(
    (match) =>
      !matches.some(
        (other) =>
          other !== match &&
          other.row.over.has(match.obligation.proof.id) &&
          other.obligation.proof.id !== match.obligation.proof.id &&
          overlaps(other, match),
      ),
  )
  const result: Match[] = []
  for (const match of kept) {
    const twin = result.findIndex(
      (other) => other.obligation.proof.id === match.obligation.proof.id && overlaps(other, match),
    )
    if (twin < 0) result.push(match)
    else if (
      Object.keys(match.obligation.params).length >
      Object.keys(result[twin]!.obligation.params).length
    )
      result[twin] = match
  }
  return result.sort((a, b) => a.from - b.from || a.to - b.to)
}

function overlaps(a: { from: number; to: number }, b: { from: number; to: number }): boolean {
  return a.from < b.to && b.from < a.to
}

/** Turns matches into stretches that do not overlap: parted at a connector, or joined in one claim. */
function spread(matches: readonly Match[], analysis: Analysis, offset: number): Recognised[] {
  const { text, boundaries } = analysis
  const groups: { from: number; to: number; members: Match[] }[] = []
  for (const match of matches) {
    const last = groups.at(-1)
    const cut = last && last.to > match.from ? null : last && connector(text, last.to, match.from)
    if (
      last &&
      (cut === null || cut === undefined) &&
      (last.to > match.from ||
        clauseAround(boundaries, text.length, last.from, last.to).to > match.from)
    ) {
      last.to = Math.max(last.to, match.to)
      last.members.push(match)
    } else groups.push({ from: match.from, to: match.to, members: [match] })
  }
  const spans = groups.map((group, i) => {
    const clause = clauseAround(boundaries, text.length, group.from, group.to)
    const before = groups[i - 1]
    const after = groups[i + 1]
    const from =
      before && clause.from < before.to
        ? (connector(text, before.to, group.from)?.to ?? before.to)
        : clause.from
    const to =
      after && clause.to > after.from
        ? (connector(text, group.to, after.from)?.from ?? group.to)
        : clause.to
    return trim(text, Math.min(from, group.from), Math.max(to, group.to))
  })
  return groups.map((group, i) => ({
    from: offset + spans[i]!.from,
    to: offset + spans[i]!.to,
    obligations: unique(group.members.map((member) => member.obligation)),
  }))
}

const connectors = /[;:,]\s+(?:and\s+|but\s+|or\s+)?|\s(?:and|but|while|or|as well as|with)\s/gi

/** Where one promise ends and the next begins, between two stretches. */
function connector(text: string, from: number, to: number): { from: number; to: number } | null {
  let found: { from: number; to: number } | null = null
  for (const match of text.slice(from, to).matchAll(connectors)) {
    found = { from: from + match.index, to: from + match.index + match[0].length }
  }
  return found
}

function trim(text: string, from: number, to: number): { from: number; to: number } {
  const lead = /^(?:[\s,;:.–—-]|(?:and|but|so|also|while|whereas|then|or)\s)+/i.exec(
    text.slice(from, to),
  )
  const tail = /[\s,;:.!?–—]+$/.exec(text.slice(from, to))
  return { from: from + (lead?.[0].length ?? 0), to: to - (tail?.[0].length ?? 0) }
}

function unique(obligations: readonly Obligation[]): Obligation[] {
  const seen = new Set<string>()
  return obligations.filter(({ proof }) => !seen.has(proof.id) && seen.add(proof.id))
}

/** Finds the promises of a whole page, block by block, in all sentences that are not settled. */
export function* recognise(
  blocks: readonly Block[],
  isSettled: (sentence: Sentence) => boolean = () => false,
): Generator<{ block: Block; sentence: Sentence; found: Recognised[] }> {
  const items = new Map<Block, Block[]>()
  for (const block of blocks) {
    if (block.kind !== 'item' || !block.lead) continue
    const known = items.get(block.lead)
    if (known) known.push(block)
    else items.set(block.lead, [block])
  }
  // An item repeats no promise that the line above it makes with it.
  const leads = new Map<Block, ReadonlySet<string>>()
  for (const block of blocks) {
    if (block.kind === 'heading') continue
    const sentences = sentencesOf(block)
    for (const [i, sentence] of sentences.entries()) {
      const last = i === sentences.length - 1
      const below = last && introduces.test(textOf(sentence)) ? (items.get(block) ?? []) : []
      // What introduces items is read all the same, for what it says about them.
      if (below.length === 0 && isSettled(sentence)) continue
      const said = leads.get(block)
      const around = {
        previous: sentences[i - 1],
        next: sentences[i + 1],
        afterNext: sentences[i + 2],
        items: below,
      }
      const found = recogniseSentence(sentence, around).filter(
        ({ obligations }) => !obligations.every(({ proof }) => said?.has(proof.id)),
      )
      const proofs = new Set(
        found.flatMap(({ obligations }) => obligations.map(({ proof }) => proof.id)),
      )
      for (const item of below) leads.set(item, proofs)
      yield { block, sentence, found }
    }
  }
}

const introduces = /:\s*$|\b(?:include|including|following)\b[^.]*[:.]?\s*$/i
