import type { Obligation } from '../page.ts'
import { formatValue } from '../params.ts'
import type { Block } from '../read/prose.ts'
import { sentencesOf, type Sentence } from '../read/sentences.ts'
import { Analysis } from './analysis.ts'
import { adverb, clausesOf, hasVerb, isAuxiliary, isVerb, type Clause } from './clauses.ts'
import { guardOf, isOpen, isOrder, silences, type Guard } from './guards.ts'
import {
  guardIn,
  isMereDenial,
  isWhole,
  matchClause,
  namesProvider,
  type Around,
  type Match,
} from './match.ts'
import { spread, type Said } from './spread.ts'
import { plain, tokenize } from './tokens.ts'

/** A promise found in a block: offsets in the block's text, and what would keep it. */
export interface Recognised {
  from: number
  to: number
  obligations: readonly Obligation[]
}

/** Finds the promises of a whole page, block by block. */
export function* recognise(
  blocks: readonly Block[],
  isSettled: (sentence: Sentence) => boolean = () => false,
): Generator<{ block: Block; sentence: Sentence; found: Recognised[] }> {
  const page = new Page(blocks)
  for (const [i, block] of blocks.entries()) {
    if (block.kind === 'heading') continue
    const surroundings = page.around(block, i)
    const sentences = sentencesOf(block)
    for (const [n, sentence] of sentences.entries()) {
      // What introduces items is read all the same, for what it says about them.
      if (!surroundings?.items.length && isSettled(sentence)) continue
      const found = surroundings ? recogniseSentence(sentences, n, surroundings) : []
      // An item repeats no promise that the line above it makes with it.
      const fresh = found.filter(
        ({ obligations }) => !obligations.every(({ proof }) => surroundings?.said?.has(proof.id)),
      )
      page.note(block, i, fresh)
      yield { block, sentence, found: fresh }
    }
  }
}

/** What stands around a block. */
interface Surroundings {
  heading: Analysis | null
  /** The row of a cell, or the question that a paragraph answers. */
  label: Analysis | null
  labelKind: Around['labelKind']
  /** Items below, or cells beside. */
  items: readonly Block[]
  beside: readonly Analysis[]
  /** What the block before it under the same heading says last. */
  before: string
  /** The line above the list speaks of a provider, so that what its items name is the provider's. */
  ofProvider: boolean
  said: ReadonlySet<string> | undefined
}

const refusal = /^\W*(?:no\b|not\b|none\b|never\b|n\/a|nope|neither|there is no\b)/i
/** `No.`, but not `Not unless you allow it`. */
function refuses(text: string): boolean {
  return refusal.test(text) && !/^.{0,60}\b(?:unless|except|without|other than|until)\b/i.test(text)
}

const question = /\?["”’)]?\s*$/

/** Knows what belongs together: items and their line, cells and their row, answers and questions. */
class Page {
  private readonly blocks: readonly Block[]
  private readonly items = new Map<Block, Block[]>()
  private readonly proofs = new Map<Block, Set<string>>()
  private readonly known = new Map<string, Analysis>()

  constructor(blocks: readonly Block[]) {
    this.blocks = blocks
    for (const block of blocks) {
      if (block.kind !== 'item' || !block.lead) continue
      const below = this.items.get(block.lead)
      if (below) below.push(block)
      else this.items.set(block.lead, [block])
    }
  }

  /** Remembers what a block promises, for the items it introduces and the cells beside it. */
  note(block: Block, index: number, found: readonly Recognised[]): void {
    if (found.length === 0 || (block.kind !== 'cell' && !this.items.has(block))) return
    const key = block.kind === 'cell' ? this.blocks[this.rowOf(index).first]! : block
    const proofs = this.proofs.get(key) ?? new Set()
    for (const { obligations } of found) for (const { proof } of obligations) proofs.add(proof.id)
    this.proofs.set(key, proofs)
  }

  /** Null where nothing in the block can be a promise of today. */
  around(block: Block, index: number): Surroundings | null {
    const own = block.headings.at(-1) ?? ''
    const lead = block.kind === 'item' ? introduction(block.lead) : ''
    if (silences(own) || silences(lead) || this.isDuty(own, index)) return null
    const before = this.before(block, index)
    const none = {
      label: null,
      labelKind: null,
      items: [],
      beside: [],
      before,
      ofProvider: lead !== '' && namesProvider(new Analysis(lead)),
      said: undefined,
    }
    const heading = this.read([own, block.headings.at(-2), lead].filter(Boolean).join('. '))
    if (block.kind === 'cell') {
      const row = this.rowOf(index)
      if (row.first === index && row.last > index && isName(block.text)) return null
      if (!block.lead) return { ...none, heading }
      const beside = this.blocks
        .slice(index + 1, row.last + 1)
        .map(({ text }) => new Analysis(text))
      // A row promises a thing once; only RTO and RPO are one proof in two columns.
      const told = this.proofs.get(this.blocks[row.first]!)
      const said = told?.has('recovery')
        ? new Set([...told].filter((id) => id !== 'recovery'))
        : told
      return { ...none, heading, label: this.read(block.lead.text), labelKind: 'own', beside, said }
    }
    const items = this.items.get(block) ?? []
    const said =
      block.lead && introduces.test(block.lead.text) ? this.proofs.get(block.lead) : undefined
    const asked = question.test(lead) ? lead : question.test(own) ? own : ''
    if (asked === '') return { ...none, heading, items, said }
    return {
      ...none,
      // Behind a question that is answered with no, what it asks is no heading of what follows.
      heading: refuses(block.text) ? null : heading,
      label: this.read(asCustomer(asked)),
      labelKind: 'answered',
      items,
      said,
    }
  }

  /** The last words of the block before, if it belongs to the same heading. */
  private before({ kind, headings }: Block, index: number): string {
    const one = this.blocks[index - 1]
    if (!one || kind === 'cell' || one.kind === 'cell' || one.kind === 'heading') return ''
    if (one.headings.at(-1) !== headings.at(-1)) return ''
    return one.text.slice(-300)
  }

  private readonly duties = new Map<string, boolean>()

  /** Under `Your side`, what customers must do and what they can use may both stand: the section tells. */
  private isDuty(heading: string, index: number): boolean {
    if (!isOpen(heading)) return false
    const known = this.duties.get(heading)
    if (known !== undefined) return known
    let [all, duties] = [0, 0]
    for (let i = index; this.blocks[i]?.headings.at(-1) === heading && all < 50; i++, all++) {
      const text = this.blocks[i]!.text.slice(0, 300)
      if (isOrder(text) || guardOf(text) === 'advice') duties++
    }
    this.duties.set(heading, duties * 3 >= all)
    return duties * 3 >= all
  }

  private rowOf(index: number): { first: number; last: number } {
    const goesOn = (i: number) => {
      const [before, block] = [this.blocks[i - 1], this.blocks[i]]
      return (
        block?.kind === 'cell' &&
        before?.kind === 'cell' &&
        Boolean(block.lead?.text.endsWith(before.text))
      )
    }
    let [first, last] = [index, index]
    while (goesOn(first)) first--
    while (goesOn(last + 1)) last++
    return { first, last }
  }

  private read(text: string): Analysis | null {
    if (text === '') return null
    const known = this.known.get(text)
    if (known) return known
    const analysis = new Analysis(text.slice(0, 400))
    if (this.known.size < 5000) this.known.set(text, analysis)
    return analysis
  }
}

/** What a line above a list says of each item: a short one, or one that ends in a colon. */
function introduction(lead: Block | null): string {
  if (!lead) return ''
  const last = sentencesOf(lead).at(-1)
  const text = last ? lead.text.slice(last.from, last.to) : ''
  return /[:?]\s*$/.test(text) || text.split(' ').length <= 14 ? text.slice(-300) : ''
}

/** The first cell of a row that only names what the others say. */
function isName(text: string): boolean {
  const tokens = tokenize(text)
  return tokens.length <= 8 && !tokens.some(({ word }) => isAuxiliary(word))
}

/** In a question, `us` and `our` may be the customer's. */
function asCustomer(text: string): string {
  return /\b(?:us|our|my|we|i)\b/i.test(text) ? `${text} (customer)` : text
}

const introduces = /:\s*$|\b(?:include|including|following)\b[^.]{0,80}[:.]?\s*$/i
const goesOn =
  /^(?:for ex(?:ample)?\b|namely|such as|e\.g)|^(?:these|this|those|they|among them)\s+(?:\w+\s+)?(?:include|includes|are|cover|covers|comprise)\b|^including\b/i
const pointing =
  /\b(?:it|its|they|them|their|these|this|those|both|such|the same|one for real|(?:add|adding|change|changing|replace|replacing|use|using|a new) one)\b/i

/** A question that is answered with yes or no, and asks for no plan. */
const polar =
  /^\W*(?:and |so |but )?(?:is|are|do|does|can|could|will|have|has|may)\b(?!.*\b(?:plan|soon|ever|recommend)\b)/i

/** What there is only of something else: `Report on request` is of the test spoken of before. */
const relational =
  /^(?:the |full |old |all |written )?(?:reports?|results?|summary|summaries|findings|fixes|copies|restores?|retests?|drills?)\b/i

function recogniseSentence(
  sentences: readonly Sentence[],
  n: number,
  surroundings: Surroundings,
): Recognised[] {
  const sentence = sentences[n]!
  const text = textOf(sentence)
  if (question.test(text)) return []
  const tokens = tokenize(text)
  if (tokens.length === 0) return []
  const clauses = clausesOf(text, tokens)
  const said: Said[] = []
  const lazy = new Neighbours(sentences, n, surroundings)
  let label: Clause | null = null
  let guard: Guard | 'order' = null
  for (const [i, clause] of clauses.entries()) {
    if (clause.label) {
      label = clause
      continue
    }
    const own = tokens.filter(({ from, to }) => from >= clause.from && to <= clause.to)
    if (own.length === 0) continue
    const offset = clause.from
    const analysis = new Analysis(
      text.slice(clause.from, clause.to),
      own.map((token) => ({ ...token, from: token.from - offset, to: token.to - offset })),
    )
    const around = lazy.around(analysis, clauses, i, label, guard)
    const matches = matchClause(analysis, around)
    if (i < clauses.length - 1) guard = guardIn(analysis, around)
    for (const match of matches) said.push({ clause, match })
  }
  return spread(text, sentence.from, whole(joined(said)))
}

/** What stands around the clauses of one sentence, looked at when a rule asks. */
class Neighbours {
  private readonly sentences: readonly Sentence[]
  private readonly n: number
  private readonly surroundings: Surroundings
  private readonly text: string

  constructor(sentences: readonly Sentence[], n: number, surroundings: Surroundings) {
    this.sentences = sentences
    this.n = n
    this.surroundings = surroundings
    this.text = textOf(sentences[n]!)
  }

  around(
    clause: Analysis,
    clauses: readonly Clause[],
    i: number,
    inline: Clause | null,
    guard: Guard | 'order',
  ): Around {
    const { text, surroundings } = this
    const earlier = lazily(() => (i === 0 ? null : new Analysis(text.slice(0, clauses[i - 1]!.to))))
    const label = lazily(() => this.label(inline))
    const rest = lazily(() =>
      i === clauses.length - 1 ? clause : new Analysis(text.slice(clauses[i]!.from)),
    )
    const sentence = lazily(() => (clauses.length === 1 ? clause : new Analysis(text)))
    const continued = lazily(() => (i === clauses.length - 1 ? this.continued() : []))
    const previous = lazily(() => this.previous())
    const next = lazily(() => this.sentence(1))
    const [first, second] = [clause.tokens[0]!.word, clause.tokens[1]?.word ?? '']
    return {
      bare: clause.tokens.length <= 14 && !clause.tokens.some(({ word }) => isAuxiliary(word)),
      verbless: !hasVerb(clause.tokens) && !clause.tokens.some(({ word }) => isAuxiliary(word)),
      get label() { return label() },
      get earlier() { return earlier() },
      get rest() { return rest() },
      get sentence() { return sentence() },
      get continued() { return continued() },
      get previous() { return previous() },
      get next() { return next() },
      heading: inline ? this.above() : surroundings.heading,
      beside: surroundings.beside,
      labelKind: inline ? 'own' : this.labelKind(),
      carriesOn:
        carriers.test(first) || (/^(?:where|whereby|when)$/.test(first) && carriers.test(second)) || isVerb(first) || (adverb.test(first) && isVerb(second)),
      pointsBack: pointing.test(clause.text) || relational.test(clause.text),
      ofProvider: surroundings.ofProvider,
      opens: i === 0 && isVerb(first) && !inline,
      get asks() { return polar.test(label()?.text ?? '') },
      guard,
    } // prettier-ignore
  }

  /** Words before a colon name more closely than the question or row that stands above them. */
  private label(inline: Clause | null): Analysis | null {
    if (inline) return new Analysis(this.text.slice(inline.from, inline.to))
    return this.labelKind() === null ? null : this.outer()
  }

  private above(): Analysis | null {
    const { heading } = this.surroundings
    const outer = this.labelKind() === null ? null : this.outer()
    return outer && heading ? new Analysis(`${outer.text}. ${heading.text}`) : (outer ?? heading)
  }

  /** A question is answered by the first sentence behind it, or the one behind a mere `Yes.` */
  private labelKind(): Around['labelKind'] {
    if (this.surroundings.labelKind === 'own') return 'own'
    return this.outer() ? 'answered' : null
  }

  private outer(): Analysis | null {
    const { sentences, n, surroundings } = this
    if (surroundings.labelKind === 'own') return surroundings.label
    if (refuses(this.text) && !isMereDenial(this.text)) return null
    let first = n
    while (first > 0 && textOf(sentences[first - 1]!).length < 8) first--
    if (first === 0) return surroundings.label
    const before = textOf(sentences[first - 1]!)
    return question.test(before) ? new Analysis(asCustomer(before)) : null
  }

  private sentence(step: number): Analysis | null {
    const one = this.sentences[this.n + step]
    return one ? new Analysis(textOf(one)) : null
  }

  /** What was said before: the sentence before, and the one before that where it points back itself. */
  private previous(): Analysis | null {
    const { sentences, n, surroundings } = this
    const texts = [
      surroundings.before,
      ...sentences.slice(Math.max(0, n - 2), n).map(textOf),
    ].filter(Boolean)
    const last = texts.at(-1)
    if (last === undefined) return null
    const two = texts.length > 1 && (pointing.test(last) || last.split(' ').length < 6)
    return new Analysis(two ? `${texts.at(-2)} ${last}` : last)
  }

  /** The items this sentence introduces, or sentences that go on with its list. */
  private continued(): Analysis[] {
    const { sentences, n, surroundings } = this
    const last = n === sentences.length - 1
    const texts =
      last && introduces.test(this.text) ? surroundings.items.map(({ text }) => text) : []
    for (const following of [sentences[n + 1], sentences[n + 2]])
      if (following && goesOn.test(textOf(following))) texts.push(textOf(following))
    return texts.map((text) => new Analysis(text))
  }
}

const carriers =
  /^(?:which|who|whose|it|they|these|this|those|both|such|its|their|each|also|then|likewise|thereafter|all of them)$/

function lazily<T>(find: () => T): () => T {
  let found: { value: T } | null = null
  return () => (found ??= { value: find() }).value
}

function textOf({ block, from, to }: Sentence): string {
  return plain(block.text.slice(from, to))
}

/**
 * One promise said over several clauses is one claim, where its rule says so; and what is said twice
 * is bound once, with the figures.
 */
function joined(said: readonly Said[]): Said[] {
  const result: Said[] = []
  for (const one of said) {
    const { proof, params } = one.match.obligation
    const twin = result.find((other) => other.match.obligation.proof.id === proof.id)
    if (!twin) result.push(one)
    else if (one.match.joins && disjoint(twin.match, one.match)) join(twin, one)
    else if (within(one.match, twin.match)) continue
    else if (within(twin.match, one.match)) result[result.indexOf(twin)] = one
    else if (Object.keys(params).length > 0) result.push(one)
  }
  return result.sort((a, b) => a.clause.from - b.clause.from || a.match.from - b.match.from)
}

/** Leaves out what its proof would refuse, and the restore that a whole drill of recovery includes. */
function whole(said: readonly Said[]): Said[] {
  const kept = said.filter(({ match }) => isWhole(match.obligation))
  const drilled = kept.some(
    ({ match: { obligation } }) =>
      obligation.proof.id === 'recovery' && obligation.params['every'] !== undefined,
  )
  return kept.filter(
    ({ match }) => !(drilled && match.obligation.proof.id === 'restore.point-in-time'),
  )
}

function disjoint(a: Match, b: Match): boolean {
  return Object.keys(a.obligation.params).every((name) => b.obligation.params[name] === undefined)
}

/** Whether one says nothing that the other does not say. */
function within(a: Match, b: Match): boolean {
  return Object.entries(a.obligation.params).every(([name, value]) => {
    const other = b.obligation.params[name]
    return other !== undefined && formatValue(other) === formatValue(value)
  })
}

function join(twin: Said, one: Said): void {
  const { proof, params } = twin.match.obligation
  twin.match = {
    ...twin.match,
    to: twin.match.to,
    obligation: { proof, params: { ...params, ...one.match.obligation.params } },
  }
  twin.until = one.clause
}
