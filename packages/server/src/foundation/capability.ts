import type { Instant, Measure, Outcome, System } from '@kept/page'
import type { z } from 'zod'
import type { Operation, Route } from './operation.ts'
import type { Outside } from './outside.ts'
import type { Transaction } from './transaction.ts'

/** A room of the house: everything about one thing, in one folder. */
export interface Capability {
  name: string
  /** The folder of its migrations, plain SQL in order of name; absent when it keeps no tables. */
  migrations?: string
  /** All its operations: with routes, jobs and beats, or of none. */
  operations?: readonly Pick<Operation, 'action'>[]
  /** The file of the policies that say who may do them; whatever it does not permit nobody may. */
  policy?: string
  /** What each process asks, as the operator, before it listens or works. */
  begin?: Operation
  routes?: readonly Route[]
  jobs?: readonly Job[]
  collectors?: readonly Collector[]
  /** What the worker does again and again. */
  beats?: readonly Beat[]
  /** Answers the alarms of the clocks that this capability started. */
  onAlarm?: AlarmHandler
  /** What personal or tenants' data it keeps: read by export and erase. */
  holdings: readonly Holding[]
}

/**
 * An operation that the worker runs every so many seconds; it must do nothing when nothing is due. Of
 * its output `more` has it run again at once, and `troubles` go into the log.
 */
export interface Beat {
  every: number
  operation: Operation
}

export type AlarmHandler = (tx: Transaction, alarm: Alarm) => Promise<void>

/** A table's personal or tenants' data. */
export interface Holding {
  table: string
  holds: string
  /** Columns that name a person, if any. */
  personal: readonly string[]
  tenant: boolean
}

/**
 * Work that is done later, through the same gate. What goes outside happens between its operations,
 * where no transaction is open.
 */
export interface Job<I extends z.ZodType = z.ZodType> {
  name: `${string}.${string}`
  says: string
  input: I
  run(work: JobContext, input: z.output<I>): Promise<void>
}

export function job<I extends z.ZodType>(declared: Job<I>): Job {
  return declared
}

export interface JobContext {
  /** Runs an operation as the worker, through the gate. */
  ask<I extends z.ZodType, O extends z.ZodType>(
    operation: Operation<I, O>,
    input: z.input<I>,
  ): Promise<z.output<O>>
  outside: Outside
  now(): Instant
  signal: AbortSignal
  /** For the operator's eyes; facts are allow-listed by the logger. */
  log(facts: { error?: unknown; note?: string }): void
}

/** An alarm of a clock that has become due: `fraction` of its time has passed. */
export interface Alarm {
  clock: string
  owner: string
  kind: string
  subject: string
  fraction: number
  startedAt: Instant
  dueAt: Instant
}

/** What a collector saw of a subject. `note` says why a check could not run, in plain words. */
export interface Observation {
  outcome: Outcome
  measured: Readonly<Record<string, Measure>>
  note?: string
  /** When it was so, where a look only reads what was seen before it. */
  observedAt?: Instant
}

/** Makes evidence of one kind, about one subject at a time, again and again. */
export interface Collector {
  kind: string
  /** Types of subjects it can look at. */
  of: readonly System['type'][]
  /** Seconds from one look to the next. */
  every: number
  /** Seconds after which a look is given up and counts as inconclusive. */
  timeout: number
  collect(subject: System, context: CollectorContext): Promise<Observation>
}

export interface CollectorContext {
  /** Runs an operation as the worker, through the gate: for what Kept itself knows of the subject. */
  ask: JobContext['ask']
  outside: Outside
  now: Instant
  signal: AbortSignal
  /** The page and the systems as applied now. */
  page: { source: string; contact: string | null }
  subjects: readonly System[]
}
