import type { Duration, Instant } from './duration.ts'
import type { Measure } from './evidence.ts'
import type { Limit, Params, Value, Values } from './params.ts'
import type { Subject, SubjectType } from './register.ts'

/**
 * What evidence must carry in `measured`; a trailing `?` marks what may be absent. What was looked at
 * and what was found amiss are told apart: nothing looked at proves nothing.
 *
 * - `number`: zero or more; `count`: a whole one
 * - `amount` and `some`: the same, of which zero proves nothing: rows checked, seconds that a drill took
 * - `words`: a list, of which none proves nothing; `found`: a list that may be empty
 * - `text`: not blank; `yes`: true or false; `instant`: RFC 3339 with an offset, from 1970 to 2200
 */
export type FieldType =
  | 'number'
  | 'count'
  | 'amount'
  | 'some'
  | 'words'
  | 'found'
  | 'text'
  | 'yes'
  | 'instant'
export type Fields = Readonly<Record<string, FieldType | `${FieldType}?`>>

type Numeric = 'number' | 'count' | 'amount' | 'some'
type Listed = 'words' | 'found'
type FieldValue<T> = T extends Numeric | `${Numeric}?`
  ? number
  : T extends 'yes' | 'yes?'
    ? boolean
    : T extends Listed | `${Listed}?`
      ? readonly string[]
      : T extends 'instant' | 'instant?'
        ? Instant
        : string

/** `measured` as a judge sees it, by its fields: instants in milliseconds since 1970. */
export type Measured<M extends Fields> = {
  readonly [K in keyof M]: M[K] extends `${string}?`
    ? FieldValue<M[K]> | undefined
    : FieldValue<M[K]>
}

/** Why the measured facts do not keep the promise, or null when they do. */
export type Objection = string | null

/** Each way in which facts can break a promise, in one place each: a text where they do. */
export type Objections = readonly (string | false | null | undefined)[]

interface Common<P, M> {
  /** The kind of evidence, `<family>.<what>`. */
  kind: string
  of: readonly SubjectType[]
  fields: Fields
  /** Nothing measures it: whoever carries it, it is a person's word and never more than attested. */
  said?: true
  /** How many systems of its types there must be to say anything of one of them; one when absent. */
  atLeast?: number
  /** Fields that a promise with these parameters must find measured, and be something: not zero, not empty. */
  requires?: (params: P, subject: Subject) => readonly string[]
  /** Types the promise names: each must be in the register, and others are left out. */
  types?: (params: P) => readonly SubjectType[] | undefined
  /** Which subjects of those types the promise is about; all of them when absent. */
  about?: (params: P, subject: Subject) => boolean
  /** Systems the promise names, by id or provider: each must be in the register. */
  named?: (params: P) => readonly string[]
  /** Whether enough was looked at, when it was, to say that it holds: a month, where a month is promised. */
  suffices?: (measured: M, params: P, subject: Subject, at: Instant) => boolean
  /** All objections, the first of which is shown. What may be absent and is, is none: `requires` asks for it. */
  holds: (measured: M, params: P, subject: Subject) => Objections
  /** The measured figure as the margin shows it. */
  figure: (measured: M, params: P) => string
  /** `measured` of evidence that keeps the example's promise. */
  good: Readonly<Record<string, Measure>>
  /** `measured` that breaks it although the runner reported a pass; null when only a failure can. */
  bad: Readonly<Record<string, Measure>> | null
}

/**
 * A state that is looked at again and again; evidence older than `age` says nothing. A document with
 * an end of its own has a field `validUntil`: from then on the promise is broken, not only stale.
 */
export interface Observed<P = Values<Params>, M = Measured<Fields>> extends Common<P, M> {
  form: 'observed'
  age: Duration
  /** An end that the promise itself has, besides that of the document; null for none. */
  ends?: (measured: M, params: P, timeZone: string) => Instant | null
}

/** A duty done again and again: the next is due `every` after the last, and late is a missed deadline. */
export interface Repeated<P = Values<Params>, M = Measured<Fields>> extends Common<P, M> {
  form: 'repeated'
  every: (params: P) => Duration
  /** A second bound: so many in each full calendar year. */
  perYear?: (params: P) => number | undefined
  /** What tells one time it was done from another, a report for one: told twice, it was done once. */
  event?: (measured: M) => string | undefined
  /** The day on which it was done, as the evidence has it; when it was observed when absent. */
  day?: (measured: M) => string
}

/**
 * A promise to do something within a time of each event. Each event is a case: evidence carries
 * `case`, `startedAt`, and once they are known `dueAt` and `doneAt`. The due instant is frozen in the
 * evidence when the clock starts and may only move earlier. A case is a text or a whole number; evidence
 * that names none keeps nothing until other such evidence proves the event done.
 */
export interface Clocked<P = Values<Params>, M = Measured<Fields>> extends Common<P, M> {
  form: 'clocked'
  /**
   * Target and promise for one case, by what is known of it when its clock starts. `given`: the due
   * date comes with the evidence. Null: the page promises nothing about such a case.
   */
  within: (params: P, known: Partial<M>) => Limit | 'given' | null
  /** The intake that must be alive, or a missing event means nothing. */
  intake: { kind: string; age: Duration }
  /** With no event, a rehearsal passed within this time keeps the promise; it may measure what a case does. */
  rehearsal: { kind: string; age: Duration }
}

export type Need = Observed | Repeated | Clocked

/** The kinds of evidence that a need reads: its own, and the intake and rehearsal of a clock. */
export function kindsOf(need: Need): string[] {
  return need.form === 'clocked' ? [need.kind, need.intake.kind, need.rehearsal.kind] : [need.kind]
}

type Builder<P> = {
  observed: <const M extends Fields>(
    need: Omit<Observed<P, Measured<M>>, 'form' | 'fields'> & { fields: M },
  ) => Need
  repeated: <const M extends Fields>(
    need: Omit<Repeated<P, Measured<M>>, 'form' | 'fields'> & { fields: M },
  ) => Need
  clocked: <const M extends Fields>(
    need: Omit<Clocked<P, Measured<M>>, 'form' | 'fields'> & { fields: M },
  ) => Need
}

/** A proof: what a promise of this kind means and what must be seen for it to hold. */
export interface Proof {
  id: string
  /** What is true when the verdict is kept, in one sentence. */
  means: string
  params: Params
  /** A promise that names none of these would demand nothing. */
  oneOf?: readonly string[]
  /** What to connect when there is no evidence. */
  connect: string
  /** One claim as a page writes it, in Markdown. */
  example: string
  /** The evidence needed; every need must hold for each of its subjects. */
  needs: readonly Need[]
}

/** Parameters that every proof takes. */
export const commonParams = {
  on: {
    type: 'list',
    says: 'only these systems: ids, environments, providers or tags of systems.yaml',
  },
} as const satisfies Params

/** Declares a proof; `needs` receives builders that know the types of its parameters. */
export function proof<const S extends Params>(
  declared: Omit<Proof, 'params' | 'needs'> & {
    params: S
    needs: (need: Builder<Values<S>>) => readonly Need[]
  },
): Proof {
  const build = {
    observed: (need: object) => ({ form: 'observed', ...need }) as Need,
    repeated: (need: object) => ({ form: 'repeated', ...need }) as Need,
    clocked: (need: object) => ({ form: 'clocked', ...need }) as Need,
  } as unknown as Builder<Values<S>>
  return { ...declared, needs: declared.needs(build) }
}

export type ProofValues = Readonly<Record<string, Value>>
