import { randomBytes } from 'node:crypto'
import { Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addKey, openGuard, trustedPrincipal } from '../src/index.ts'
import { apply, check, noPlan, protect, reading, withDatabase } from '../src/protect/index.ts'
import { hasOlder, startOlder, type Older } from './older.ts'
import { errorsOf } from './protecting.ts'

describe.skipIf(!hasOlder())('on PostgreSQL 15, of Debian’s postgresql-15,', () => {
  let older: Older
  beforeAll(async () => (older = await startOlder()), 60_000)
  afterAll(() => older?.stop())

  const sql = (text: string | { text: string; values: unknown[] }) =>
    withClient((client) => client.query(text))
  async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: older.url })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
  const plan = { ...noPlan, scope: 'sealed', appRoles: ['web'], staff: ['postgres'] } as const
  const found = () =>
    withDatabase(older.url, { writes: false }, (client) =>
      reading(client, async () => errorsOf(await check(client, await protect(client, plan)))),
    )

  it('the seal is installed, known for what it is, and opened by the guard', async () => {
    await sql(`create table tenants (id int primary key); create table notes (id text, tenant_id int references tenants);
      insert into tenants values (1), (2); insert into notes values ('a', 1), ('b', 2)`)
    const steps: string[] = []
    const applying = {
      say: ({ at }: { at: string }) => steps.push(at),
      wait: () => Promise.resolve(),
      signal: new AbortController().signal,
    }
    await apply(older.url, plan, applying)
    expect(steps.length).toBeGreaterThan(2)
    expect(await found()).toEqual([])
    steps.splice(0)
    await apply(older.url, plan, applying)
    expect(steps).toEqual([])

    const key = { id: 'first', secret: randomBytes(32) }
    await sql(addKey(key))
    const pool = new Pool({ connectionString: older.url.replace('postgres@', 'web@'), max: 1 })
    const guard = openGuard({ pool, scope: { mode: 'sealed', key } })
    const seen = (tenant: string) =>
      guard.tenant(
        trustedPrincipal({ tenant, type: 'Job', id: 'test' }),
        (scope) => scope.rows`select id from notes`,
      )
    expect(await seen('1')).toEqual([{ id: 'a' }])
    expect(await seen('2')).toEqual([{ id: 'b' }])
    // A connection is looked at when it is first used.
    await sql('alter role web createrole')
    expect(await found()).toEqual([
      expect.stringMatching(/^web: it is or may become web, whom no policy binds/),
      expect.stringMatching(/^web: 1 session .* CREATEROLE lets it become other roles$/),
    ])
    const other = new Pool({ connectionString: older.url.replace('postgres@', 'web@'), max: 1 })
    const refusing = openGuard({ pool: other, scope: { mode: 'sealed', key } })
    const asked = refusing.tenant(
      trustedPrincipal({ tenant: '1', type: 'Job', id: 'test' }),
      (scope) => scope.rows`select id from notes`,
    )
    await expect(asked).rejects.toMatchObject({ code: 'unsafe-role' })
    await refusing.close()
    await other.end()
    await sql('alter role web nocreaterole')
    expect(await found()).toEqual([])
    await guard.close()
    await pool.end()

    await sql(
      `create or replace view kept.scope with (security_barrier) as select '1'::text as tenant`,
    )
    expect(await found()).toEqual(['kept.scope: it is not as the seal needs it'])
  })
})
