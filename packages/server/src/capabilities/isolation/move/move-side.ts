import { randomInt } from 'node:crypto'
import { DatabaseError, type Client, type QueryResultRow } from 'pg'
import type { System } from '@kept/page'
import { Failure } from '../../../foundation/failure.ts'
import { cannotLook } from '../../../foundation/look.ts'
import { changeDatabase, loginOf } from '../../../outside/postgres.ts'
import type { Way } from '../../../outside/reach.ts'
import { conventionOf, type Convention } from '../../../outside/tenant-tables.ts'

/** One of the two databases of a move, with a session of its own. */
export interface Side {
  id: string
  convention: Convention
  /** Whose rows move. */
  tenant: string
  /** For what reads the catalog. */
  client: Client
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

/** A reason for which the tenant stays where it is. */
export function cannotMove(why: string, fix = 'mend it, and move the tenant again'): Failure {
  return new Failure('cannot-move', why, { fix })
}

/** Opens both databases. Values are written and read alike on both, whatever each is set to. */
export async function withSides<T>(
  way: Way,
  plan: { tenant: string; source: System; destination: System },
  work: (source: Side, destination: Side) => Promise<T>,
): Promise<T> {
  const open = <R>(system: System, then: (side: Side) => Promise<R>) =>
    changeDatabase(way, loginOf(system, way as never), async (client) => {
      await client.query(`select set_config('datestyle', 'ISO, YMD', false),
        set_config('intervalstyle', 'iso_8601', false), set_config('timezone', 'UTC', false),
        set_config('extra_float_digits', '1', false), set_config('lc_monetary', 'C', false),
        set_config('bytea_output', 'hex', false), set_config('row_security', 'off', false)`)
      return await then(sideOf(system, plan.tenant, client))
    })
  return await open(plan.source, (source) =>
    open(plan.destination, (destination) => work(source, destination)),
  )
}

function sideOf(system: System, tenant: string, client: Client): Side {
  return {
    id: system.id,
    convention: conventionOf(system),
    tenant,
    client,
    async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
      try {
        return (await client.query<Row>(text, [...values])).rows
      } catch (error) {
        throw error instanceof DatabaseError ? explain(error, system.id) : error
      }
    },
  }
}

/**
 * What a database answers, in words without any value of a row. What may be otherwise the next time, as
 * when a server goes down, does not end a move; a lock that is not given in time is asked for again.
 */
function explain(error: DatabaseError, id: string): unknown {
  const { code = '', table, constraint, schema } = error
  const where = table === undefined ? id : `${schema}.${table} of ${id}`
  if (/^(?:08|57|40|58|55P03|55006)/.test(code))
    return withCode(cannotLook(`${id} answers ${code}`), error)
  if (code === '23505' || code === '23P01') {
    return withCode(
      cannotMove(`${where} has a row of somebody else that ${constraint} takes for the same`),
      error,
    )
  }
  if (code === '23503') {
    const fix = 'bring what all tenants share there first'
    return withCode(cannotMove(`${where} lacks rows that ${constraint} points at`, fix), error)
  }
  if (code === '42501') {
    const fix = 'let the role of its secret read and write all rows, and kept.moved'
    return withCode(cannotMove(`the role of the secret of ${id} lacks a right`, fix), error)
  }
  if (code === '53100')
    return withCode(cannotMove(`${id} has no space left`, 'give it some'), error)
  if (code.startsWith('53')) return withCode(cannotLook(`${id} answers ${code}`), error)
  return withCode(cannotMove(`${where} answers with an error (${code})`), error)
}

function withCode(failure: Failure, cause: DatabaseError): Failure {
  return new Failure(failure.code, failure.message, failure.detail, cause)
}

/** The code by which a database refused something; null for anything else. */
export function refusalOf(error: unknown): string | null {
  const { cause } = error as Error
  return cause instanceof DatabaseError ? (cause.code ?? null) : null
}

/** Each statement sees what was committed before it, whatever the database is set to. */
export const writing = 'begin isolation level read committed read write'

/** Runs work in a transaction of one side. */
export async function within<T>(side: Side, begin: string, work: () => Promise<T>): Promise<T> {
  await side.query(begin)
  try {
    const result = await work()
    await side.query('commit')
    return result
  } catch (error) {
    await side.query('rollback').catch(() => {})
    throw error
  }
}

/** Two sides that are one database would delete what they moved. */
export async function areOne(source: Side, destination: Side): Promise<boolean> {
  const key = randomInt(2 ** 31)
  await source.query('select pg_advisory_lock(7102602, $1)', [key])
  const [row] = await destination.query<{ got: boolean }>(
    'select pg_try_advisory_lock(7102602, $1) as got',
    [key],
  )
  await source.query('select pg_advisory_unlock(7102602, $1)', [key])
  return !row!.got
}

/** False while somebody else carries out a move of this tenant to the same destination. */
export async function takeTurn(side: Side): Promise<boolean> {
  const [row] = await side.query<{ got: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('kept.move:' || $1, 0)) as got`,
    [side.tenant],
  )
  return row!.got
}

/** Milliseconds that scopes may stay open before whoever waits behind the lock is let through again. */
const patience = 2000

/** Waits until no scope of the tenant is open, and keeps new ones waiting until the transaction ends. */
export async function lockTenant(side: Side): Promise<void> {
  await side.query(`select set_config('lock_timeout', '${patience}', true)`)
  await side.query(`select pg_advisory_xact_lock(hashtextextended('kept.tenant:' || $1, 0))`, [
    side.tenant,
  ])
}

/** Where a side says that the tenant moved to; null when it is at home there. */
export async function movedTo(side: Side): Promise<string | null> {
  const [row] = await side.query<{ destination: string }>(
    'select destination from kept.moved where tenant = $1',
    [side.tenant],
  )
  return row?.destination ?? null
}

export async function sayMoved(side: Side, destination: string): Promise<void> {
  await side.query(
    `insert into kept.moved (tenant, destination) values ($1, $2)
     on conflict (tenant) do update set destination = excluded.destination`,
    [side.tenant, destination],
  )
}

export async function sayHome(side: Side): Promise<void> {
  await side.query('delete from kept.moved where tenant = $1', [side.tenant])
}
