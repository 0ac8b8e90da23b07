import { randomBytes } from 'node:crypto'
import { ensureRole } from '@kept/postgres'
import { testDatabase } from '@kept/postgres/testing'
import pg from 'pg'
import {
  addKey,
  openGuard,
  outboxSql,
  rowPolicy,
  schemaSql,
  trustedPrincipal,
  type Guard,
  type GuardOptions,
  type Key,
  type Mode,
} from '../src/index.ts'

/** Roles belong to the cluster, so that all test files share these. */
export const appRole = 'test_guard_app'
const password = 'only-for-tests'

export const tenants = {
  a: '00000000-0000-4000-8000-00000000000a',
  b: '00000000-0000-4000-8000-00000000000b',
}
export const ann = trustedPrincipal({ tenant: tenants.a, type: 'User', id: 'ann' })
export const bob = trustedPrincipal({ tenant: tenants.b, type: 'User', id: 'bob' })

export interface Guarded {
  guard: Guard
  key: Key
  /** As the app logs in, and as the superuser. */
  pool: pg.Pool
  superuser: pg.Pool
  url: string
  open(options?: Partial<GuardOptions>): Guard
  openPool(options?: pg.PoolConfig): pg.Pool
  stop(): Promise<void>
}

/**
 * A database with one table, `document`, of which tenant a has a1 and a2, tenant b b1; gated for one form of
 * scope. The pool has one connection, so that each scope gets what the one before left.
 */
export async function guarded(mode: Mode): Promise<Guarded> {
  const database = await testDatabase({
    name: `guard_${mode}`,
    prepare: (url) => prepare(url, mode),
  })
  const superuser = quiet(new pg.Pool({ connectionString: database.url, max: 2 }))
  // A copy has the rights of a new database; and the SQL may run again.
  await superuser.query(schemaSql({ mode, appRole, moves: true }))
  await superuser.query(outboxSql({ mode, appRole }))
  const url = database.url.replace(/\/\/[^@]*@/, `//${appRole}:${password}@`)
  const key: Key = { id: 'first', secret: randomBytes(32) }
  if (mode === 'sealed') await superuser.query(addKey(key))
  const pools: pg.Pool[] = []
  const openPool = (options: pg.PoolConfig = {}) => {
    const pool = quiet(new pg.Pool({ connectionString: url, max: 1, ...options }))
    pools.push(pool)
    return pool
  }
  const pool = openPool()
  const scope = mode === 'sealed' ? ({ mode, key } as const) : ({ mode } as const)
  const open = (options: Partial<GuardOptions> = {}) => openGuard({ pool, scope, ...options })
  return {
    guard: open(),
    key,
    pool,
    superuser,
    url,
    open,
    openPool,
    async stop() {
      await Promise.all([...pools, superuser].map((one) => one.end()))
      await database.drop()
    },
  }
}

function quiet(pool: pg.Pool): pg.Pool {
  pool.on('error', () => {})
  return pool
}

async function prepare(url: string, mode: Mode): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await ensureRole(client, { name: appRole, password })
  await client.query(schemaSql({ mode, appRole, moves: true }))
  await client.query(outboxSql({ mode, appRole }))
  await client.query(`
    create table document (tenant_id uuid not null, id text not null, title text not null,
      primary key (tenant_id, id));
    insert into document values ('${tenants.a}', 'a1', 'first'), ('${tenants.a}', 'a2', 'second'),
      ('${tenants.b}', 'b1', 'other');
    ${rowPolicy({ mode, table: 'document', column: 'tenant_id', type: 'uuid' })}
    grant select, insert, update, delete on document to ${appRole};
    create function run_text(said text) returns void language plpgsql as 'begin execute said; end';`)
  await client.end()
}

/** The code of what a promise fails with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'no failure',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )
}
