import type { Sentence } from '../read/sentences.ts'
import { Analysis } from './analysis.ts'
import { adverb, hasVerb, isAuxiliary, isNoun, isVerb, type Clause } from './clauses.ts'
import type { Guard } from './guards.ts'
import { isMereDenial, type Around } from './match.ts'
import { tokenize, type Token } from './tokens.ts'
import {
  asCustomer,
  introduces,
  question,
  refuses,
  textOf,
  type Surroundings,
} from './surroundings.ts'

const goesOn =
  /^(?:for ex(?:ample)?\b|namely|such as|e\.g)|^(?:these|this|those|they|among them)\s+(?:\w+\s+)?(?:include|includes|are|cover|covers|comprise)\b|^including\b/i
const pointing =
  /\b(?:it|its|they|them|their|these|this|those|both|such|the same|one for real|(?:add|adding|change|changing|replace|replacing|use|using|a new) one|new ones|(?:practi[sc]e|rehearse|drill|exercise) that)\b/i

/** Behind another word, it stands for what the clause before speaks of: `and access to them is reviewed`. */
const object = /\b(?:to|of|for|in|on|by|from|with|into|between|behind) (?:it|them|these|those)\b/i

/** What may point over the clause before: `such a report`. */
const further = /\b(?:these|this|those|both|such|the same|ones?|that)\b/i

/** A question that is answered with yes or no, and asks for no plan. */
const polar =
  /^\W*(?:and |so |but )?(?:is|are|do|does|can|could|will|have|has|may)\b(?!.*\b(?:(?<!continuity |recovery |response |contingency )plan|soon|ever|recommend)\b)/i

/** What there is only of something else: `Report on request` is of the test spoken of before. */
const relational =
  /^(?:the |full |old |all |written )?(?:reports?|results?|summary|summaries|findings|fixes|copies|restores?|retests?|drills?)\b|^(?:shorter|longer|fewer) than\b|^(?:you(?:'ll| will| shall)? hear from us|we(?:'ll| will| shall)? (?:answer|reply|respond|get back))\b/i

/** `High: 7 days.` goes on with the answer that `Critical: 24 hours.` began. */
const named = /^\p{L}[\w /-]{1,30}:\s.{1,40}$/u

/** So much of what stands around a sentence is read for it, in UTF-16 units. */
const most = 1000

/** What stands around the clauses of one sentence, looked at when a rule asks. */
export class Neighbours {
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
    const earlier = lazily(() => (i === 0 ? null : new Analysis(before(text, clauses[i - 1]!.to))))
    const label = lazily(() => this.label(inline))
    const rest = lazily(() =>
      i === clauses.length - 1 ? clause : new Analysis(text.slice(clauses[i]!.from)),
    )
    const sentence = lazily(() => (clauses.length === 1 ? clause : new Analysis(text)))
    const continued = lazily(() => (i === clauses.length - 1 ? this.continued() : []))
    const previous = lazily(() => this.previous())
    const next = lazily(() => this.sentence(1))
    // `It` is what the same sentence speaks of, unless that points back itself.
    const reaches = () =>
      i === 0 || further.test(clause.text) || pointing.test(text.slice(0, clauses[i - 1]!.to))
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
      row: surroundings.row,
      labelKind: inline ? 'own' : this.labelKind(),
      carriesOn:
        carriers.test(first) ||
        /, (?:which|whose) $/.test(text.slice(0, clauses[i]!.from)) ||
        (/^(?:where|whereby|when)$/.test(first) && carriers.test(second)) || isVerb(first) || (adverb.test(first) && isVerb(second)),
      get pointsBack() { return relational.test(clause.text) || (pointing.test(clause.text) && reaches()) },
      refers: i > 0 && object.test(clause.text),
      ofProvider: surroundings.ofProvider,
      opens: i === 0 && isVerb(first) && !inline && !hasSubject(clause.tokens),
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
    const isOf = (before: string) =>
      before.length < 8 || (named.test(this.text) && named.test(before))
    while (first > 0 && isOf(textOf(sentences[first - 1]!))) first--
    if (first === 0) return surroundings.label
    const before = textOf(sentences[first - 1]!)
    return question.test(before) ? new Analysis(asCustomer(before)) : null
  }

  private sentence(step: number): Analysis | null {
    const one = this.sentences[this.n + step]
    return one ? new Analysis(textOf(one).slice(0, most)) : null
  }

  /** What was said before: the sentence before, and the one before that where it points back itself. */
  private previous(): Analysis | null {
    const { sentences, n, surroundings } = this
    const texts = [
      surroundings.before,
      ...sentences.slice(Math.max(0, n - 2), n).map((one) => textOf(one).slice(-most)),
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
      last && introduces.test(this.text)
        ? surroundings.items.map(({ text }) => text.slice(0, most))
        : []
    for (const following of sentences.slice(n + 1, n + 3).map(textOf))
      if (goesOn.test(following)) texts.push(following.slice(0, most))
    return texts.map((text) => new Analysis(text))
  }
}

const leaning =
  /^\W*(?:and |but |also |then )*(?:they|it|these|those|this|that|which|whose|who|both|each|all of|their|its|such)\b/i

/** What a clause goes on with: all that is said before, from the last semicolon on where that begins anew. */
function before(text: string, to: number): string {
  const from = text.lastIndexOf('; ', to - 1) + 1
  const last = text.slice(from, to)
  const [first] = tokenize(last)
  return from === 0 || !first || leaning.test(last) || isVerb(first.word) ? text.slice(0, to) : last
}

/** `Deleted accounts can be restored`: a participle before a noun only describes the subject. */
function hasSubject(tokens: readonly Token[]): boolean {
  const [first, second] = tokens
  return (
    /^[a-z-]{3,}(?:ed|en)$/.test(first!.word) &&
    isNoun(second?.word ?? '') &&
    tokens.some(({ word }) => isAuxiliary(word))
  )
}

const carriers =
  /^(?:which|who|whose|it|they|these|this|those|both|such|its|their|each|also|then|likewise|thereafter|all of them)$/

function lazily<T>(find: () => T): () => T {
  let found: { value: T } | null = null
  return () => (found ??= { value: find() }).value
}
