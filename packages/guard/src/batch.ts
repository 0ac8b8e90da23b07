import pg from 'pg'
import type { FieldDef, QueryArrayConfig, QueryConfig, QueryResult } from 'pg'
import { serialize } from 'pg-protocol'

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
  stream: { writable: boolean; write: (bytes: Buffer) => boolean }
  sendCopyFail(reason: string): void
  sync(): void
}
interface Collected extends QueryResult {
  parseRow(fields: unknown): unknown
  addRow(row: unknown): void
  addFields(fields: readonly FieldDef[]): void
  addCommandComplete(message: { text: string }): void
}
const { Result, utils } = pg as unknown as {
  Result: new (rowMode: string | undefined, types: QueryConfig['types']) => Collected
  utils: { prepareValue: (value: unknown) => unknown }
}

type Asked = QueryConfig & Partial<Pick<QueryArrayConfig, 'rowMode'>>

/** For the guard's own questions: an app may have its pool read numbers as it likes, and in binary. */
export const asText: NonNullable<QueryConfig['types']> = {
  getTypeParser: () => (text: string) => text,
}

/** What came of a batch. */
export interface Answer {
  result: QueryResult
  /** What the server says the query did, in full: SELECT 3, SET CONSTRAINTS. */
  tag: string
  /** A step that answered what it cannot answer. */
  replaced: Step | null
}

/** An error within a batch, with its place. */
export class BatchError extends Error {
  /** Which step failed; null for the query itself, whose errors may say whatever its SQL wants. */
  readonly step: Step | null
  /** False where nothing of the batch left this process. */
  readonly sent: boolean

  constructor(cause: Error, step: Step | null, sent: boolean) {
    super(cause.message, { cause })
    this.step = step
    this.sent = sent
  }
}

/** What is known of one connection: bytes that are always the same, and what named queries answer with. */
interface Known {
  calls: Map<string, Buffer>
  fields: Map<string, readonly FieldDef[]>
}
const known = new WeakMap<Wire, Known>()
const mostKnown = 1000

function knownOf(wire: Wire): Known {
  const found = known.get(wire) ?? { calls: new Map(), fields: new Map() }
  known.set(wire, found)
  return found
}

function remember<T>(map: Map<string, T>, name: string, value: T): void {
  if (map.size === mostKnown) map.clear()
  map.set(name, value)
}

/** Where a plan's columns changed under a name. No SQL can say who reports an error. */
export function isOutdated(cause: { routine?: string }): boolean {
  return cause.routine === 'RevalidateCachedQuery'
}

/** PostgreSQL refuses to answer these with other columns than when they were parsed; not so FETCH or EXECUTE. */
const fixedColumns = /^\s*(?:select|with|insert|update|delete|merge)\b/i

const executeAndSync = Buffer.concat([serialize.execute(), serialize.sync()])

/** What a statement is called on its connection. */
type Hide = (name: string) => string

/** Steps and a query before one Sync: an error in one stops all that follow, by the protocol. */
class Batch {
  /** The client takes every parsed statement for the one that this name stands for. */
  name = ''
  readonly text: string
  /** The client puts its time limit around it. */
  callback: (error: Error | null) => void = () => {}
  binary = false
  readonly #result: Collected
  readonly #steps: readonly Step[]
  readonly #query: Asked
  readonly #hide: Hide
  /** Empty for a query that has none. */
  readonly #name: string
  #at = 0
  /** What the server will have parsed once this is sent. */
  readonly #parses: [string, string][] = []
  #known: Known | null = null
  #broken: Error | null = null
  tag = ''
  replaced: Step | null = null
  /** What could not be sent is the query's own fault. */
  sent = false

  constructor(steps: readonly Step[], query: Asked, hide: Hide) {
    this.#steps = steps
    this.#query = query
    this.#hide = hide
    this.#name = query.name === undefined ? '' : hide(query.name)
    this.text = query.text
    this.#result = new Result(query.rowMode, query.types)
    if (steps.length === 0) this.name = this.#name
  }

  get result(): QueryResult {
    return this.#result
  }

  /** By this the client gives it the parsers of its pool. */
  get _result(): Collected {
    return this.#result
  }

  /** Whose turn it is; null for the query's. */
  get step(): Step | null {
    return this.sent ? (this.#steps[this.#at] ?? null) : null
  }

  /** Called by the client when it is this one's turn. One write for all: each has its price. */
  submit(wire: Wire): Error | null {
    this.#known = knownOf(wire)
    const messages: Buffer[] = []
    try {
      for (const step of this.#steps) this.#pushStep(wire, step, messages)
      this.#pushQuery(wire, messages)
    } catch (error) {
      return error as Error
    }
    this.sent = true
    for (const [name, text] of this.#parses) wire.parsedStatements[name] = text
    if (wire.stream.writable) wire.stream.write(Buffer.concat(messages))
    return null
  }

  #pushStep({ parsedStatements }: Wire, step: Step, messages: Buffer[]): void {
    const { calls } = this.#known!
    const { text, values } = step
    const name = step.name === undefined ? '' : this.#hide(step.name)
    const parsed = name !== '' && parsedStatements[name] !== undefined
    const call = parsed && !values ? calls.get(name) : undefined
    if (call) return void messages.push(call)
    if (!parsed) messages.push(serialize.parse({ text, name }))
    if (!parsed && name !== '') this.#parses.push([name, text])
    const bound = serialize.bind({
      statement: name,
      values: (values ?? []) as unknown[],
      valueMapper: utils.prepareValue,
    })
    messages.push(bound, serialize.execute())
    if (name === '' || values) return
    remember(calls, name, Buffer.concat([bound, serialize.execute()]))
  }

  #pushQuery({ parsedStatements }: Wire, messages: Buffer[]): void {
    const { text, values = [] } = this.#query
    const name = this.#name
    const parsed = name === '' ? undefined : parsedStatements[name]
    if (parsed !== undefined && parsed !== text) {
      throw new Error(
        `Prepared statements must be unique - '${name}' was used for another statement`,
      )
    }
    if (parsed === undefined) messages.push(serialize.parse({ text, name }))
    const binary = this.binary && this.#query.types !== asText
    const valueMapper = utils.prepareValue
    messages.push(serialize.bind({ statement: name, values, valueMapper, binary }))
    const fields = parsed === undefined ? undefined : this.#known!.fields.get(name)
    if (fields) this.#result.addFields([...fields])
    else messages.push(serialize.describe({ type: 'P' }))
    messages.push(executeAndSync)
  }

  handleRowDescription({ fields }: { fields: FieldDef[] }): void {
    if (this.#at < this.#steps.length) return
    try {
      this.#result.addFields(fields)
    } catch (error) {
      this.#broken = error as Error
    }
  }

  handleDataRow({ fields }: { fields: unknown }): void {
    if (this.#at < this.#steps.length || this.#broken) return
    try {
      this.#result.addRow(this.#result.parseRow(fields))
    } catch (error) {
      this.#broken = error as Error
    }
  }

  handleCommandComplete(message: { text: string }): void {
    if (this.#at === this.#steps.length) return this.#complete(message)
    const step = this.#steps[this.#at++]!
    if (step.tag !== undefined && !message.text.startsWith(step.tag)) this.replaced ??= step
    if (this.#at === this.#steps.length) this.name = this.#name
  }

  #complete(message: { text: string }): void {
    this.tag = message.text
    this.#result.addCommandComplete(message)
    const { fields } = this.#known!
    if (this.#name === '' || fields.has(this.#name) || !fixedColumns.test(this.text)) return
    // What one scope does to its answer is not what the next is told.
    remember(
      fields,
      this.#name,
      this.#result.fields.map((field) => Object.freeze(field)),
    )
  }

  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}
  handleCopyInResponse(wire: Wire): void {
    this.#broken = new Error('a scope copies nothing in: insert rows instead')
    wire.sendCopyFail(this.#broken.message)
    // The server drops a Sync that comes while it copies in.
    wire.sync()
  }

  handleError(error: Error): void {
    this.callback(this.#broken ?? error)
  }

  handleReadyForQuery(): void {
    this.callback(this.#broken)
  }
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
  query: QueryConfig,
  hide: Hide = (name) => name,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const batch = new Batch(steps, query, hide)
    batch.callback = (error) => {
      const { tag, replaced, step, result, sent } = batch
      if (error) reject(new BatchError(error, step, sent))
      else resolve({ result, tag, replaced })
    }
    client.query(batch as unknown as pg.Submittable)
  })
}
