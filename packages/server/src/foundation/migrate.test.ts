import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureRole } from '@kept/postgres'
import { testDatabase, type TestDatabase } from '@kept/postgres/testing'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate, type Roles } from './migrate.ts'

/** Names that are nothing but names, whatever stands in them. */
const roles: Roles = {
  owner: 'test_migrate_owner',
  server: 'test"migrate; drop schema kept --',
  worker: 'Test Migrate :owner',
}

let database: TestDatabase
let folder: string
let pool: pg.Pool

beforeEach(async () => {
  database = await testDatabase()
  folder = mkdtempSync(join(tmpdir(), 'kept-migrate-'))
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  for (const name of Object.values(roles)) await ensureRole(admin, { name })
  await admin.end()
  pool = open()
})
afterEach(async () => {
  await pool.end()
  await database.drop()
  rmSync(folder, { recursive: true })
})

function open(): pg.Pool {
  const one = new pg.Pool({ connectionString: database.url, max: 2 })
  one.on('error', () => {})
  one.on('connect', (client) => client.on('error', () => {}))
  return one
}

const write = (file: string, sql: string) => writeFileSync(join(folder, file), sql)
const run = (on = pool) => migrate(on, roles, [{ name: 'things', migrations: folder }])
const names = async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select name from kept.migrations where name like 'things/%' order by name`,
  )
  return rows.map(({ name }) => name)
}

describe('migrations', () => {
  it('run once, in order of name, after those of the foundation', async () => {
    write('0002-more.sql', 'alter table things.a add column b int;')
    write('0001-things.sql', 'create schema things; create table things.a (id int);')
    write('README.md', 'not SQL')
    expect(await run()).toBe(3)
    expect(await run()).toBe(0)
    write('0003-last.sql', 'alter table things.a add column c int;')
    expect(await run()).toBe(1)
    expect(await names()).toEqual([
      'things/0001-things.sql',
      'things/0002-more.sql',
      'things/0003-last.sql',
    ])
  })

  it('run once when two start at once', async () => {
    write('0001-things.sql', 'create schema things; create table things.a (id int);')
    const other = open()
    try {
      const counts = await Promise.all([run(), run(other)])
      expect(counts.toSorted((a, b) => a - b)).toEqual([0, 2])
    } finally {
      await other.end()
    }
  })

  it('leave nothing of a run that fails, and go on once it is mended', async () => {
    write('0001-things.sql', 'create schema things;')
    write('0002-wrong.sql', 'create table things.a (id int); select nothing from nowhere;')
    await expect(run()).rejects.toMatchObject({ code: '42P01' })
    const { rows } = await pool.query(`select from pg_namespace where nspname = 'things'`)
    expect(rows).toEqual([])
    write('0002-wrong.sql', 'create table things.a (id int);')
    expect(await run()).toBe(3)
  })

  it('refuse a file that was changed after it ran', async () => {
    write('0001-things.sql', 'create schema things;')
    await run()
    write('0001-things.sql', 'create schema things; -- as it should have been')
    await expect(run()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('things/0001-things.sql was changed') as unknown,
    })
    write('0001-things.sql', 'create schema things;')
    expect(await run()).toBe(0)
  })

  it('refuse a database that a newer Kept has used', async () => {
    write('0001-things.sql', 'create schema things;')
    write('0002-newer.sql', 'create table things.a (id int);')
    await run()
    const newer = join(folder, '0002-newer.sql')
    cpSync(newer, `${newer}.kept`)
    rmSync(newer)
    await expect(run()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('things/0002-newer.sql') as unknown,
    })
    cpSync(`${newer}.kept`, newer)
    expect(await run()).toBe(0)
  })

  it('grant to roles by their names, quoted, and nothing else in the SQL', async () => {
    write(
      '0001-things.sql',
      `create schema things;
       create table things.a (id int);
       grant select on things.a to :server, :worker;
       insert into things.a select '7'::text::int; -- a cast is none of theirs, nor is :other`,
    )
    await run()
    const { rows } = await pool.query<{ role: string }>(
      `select r.rolname as role from pg_class c cross join lateral aclexplode(c.relacl) held
       join pg_roles r on r.oid = held.grantee
       where c.oid = 'things.a'::regclass and held.grantee <> c.relowner order by role`,
    )
    expect(rows.map(({ role }) => role).toSorted()).toEqual([roles.server, roles.worker].toSorted())
  })
})
