import { lstatSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCluster, withClient, type Cluster, type Step } from '../src/index.ts'
import { kill, processesOf, quick, removeScratch, scratch, startOwner } from './scratch.ts'

const directory = scratch()
const options = { directory, settings: quick }
const steps: Step[] = []
let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ ...options, onProgress: (step) => steps.push(step) })
})
afterAll(async () => {
  await cluster.stop()
  await removeScratch()
})

const ask = async (sql: string) =>
  await cluster.asSuperuser(
    async (client) => (await client.query({ text: sql, rowMode: 'array' })).rows,
  )

describe('a new cluster', () => {
  test('is made and started, in named steps', () => {
    expect(steps).toEqual(['copy programs', 'initialise', 'start'])
    expect(cluster).toMatchObject({ adopted: false, authority: null, directory })
    expect(cluster.version).toMatch(/^18\.\d+$/)
  })

  test('is UTF-8, sorts by rules of its own, and has checksums', async () => {
    expect(
      await ask(`select pg_encoding_to_char(encoding), datlocprovider, datlocale,
        current_setting('data_checksums') from pg_database where datname = 'template1'`),
    ).toEqual([['UTF8', 'b', 'C.UTF-8', 'on']])
    expect(await ask(`select upper('äß')`)).toEqual([['ÄSS'.slice(0, 1) + 'ß']])
  })

  test('listens on loopback and on a socket that only its user can reach', async () => {
    expect(await ask('show listen_addresses')).toEqual([['127.0.0.1']])
    const folder = statSync(join(directory, 'sockets'))
    expect([folder.mode & 0o777, folder.uid]).toEqual([
      0o700,
      statSync(join(directory, 'data')).uid,
    ])
  })

  test('lets nobody in without a password: every way is by scram-sha-256', async () => {
    const rules = await ask(`select distinct auth_method from pg_hba_file_rules order by 1`)
    expect(rules.flat()).toEqual(['reject', 'scram-sha-256'])
    const wrong = { role: 'postgres', password: 'wrong', database: 'postgres' }
    await expect(withClient(cluster.url(wrong), async () => {})).rejects.toThrow(/authentication/)
    expect(await ask('select current_user')).toEqual([['postgres']])
  })

  test('lets the superuser in by the socket only, even with the password', async () => {
    const password = readFileSync(join(directory, 'superuser.password'), 'utf8')
    const right = { role: 'postgres', password, database: 'postgres' }
    const work = async () => 'in'
    await expect(withClient(cluster.networkUrl(right), work)).rejects.toThrow(/rejects connection/)
    expect(await withClient(cluster.url(right), work)).toBe('in')
  })

  test('keeps its password in a closed file and nowhere else', async () => {
    const file = join(directory, 'superuser.password')
    const password = readFileSync(file, 'utf8')
    expect([lstatSync(file).mode & 0o777, password.length]).toEqual([0o600, 43])
    const log = readFileSync(join(directory, 'server.log'), 'utf8')
    const seen = processesOf(directory).map(({ pid, words }) => {
      return words + readFileSync(`/proc/${pid}/environ`, 'utf8')
    })
    expect([log, ...seen].filter((text) => text.includes(password))).toEqual([])
  })

  test('runs as a user without power, in whose hands is nothing but its data', () => {
    const uid = statSync(`/proc/${cluster.pid}`).uid
    expect(uid).not.toBe(0)
    const others = ['.', 'superuser.password', 'postgresql.conf', 'pg_hba.conf', 'watchdog.lock']
    for (const name of others) {
      const { uid: owner, mode } = statSync(join(directory, name))
      expect([owner, mode & 0o022], name).toEqual([process.geteuid!(), 0])
    }
  })

  test('keeps what a statement held out of its log', async () => {
    await expect(ask(`select 'secret-in-sql' from nowhere`)).rejects.toThrow(/nowhere/)
    const log = readFileSync(join(directory, 'server.log'), 'utf8')
    expect(log).toContain('relation "nowhere" does not exist')
    expect(log).not.toContain('secret-in-sql')
  })

  test('cannot be moved out of its settings from within', async () => {
    await expect(ask(`alter system set listen_addresses = '*'`)).rejects.toThrow(/ALTER SYSTEM/)
  })
})

describe('a directory', () => {
  test('has one owner: another process and this one itself are refused', async () => {
    const { said, killed } = await startOwner(options)
    await killed()
    expect(said.code).toBe('already-owned')
    await expect(startCluster(options)).rejects.toMatchObject({
      code: 'already-owned',
      place: directory,
      message: expect.stringContaining(`pid ${process.pid}`) as string,
    })
    expect(await ask('select 1')).toEqual([[1]])
  })

  test('gets one owner of many that start at once', async () => {
    const shared = { directory: scratch(), settings: quick }
    const owners = await Promise.all([1, 2, 3, 4].map(async () => await startOwner(shared)))
    const codes = owners.map(({ said }) => said.code ?? 'owns')
    expect(codes.toSorted()).toEqual(['already-owned', 'already-owned', 'already-owned', 'owns'])
    await Promise.all(owners.map(async ({ killed }) => await killed()))
    await (await startCluster(shared)).stop()
  }, 60_000)
})

describe('stopping', () => {
  test('ends every process, twice is once, and a new start finds the data', async () => {
    await ask('create table kept (n int)')
    const [first, second] = await Promise.all([cluster.stop(), cluster.stop()])
    expect(first).toEqual({ code: 0, signal: null, how: 'fast' })
    expect([second, await cluster.stop(), await cluster.ended]).toEqual([first, first, first])
    expect(processesOf(directory)).toEqual([])
    const again: Step[] = []
    cluster = await startCluster({ ...options, onProgress: (step) => again.push(step) })
    expect(again).toEqual(['copy programs', 'start'])
    expect(await ask('select * from kept')).toEqual([])
  })

  test('goes on to an immediate shutdown, and writes it down, when a process hangs', async () => {
    await cluster.stop()
    cluster = await startCluster({ ...options, stopSeconds: 1 })
    const [[pid]] = (await ask(
      `select pid from pg_stat_activity where backend_type = 'checkpointer'`,
    )) as [[number]]
    kill(pid, 'SIGSTOP')
    expect(await cluster.stop()).toMatchObject({ how: 'immediate' })
    expect(readFileSync(join(directory, 'server.log'), 'utf8')).toContain('stopped with SIGQUIT')
    cluster = await startCluster(options)
    expect(await ask('select * from kept')).toEqual([])
  })
})
