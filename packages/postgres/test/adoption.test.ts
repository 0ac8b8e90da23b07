import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { startCluster, withClient } from '../src/index.ts'
import {
  isAlive,
  kill,
  processesOf,
  quick,
  removeScratch,
  scratch,
  startOwner,
  untilNoProcess,
  watchdogOf,
} from './scratch.ts'

const directory = scratch()
const options = { directory, settings: quick }

afterAll(removeScratch)

const count = async (url: string) =>
  await withClient(url, async (client) => {
    await client.query('create table if not exists rows (at timestamptz default now())')
    await client.query('insert into rows default values')
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from rows')
    return rows[0]!.n
  })

const logOf = (at: string) => readFileSync(join(at, 'server.log'), 'utf8')

describe('an owner that is killed', () => {
  test('leaves a server that the next owner adopts, with all its data and clients', async () => {
    const { said, killed } = await startOwner(options)
    expect(said.adopted).toBe(false)
    expect(await count(said.url)).toBe(1)
    await withClient(said.url, async (client) => {
      await killed()
      const cluster = await startCluster(options)
      expect(cluster).toMatchObject({ pid: said.pid, port: said.port, adopted: true })
      expect((await client.query('select from rows')).rowCount).toBe(1)
      expect(await count(cluster.superuserUrl())).toBe(2)
      await client.end()
      expect(await cluster.stop()).toMatchObject({ how: 'fast' })
    })
    expect(processesOf(directory)).toEqual([])
  })

  test('leaves one that its watchdog stops in order when nobody comes within the grace', async () => {
    const { said, killed } = await startOwner({ ...options, graceSeconds: 1 })
    expect(await count(said.url)).toBe(3)
    await killed()
    expect(isAlive(said.pid)).toBe(true)
    await untilNoProcess(directory)
    expect(logOf(directory)).toMatch(/no owner came/)
    const cluster = await startCluster(options)
    expect(cluster.adopted).toBe(false)
    expect(await count(cluster.superuserUrl())).toBe(4)
    // Control: after a crash the server would say that it was interrupted.
    expect(logOf(directory)).not.toMatch(/interrupted|automatic recovery/)
    await cluster.stop()
  })

  test('is not followed by its server before the grace is over, while an owner came in time', async () => {
    const { killed } = await startOwner({ ...options, graceSeconds: 1 })
    await killed()
    const cluster = await startCluster(options)
    expect(cluster.adopted).toBe(true)
    await wait(1500)
    expect(await count(cluster.superuserUrl())).toBe(5)
    await cluster.stop()
  })

  test('is followed by a restart, not an adoption, when other settings are asked for', async () => {
    const { said, killed } = await startOwner(options)
    await killed()
    const cluster = await startCluster({ directory, settings: { ...quick, work_mem: '5MB' } })
    expect(cluster.adopted).toBe(false)
    expect(cluster.pid).not.toBe(said.pid)
    await cluster.asSuperuser(async (client) => {
      expect((await client.query('show work_mem')).rows).toEqual([{ work_mem: '5MB' }])
    })
    await cluster.stop()
  })
})

describe('Ctrl-C', () => {
  test('reaches the foreground process group, and neither the watchdog nor the server', async () => {
    const { said, owner, killed } = await startOwner(options)
    process.kill(-owner, 'SIGINT')
    await wait(300)
    expect(await count(said.url)).toBeGreaterThan(1)
    const sessionOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[5]
    expect(sessionOf(said.pid)).toBe(sessionOf(watchdogOf(directory)))
    expect(sessionOf(said.pid)).not.toBe(sessionOf(owner))
    await killed()
    await (await startCluster(options)).stop()
  })
})

describe('a watchdog that is killed', () => {
  test('is replaced by the living owner, and the server goes on', async () => {
    const cluster = await startCluster(options)
    const [first, before] = [watchdogOf(directory), await count(cluster.superuserUrl())]
    kill(first)
    while (isAlive(first) || !processesOf(directory).some((one) => /watchdog/.test(one.words))) {
      await wait(20)
    }
    expect(await count(cluster.superuserUrl())).toBe(before + 1)
    expect(await cluster.stop()).toMatchObject({ how: 'fast', code: null })
    expect(processesOf(directory)).toEqual([])
  })

  test('together with its owner leaves a server that the next owner adopts', async () => {
    const { said, killed } = await startOwner(options)
    const before = await count(said.url)
    await killed()
    kill(watchdogOf(directory))
    const cluster = await startCluster(options)
    expect(cluster).toMatchObject({ pid: said.pid, adopted: true })
    expect(await count(cluster.superuserUrl())).toBe(before + 1)
    expect(await cluster.stop()).toMatchObject({ how: 'fast' })
  })
})

describe('a server that is killed', () => {
  test('is reported to its owner, and the next start replays what was committed', async () => {
    const cluster = await startCluster({ directory, settings: { fsync: true } })
    const before = await count(cluster.superuserUrl())
    kill(cluster.pid)
    expect(await cluster.ended).toEqual({ code: null, signal: 'SIGKILL', how: 'itself' })
    expect(await cluster.stop()).toMatchObject({ how: 'itself' })
    const next = await startCluster({ directory, settings: { fsync: true } })
    expect(next.adopted).toBe(false)
    expect(await count(next.superuserUrl())).toBe(before + 1)
    await next.stop()
  })

  test('may leave a pid that names another process by now, which is left alone', async () => {
    const { said, killed } = await startOwner(options)
    const pidFile = readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8')
    await killed()
    for (const { pid } of processesOf(directory)) kill(pid)
    await untilNoProcess(directory)
    const stale = pidFile.replace(String(said.pid), String(process.pid))
    writeFileSync(join(directory, 'data', 'postmaster.pid'), stale)
    const cluster = await startCluster(options)
    expect(cluster.adopted).toBe(false)
    await cluster.stop()
  })
})
