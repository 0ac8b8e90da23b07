import type { Value } from '../params.ts'
import type { Analysis } from './analysis.ts'

/** Where a promise stands: its clause is what is read, all else may only complete it. */
export interface Place {
  /** Offsets, in the clause, of the words that made the match. */
  from: number
  to: number
  /** Whether the clause has no verb of its own: a figure, a heading-like note, a cell. */
  bare: boolean
  /** Whether it has no verb or participle at all. */
  verbless: boolean
  /** What names the clause: the row and column of a cell, the question, the words before a colon. */
  label: Analysis | null
  /** The label is a row or words before a colon, so that its names are the clause's. */
  labelKind: 'own' | 'answered' | null
  /** The clauses before it in the sentence, and the sentence from it on. */
  earlier: Analysis | null
  rest: Analysis
  sentence: Analysis
  heading: Analysis | null
  /** Items of the list, or the sentence, that the promise goes on with. */
  continued: readonly Analysis[]
  /** The cells that follow in the row. */
  beside: readonly Analysis[]
  /** All cells of the row, but for the one that names it. */
  row: readonly Analysis[]
  previous: Analysis | null
  next: Analysis | null
}

/** A value taken from a clause, and the stretch it was read from (none when it came from elsewhere). */
export interface Taken {
  value: Value
  from?: number
  to?: number
}

/** A figure stands there, but nobody can be sure what it says of this promise: so do not bind. */
export const unread = Symbol('unread')

/** What a reader of values finds; null where there is nothing to read. */
export type Reading = Taken | typeof unread | null

export type Take = (
  clause: Analysis,
  place: Place,
  argument: string,
) => Reading | Record<string, Taken>
