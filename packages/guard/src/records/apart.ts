import pg from 'pg'
import { TenantTransaction, type Ground } from '../transaction.ts'
import { insertOf, type Entry } from './outbox.ts'

/** Writes records of one tenant in a transaction of their own, in one round trip: all or none. */
export async function writeApart(
  ground: Ground,
  tenant: string,
  entries: readonly Entry[],
): Promise<void> {
  const transaction = new TenantTransaction(ground, tenant, false)
  try {
    for (const entry of entries) transaction.atCommit(insertOf(entry, ground.now()))
    await transaction.commit()
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}

/** The same databases by connections of their own, one for each. */
export interface Beside {
  ground: Ground
  close(): Promise<void>
}

/** A scope that holds a connection of the pool and waits there for another might wait for itself. */
export function openBeside(ground: Ground): Beside {
  const made = new Map<pg.Pool, pg.Pool>()
  const beside = (pool: pg.Pool): pg.Pool => {
    const known = made.get(pool)
    if (known) return known
    const { options } = pool
    // Not enumerable there, so that it is not shown.
    const { password } = options
    const own = new pg.Pool({ ...options, password, min: 0, max: 1, allowExitOnIdle: true })
    // What is idle and lost is replaced.
    own.on('error', () => {})
    made.set(pool, own)
    return own
  }
  const { pools } = ground
  return {
    ground: {
      ...ground,
      get pool() {
        return beside(ground.pool)
      },
      pools: pools && ((destination) => beside(pools(destination))),
    },
    async close() {
      const all = [...made.values()]
      made.clear()
      await Promise.all(all.map((pool) => pool.end()))
    },
  }
}
