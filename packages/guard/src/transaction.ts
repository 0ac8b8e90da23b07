import type { Pool, QueryConfig, QueryResult } from 'pg'
import { asText, BatchError, isOutdated, type Step } from './batch.ts'
import { GuardFailure } from './failure.ts'
import {
  doomed,
  ended,
  finished,
  inUse,
  overlap,
  readsOnly,
  rolledBack,
  unknown,
} from './endings.ts'
import { lease, mostTries, type Lease } from './lease.ts'
import type { Demands } from './look.ts'
import type { Backend, Opening } from './opening.ts'
import { whoAndWhen, type WhoAndWhen } from './seal.ts'
import { endsTransaction, runsCommands } from './statement.ts'
import {
  causeOf,
  explain,
  isExpired,
  isLost,
  isPoisoned,
  isUnanswered,
  type Reported,
} from './trouble.ts'

/** What all transactions of one guard have in common. */
export interface Ground extends Demands {
  pool: Pool
  opening: Opening
  /** Where a tenant's rows are that moved away. */
  pools: ((destination: string) => Pool) | null
}

/** A transaction of a query builder in a scope, which is a savepoint. */
export interface Block {
  close(): void
}

/** Milliseconds in which a sealed transaction must begin: that long a token can be used again. */
const patience = 2000

/** A moved tenant may have moved on. */
const mostMoves = 4

/**
 * The transaction of a scope. It takes a connection and opens with its first query, in the same round trip.
 * One that only reads is a transaction for each query instead, without BEGIN and COMMIT, so that nobody waits
 * for either: at READ COMMITTED each query has a snapshot of its own in any case.
 */
export class TenantTransaction {
  readonly #ground: Ground
  readonly #tenant: string
  readonly #readOnly: boolean
  readonly #whole: boolean
  #pool: Pool
  #moves = 0
  #lease: Lease | null = null
  #began = false
  #erred = false
  #tidies = false
  #finished = false
  /** Why no query may run any more, where that is no good end. */
  #over: GuardFailure | null = null
  /** What an inner scope threw. */
  #doom: unknown = null
  #running = 0
  #last: Promise<unknown> | null = null
  readonly #atCommit: Step[] = []
  #block: Block | null = null
  queries = 0

  /** `whole` for one transaction in any case. */
  constructor(ground: Ground, tenant: string, readOnly: boolean, { whole = false } = {}) {
    this.#ground = ground
    this.#pool = ground.pool
    this.#tenant = tenant
    this.#readOnly = readOnly
    this.#whole = whole
  }

  /** Whether each query is a transaction of its own. A token for one transaction needs one to be asked in. */
  get single(): boolean {
    return this.#readOnly && !this.#whole && !(this.#ground.keyId !== null && this.#ground.pooler)
  }

  get readOnly(): boolean {
    return this.#readOnly
  }

  /**
   * Runs after whatever was asked before: two places that share a scope take turns. A text that is no
   * template and has no name may be another each time, so that a sealed scope tidies up after it.
   */
  run(query: QueryConfig, { fixed = true } = {}): Promise<QueryResult> {
    this.#tidyAfter(fixed)
    const mine = this.#inTurn(query, this.#running++ === 0 ? null : this.#last)
    this.#last = mine
    return mine
  }

  async #inTurn(query: QueryConfig, before: Promise<unknown> | null): Promise<QueryResult> {
    try {
      if (before) await before.catch(() => {})
      return await this.#answer(query)
    } finally {
      this.#running--
    }
  }

  /**
   * Sends a statement in the round trip of the COMMIT, in the scope; its failure undoes everything. `first`
   * before all others that do.
   *
   * @throws GuardFailure `scope-ended` for a COMMIT or ROLLBACK of its own
   */
  atCommit(step: Step, { fixed = true, first = false } = {}): void {
    if (endsTransaction(step.text)) throw ended('a statement')
    this.#tidyAfter(fixed)
    this.#atCommit.splice(first ? 0 : this.#atCommit.length, 0, step)
  }

  #tidyAfter(fixed: boolean): void {
    this.#tidies ||= !fixed && this.#ground.keyId !== null && !this.#ground.pooler
  }

  /**
   * Begins a savepoint's block within that one, or within none: two at once would undo each other's work.
   *
   * @throws GuardFailure `scope-in-use` where another is open
   */
  openBlock(within: Block | null): Block {
    if (this.#block !== within) throw overlap()
    const close = () => void (this.#block = within)
    return (this.#block = { close })
  }

  /** Lets nothing be kept, whatever the outer work makes of an inner one's error. */
  doom(error: unknown): void {
    this.#doom ??= error
  }

  async #answer(query: QueryConfig): Promise<QueryResult> {
    for (let tries = 1; ; tries++) {
      if (this.#over ?? this.#finished) throw this.#over ?? finished()
      const first = !this.#began
      try {
        if (endsTransaction(query.text)) throw ended('a statement')
        if (this.single && runsCommands(query.text)) throw readsOnly()
        const on = (this.#lease ??= await this.#take())
        if (this.#tidies) on.tidyLater()
        const opening = this.#began ? none : this.#open(on)
        const steps = opening instanceof Promise ? await opening : opening
        const answer = await on.send(steps, this.#named(query))
        if (on.status !== (this.single ? 'I' : 'T')) throw ended(`a statement (${answer.tag})`)
        this.queries++
        return answer.result
      } catch (error) {
        if (this.#over) throw this.#over
        const another = await this.#afterError(error, query, first, tries)
        if (!another || tries > mostTries + this.#moves) throw explain(error)
      }
    }
  }

  async #take(): Promise<Lease> {
    const taken = await lease(this.#pool, this.#ground)
    if (!this.#over) return taken
    taken.release()
    throw this.#over
  }

  /** What goes before the first query of a transaction. */
  #open(on: Lease): readonly Step[] | Promise<readonly Step[]> {
    const { opening, keyId, pooler } = this.#ground
    const { single } = this
    const pins = opening.pins(on.backend)
    const before = single ? pins : [begin, ...pins]
    if (keyId !== null && pooler) return this.#openBehindPooler(on, before)
    this.#began = !single
    return [...before, ...this.#tell(on.backend, this.#until(on.backend))]
  }

  async #openBehindPooler(on: Lease, before: readonly Step[]): Promise<readonly Step[]> {
    const [backend, until] = await this.#ask(on, before)
    return this.#tell(backend, until)
  }

  #tell(backend: Backend, until: number): readonly Step[] {
    const bounds = { until, readOnly: this.#readOnly }
    const tenant = this.#ground.opening.tenant(backend, this.#tenant, bounds)
    return this.#ground.moves ? [...tenant, stay(this.#tenant)] : tenant
  }

  /** By the database's clock as it was when the connection was first used, and what passed since. */
  #until({ clock, lookedAt }: Backend): number {
    return Math.ceil(clock + this.#ground.elapsed() - lookedAt + patience) * 1000
  }

  /** Behind a pooler only the transaction itself knows its backend; so it also says when it began. */
  async #ask(on: Lease, before: readonly Step[]): Promise<[Backend, number]> {
    this.#began = true
    const { result } = await on.send(before, { ...whoAndWhen, types: asText })
    const { pid, start } = result.rows[0] as WhoAndWhen
    return [{ ...on.backend, pid: Number(pid) }, Number(start)]
  }

  /** Prepared statements stay behind with a backend, which a pooler gives to somebody else. */
  #named(query: QueryConfig): QueryConfig {
    if (!this.#ground.pooler || query.name === undefined) return query
    const { name: _, ...unnamed } = query
    return unnamed
  }

  /** Whether the same query may be tried on another connection: only if it did nothing on this one. */
  async #afterError(
    error: unknown,
    query: QueryConfig,
    first: boolean,
    tries: number,
  ): Promise<boolean> {
    const on = this.#lease
    if (error instanceof GuardFailure && (on !== null || error.code === 'scope-ended')) {
      this.#over = error
      await on?.destroy({ cancel: false })
      return false
    }
    if (on === null) return false
    this.#erred = true
    if (first && error instanceof BatchError && !error.sent) {
      // Its opening was not sent either, or in part behind a pooler.
      if (on.status !== 'I') await on.rollback()
      this.#began = false
      return false
    }
    if (isLost(error) || isUnanswered(error)) this.#over = explain(error) as GuardFailure
    // Else its statement would run on when nobody waits for it.
    if (isUnanswered(error)) await on.destroy({ cancel: true })
    if (isOutdated(causeOf(error))) return await this.#afterOutdated(on, query, first)
    // The query's own error proves nothing: its SQL can raise whatever it likes.
    const step = error instanceof BatchError ? error.step : null
    if (step?.text === stayText) return await this.#afterStay(on, causeOf(error))
    // An injected error can say that a seal came too late, and is believed once.
    const late = isExpired(error) && tries === 1
    const spoiled = step !== null || (first && (isPoisoned(error) || late))
    if (spoiled) await this.#leave(on)
    return spoiled && !this.#over
  }

  /** After a migration the next of that name is parsed anew; what did nothing yet is tried again at once. */
  async #afterOutdated(on: Lease, { name }: QueryConfig, first: boolean): Promise<boolean> {
    if (name === undefined) return false
    on.backend.retire(name)
    if (!first) return false
    if (on.status !== 'I') await on.rollback()
    this.#began = false
    return true
  }

  /** The one place where a scope learns that its tenant has moved. */
  async #afterStay(on: Lease, { code, detail }: Reported): Promise<boolean> {
    if (code !== 'KG002') {
      await this.#leave(on)
      return false
    }
    await on.rollback()
    this.#leaveTo(on, detail ?? '')
    return true
  }

  async #leave(on: Lease): Promise<void> {
    await on.destroy({ cancel: false })
    this.#lease = null
    this.#began = false
  }

  #leaveTo(on: Lease, destination: string): void {
    on.release()
    this.#lease = null
    this.#began = false
    const { pools } = this.#ground
    if (pools === null || ++this.#moves > mostMoves) {
      throw new GuardFailure(
        'tenant-moved',
        `this tenant's rows have moved to ${destination}`,
        'give the guard a pool for it: pools(destination)',
      )
    }
    this.#pool = pools(destination)
  }

  /** Ends well. Nothing is acknowledged before the database has. */
  async commit(): Promise<void> {
    if (this.#running > 0) {
      await this.#stop(inUse())
      throw inUse()
    }
    if (this.#over) throw this.#over
    if (this.#doom !== null && !this.#readOnly) throw doomed(this.#doom)
    if (!this.#began && this.#atCommit.length === 0) {
      this.#finished = true
      if (this.#erred) await this.#settle()
      else this.#lease?.release()
      return
    }
    const on = (this.#lease ??= await this.#take())
    if (this.#tidies) on.tidyLater()
    try {
      const opening = this.#began ? [] : await this.#open(on)
      this.#finished = true
      const { tag } = await on.send([...opening, ...this.#atCommit], { text: 'commit' })
      on.release()
      if (tag !== 'COMMIT') throw rolledBack()
    } catch (error) {
      throw await this.#afterCommit(on, error)
    }
  }

  /** Ends badly: nothing of it is kept. */
  async rollback(): Promise<void> {
    if (this.#running > 0) return await this.#stop(this.#over ?? inUse())
    this.#finished = true
    if (this.single || !this.#began) return await this.#settle()
    if (this.#lease) await this.#undo(this.#lease)
  }

  /** Stops at once, whatever runs. */
  async abort(why: GuardFailure): Promise<void> {
    if (!this.#over && !this.#finished) await this.#stop(why)
  }

  async #stop(why: GuardFailure): Promise<void> {
    this.#over = why
    await this.#lease?.destroy({ cancel: this.#running > 0 })
  }

  async #afterCommit(on: Lease, error: unknown): Promise<unknown> {
    if (isLost(error) || isUnanswered(error)) {
      await on.destroy({ cancel: false })
      return unknown(error)
    }
    await this.#undo(on)
    return causeOf(error).code === '25P02' ? rolledBack() : explain(error)
  }

  async #settle(): Promise<void> {
    if (this.#lease && this.#erred) return await this.#undo(this.#lease)
    this.#lease?.release()
  }

  async #undo(on: Lease): Promise<void> {
    try {
      await on.rollback()
      on.release()
    } catch {
      await on.destroy({ cancel: false })
    }
  }
}

/** What a scope before left as defaults counts at BEGIN, since RESET ALL comes after it. */
const begin: Step = {
  text: 'begin isolation level read committed read write not deferrable',
  tag: 'BEGIN',
}

const none: readonly Step[] = []

const stayText = 'select kept.stay($1)'

function stay(tenant: string): Step {
  return { text: stayText, values: [tenant] }
}
