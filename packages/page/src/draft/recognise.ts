import type { Obligation } from '../page.ts'
import type { Block } from '../read/prose.ts'
import { sentencesOf, type Sentence } from '../read/sentences.ts'
import { Analysis } from './analysis.ts'
import { clausesOf, type Clause } from './clauses.ts'
import type { Guard } from './guards.ts'
import { guardIn, matchClause } from './match.ts'
import { Neighbours } from './neighbours.ts'
import { includes, joined, whole } from './said.ts'
import { spread, type Said } from './spread.ts'
import { Page, question, textOf, type Surroundings } from './surroundings.ts'
import { tokenize, type Token } from './tokens.ts'

/** A promise found in a block: offsets in the block's text, and what would keep it. */
export interface Recognised {
  from: number
  to: number
  obligations: readonly Obligation[]
}

/** A sentence as it was read; `isSilent` where nothing of its section or cell can be a promise of today. */
export interface Read {
  block: Block
  sentence: Sentence
  found: Recognised[]
  isSilent: boolean
}

/**
 * Finds the promises of a whole page, block by block. Loosely it takes for one what only sounds like one:
 * it asks not whether a clause tells of what was, will be or may be, or of others and other things. Those
 * are most of its questions, and a claim that is sound read so need not be asked them.
 */
export function* recognise(
  blocks: readonly Block[],
  isSettled: (sentence: Sentence) => boolean = () => false,
  isLoose = false,
): Generator<Read> {
  const page = new Page(blocks)
  for (const [i, block] of blocks.entries()) {
    if (block.kind === 'heading') continue
    const sentences = sentencesOf(block)
    // What introduces items is read all the same, for what it says about them.
    const isRead = (sentence: Sentence) => page.introduces(block) || !isSettled(sentence)
    if (!sentences.some(isRead)) continue
    const surroundings = page.around(block, i)
    const isSilent = surroundings === null
    let answered: { sentence: Sentence; found: Recognised[] } | null = null
    for (const [n, sentence] of sentences.entries()) {
      if (!isRead(sentence)) continue
      const found = surroundings ? recogniseSentence(sentences, n, surroundings, isLoose) : []
      // An item repeats no promise that the line above it makes with it.
      const fresh = found.filter(
        ({ obligations }) => !obligations.every(({ proof }) => surroundings?.said?.has(proof.id)),
      )
      if (answered) {
        const left = answered.found.filter((one) => !saysAll(fresh, one))
        page.note(block, left)
        yield { block, sentence: answered.sentence, found: left, isSilent }
        answered = null
      }
      // A bare `Yes.` waits for the sentence behind it, which may say the same with its figures.
      if (fresh.length > 0 && n < sentences.length - 1 && isAffirmation(textOf(sentence))) {
        answered = { sentence, found: fresh }
        continue
      }
      page.note(block, fresh)
      yield { block, sentence, found: fresh, isSilent }
    }
    if (answered) {
      page.note(block, answered.found)
      yield { block, ...answered, isSilent }
    }
  }
}

/** `Yes, we pay for reports`: what follows the `Yes` is the answer, where it promises something itself. */
function answers(text: string, said: readonly Said[]): readonly Said[] {
  const [first] = said
  if (!first || !isAffirmation(text.slice(first.clause.from, first.clause.to))) return said
  const rest = said.filter(({ clause }) => clause !== first.clause)
  return rest.length === 0 || /^\W*and\b/i.test(text.slice(first.clause.to)) ? said : rest
}

const affirmation =
  /^\W*(?:yes|yep|yeah|sure|of course|absolutely|certainly|correct|indeed)(?:,? (?:we|it|they|you|there) (?:do|are|is|can|will|have))?\W*$/i

/** `Yes.`, `Yes, we do.` */
export function isAffirmation(text: string): boolean {
  return text.length < 30 && affirmation.test(text)
}

/** Whether promises say all that another one does. */
function saysAll(promises: readonly Recognised[], { obligations }: Recognised): boolean {
  const all = promises.flatMap((one) => one.obligations)
  return obligations.every((own) => all.some((one) => includes(one, own)))
}

/** No sentence of a page is longer; what is would cost the square of its length. */
export const mostWords = 300
const mostCharacters = 4000

/** Whether a sentence is too long to be read for promises. */
export function isTooLong(sentence: Sentence): boolean {
  // So many words do not fit in so few letters.
  return sentence.to - sentence.from > 2 * mostWords && wordsOf(sentence) === null
}

/** Null where a sentence is too long. */
function wordsOf(sentence: Sentence): Token[] | null {
  if (sentence.to - sentence.from > mostCharacters) return null
  const tokens = tokenize(textOf(sentence))
  return tokens.length > mostWords ? null : tokens
}

function recogniseSentence(
  sentences: readonly Sentence[],
  n: number,
  surroundings: Surroundings,
  isLoose: boolean,
): Recognised[] {
  const sentence = sentences[n]!
  const tokens = wordsOf(sentence)
  const text = tokens === null ? '' : textOf(sentence)
  if (tokens === null || tokens.length === 0 || question.test(text)) return []
  const clauses = clausesOf(text, tokens)
  const said: Said[] = []
  const lazy = new Neighbours(sentences, n, surroundings)
  let label: Clause | null = null
  let guard: Guard | 'order' = null
  let hasLeft = false
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
    const matches = matchClause(analysis, around, isLoose)
    if (i < clauses.length - 1 && !isLoose) guard = guardIn(analysis, around)
    for (const match of matches) said.push({ clause, match })
    hasLeft ||= matches.length === 0 && around.verbless && analysis.lengths.length > 0
  }
  const sure = hasLeft ? said.filter(({ match }) => !lacksLength(match.obligation)) : said
  return spread(text, sentence.from, whole(joined(answers(text, sure))))
}

/**
 * Whether a promise could take a length of time and has none: one that a clause beside it names, as in
 * `we tell you of any breach; within 4 hours`, may be its own.
 */
function lacksLength({ proof, params }: Obligation): boolean {
  const timed = Object.entries(proof.params).filter(
    ([, { type }]) => type === 'duration' || type === 'limit',
  )
  return timed.length > 0 && timed.every(([name]) => params[name] === undefined)
}
