import { durationLength } from '../duration.ts'
import type { Obligation } from '../page.ts'
import { durationsIn, formatValue, readValue, type Param, type Value } from '../params.ts'
import { commonParams } from '../proof.ts'
import { findProof } from '../proofs/index.ts'
import { isRead, saysNothing, type Analysis } from './analysis.ts'
import { speaksOfAnother } from './apart.ts'
import { endsRange, isCeiling, isFloor } from './bounds.ts'
import { isVerb } from './clauses.ts'
import { denies, hasDenial, isOrder, mayOfReader, type Guard } from './guards.ts'
import {
  bitsOf,
  idOf,
  intersects,
  readMarked,
  union,
  whenRead,
  type Bits,
  type Hit,
  type Mark,
  type Term,
} from './phrases.ts'
import { unread, type Place, type Taken } from './place.ts'
import { rules, type Rule } from './rules/index.ts'
import { borrows, customersAct, others, speaksOfProvider } from './subject.ts'
import { takes } from './takes.ts'

/** What stands around a clause and may complete what it says. */
export interface Around extends Omit<Place, 'from' | 'to'> {
  /** The clause has no subject of its own: its verb goes on with what was said before. */
  carriesOn: boolean
  /** It opens a sentence with a verb, and leaves its subject to what stands above: `Kept for 30 days`. */
  opens: boolean
  /** The line above its list speaks of a provider. */
  ofProvider: boolean
  /** Its question can be answered with yes or no. */
  asks: boolean
  /** It points back to the sentence before: `it`, `these`, `such copies`. */
  pointsBack: boolean
  /** Its object is what the clause before speaks of: `access to them`. */
  refers: boolean
  /** Why the clause before it is no promise, where this one carries it on. */
  guard: Guard | 'order'
}

interface Marked {
  term: Term
  mark: Mark
  /** Numbers of its keys as bits; null where one of them must be read to be found. */
  bits: Bits | null
}

interface Row {
  rule: Rule
  terms: readonly Marked[]
  not: readonly Marked[]
  /** Of the terms, those that only the clause or its label can have. */
  own: readonly Bits[]
  over: ReadonlySet<string>
  /** It promises something of those whom the company uses. */
  ofOthers: boolean
}

/** One rule that holds in one clause; offsets are of the clause. */
export interface Match {
  from: number
  to: number
  over: ReadonlySet<string>
  joins: boolean
  /** It has no word of its own, and only says yes to its question. */
  affirmed: boolean
  obligation: Obligation
}

interface Rows {
  /** The row of each rule, made when a clause first has what it begins with. */
  at: (number: number) => Row
  /** Numbers of the rows, by the number of a key that their first own term can be. */
  byKey: ReadonlyMap<number, number[]>
  /** Those whose first own term must be read to be found, or that have none. */
  others: readonly number[]
}

const rows = whenRead((): Rows => {
  // All of them at once: what a rule names in quotes is looked for from here on.
  const read = rules.map(({ words, not }) => ({ terms: readMarked(words), not: readMarked(not) }))
  const made: Row[] = []
  const byKey = new Map<number, number[]>()
  const others: number[] = []
  for (const [i, { terms }] of read.entries()) {
    const first = terms.find(({ term, mark }) => mark === '' && !term.some(isRead))
    if (!first) others.push(i)
    for (const id of first?.term.map(idOf) ?? []) {
      const known = byKey.get(id)
      if (known) known.push(i)
      else byKey.set(id, [i])
    }
  }
  return { at: (i) => (made[i] ??= toRow(rules[i]!, read[i]!)), byKey, others }
})

type Terms = ReturnType<typeof readMarked>

function toRow(rule: Rule, { terms, not }: { terms: Terms; not: Terms }): Row {
  const marked = terms.map(({ term, mark }) => ({ term, mark, bits: sought(term) }))
  return {
    rule,
    terms: marked,
    not: not.map(({ term, mark }) => ({ term, mark, bits: sought(term) })),
    own: marked.flatMap(({ mark, bits }) => (mark === '' && bits !== null ? [bits] : [])),
    over: new Set(rule.over?.split(' ')),
    ofOthers: /\b(?:vendor|subprocessor|partner|third_party)\b/.test(rule.words),
  }
}

function sought(term: Term): Bits | null {
  return term.some(isRead) ? null : bitsOf(term)
}

/** The rows that may hold in a clause: it, or what names it, has all that they want of the two. */
function rowsFor(clause: Analysis, named: Analysis | null): Row[] {
  const { at, byKey, others } = rows()
  const said = union(clause.bits, named?.bits ?? [])
  const numbers = new Set(others)
  for (const text of [clause, named])
    for (const id of text?.keys ?? []) for (const i of byKey.get(id) ?? []) numbers.add(i)
  return [...numbers]
    .sort((a, b) => a - b)
    .map(at)
    .filter(({ own }) => own.every((bits) => intersects(said, bits)))
}

/** Whether a text has a term. */
function has(text: Analysis, { term, bits }: Marked): boolean {
  return bits === null ? text.has(term) : intersects(text.bits, bits)
}

/** The promises of one clause; loosely those that it only sounds like as well, see `recognise`. */
export function matchClause(clause: Analysis, around: Around, isLoose = false): Match[] {
  // Without a word of its own, a clause can only answer what stands beside it.
  if (saysNothing(clause) && !isMereDenial(clause.text) && !affirms.test(clause.text)) return []
  const matches: Match[] = []
  const facts = new Facts(clause, around, isLoose)
  const named = around.labelKind === null ? null : around.label
  for (const row of rowsFor(clause, named)) {
    const match = tryRow(row, clause, around, facts)
    if (match) matches.push(match)
  }
  const kept = strongest(answers(matches))
  // A link beside borrowed papers would be read as their proof.
  const borrowed = kept.length > 0 && !isLoose && facts.borrows && clause.certificates.length > 0
  return borrowed || leavesFigure(clause, kept) || leavesPlace(clause, kept) ? [] : kept
}

/**
 * Whether a clause says a length of time that none of its promises takes: `made daily, with recovery for
 * the last 35 days`. Who reads the link reads it with the rest, and nothing would prove it.
 */
function leavesFigure(clause: Analysis, matches: readonly Match[]): boolean {
  if (matches.length === 0) return false
  const taken = matches.flatMap(({ obligation }) =>
    Object.values(obligation.params).flatMap(durationsIn).map(durationLength),
  )
  const says = (length: number) => taken.some((one) => isNear(one, length))
  return (
    clause.lengths.some(
      ({ target, promise }) => !says(durationLength(target)) && !says(durationLength(promise)),
    ) ||
    [...clause.text.matchAll(unitless)].some(
      ([, number]) => !unitSeconds.some((unit) => says(Number(number) * unit * 1000)),
    )
  )
}

/** `Gone within 14 days, backups within 28`: the second leaves its unit to the first. */
const unitless = /\b(?:within|in|after|for|under|than) (\d{1,3})(?=[.,;)]|\s*$)/gi
const unitSeconds = [60, 3600, 86_400, 7 * 86_400, 30 * 86_400, 365 * 86_400]

/** The same of a place: `backed up daily to Frankfurt`. Where one moves to in a disaster is a plan. */
function leavesPlace(clause: Analysis, matches: readonly Match[]): boolean {
  return (
    matches.some(({ obligation }) => obligation.proof.id !== 'contingency') &&
    clause.of('@regionNames').length > 0 &&
    !matches.some(({ obligation: { params } }) =>
      ['regions', 'within', 'absent', 'only'].some((name) => Array.isArray(params[name])),
    )
  )
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= 0.05 * Math.max(one, other)
}

/** What several rules ask about a clause, found out once. */
class Facts {
  private readonly clause: Analysis
  private readonly around: Around
  readonly isLoose: boolean
  constructor(clause: Analysis, around: Around, isLoose: boolean) {
    this.clause = clause
    this.around = around
    this.isLoose = isLoose
  }

  private guardCache: Guard | 'order' | undefined
  get guard(): Guard | 'order' {
    if (this.guardCache === undefined) this.guardCache = guardIn(this.clause, this.around)
    return this.guardCache
  }

  private deniesCache: boolean | undefined
  get denied(): boolean {
    return (this.deniesCache ??= denies(this.clause.text))
  }

  get restricts(): boolean {
    return hasDenial(this.clause.text) || /\b(?:only|solely|exclusively)\b/i.test(this.clause.text)
  }

  private customersCache: boolean | undefined
  /** `The customer may ..., conduct a test`: what the customer does is no promise of the company's. */
  get ofCustomers(): boolean {
    return (this.customersCache ??=
      mayOfReader(this.clause.text) ||
      customersAct.test(this.clause.text) ||
      (this.around.carriesOn &&
        isVerb(this.clause.tokens[0]!.word) &&
        this.around.earlier !== null &&
        (mayOfReader(this.around.earlier.text) || customersAct.test(this.around.earlier.text))))
  }

  get ofOthers(): boolean {
    const { earlier, carriesOn } = this.around
    return (
      others.test(this.clause.text) || (carriesOn && earlier !== null && others.test(earlier.text))
    )
  }

  /** The clause with the one that it carries on. */
  get carried(): string {
    const { earlier, carriesOn } = this.around
    return carriesOn && earlier !== null ? `${earlier.text} ${this.clause.text}` : this.clause.text
  }

  private borrowsCache: boolean | undefined
  get borrows(): boolean {
    const { earlier, carriesOn, sentence, rest } = this.around
    // `We use AWS, which is certified` speaks of AWS.
    const before = sentence.text.slice(0, sentence.text.length - rest.text.length)
    const goesOn =
      carriesOn &&
      earlier !== null &&
      isVerb(this.clause.tokens[0]!.word) &&
      !/\b(?:which|who|whose) $/i.test(before.slice(-10))
    const named = [this.clause, ...(goesOn ? [earlier] : [])]
    return (this.borrowsCache ??=
      named.some((text) => text.has(['@services', '@hostNames', 'provider_word'])) &&
      borrows(goesOn ? `${earlier.text} and ${this.clause.text}` : this.clause.text))
  }

  private providerCache: boolean | undefined
  get ofProvider(): boolean {
    return (this.providerCache ??= speaksOfProvider(this.clause, this.around))
  }
}

/** Why a clause, read with what it carries on, is no promise. */
export function guardIn(
  clause: Analysis,
  around: Pick<Around, 'guard' | 'carriesOn' | 'earlier' | 'label' | 'labelKind'>,
) {
  // `Close your account, and it is gone in 30 days` tells nobody what to do.
  const inherits =
    around.carriesOn &&
    !(around.guard === 'order' && /^(?:it|its|it's|they|these|that)\b/i.test(clause.text))
  if (around.guard !== null && inherits) return around.guard
  if (around.earlier === null && isOrder(clause.text)) return 'order'
  // `Uptime in 2025 | 99.98 %`: what the row names is over, or still to come.
  const named = around.labelKind === 'own' && around.label ? around.label.guard : null
  if (named === 'past' || named === 'future') return named
  const { guard } = clause
  // `We aim at two hours and guarantee six` promises the six.
  const range = () => clause.lengths.some((one) => one.target !== one.promise)
  return guard === 'hedge' && range() ? null : guard
}

function tryRow(row: Row, clause: Analysis, around: Around, facts: Facts): Match | null {
  const { rule } = row
  const groups: (readonly Hit[])[] = []
  let viaLabel = false
  let viaEarlier = false
  for (const one of row.terms) {
    const hits =
      one.bits === null || intersects(clause.bits, one.bits) ? clause.any(one.term) : undefined
    if (hits !== undefined && hits.length > 0) groups.push(hits)
    else if (completes(one, around))
      viaEarlier ||= (around.carriesOn || around.refers) && around.earlier !== null
    else if (around.labelKind !== null && around.label && has(around.label, one)) viaLabel = true
    else return null
  }
  if ((rule.bare && !around.verbless) || !passes(row, facts)) return null
  if (!facts.isLoose && speaksOfAnother(rule.proof, facts.carried, around.sentence.text))
    return null
  const window = groups.length > 0 ? narrowest(groups) : { start: 0, end: 1 }
  if (window.end - window.start > (rule.near ?? 26)) return null
  if (
    row.not.some(
      (one) =>
        has(clause, one) ||
        (around.earlier !== null &&
          (viaEarlier || (one.mark === '^' && (around.carriesOn || around.refers))) &&
          has(around.earlier, one)) ||
        (around.verbless &&
          (rule.bare || one.term.includes('subprocessor')) &&
          around.heading !== null &&
          has(around.heading, one)) ||
        ((around.labelKind === 'own' || (one.mark === '~' && viaLabel)) &&
          around.label !== null &&
          has(around.label, one)),
    )
  )
    return null
  const from = clause.tokens[window.start]!.from
  const to = clause.tokens[window.end - 1]!.to
  const match = toMatch(row, clause, { ...around, from, to })
  if (!match) return null
  const alone = groups.length === 0 || (viaLabel && around.labelKind === 'answered')
  const denied =
    (rule.denial === 'needed' || rule.denial === 'some') && viaLabel && isMereDenial(clause.text)
  // `Yes, but it may take a while`: what an answer takes back it does not say.
  if (viaLabel && takesBack(clause, around) && !match.figure) return null
  const affirmed =
    around.asks &&
    /^(?:yes|yep|yeah|sure|of course|absolutely|certainly|correct|indeed)\b/i.test(clause.text)
  const taken = affirmed || (groups.length > 0 && affirms.test(clause.text))
  if (!alone || match.figure) return match
  return denied || taken ? { ...match, affirmed: true } : null
}

const mere =
  /^\W*(?:no|nope|none|never|not at all|not (?:stored|kept|used|supported|available|offered|possible|accepted|allowed|permitted))\b[^.;:]{0,40}\W*$/i
const half =
  /\b(?:yet|unless|except|but|only|comment|longer|until|currently planned|without|than)\b/i

/** `None`, `No, never.`: what the row or the question names is denied as a whole. */
export function isMereDenial(text: string): boolean {
  return mere.test(text) && !half.test(text)
}

/** Words with which an answer takes over what its question says. */
const affirms =
  /^(?:yes|yep|yeah|sure|of course|absolutely|certainly|correct|indeed|always|not unless|never|only)\b/i

const back =
  /^(?:yes|yep|yeah|sure|of course|absolutely|certainly|correct|indeed|in (?:principle|part)|partly|mostly|sometimes)\b.{0,40}\b(?:but|however|although|though|except|unless|depend(?:s|ing)?|partly|mostly|sometimes|eventually|in part|not always|not everywhere)\b/i
const backBehind =
  /^(?:but|however|although|though|unfortunately|that said)\b|, (?:though|however)\b/i

/** Whether an answer, or the sentence behind a bare `Yes`, takes something of it back. */
function takesBack({ text }: Analysis, { next, labelKind }: Around): boolean {
  if (labelKind !== 'answered' || !affirms.test(text)) return false
  return back.test(text) || (text.length < 30 && next !== null && backBehind.test(next.text))
}

/** Whether what stands around supplies a marked term. */
function completes(one: Marked, around: Around): boolean {
  const { mark } = one
  if (mark === '') return false
  if (mark === '+') return around.continued.some((text) => has(text, one))
  const { earlier, previous, label, heading, labelKind } = around
  const inside = (text: Analysis | null) => text !== null && has(text, one)
  if (labelKind === 'own' && inside(label)) return true
  const before = inside(earlier) || (around.pointsBack && inside(previous))
  const above =
    (around.opens && (inside(previous) || inside(heading))) ||
    (around.verbless && around.labelKind === null && inside(heading))
  if (mark === '^')
    return (around.carriesOn && before) || (around.refers && inside(earlier)) || above
  return before || inside(label) || inside(heading)
}

function passes(row: Row, facts: Facts): boolean {
  const { rule } = row
  if (rule.denial === undefined && facts.denied) return false
  if (rule.denial === 'needed' && !facts.denied) return false
  if (rule.denial === 'some' && !facts.restricts) return false
  if (facts.isLoose) return true
  const { guard } = facts
  if (guard === 'question' || guard === 'future') return false
  if (guard !== null && !rule.duty && !(rule.modal && guard === 'supposition')) return false
  if (!rule.modal && facts.ofCustomers) return false
  return rule.provider || (!facts.ofProvider && (row.ofOthers || !facts.ofOthers))
}

/** The narrowest stretch of words that holds one hit of every group. */
function narrowest(groups: readonly (readonly Hit[])[]): { start: number; end: number } {
  const rarest = groups.reduce((least, group) => (group.length < least.length ? group : least))
  let best = { start: 0, end: Infinity }
  for (const anchor of rarest.slice(0, 8)) {
    let { start, end } = anchor
    for (const group of groups) {
      if (group === rarest) continue
      const growth = (hit: Hit) => Math.max(0, start - hit.start) + Math.max(0, hit.end - end)
      let nearest = group[0]!
      for (const hit of group) if (growth(hit) < growth(nearest)) nearest = hit
      start = Math.min(start, nearest.start)
      end = Math.max(end, nearest.end)
    }
    if (end - start < best.end - best.start) best = { start, end }
  }
  return best
}

interface Drawn extends Match {
  /** A value was read in the clause itself. */
  figure: boolean
}

function toMatch(row: Row, clause: Analysis, place: Place): Drawn | null {
  const { rule, over } = row
  const proof = findProof(rule.proof)!
  const params: Record<string, Value> = {}
  let { from, to } = place
  let figure = false
  for (const [name, how] of Object.entries(rule.take ?? {})) {
    const [reader, ...argument] = how.split(' ')
    const taken = takes[reader!]!(clause, place, argument.join(' '))
    if (taken === unread) return null
    if (taken === null) continue
    for (const [key, one] of isTaken(taken) ? [[name, taken] as const] : Object.entries(taken)) {
      params[key] = one.value
      if (one.from === undefined) continue
      if (turns(clause, key, one)) return null
      figure = true
      from = Math.min(from, one.from)
      to = Math.max(to, one.to!)
    }
  }
  const needs = rule.need?.split('&') ?? []
  if (!needs.every((need) => need.split('|').some((name) => params[name] !== undefined)))
    return null
  const known: Record<string, Param> = { ...proof.params, ...commonParams }
  for (const [name, text] of Object.entries(rule.give ?? {})) {
    const reading = readValue(known[name]!, text)
    if ('value' in reading) params[name] = reading.value
  }
  // What the schema would refuse on the page is no value: a sentence may say 400 characters.
  for (const [name, value] of Object.entries(params)) {
    const reading = known[name] && readValue(known[name], formatValue(value))
    if (!reading || !('value' in reading)) return null
  }
  if (!isWhole({ proof, params }) && !rule.joins) return null
  return {
    from,
    to,
    over,
    joins: rule.joins ?? false,
    affirmed: false,
    obligation: { proof, params },
    figure,
  }
}

/** Parameters that say how much at least; `for` where it is a length of time. */
const least: ReadonlySet<string> = new Set(['min', 'length', 'rate', 'zones', 'before', 'for'])

/** Whether a figure bounds from the other side than its parameter: `up to 90 days` is no minimum. */
function turns({ text, lengths }: Analysis, name: string, { value, from, to }: Taken): boolean {
  if (Array.isArray(value)) return false
  if (name === 'max')
    return typeof value === 'number' && isFloor(text, from!, to!) && !hasDenial(text)
  if (!least.has(name)) return false
  const range = lengths.some((one) => one.from === from && one.target !== one.promise)
  return range || isCeiling(text, from!, to!) || endsRange(text, from!)
}

/** Whether a proof takes these parameters: all that it requires are there. */
export function isWhole({ proof, params }: Obligation): boolean {
  const required = Object.entries(proof.params).filter(([, param]) => 'required' in param)
  return (
    required.every(([name]) => params[name] !== undefined) &&
    (proof.oneOf?.some((name) => params[name] !== undefined) ?? true)
  )
}

function isTaken(taken: Taken | Record<string, Taken>): taken is Taken {
  return (
    'value' in taken && (typeof taken.value !== 'object' || !('value' in (taken.value as object)))
  )
}

/** `Yes, we pay for reports` promises what it says; its `Yes` is only the way there. */
function answers(matches: readonly Match[]): readonly Match[] {
  const own = matches.filter(({ affirmed }) => !affirmed)
  return own.length > 0 ? own : matches
}

/** Drops what a stronger row replaces, and the same proof said with fewer figures. */
function strongest(matches: readonly Match[]): Match[] {
  const kept = matches.filter(
    (match) =>
      !matches.some(
        (other) =>
          other.over.has(match.obligation.proof.id) &&
          (size(match) === 0 || size(other) > 0 || other.affirmed) &&
          other.obligation.proof.id !== match.obligation.proof.id,
      ),
  )
  const best = new Map<string, Match>()
  for (const match of kept) {
    const known = best.get(match.obligation.proof.id)
    if (!known || size(match) > size(known)) best.set(match.obligation.proof.id, match)
  }
  return [...best.values()].sort((a, b) => a.from - b.from || a.to - b.to)
}

function size(match: Match): number {
  return Object.keys(match.obligation.params).length
}
