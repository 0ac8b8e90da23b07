import { mkdtempSync, readFileSync, rmSync, statSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dropDatabase, withClient } from '@kept/postgres'
import { sharedCluster } from '@kept/postgres/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareOnServer } from './database.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-database-'))
const name = `lent_${process.pid}`
const admins = { able: `${name}_able`, powerless: `${name}_powerless` }
const files = { name, secrets: join(folder, 'passwords.json'), sql: join(folder, 'prepare.sql') }
let cluster: string

/** The cluster as one of the administrators, whose password is its name. */
function as(role: string): string {
  return cluster.replace(/\/\/[^@]*@/, `//${role}:${role}@`)
}

const superuser = (...statements: string[]) =>
  withClient(cluster, async (client) => {
    for (const statement of statements) await client.query(statement)
  })

beforeAll(async () => {
  cluster = await sharedCluster()
  await superuser(
    `create role ${admins.able} login createrole createdb password '${admins.able}'`,
    `create role ${admins.powerless} login password '${admins.powerless}'`,
    // Other people's servers let everybody into it; the cluster of the tests is one of ours.
    `grant connect on database postgres to ${admins.able}, ${admins.powerless}`,
  )
})

afterAll(async () => {
  await withClient(cluster, (client) => dropDatabase(client, name))
  const roles = ['owner', 'server', 'worker'].map((role) => `${name}_${role}`)
  for (const role of [...roles, ...Object.values(admins)]) {
    const isAdmin = role === admins.able || role === admins.powerless
    await superuser(...(isAdmin ? [`drop owned by ${role}`] : []), `drop role if exists ${role}`)
  }
  rmSync(folder, { recursive: true })
})

describe('a database on a server that somebody else runs', () => {
  it('is asked of an administrator where the role may not make it', async () => {
    await expect(prepareOnServer(as(admins.powerless), files)).rejects.toMatchObject({
      code: 'not-allowed',
      detail: { fix: expect.stringContaining(`psql -d postgres -f ${files.sql}`) as unknown },
    })
    const sql = readFileSync(files.sql, 'utf8')
    expect(sql).toContain(`create database "${name}" owner "${name}_owner"`)
    expect(statSync(files.sql).mode & 0o077, 'it holds what passwords are checked by').toBe(0)
    // A server may log a statement, and an administrator keep the file.
    const passwords = JSON.parse(readFileSync(files.secrets, 'utf8')) as Record<string, string>
    for (const password of Object.values(passwords)) expect(sql).not.toContain(password)
    expect(sql.match(/password 'SCRAM-SHA-256\$/g)).toHaveLength(3)
  })

  it('is made by a role that may, without any power for its own roles', async () => {
    const urls = await prepareOnServer(as(admins.able), files)
    expect(existsSync(files.sql)).toBe(false)
    await withClient(urls.server, async (client) => {
      const { rows } = await client.query('select count(*)::int as number from claims.versions')
      expect(rows).toEqual([{ number: 0 }])
      await expect(client.query('create table public.x ()')).rejects.toMatchObject({
        code: '42501',
      })
    })
    const { rows } = await withClient(cluster, (client) =>
      client.query(
        `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as able from pg_roles where rolname like '${name}\\_%er'`,
      ),
    )
    expect(rows).toEqual([{ able: false }, { able: false }, { able: false }])
  })

  it('is found again, by whoever starts it with the same passwords', async () => {
    const urls = await prepareOnServer(as(admins.powerless), files)
    expect(new URL(urls.owner).username).toBe(`${name}_owner`)
  })

  it('is nobody else’s: other passwords are refused and leave nothing behind', async () => {
    const other = { ...files, secrets: join(folder, 'other.json') }
    await expect(prepareOnServer(as(admins.able), other)).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(existsSync(other.secrets)).toBe(false)
  })

  it('says that the server refuses, without the password', async () => {
    const wrong = as(admins.able).replace(`:${admins.able}@`, ':hunter2@')
    const other = { ...files, name: `${name}_none`, secrets: join(folder, 'none.json') }
    await expect(prepareOnServer(wrong, other)).rejects.toMatchObject({
      code: 'not-connected',
      message: expect.not.stringContaining('hunter2') as unknown,
    })
  })
})
