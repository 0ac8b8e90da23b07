import type { Block } from '../read/prose.ts'
import { sentencesOf, type Sentence } from '../read/sentences.ts'
import { Analysis } from './analysis.ts'
import { isAuxiliary } from './clauses.ts'
import { guardOf, isOpen, isOrder, silences } from './guards.ts'
import type { Around } from './match.ts'
import { namesProvider } from './subject.ts'
import type { Recognised } from './recognise.ts'
import { plain, tokenize } from './tokens.ts'

/** What stands around a block. */
export interface Surroundings {
  heading: Analysis | null
  /** The row of a cell, or the question that a paragraph answers. */
  label: Analysis | null
  labelKind: Around['labelKind']
  /** Items below, or cells beside. */
  items: readonly Block[]
  beside: readonly Analysis[]
  row: readonly Analysis[]
  /** What the block before it under the same heading says last. */
  before: string
  /** The line above the list speaks of a provider, so that what its items name is the provider's. */
  ofProvider: boolean
  said: ReadonlySet<string> | undefined
}

const refusal = /^\W*(?:no\b|not\b|none\b|never\b|n\/a|nope|neither|there is no\b)/i
/** `No.`, but not `Not unless you allow it`. */
export function refuses(text: string): boolean {
  return refusal.test(text) && !/^.{0,60}\b(?:unless|except|without|other than|until)\b/i.test(text)
}

export const question = /\?["”’)]?\s*$/

/** So many cells beside one, and items below a line, are read for what they say of it. */
const mostBeside = 12
const mostItems = 200

/** Knows what belongs together: items and their line, cells and their row, answers and questions. */
export class Page {
  private readonly blocks: readonly Block[]
  private readonly items = new Map<Block, Block[]>()
  /** Where the cells of each row stand among the blocks. */
  private readonly rows = new Map<number, { first: number; last: number }>()
  private readonly proofs = new Map<Block, Set<string>>()
  private readonly known = new Map<string, Analysis>()

  constructor(blocks: readonly Block[]) {
    this.blocks = blocks
    for (const [i, block] of blocks.entries()) {
      const row = block.cell ? this.rows.get(block.cell.row) : undefined
      if (row) row.last = i
      else if (block.cell) this.rows.set(block.cell.row, { first: i, last: i })
      if (block.kind !== 'item' || !block.lead) continue
      const below = this.items.get(block.lead)
      if (below) {
        if (below.length < mostItems) below.push(block)
      } else this.items.set(block.lead, [block])
    }
  }

  /** Remembers what a block promises, for the items it introduces and the cells beside it. */
  note(block: Block, found: readonly Recognised[]): void {
    if (found.length === 0 || (block.kind !== 'cell' && !this.items.has(block))) return
    const key = block.cell ? this.blocks[this.rows.get(block.cell.row)!.first]! : block
    const proofs = this.proofs.get(key) ?? new Set()
    for (const { obligations } of found) for (const { proof } of obligations) proofs.add(proof.id)
    this.proofs.set(key, proofs)
  }

  /** Whether items stand below a block. */
  introduces(block: Block): boolean {
    return this.items.has(block)
  }

  /** Null where nothing in the block can be a promise of today. */
  around(block: Block, index: number): Surroundings | null {
    const own = block.headings.at(-1) ?? ''
    const lead = block.kind === 'item' ? this.introduction(block.lead) : ''
    if (silences(own) || silences(lead) || this.isDuty(own, index)) return null
    const before = this.before(block, index)
    const none = {
      label: null,
      labelKind: null,
      items: [],
      beside: [],
      row: [],
      before,
      ofProvider: lead !== '' && namesProvider(this.read(lead)!),
      said: undefined,
    }
    const heading = this.read(
      [own, block.headings.at(-2), lead].flatMap((one) => (one ? theirs(one) : [])).join('. '),
    )
    if (block.cell) {
      const row = this.rows.get(block.cell.row)!
      if (row.first === index && row.last > index && isName(block.text))
        return this.isFeature(row) ? { ...none, heading } : null
      if (!block.lead) return { ...none, heading }
      const cells = (from: number, to: number) =>
        this.blocks.slice(from, to).flatMap(({ text }) => this.read(text) ?? [])
      const beside = cells(index + 1, Math.min(row.last, index + mostBeside) + 1)
      const all = cells(row.first + 1, Math.min(row.last, row.first + mostBeside) + 1)
      // A row promises a thing once; only RTO and RPO are one proof in two columns.
      const told = this.proofs.get(this.blocks[row.first]!)
      const said = told?.has('recovery')
        ? new Set([...told].filter((id) => id !== 'recovery'))
        : told
      return {
        ...none,
        heading,
        label: this.read(block.lead.text),
        labelKind: 'own',
        beside,
        row: all,
        said,
      }
    }
    const items = this.items.get(block) ?? []
    const said =
      block.lead && introduces.test(block.lead.text.slice(-300))
        ? this.proofs.get(block.lead)
        : undefined
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

  /** Whether the cells of a row only tick off what the first one names. */
  private isFeature({ first, last }: { first: number; last: number }): boolean {
    const others = this.blocks.slice(first + 1, Math.min(last, first + mostBeside) + 1)
    return (
      others.every(({ text }) => ticked.test(text) || unticked.test(text)) &&
      others.some(({ text }) => ticked.test(text))
    )
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

  private readonly introductions = new Map<Block, string>()

  /** What a line above a list says of each item: a short one, or one that ends in a colon. */
  private introduction(lead: Block | null): string {
    if (!lead) return ''
    const known = this.introductions.get(lead)
    if (known !== undefined) return known
    const last = sentencesOf(lead).at(-1)
    const text = last ? lead.text.slice(last.from, last.to) : ''
    const says = /[:?]\s*$/.test(text) || text.split(' ').length <= 14 ? text.slice(-300) : ''
    this.introductions.set(lead, says)
    return says
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

/** The first cell of a row that only names what the others say. */
function isName(text: string): boolean {
  const tokens = tokenize(text)
  return tokens.length <= 8 && !tokens.some(({ word }) => isAuxiliary(word))
}

const ticked = /^\s*(?:[✓✔✅☑●]\uFE0F?|yes|included)\s*$/i
const unticked = /^\s*(?:[–—✗✘❌×-]|no|n\/a)?\s*$/i

/** Where the company speaks, `your staff` are none of its own; in a question they are. */
function theirs(text: string): string {
  if (question.test(text)) return text
  return text.replace(/\byour (?:own )?(?:staff|employees|personnel|team|people)\b/gi, 'your users')
}

/** In a question, `us` and `our` may be the customer's. */
export function asCustomer(text: string): string {
  return /\b(?:us|our|my|we|i)\b/i.test(text) ? `${text} (customer)` : text
}

export const introduces = /:\s*$|\b(?:include|including|following)\b[^.]{0,80}[:.]?\s*$/i

/** A sentence as a keyboard writes it. */
export function textOf({ block, from, to }: Sentence): string {
  return plain(block.text.slice(from, to))
}
