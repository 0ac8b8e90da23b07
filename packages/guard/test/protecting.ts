import { randomBytes } from 'node:crypto'
import { Client, Pool } from 'pg'
import { expect } from 'vitest'
import { testDatabase, type TestDatabase } from '../../postgres/src/testing.ts'
import {
  apply,
  check,
  noPlan,
  protect,
  reading,
  withDatabase,
  type Finding,
  type Plan,
  type Protection,
} from '../src/protect/index.ts'
import { addKey, openGuard, trustedPrincipal } from '../src/index.ts'
import { web } from './roles.ts'

export interface Shop {
  database: TestDatabase
  plan: Plan
  sql(text: string): Promise<Record<string, unknown>[]>
  /** Runs a statement as the app within a tenant's scope; hands back its rows or their number, and undoes it. */
  as(
    tenant: string | null,
    text: string,
  ): Promise<{ rows: Record<string, unknown>[]; count: number }>
  protect(): Promise<Protection>
  check(): Promise<Finding[]>
  apply(): Promise<string[]>
  close(): Promise<void>
}

export async function openShop(
  statements: readonly string[],
  given: Partial<Plan> = {},
): Promise<Shop> {
  const database = await testDatabase()
  const run = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ connectionString: database.url })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
  const sql: Shop['sql'] = (text) =>
    run(async (client) => {
      const results = await client.query<Record<string, unknown>>(text)
      return ([results].flat().at(-1) as typeof results).rows
    })
  for (const one of statements) await sql(one)
  const shop: Shop = {
    database,
    plan: { ...noPlan, appRoles: [web], ...given },
    sql,
    as: (tenant, text) => {
      if (shop.plan.scope === 'sealed') return asGuarded(shop, tenant, text)
      return run(async (client) => {
        await client.query(`begin; set local role ${web}`)
        if (tenant !== null)
          await client.query(`select set_config('app.tenant_id', $1, true)`, [tenant])
        const { rows, rowCount } = await client.query<Record<string, unknown>>(text)
        // What is deferred is asked before it is undone.
        await client.query('set constraints all immediate')
        return { rows, count: rowCount ?? 0 }
      })
    },
    protect: () =>
      withDatabase(database.url, { writes: false }, (client) =>
        reading(client, () => protect(client, shop.plan)),
      ),
    check: () =>
      withDatabase(database.url, { writes: false }, (client) =>
        reading(client, async () => await check(client, await protect(client, shop.plan))),
      ),
    async apply() {
      const steps: string[] = []
      await apply(database.url, shop.plan, {
        say: ({ at }) => steps.push(at),
        wait: () => Promise.resolve(),
        signal: new AbortController().signal,
      })
      return steps
    },
    close: () => database.drop(),
  }
  return shop
}

const key = { id: 'shop', secret: randomBytes(32) }

/** The same by the guard itself, whose scopes are sealed. */
async function asGuarded(shop: Shop, tenant: string | null, text: string) {
  const { url } = shop.database
  const superuser = new Client({ connectionString: url })
  await superuser.connect()
  await superuser.query(addKey(key))
  await superuser.end()
  await shop.sql(`alter role ${web} login password 'only-for-tests'`)
  const connectionString = url.replace(/\/\/[^@]*@/, `//${web}:only-for-tests@`)
  const pool = new Pool({ connectionString, max: 1 })
  // The database may be dropped before the end of a connection has reached the server.
  pool.on('error', () => {})
  const guard = openGuard({ pool, scope: { mode: 'sealed', key } })
  const undone = new Error('undone')
  let done = { rows: [] as Record<string, unknown>[], count: 0 }
  try {
    if (tenant === null) {
      const { rowCount, rows } = await pool.query(text)
      return { rows, count: rowCount ?? 0 }
    }
    await guard.tenant(trustedPrincipal({ tenant, type: 'Job', id: 'test' }), async (scope) => {
      const { rows, rowCount } = await scope.query({ text })
      await scope.query({ text: 'set constraints all immediate' })
      done = { rows, count: rowCount ?? 0 }
      throw undone
    })
  } catch (error) {
    if (error !== undone) throw error
  } finally {
    await guard.close()
    await pool.end()
  }
  return done
}

/** What is wrong, without what is only noted. */
export function errorsOf(findings: readonly Finding[]): string[] {
  return findings.filter(({ level }) => level === 'error').map(({ at, why }) => `${at}: ${why}`)
}

/** Each tenant sees and changes all that is its own in every table, and nothing else; how many rows. */
export async function expectApart(shop: Shop, tenants: readonly [string, string]): Promise<number> {
  const { decisions } = await shop.protect()
  let [seen, tables] = [0, 0]
  for (const { table, column, kind } of decisions) {
    if (column === null || !['tenant', 'own', 'path', 'part'].includes(kind)) continue
    const name = `"${column.replaceAll('"', '""')}"`
    const rights = await shop.sql(
      `select has_table_privilege('${web}', ${table.oid}::oid, 'select') as may`,
    )
    if (!rights[0]!['may']) continue
    tables++
    for (const tenant of tenants) {
      const [own] = await shop.sql(
        `select count(*)::int as n from ${table.sql} where ${name}::text = '${tenant}'`,
      )
      const mine = await shop.as(tenant, `select ${name}::text as whose from ${table.sql}`)
      expect([...new Set(mine.rows.map(({ whose }) => whose))], table.id).toEqual(
        own!['n'] === 0 ? [] : [tenant],
      )
      expect(mine.count, table.id).toBe(own!['n'])
      const changed = await shop.as(tenant, `update ${table.sql} set ${name} = ${name}`)
      expect(changed.count, table.id).toBe(own!['n'])
      seen += mine.count
    }
    expect((await shop.as(null, `select from ${table.sql}`)).count, table.id).toBe(0)
  }
  expect(seen, 'a look at nothing shows nothing').toBeGreaterThan(tables)
  return seen
}

/** All of the catalog that the migration could touch, as one text. */
export async function catalogOf(shop: Shop): Promise<string> {
  const [row] = await shop.sql(`select md5(string_agg(said, '|' order by said)) as all from (
    select concat('class', oid, xmin, relname, relacl::text, relrowsecurity, relforcerowsecurity, reloptions::text) from pg_class where oid > 16384
    union all select concat('att', attrelid, attnum, xmin, attname, attnotnull) from pg_attribute where attrelid > 16384
    union all select concat('con', oid, xmin, conname, convalidated) from pg_constraint
    union all select concat('pol', oid, xmin, polname) from pg_policy
    union all select concat('index', indexrelid, xmin) from pg_index
    union all select concat('role', oid, xmin, rolname, rolbypassrls) from pg_authid
    union all select concat('db', oid, datacl::text) from pg_database where datname = current_database()) as parts (said)`)
  return String(row!['all'])
}
