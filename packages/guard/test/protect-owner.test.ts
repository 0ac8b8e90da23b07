import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster, type Cluster } from '../../postgres/src/index.ts'
import {
  apply,
  check,
  noPlan,
  protect,
  reading,
  withDatabase,
  type Finding,
} from '../src/protect/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'kept-test-'))
let cluster: Cluster
let url: string

beforeAll(async () => {
  cluster = await startCluster({
    directory,
    settings: { shared_preload_libraries: 'pg_stat_statements' },
  })
  await cluster.asSuperuser(async (client) => {
    await client.query(
      `create extension pg_stat_statements; create role app login; create role owner login password 'x'`,
    )
    await client.query('create schema shop authorization owner; grant pg_read_all_stats to owner')
    await client.query(`set role owner; create table shop.tenants (id uuid primary key);
      create table shop.notes (id bigint generated always as identity primary key, tenant_id uuid not null references shop.tenants, text text);
      create table shop.replies (note bigint not null references shop.notes, text text);
      grant usage on schema shop to app; grant select, insert, update, delete on all tables in schema shop to app;
      insert into shop.tenants values (gen_random_uuid()); insert into shop.notes (tenant_id) select id from shop.tenants;
      insert into shop.replies select id, 'x' from shop.notes; reset role`)
  })
  url = cluster.superuserUrl().replace(/\/\/[^@]*@/, '//owner:x@')
}, 60_000)
afterAll(async () => {
  await cluster.stop()
  rmSync(directory, { recursive: true, force: true })
})

const plan = { ...noPlan, staff: ['postgres'] }
const given = {
  say: () => {},
  wait: () => Promise.resolve(),
  signal: new AbortController().signal,
}
const look = (): Promise<Finding[]> =>
  withDatabase(url, { writes: false }, (client) =>
    reading(client, async () => await check(client, await protect(client, plan))),
  )
const errors = async () =>
  (await look()).filter(({ level }) => level === 'error').map(({ at, why }) => `${at}: ${why}`)

describe('kept protect as the owner of the tables, who is no superuser', () => {
  it('applies what an owner may, and says what it may not', async () => {
    const { roles } = await withDatabase(url, { writes: false }, (client) =>
      reading(client, () => protect(client, plan)),
    )
    expect(
      roles.map(({ name }) => name),
      'found by its rights',
    ).toEqual(['app'])
    const { steps } = await apply(url, plan, given)
    expect(steps.map(({ at }) => at)).toEqual(['database postgres'])
    expect(await errors()).toEqual([expect.stringMatching(/^database postgres: a temporary table/)])
    await cluster.asSuperuser((client) =>
      client.query('revoke temporary on database postgres from public'),
    )
    // It owns the tables, whose policies now bind it too: nothing must be read to know that all is well.
    expect(await errors()).toEqual([])
    expect((await apply(url, plan, given)).steps).toEqual([])
  })

  it('seals what was plain, once a superuser has installed the seal', async () => {
    const sealed = { ...plan, scope: 'sealed' as const }
    const planned = () =>
      withDatabase(url, { writes: false }, (client) =>
        reading(client, () => protect(client, sealed)),
      )
    const [first] = (await planned()).steps
    expect(first).toMatchObject({
      at: 'kept.key',
      why: expect.stringContaining("wants the right to make a role, best a superuser's"),
    })
    await expect(apply(url, sealed, given)).rejects.toMatchObject({
      code: 'lacks-right',
      message: expect.stringContaining('kept.key'),
    })
    await cluster.asSuperuser(async (client) => {
      for (const statement of first!.sql) await client.query(statement)
      await client.query('grant usage on schema kept to owner')
    })
    expect((await apply(url, sealed, given)).steps).toEqual([])
    const { findings } = await planned()
    expect(findings.filter(({ level }) => level === 'error')).toEqual([])
    const said = await cluster.asSuperuser(async (client) => {
      const { rows } = await client.query<{ said: string }>(
        `select pg_get_expr(adbin, adrelid) as said from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
         where attname = 'tenant_id' union all select pg_get_expr(polqual, polrelid) from pg_policy`,
      )
      return rows
    })
    expect(said).toHaveLength(4)
    for (const one of said) expect(one.said).toMatch(/kept\.(?:tenant\(\)|scope)/)
    // And back, as the tests below have it.
    await apply(url, plan, given)
    expect(await errors()).toEqual([])
  })

  it('notes queries that are asked often and cannot use an index under a policy', async () => {
    await cluster.asSuperuser(async (client) => {
      await client.query(`select pg_stat_statements_reset()`)
      for (let i = 0; i < 3; i++)
        await client.query(`select * from shop.notes where text like 'a%'`)
      await client.query('select * from shop.notes where id = 1')
    })
    const notes = (await look()).filter(({ why }) => why.startsWith('asked '))
    expect(notes).toEqual([
      expect.objectContaining({
        at: 'shop.notes',
        why: expect.stringMatching(/^asked 3 times .*text like/),
      }),
    ])
  })
})
