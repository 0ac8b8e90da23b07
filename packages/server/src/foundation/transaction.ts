import type { Instant } from '@kept/page'
import type { Pool, PoolClient } from 'pg'
import { asFailure, Failure } from './failure.ts'

/** Who acts. `id` names a person, runner or program; never a secret. */
export interface Actor {
  kind: 'public' | 'person' | 'runner' | 'worker' | 'operator'
  id: string
}

/** What a transaction is about; set once when it opens. */
export interface Scope {
  actor: Actor
  now: Instant
  /** Whose rows may be seen; null sees no tenant's row at all. */
  tenant: string | null
}

const maker = Symbol('transaction')

/**
 * A transaction scoped by tenant, actor and time. It cannot be made by hand, only by `transact`, and
 * only the gate may call that. Values of a query are parameters by construction.
 */
export class Transaction {
  readonly scope: Scope
  readonly #client: PoolClient
  #open = true
  readonly #afterCommit: (() => void)[] = []

  constructor(key: typeof maker, client: PoolClient, scope: Scope) {
    if (key !== maker) throw new TypeError('a transaction is opened by the gate')
    this.#client = client
    this.scope = scope
  }

  get now(): Instant {
    return this.scope.now
  }

  /** The rows of one statement: tx.rows`select ... where id = ${id}`. */
  async rows<Row = Record<string, unknown>>(
    text: TemplateStringsArray,
    ...values: unknown[]
  ): Promise<Row[]> {
    if (!this.#open) throw new Failure('internal', 'this transaction is over')
    const statement = text.reduce((said, part, i) => `${said}$${i}${part}`)
    const { rows } = await this.#client.query(statement, values.map(asParameter))
    return rows as Row[]
  }

  /** The first row, or null when there is none. */
  async row<Row = Record<string, unknown>>(
    text: TemplateStringsArray,
    ...values: unknown[]
  ): Promise<Row | null> {
    return (await this.rows<Row>(text, ...values))[0] ?? null
  }

  /**
   * Does a part that may fail without taking the rest with it: what it wrote is undone, and its
   * failure handed back. What ends the transaction as a whole is thrown on.
   */
  async attempt(part: () => Promise<void>): Promise<Failure | null> {
    await this.rows`savepoint part`
    try {
      await part()
    } catch (error) {
      if (again.has((error as { code?: string }).code ?? '')) throw error
      await this.rows`rollback to savepoint part`
      return asFailure(error)
    }
    await this.rows`release savepoint part`
    return null
  }

  /** Runs once the transaction has committed; never when it has not. */
  afterCommit(run: () => void): void {
    this.#afterCommit.push(run)
  }

  static close(transaction: Transaction, committed: boolean): void {
    transaction.#open = false
    if (committed) for (const run of transaction.#afterCommit) run()
  }
}

/** pg writes arrays as PostgreSQL arrays and other objects as JSON; dates must be said. */
function asParameter(value: unknown): unknown {
  return value === undefined ? null : value
}

/** An instant as a parameter of type timestamptz. */
export function at(instant: Instant): Date {
  return new Date(instant)
}

/** JSON as a parameter, arrays too, which pg would write as PostgreSQL arrays. */
export function json(value: unknown): string {
  return JSON.stringify(value)
}

const again = new Set(['40001', '40P01'])

/**
 * Opens a transaction, runs the work, commits. Whatever is thrown rolls back and is thrown on as a
 * `Failure`. A deadlock or serialization failure is tried twice more.
 */
export async function transact<T>(
  pool: Pool,
  scope: Scope,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await once(pool, scope, work)
    } catch (error) {
      if (tries < 3 && again.has((error as { code?: string }).code ?? '')) continue
      throw asFailure(error)
    }
  }
}

async function once<T>(
  pool: Pool,
  scope: Scope,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  const tx = new Transaction(maker, client, scope)
  let broken = false
  try {
    await client.query('begin')
    await client.query(
      `select set_config('kept.tenant', $1, true), set_config('kept.actor', $2, true), set_config('search_path', '', true)`,
      [scope.tenant ?? '', `${scope.actor.kind}:${scope.actor.id}`],
    )
    const result = await work(tx)
    await client.query('commit')
    Transaction.close(tx, true)
    return result
  } catch (error) {
    Transaction.close(tx, false)
    await client.query('rollback').catch(() => (broken = true))
    throw error
  } finally {
    client.release(broken)
  }
}
