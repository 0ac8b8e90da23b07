import { randomBytes } from 'node:crypto'
import type { ClientBase, Pool, PoolClient, QueryConfig } from 'pg'
import { asText, sendBatch, type Answer, type Step } from './batch.ts'
import { requestCancel } from './cancel.ts'
import { GuardFailure } from './failure.ts'
import { look, type Demands } from './look.ts'
import { reset, type Backend } from './opening.ts'
import { explainConnect, isLost, isUnanswered, poisoned } from './trouble.ts'

/** Connections on which nothing ran since SQL was seen to have left nothing there. */
const clean = new WeakSet<ClientBase>()
const watched = new WeakSet<Pool>()
const heard = new WeakSet<ClientBase>()

/** A connection out of the pool, for one scope. It goes back only if nothing suspicious ran on it. */
export class Lease {
  readonly backend: Backend
  readonly #client: PoolClient
  readonly #sweeps: boolean
  #tidies = false
  #suspicious = false
  #swept = false
  #released = false

  constructor(client: PoolClient, backend: Backend, sweeps: boolean) {
    this.#client = client
    this.backend = backend
    this.#sweeps = sweeps
  }

  /**
   * One round trip.
   *
   * @throws BatchError
   */
  async send(steps: readonly Step[], query: QueryConfig): Promise<Answer> {
    try {
      const answer = await sendBatch(this.#client, steps, query, this.backend.hide)
      if (answer.replaced !== null) throw poisoned()
      if (!harmless.test(answer.tag)) this.#suspicious = true
      return answer
    } catch (error) {
      if (error instanceof GuardFailure || isLost(error) || isUnanswered(error))
        this.#suspicious = true
      throw error
    }
  }

  /** What the last answer said: I outside a transaction, T in one, E in a failed one. */
  get status(): string | null {
    return (
      this.#client as unknown as { getTransactionStatus(): string | null }
    ).getTransactionStatus()
  }

  /** Undoes what is open. What a failed statement prepared stays, so that it is looked for. */
  async rollback(): Promise<void> {
    if (this.#suspicious) return
    const { readsNames } = this.backend
    if (readsNames) await this.#sweep([{ text: 'rollback', tag: 'ROLLBACK' }])
    else await this.send([], { text: 'rollback' })
  }

  /** Makes the lease take away what it can of what SQL may leave on a connection, before it goes back. */
  tidyLater(): void {
    this.#tidies = true
  }

  async #tidy(): Promise<void> {
    const steps = [reset, unlisten, forgetSequences]
    if (this.#sweeps) await this.#sweep([...steps, unlock()])
    else await this.send(steps, unlock())
  }

  async #sweep(steps: readonly Step[] = []): Promise<void> {
    const { result } = await this.send(steps, leftovers)
    this.#swept = true
    if (result.rows[0].left !== 'f') this.#suspicious = true
  }

  /**
   * Gives the connection back. Where SQL can read the names of statements, and so put others in their place,
   * a sealed scope's is looked at first; the scope waits neither for that nor for the tidying.
   */
  release(): void {
    const due = this.#tidies || (this.#sweeps && !this.#swept)
    if (!due || this.#suspicious || this.status !== 'I') return this.#giveBack()
    const done = this.#tidies ? this.#tidy() : this.#sweep()
    done.then(
      () => this.#giveBack(),
      () => void this.destroy({ cancel: false }),
    )
  }

  #giveBack(): void {
    if (this.#released) return
    this.#released = true
    this.#client.release(this.#suspicious || this.status !== 'I')
    if (this.#swept) clean.add(this.#client)
  }

  /** Stops what runs and closes the connection, by which everything open is undone. */
  async destroy({ cancel }: { cancel: boolean }): Promise<void> {
    if (this.#released) return
    this.#suspicious = true
    if (cancel) await requestCancel(this.#client)
    this.#giveBack()
  }

  /**
   * At once for a connection that is known, but where it must be looked at for what others left there.
   *
   * @throws GuardFailure `connection-poisoned`
   */
  static open(client: PoolClient, demands: Demands): Lease | Promise<Lease> {
    const backend = demands.looked.get(client)
    if (backend === undefined) return Lease.#openFirst(client, demands)
    const sweeps = Lease.#mustSweep(backend, demands)
    const lease = new Lease(client, backend, sweeps)
    return !sweeps || clean.delete(client) ? lease : lease.#sweepFirst()
  }

  static async #openFirst(client: PoolClient, demands: Demands): Promise<Lease> {
    const backend = await look(client, demands)
    return new Lease(client, backend, Lease.#mustSweep(backend, demands))
  }

  static #mustSweep({ readsNames }: Backend, { keyId, pooler }: Demands): boolean {
    return keyId !== null && !pooler && readsNames
  }

  async #sweepFirst(): Promise<Lease> {
    await this.#sweep()
    this.#swept = false
    if (this.#suspicious) throw poisoned()
    return this
  }
}

const unlisten: Step = { text: 'unlisten *', name: 'kept_unlisten', tag: 'UNLISTEN' }
const forgetSequences: Step = { text: 'discard sequences', name: 'kept_forget', tag: 'DISCARD' }
/** Session locks, and a seed by which random() of the next scope could be foreseen. */
const unlock = () => ({
  text: 'select pg_catalog.pg_advisory_unlock_all(), pg_catalog.setseed($1)',
  name: 'kept_unlock',
  values: [randomBytes(4).readInt32BE() / 2 ** 31],
})

/** Whether SQL prepared a statement, which may have taken the place of another. */
const leftovers = {
  types: asText,
  text: `select exists (select from pg_catalog.pg_prepared_statement() as made where made.from_sql) as left`,
}

/**
 * What may run on a connection that others get afterwards: all else may leave something on it that no
 * opening takes away (PREPARE, DEALLOCATE, LISTEN, DECLARE, DO, CALL), and costs a new connection.
 */
const harmless =
  /^(?:SELECT|INSERT|UPDATE|DELETE|MERGE|FETCH|MOVE|SAVEPOINT|RELEASE|ROLLBACK|COMMIT|EXPLAIN|SHOW|LOCK TABLE|SET CONSTRAINTS)\b/

function ignore(): void {}

/** How often what did nothing is tried on another connection. */
export const mostTries = 3

/**
 * A connection on which a scope may open; one that injected SQL spoiled is closed, and another taken.
 *
 * @throws GuardFailure `pool-exhausted`, `connection-lost`, or what is wrong with the connection
 */
export async function lease(pool: Pool, demands: Demands): Promise<Lease> {
  watch(pool)
  for (let tries = 1; ; tries++) {
    const client = await connect(pool)
    try {
      const opened = Lease.open(client, demands)
      return opened instanceof Lease ? opened : await opened
    } catch (error) {
      client.release(true)
      const failure = error instanceof GuardFailure ? error : explainConnect(error)
      if (failure.code !== 'connection-poisoned' || tries === mostTries) throw failure
    }
  }
}

/** With a listener of ours, without which a server that goes away would end this process. */
function connect(pool: Pool): Promise<PoolClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => {
      if (error || !client) return reject(explainConnect(error))
      if (!heard.has(client)) client.on('error', ignore)
      heard.add(client)
      resolve(client)
    })
  })
}

/**
 * Whoever else uses the pool may leave something on its connections. And what ends an idle one, such as a
 * timeout that SQL set, would end this process where the app does not listen; if it does, it still hears it.
 */
function watch(pool: Pool): void {
  if (watched.has(pool)) return
  watched.add(pool)
  pool.on('error', ignore)
  pool.on('release', (_error: Error, client: PoolClient) => clean.delete(client))
}
