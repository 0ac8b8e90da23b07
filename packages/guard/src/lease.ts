import { randomBytes } from 'node:crypto'
import type { ClientBase, Pool, PoolClient, QueryConfig } from 'pg'
import { asText, sendBatch, type Answer, type Step } from './batch.ts'
import { requestCancel, type Reached } from './cancel.ts'
import { GuardFailure } from './failure.ts'
import { reset, type Backend } from './opening.ts'
import { explainConnect, isLost, isUnanswered, poisoned } from './trouble.ts'

/** What a connection must be before a scope opens on it. */
export interface Demands {
  /** By which key scopes are sealed; null for plain ones. */
  keyId: string | null
  moves: boolean
  pooler: boolean
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds of a clock that nobody sets. */
  elapsed: () => number
  /** What was found when this guard first used a connection; it holds for as long as the connection does. */
  looked: WeakMap<ClientBase, Backend>
}

interface Looked extends Omit<Backend, 'hide' | 'retire' | 'lookedAt'> {
  free: boolean
  temporary: boolean
  hasScope: boolean
  hasStay: boolean
  readsNames: boolean
}

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

/** Where the app may make operators and functions, its own would be taken here for those of PostgreSQL. */
const ownNames: Step = { text: 'set local search_path = pg_catalog, pg_temp', tag: 'SET' }

async function look(client: PoolClient, demands: Demands): Promise<Backend> {
  const { connection, pipeline } = client as unknown as { connection?: object; pipeline?: boolean }
  if (connection === undefined || pipeline) {
    const fix = 'make the pool with pg itself, without pipeline'
    throw new GuardFailure('bad-option', 'the pool is of pg-native, or pipelines its queries', fix)
  }
  const before = demands.now()
  const lookedAt = demands.elapsed()
  const { result } = await sendBatch(client, [ownNames], {
    types: asText,
    text: `select to_json(seen) as seen from (
    select pg_backend_pid() as pid, (extract(epoch from clock_timestamp()) * 1000)::float8 as clock,
      exists (select from pg_roles as other where (rolsuper or rolbypassrls
        -- It then may become any other role.
        or rolcreaterole and current_setting('server_version_num')::int < 160000)
        and pg_has_role(session_user, other.oid, 'member')) as free,
      exists (select from pg_auth_members join pg_roles as own on own.oid = member
        where own.rolname = session_user) as "mayChangeRole",
      has_database_privilege(session_user, current_database(), 'temporary') as temporary,
      concat_ws(', ', (select nullif(reset_val, '') from pg_settings where name = 'search_path'), 'pg_temp') as "searchPath",
      exists (select from pg_class where relname = 'scope' and relnamespace = kept.oid) as "hasScope",
      exists (select from pg_proc where proname = 'stay' and pronamespace = kept.oid) as "hasStay",
      has_function_privilege('pg_catalog.pg_prepared_statement()', 'execute') as "readsNames"
    from (select (select oid from pg_namespace where nspname = 'kept')) as kept (oid)) as seen`,
  })
  const found = JSON.parse(result.rows[0].seen as string) as Looked
  refuse(client, found, demands)
  if (demands.keyId !== null) {
    refuseClock(found.clock, before, demands)
    await findKey(client, demands.keyId)
  }
  const backend = { ...found, ...hideNames(), lookedAt }
  demands.looked.set(client, backend)
  return backend
}

/** Each hidden name is made once: a string put together anew costs as much to look up as to make. */
function hideNames(): Pick<Backend, 'hide' | 'retire'> {
  const prefix = `${randomBytes(12).toString('base64url')}_`
  const hidden = new Map<string, string>()
  let retired = 0
  return {
    hide(name) {
      const made = hidden.get(name) ?? prefix + name
      if (!hidden.has(name)) hidden.set(name, made)
      return made
    },
    retire(name) {
      hidden.set(name, `${prefix}${++retired}_${name}`)
    },
  }
}

function refuse(client: PoolClient, found: Looked, { keyId, moves, pooler }: Demands): void {
  if (found.free) {
    const reason =
      'the role of the pool is, or may become, a superuser or one that no row policy binds'
    throw new GuardFailure('unsafe-role', reason, 'log in as a role of the app alone')
  }
  if ((keyId !== null && !found.hasScope) || (moves && !found.hasStay)) {
    const fix = 'run the SQL of schemaSql() as the owner of the database'
    throw new GuardFailure('not-installed', 'schema kept lacks what this guard needs', fix)
  }
  if (keyId === null) return
  if (found.temporary) {
    const fix = 'run the SQL of schemaSql() as the owner of the database: it revokes TEMPORARY'
    throw new GuardFailure('unsafe-role', 'the role of the pool may make temporary tables', fix)
  }
  if (!pooler && (client as unknown as Reached).processID !== found.pid) {
    const reason = 'another backend answers than the one that was connected to'
    throw new GuardFailure('seal-refused', reason, 'set `pooler: true`: a pooler is in between')
  }
}

/** Milliseconds between two clocks, within which a token's time still means what it should. */
const mostAhead = 5000

/** What the database said is held against the time before it was asked and the time after it answered. */
function refuseClock(clock: number, before: number, { now, pooler }: Demands): void {
  if (pooler || (clock > before - mostAhead && clock < now() + mostAhead)) return
  const reason = 'the clocks of the database and of this process are more than 5 seconds apart'
  throw new GuardFailure('seal-refused', reason, 'set both by NTP')
}

async function findKey(client: PoolClient, id: string): Promise<void> {
  const text = 'select from kept.key_id where id = $1'
  const { result } = await sendBatch(client, [ownNames], { text, values: [id] })
  if (result.rowCount === 1) return
  const fix = 'run the statement of addKey() as the owner of the database'
  throw new GuardFailure('seal-refused', `the database knows no key "${id}"`, fix)
}
