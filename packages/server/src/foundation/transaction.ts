import type { Instant } from '@kept/page'
import type { Pool, PoolClient } from 'pg'
import { asFailure, Failure, isUnanswered } from './failure.ts'

/**
 * `person` is a member of the staff, `member` a user of one tenant, `entrant` either of them whose session
 * lacks something yet: a second factor, or a new password. `directory` is what keeps a tenant's users.
 */
export const kinds = [
  'public',
  'entrant',
  'member',
  'person',
  'directory',
  'runner',
  'worker',
  'operator',
] as const

/** Who acts. `id` names a person, runner or program; never a secret. */
export interface Actor {
  kind: (typeof kinds)[number]
  id: string
  /** Whose user it is; absent for staff, programs and strangers. */
  tenant?: string
  roles?: readonly string[]
  /** Of somebody who signed in. */
  account?: string
  session?: string
  /** All that a key may be used for, as actions or `capability.*`; everything that its owner may when absent. */
  scopes?: readonly string[]
}

/** What a transaction is about; set once when it opens. */
export interface Scope {
  actor: Actor
  now: Instant
  /** Whose rows may be seen; null sees no tenant's row at all. */
  tenant: string | null
  /** The network address that a request came from; null for jobs and the operator. */
  address: string | null
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
    return await ask<Row>(this.#client, this.scope, statement, values.map(asParameter))
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

  static close(transaction: Transaction): void {
    transaction.#open = false
  }
}

/** Milliseconds that one statement may take: whoever waits for an answer waits less than a job may last. */
function patienceOf({ actor: { kind } }: Scope): number {
  return kind === 'worker' || kind === 'operator' ? 60_000 : 8000
}

/** A server that was stopped cancels nothing: then its client gives up. */
async function ask<Row>(
  client: PoolClient,
  scope: Scope,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  const query = { text, ...(values && { values }), query_timeout: patienceOf(scope) + 1000 }
  return (await client.query(query)).rows as Row[]
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
    await ask(client, scope, 'begin')
    await ask(
      client,
      scope,
      `select set_config('kept.tenant', $1, true), set_config('kept.actor', $2, true),
         set_config('search_path', '', true), set_config('statement_timeout', $3, true)`,
      [scope.tenant ?? '', `${scope.actor.kind}:${scope.actor.id}`, String(patienceOf(scope))],
    )
    const result = await work(tx)
    await ask(client, scope, 'commit')
    return result
  } catch (error) {
    // Where an answer is still owed, nothing further would be answered.
    broken = isUnanswered(error)
    if (!broken) await ask(client, scope, 'rollback').catch(() => (broken = true))
    throw error
  } finally {
    Transaction.close(tx)
    client.release(broken)
  }
}
