import pg from 'pg'
import type { QueryConfig, QueryResult } from 'pg'

/** A statement sent before another, in the same round trip. What it returns is dropped. */
export interface Step {
  text: string
  /** Parsed once for a connection. Only where replacing it by an injected PREPARE gains nothing. */
  name?: string
  values?: readonly unknown[]
  /** How its answer must begin. PREPARE takes no utility command, so none can be put in its place unseen. */
  tag?: string
}

/** The parts of `pg` that are used and not promised: its version is pinned, and a test sends every form. */
interface Wire {
  parsedStatements: Record<string, string | undefined>
  parse(message: { text: string; name: string }): void
  bind(message: {
    statement: string
    values: readonly unknown[]
    valueMapper: (value: unknown) => unknown
  }): void
  execute(message: object): void
  /** All of these write here. */
  stream: { write: (bytes: Buffer) => boolean }
}

interface Submitted {
  name: string | undefined
  prepare(wire: Wire): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: { text: string }, wire: Wire): void
  handleError(error: Error, wire: Wire): void
}

const Query = pg.Query as unknown as new (
  config: QueryConfig & { queryMode: 'extended' },
  values: undefined,
  callback: (error: Error | null, result: QueryResult) => void,
) => Submitted

/** What came of a batch. `reached` is how many of its statements were answered; the last is the query's own. */
export interface Answer {
  result: QueryResult
  /** What the server says it did, in full: SELECT 3, SET CONSTRAINTS. */
  tag: string
}

/** An error within a batch, with its place. */
export class BatchError extends Error {
  /** Which step failed; null for the query itself, whose errors may say whatever its SQL wants. */
  readonly step: Step | null

  constructor(cause: Error, step: Step | null) {
    super(cause.message, { cause })
    this.step = step
  }
}

/** Steps and a query before one Sync: an error in one stops all that follow, by the protocol. */
class Batch extends Query {
  readonly #steps: readonly Step[]
  readonly #queryName: string | undefined
  #at = 0
  tag = ''
  /** A step that answered what it cannot answer. */
  replaced: Step | null = null

  constructor(
    steps: readonly Step[],
    config: QueryConfig,
    callback: (error: Error | null, result: QueryResult) => void,
  ) {
    super({ ...config, queryMode: 'extended' }, undefined, callback)
    this.#steps = steps
    this.#queryName = config.name
  }

  /** Whose turn it is; null for the query's. */
  get step(): Step | null {
    return this.#steps[this.#at] ?? null
  }

  get atQuery(): boolean {
    return this.step === null
  }

  /** One write for all: a message each would cost as much again as the rest of the batch. */
  override prepare(wire: Wire): void {
    const messages: Buffer[] = []
    const collector = collect(wire, messages)
    for (const step of this.#steps) sendStep(collector, step, messages)
    super.prepare(collector)
    wire.stream.write(Buffer.concat(messages))
    // The client takes every parsed statement for the one that this name stands for.
    if (!this.atQuery) this.name = undefined
  }

  override handleDataRow(message: unknown): void {
    if (this.atQuery) super.handleDataRow(message)
  }

  override handleCommandComplete(message: { text: string }, wire: Wire): void {
    if (this.atQuery) {
      this.tag = message.text
      super.handleCommandComplete(message, wire)
      return
    }
    const step = this.#steps[this.#at++]!
    if (step.tag !== undefined && !message.text.startsWith(step.tag)) this.replaced ??= step
    if (this.atQuery) this.name = this.#queryName
  }
}

/** The same connection, but that it keeps what it would write. */
function collect(wire: Wire, messages: Buffer[]): Wire {
  const stream = { writable: true, write: (bytes: Buffer) => messages.push(bytes) > 0 }
  return Object.create(wire, { stream: { value: stream } }) as Wire
}

/** What calls a parsed statement without values, by its name: always the same bytes. */
const calls = new Map<string, Buffer>()
const mostCalls = 1000

function sendStep(wire: Wire, { text, name = '', values = [] }: Step, messages: Buffer[]): void {
  const parsed = name !== '' && wire.parsedStatements[name] !== undefined
  const call = parsed && values.length === 0 ? calls.get(name) : undefined
  if (call) return void messages.push(call)
  if (!parsed) wire.parse({ text, name })
  if (name !== '') wire.parsedStatements[name] = text
  const from = messages.length
  wire.bind({ statement: name, values, valueMapper: (value) => value })
  wire.execute({})
  if (name === '' || values.length > 0) return
  if (calls.size === mostCalls) calls.clear()
  calls.set(name, Buffer.concat(messages.slice(from)))
}

/**
 * Sends the steps and the query in one round trip, always in the extended protocol, in which one text is
 * one statement.
 *
 * @throws BatchError with what `pg` reports as its cause
 */
export function sendBatch(
  client: pg.ClientBase,
  steps: readonly Step[],
  config: QueryConfig,
): Promise<Answer & { replaced: Step | null }> {
  return new Promise((resolve, reject) => {
    const batch = new Batch(steps, config, (error, result) => {
      if (error) reject(new BatchError(error, batch.step))
      else resolve({ result, tag: batch.tag, replaced: batch.replaced })
    })
    client.query(batch as unknown as pg.Submittable)
  })
}
