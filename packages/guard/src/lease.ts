import type { ClientBase, Pool, PoolClient } from 'pg'
import { sendBatch, type Answer, type Step } from './batch.ts'
import { requestCancel, type Reached } from './cancel.ts'
import { GuardFailure } from './failure.ts'
import type { Backend } from './opening.ts'
import { explainConnect, isLost, isUnanswered, poisoned } from './trouble.ts'

/** What a connection must be before a scope opens on it. */
export interface Demands {
  sealed: boolean
  moves: boolean
  pooler: boolean
  /** Milliseconds since 1970. */
  now: () => number
}

interface Looked extends Backend {
  /** Milliseconds since 1970. */
  clock: number
  free: boolean
  temporary: boolean
  hasScope: boolean
  hasStay: boolean
}

/** What was found when a connection was first used; it holds for as long as the connection does. */
const looked = new WeakMap<ClientBase, Backend>()

/** A connection out of the pool, for one scope. It goes back only if nothing suspicious ran on it. */
export class Lease {
  readonly backend: Backend
  readonly #client: PoolClient
  #suspicious = false
  #released = false

  constructor(client: PoolClient, backend: Backend) {
    this.#client = client
    this.backend = backend
  }

  /**
   * One round trip.
   *
   * @throws BatchError
   */
  async send(steps: readonly Step[], query: { text: string }): Promise<Answer> {
    try {
      const { replaced, ...answer } = await sendBatch(this.#client, steps, query)
      if (replaced !== null) throw poisoned()
      if (!harmless.test(answer.tag)) this.#suspicious = true
      return answer
    } catch (error) {
      if (error instanceof GuardFailure || isLost(error) || isUnanswered(error))
        this.#suspicious = true
      throw error
    }
  }

  /** Whether this connection has a statement under this name already. */
  knows(name: string | undefined): boolean {
    return name !== undefined && parsedOn(this.#client)[name] !== undefined
  }

  /** What the last answer said: I outside a transaction, T in one, E in a failed one. */
  get status(): string | null {
    return (
      this.#client as unknown as { getTransactionStatus(): string | null }
    ).getTransactionStatus()
  }

  /**
   * Undoes what is open. A statement that failed may still have prepared another, which no rollback
   * takes back.
   */
  async rollback(): Promise<void> {
    if (this.#suspicious) return
    const { result } = await this.send([{ text: 'rollback', tag: 'ROLLBACK' }], preparedBySql)
    if (result.rows.length > 0) this.#suspicious = true
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#client.off('error', ignore)
    this.#client.release(this.#suspicious || this.status !== 'I')
  }

  /** Stops what runs and closes the connection, by which everything open is undone. */
  async destroy({ cancel }: { cancel: boolean }): Promise<void> {
    if (this.#released) return
    this.#suspicious = true
    if (cancel) await requestCancel(this.#client)
    this.release()
  }
}

function parsedOn(client: ClientBase): Record<string, unknown> {
  return (client as unknown as { connection: { parsedStatements: Record<string, unknown> } })
    .connection.parsedStatements
}

const preparedBySql = {
  text: 'select from pg_catalog.pg_prepared_statement() as statement where statement.from_sql',
}

/**
 * What may run on a connection that others get afterwards: all else may leave something on it that no
 * opening takes away (PREPARE, DEALLOCATE, LISTEN, DECLARE, DO, CALL), and costs a new connection.
 */
const harmless =
  /^(?:SELECT|INSERT|UPDATE|DELETE|MERGE|FETCH|MOVE|SAVEPOINT|RELEASE|ROLLBACK|COMMIT|EXPLAIN|SHOW|LOCK TABLE|SET CONSTRAINTS)\b/

/** Without a listener a server that goes away would end this process. */
function ignore(): void {}

/**
 * @throws GuardFailure `pool-exhausted`, `connection-lost`, or what is wrong with the connection
 */
export async function lease(pool: Pool, demands: Demands): Promise<Lease> {
  const client = await pool.connect().catch((error: unknown) => {
    throw explainConnect(error)
  })
  client.on('error', ignore)
  try {
    return new Lease(client, looked.get(client) ?? (await look(client, demands)))
  } catch (error) {
    client.off('error', ignore)
    client.release(true)
    throw error instanceof GuardFailure ? error : explainConnect(error)
  }
}

async function look(client: PoolClient, demands: Demands): Promise<Backend> {
  const { connection, pipeline } = client as unknown as { connection?: object; pipeline?: boolean }
  if (connection === undefined || pipeline) {
    const fix = 'make the pool with pg itself, without pipeline'
    throw new GuardFailure('bad-option', 'the pool is of pg-native, or pipelines its queries', fix)
  }
  const before = demands.now()
  const { rows } = await client.query<Looked>(`
    select pg_backend_pid() as pid, (extract(epoch from clock_timestamp()) * 1000)::float8 as clock,
      exists (select from pg_roles as other where (rolsuper or rolbypassrls)
        and pg_has_role(session_user, other.oid, 'member')) as free,
      exists (select from pg_auth_members join pg_roles as own on own.oid = member
        where own.rolname = session_user) as "mayChangeRole",
      has_database_privilege(session_user, current_database(), 'temporary') as temporary,
      concat_ws(', ', (select nullif(reset_val, '') from pg_settings where name = 'search_path'), 'pg_temp') as "searchPath",
      to_regclass('kept.scope') is not null as "hasScope",
      to_regproc('kept.stay') is not null as "hasStay"`)
  const found = rows[0]!
  refuse(client, found, demands)
  const backend = { ...found, ahead: found.clock - before }
  looked.set(client, backend)
  return backend
}

function refuse(client: PoolClient, found: Looked, { sealed, moves, pooler }: Demands): void {
  if (found.free) {
    const reason =
      'the role of the pool is, or may become, a superuser or one that no row policy binds'
    throw new GuardFailure('unsafe-role', reason, 'log in as a role of the app alone')
  }
  if ((sealed && !found.hasScope) || (moves && !found.hasStay)) {
    const fix = 'run the SQL of schemaSql() as the owner of the database'
    throw new GuardFailure('not-installed', 'schema kept lacks what this guard needs', fix)
  }
  if (!sealed) return
  if (found.temporary) {
    const fix = 'run the SQL of schemaSql() as the owner of the database: it revokes TEMPORARY'
    throw new GuardFailure('unsafe-role', 'the role of the pool may make temporary tables', fix)
  }
  if (!pooler && (client as unknown as Reached).processID !== found.pid) {
    const reason = 'another backend answers than the one that was connected to'
    throw new GuardFailure('seal-refused', reason, 'set `pooler: true`: a pooler is in between')
  }
}
