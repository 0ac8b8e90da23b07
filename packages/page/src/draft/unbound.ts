import { isAddress } from '../address.ts'
import { linksIn, type Block } from '../read/prose.ts'
import type { Sentence } from '../read/sentences.ts'
import { Analysis } from './analysis.ts'
import { hasVerb, isAuxiliary } from './clauses.ts'
import { disclaims, guardOf, isOrder, mayOfReader } from './guards.ts'
import { isMereDenial } from './match.ts'
import { readTerms, whenRead } from './phrases.ts'
import { isAffirmation, isTooLong, type Recognised } from './recognise.ts'
import { customersAct, namesProvider, others } from './subject.ts'
import { question, refuses } from './surroundings.ts'
import { topics } from './topics.ts'

/** A stretch of a block's text that states something about a topic and is bound to nothing. */
export interface Unbound {
  block: Block
  from: number
  to: number
  /** What it speaks of. */
  topic: string
}

const known = whenRead(() => topics.map(({ name, words }) => ({ name, terms: readTerms(words) })))

/** What of a sentence no link and no recognised promise covers, where it states something of today. */
export function unboundIn(sentence: Sentence, found: readonly Recognised[]): Unbound[] {
  const { block, from, to } = sentence
  if (block.kind === 'heading' || isTooLong(sentence)) return []
  const whole = block.text.slice(from, to)
  // What is no statement of the company's as a whole is none in its parts.
  if (/[:?]["”’)]?\s*$/.test(whole) || isOrder(whole) || mayOfReader(whole)) return []
  if (isAffirmation(whole) || (block.kind === 'cell' && !block.lead)) return []
  const links = linksIn(block, from, to).filter(({ url }) => isAddress(url))
  const covered = [...found, ...links].toSorted((a, b) => a.from - b.from)
  return restsOf(block.text, from, to, covered).flatMap((rest) => {
    const topic = topicOf(block, rest.from, rest.to, covered.length === 0 && first(sentence))
    return topic === null ? [] : [{ block, ...rest, topic }]
  })
}

function first({ from }: Sentence): boolean {
  return from === 0
}

/** A whole sentence, or stretches of it beside what is covered that are long enough to say something. */
function restsOf(
  text: string,
  from: number,
  to: number,
  covered: readonly { from: number; to: number }[],
): { from: number; to: number }[] {
  if (covered.length === 0) {
    // Of two statements one may be over, and the other still be made.
    const seam = text.indexOf('; ', from)
    return seam < 0 || seam >= to || guardOf(text.slice(from, to)) === null
      ? [{ from, to }]
      : [
          { from, to: seam },
          { from: seam + 2, to },
        ]
  }
  const rests = []
  let at = from
  for (const one of [...covered, { from: to, to }]) {
    const piece = text.slice(at, Math.max(at, one.from))
    const lead = /^(?:[\s,;:.)\]–—-]|(?:and|but|so|while|or|which|because|yes)\b)*/i.exec(piece)![0].length // prettier-ignore
    const words = piece
      .slice(lead)
      .replace(/[\s,;:.([–—-]+$/, '')
      .replace(
        /,? (?:and|but|so|so that|while|whereas|or|which|because|since|as|whereby|with)$/,
        '',
      )
    if (words.split(/\s+/).length >= 5)
      rests.push({ from: at + lead, to: at + lead + words.length })
    at = Math.max(at, one.to)
  }
  return rests
}

/** What only leads elsewhere: `Read more about backups`. */
const leads =
  /^\W*(?:you (?:can|may|will) |please )?(?:read|see|learn|find|refer|visit|contact|e-?mail|write|click|download|request|ask|report|tell|found|look|check|questions|more|for (?:more|details|questions|further))\b/i
/** Who else is spoken of, and what has been: no promise of the company's, whatever it says. */
const theirs =
  /^\W*(?:your (?:own )?(?:[\w-]+ )?(?:providers?|administrators?|admins?|users?|teams?|staff|employees|organi[sz]ation|company|browser|device|responsib\w+)|(?:attackers|hackers|criminals|auditors|regulators|analysts|many|some|most) )\b/i
const been =
  /(?:\bhave|\bhas|['’]ve) (?:[\w-]+ )?(?:never |not |yet )?(?:had|been (?:breached|hacked|attacked)|suffered|experienced|seen|lost)\b/i

function topicOf(block: Block, from: number, to: number, answers: boolean): string | null {
  const text = block.text.slice(from, to)
  const guard = guardOf(text)
  // A hedge is still said of today, and worth saying without it.
  if (guard !== null && guard !== 'hedge') return null
  if (isOrder(text) || mayOfReader(text) || leads.test(text)) return null
  if (theirs.test(text) || been.test(text) || disclaims(text)) return null
  if (customersAct.test(text) || others.test(text)) return null
  const analysis = new Analysis(text)
  if (analysis.tokens.length === 0) return null
  // In running text a long sentence has a verb, though it may be one that nobody told this program of.
  const isNote =
    !(block.kind === 'paragraph' && analysis.tokens.length > 6) &&
    !hasVerb(analysis.tokens) &&
    !analysis.tokens.some(({ word }) => isAuxiliary(word))
  if (namesProvider(analysis) && !/\b(?:we|our|us)\b/i.test(text)) return null
  const above = aboveOf(block, from, text, answers)
  if (isNote && above === null) return null
  const own = nameOf(analysis)
  // A cell that only names something says nothing of its row: `Germany`.
  if (own !== null || above === null || (isNote && block.kind === 'cell')) return own
  return nameOf(new Analysis(above))
}

/** The row of a cell, and the question that a sentence answers, name what these say no more. */
function aboveOf(block: Block, from: number, text: string, answers: boolean): string | null {
  if (isMereDenial(text) || refuses(text)) return null
  if (block.kind === 'cell') return block.lead?.text.slice(0, 400) ?? null
  const asked = askedBefore(block, from)
  if (asked !== '') return asked
  const heading = block.headings.at(-1)?.slice(-400) ?? ''
  return answers && question.test(heading) ? heading : null
}

/** The question that stands before a sentence in its own block: `Laptops? FileVault, all of them.` */
function askedBefore(block: Block, from: number): string {
  return /[^.?!]{1,200}\?\s+$/.exec(block.text.slice(Math.max(0, from - 210), from))?.[0] ?? ''
}

function nameOf(text: Analysis): string | null {
  return known().find(({ terms }) => terms.every((term) => text.has(term)))?.name ?? null
}
