import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles, testKept, type TestKept } from './kept.ts'

let kept: TestKept
beforeAll(async () => {
  kept = await testKept()
})
afterAll(() => kept.stop())

const query = async <Row extends object>(sql: string, values: unknown[] = []) =>
  (await kept.as.superuser.query<Row>(sql, values)).rows

/** Everything of ours: the system's own schemas and what an extension owns are not. */
const ours = `n.nspname !~ '^(pg_|information_schema$)'`

/** Tables with a column that names a tenant, and not behind forced row security. */
const openTables = `select c.oid::regclass::text as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${ours} and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
    and exists (select from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
      and a.attname in ('tenant', 'tenant_id'))`

/** Who holds a right on what, besides its owner; nobody at all is \`public\`. */
const grants = `select what, name, coalesce(r.rolname, 'public') as role, privilege_type as right
  from (
    select 'schema' as what, n.nspname::text as name, n.nspacl as acl, n.nspowner as owner
      from pg_namespace n where ${ours}
    union all
    select 'table', c.oid::regclass::text, c.relacl, c.relowner
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${ours} and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select 'function', p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ours}
  ) things cross join lateral aclexplode(acl) as held left join pg_roles r on r.oid = held.grantee
  where held.grantee <> owner`

describe('who may do what in the database', () => {
  it('leaves nothing to everybody', async () => {
    expect(await query(`${grants} and held.grantee = 0`)).toEqual([])
  })

  it('would find a right of everybody, on a table, a schema or a function', async () => {
    await query(`create table kept.left_open (id int);
      grant select on kept.left_open to public;
      create function kept.open_to_all() returns int language sql as 'select 1';
      grant execute on function kept.open_to_all to public`)
    try {
      const found = await query<{ name: string }>(`${grants} and held.grantee = 0`)
      expect(found.map(({ name }) => name)).toEqual(['kept.left_open', 'kept.open_to_all()'])
    } finally {
      await query('drop table kept.left_open; drop function kept.open_to_all()')
    }
  })

  it('names no role but those of the migrations', async () => {
    const held = await query<{ role: string }>(`select distinct role from (${grants}) as held`)
    expect(held.map(({ role }) => role).toSorted()).toEqual([roles.server, roles.worker])
  })

  it('keeps the jobs from the server, and everything else from the worker', async () => {
    const held = await query<{ role: string; schema: string }>(
      `select distinct role, split_part(name, '.', 1) as schema from (${grants}) as held
       where what = 'table'`,
    )
    const schemasOf = (role: string) =>
      held.filter((one) => one.role === role).map(({ schema }) => schema)
    expect(schemasOf(roles.worker)).toEqual(['graphile_worker'])
    expect(schemasOf(roles.server)).not.toContain('graphile_worker')
    expect(schemasOf(roles.server)).toContain('ledger')
  })

  it('gives the roles no power of their own', async () => {
    const powers = await query(
      `select rolname from pg_roles where rolname = any($1)
       and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
      [Object.values(roles)],
    )
    expect(powers).toEqual([])
    const owned = await query<{ owner: string }>(
      `select distinct pg_get_userbyid(c.relowner) as owner from pg_class c
       join pg_namespace n on n.oid = c.relnamespace where ${ours}`,
    )
    expect(owned).toEqual([{ owner: roles.owner }])
  })

  it('has every function that runs as its owner search no schema', async () => {
    const functions = await query<{ name: string; config: string[] | null }>(
      `select p.oid::regprocedure::text as name, p.proconfig as config from pg_proc p
       join pg_namespace n on n.oid = p.pronamespace
       where ${ours} and n.nspname <> 'graphile_worker' and p.prosecdef`,
    )
    expect(functions.map(({ name }) => name).toSorted()).toEqual([
      'kept.enqueue(text,json,text)',
      'ledger.add_subtrees()',
      'ledger.move_entries(integer)',
    ])
    for (const { config } of functions) expect(config).toEqual(['search_path=""'])
  })
})

describe('tenants', () => {
  it('have every table with their rows behind forced row security', async () => {
    expect(await query(openTables)).toEqual([])
  })

  it('would be missed nowhere: a table without it is found, enabled or not', async () => {
    await query(`create table kept.bare (tenant_id uuid);
      create table kept.enabled (tenant text);
      alter table kept.enabled enable row level security;
      create table kept.forced (tenant text);
      alter table kept.forced enable row level security, force row level security`)
    try {
      const found = await query<{ name: string }>(openTables)
      expect(found.map(({ name }) => name).toSorted()).toEqual(['kept.bare', 'kept.enabled'])
    } finally {
      await query('drop table kept.bare, kept.enabled, kept.forced')
    }
  })
})

describe('holdings', () => {
  it('name tables and columns that are there', async () => {
    const holdings = kept.capabilities.flatMap((one) => one.holdings)
    expect(holdings.length).toBeGreaterThan(0)
    for (const { table, personal } of holdings) {
      const columns = await query<{ name: string }>(
        `select attname::text as name from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
        [table],
      )
      expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining([...personal]))
    }
  })
})
