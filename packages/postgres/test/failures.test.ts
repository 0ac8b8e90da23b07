import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { PostgresFailure, startCluster, type ClusterOptions } from '../src/index.ts'
import { processesOf, quick, removeScratch, scratch } from './scratch.ts'

const isRoot = process.geteuid!() === 0
afterAll(removeScratch)

/** The failure of a start, which must leave no process behind. */
async function failure(options: ClusterOptions): Promise<PostgresFailure> {
  const started = await startCluster({ settings: quick, ...options }).catch(
    (error: unknown) => error,
  )
  expect(started).toBeInstanceOf(PostgresFailure)
  expect(processesOf(options.directory)).toEqual([])
  return started as PostgresFailure
}

/** The control of each refusal: without its cause the same directory starts. */
async function starts(options: ClusterOptions): Promise<void> {
  await (await startCluster({ settings: quick, ...options })).stop()
}

describe('a directory is refused', () => {
  const directory = scratch()

  test('when it holds something else', async () => {
    writeFileSync(join(directory, 'letter.txt'), 'dear reader')
    expect(await failure({ directory })).toMatchObject({ code: 'not-a-cluster', place: directory })
    rmSync(join(directory, 'letter.txt'))
    await starts({ directory })
  })

  test('when its data is of another major version', async () => {
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '17\n')
    const error = await failure({ directory })
    expect(error).toMatchObject({ code: 'other-major-version', place: join(directory, 'data') })
    expect(error.message).toContain('made by PostgreSQL 17')
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '18\n')
    await starts({ directory })
  })

  test('when it is the bare data directory of another installation', async () => {
    const bare = scratch()
    writeFileSync(join(bare, 'PG_VERSION'), '15\n')
    expect(await failure({ directory: bare })).toMatchObject({ code: 'other-major-version' })
    writeFileSync(join(bare, 'PG_VERSION'), '18\n')
    expect(await failure({ directory: bare })).toMatchObject({ code: 'not-a-cluster' })
  })

  test('when its data is no data directory', async () => {
    const empty = scratch()
    mkdirSync(join(empty, 'data'))
    expect(await failure({ directory: empty })).toMatchObject({ code: 'not-a-cluster' })
  })

  test('when it or its data belongs to another user', async ({ skip }) => {
    skip(!isRoot, 'only root can give a directory to another user')
    chownSync(directory, 4711, 4711)
    const error = await failure({ directory })
    expect(error).toMatchObject({ code: 'directory-foreign', place: directory })
    expect(error.message).toContain('user 4711')
    chownSync(directory, 0, 0)
    chownSync(join(directory, 'data'), 0, 0)
    expect(await failure({ directory })).toMatchObject({ code: 'directory-foreign' })
    chownSync(join(directory, 'data'), 47_018, 47_018)
    await starts({ directory })
  })

  test('when it may not be written in', async ({ skip }) => {
    skip(isRoot, 'root may write everywhere')
    const closed = scratch()
    chmodSync(closed, 0o500)
    expect(await failure({ directory: join(closed, 'inside') })).toMatchObject({
      code: 'directory-unreachable',
    })
    chmodSync(closed, 0o700)
    await starts({ directory: join(closed, 'inside') })
  })

  test('when the user that runs the server cannot reach it', async ({ skip }) => {
    skip(!isRoot, 'an ordinary user runs the server itself')
    const closed = scratch()
    const inside = join(closed, 'inside')
    expect(await failure({ directory: inside })).toMatchObject({ code: 'directory-unreachable' })
    chmodSync(closed, 0o711)
    await starts({ directory: inside })
  })

  test('when its path is too long for a socket, and a short link to it is not', async () => {
    const parent = scratch()
    if (isRoot) chmodSync(parent, 0o711)
    const long = join(parent, 'x'.repeat(90))
    expect(await failure({ directory: long })).toMatchObject({ code: 'path-too-long' })
    mkdirSync(long)
    symlinkSync(long, join(parent, 'short'))
    await starts({ directory: join(parent, 'short') })
  })
})

describe('a start fails', () => {
  const directory = scratch()

  test('when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((listening) => other.once('listening', listening))
    const { port } = other.address() as { port: number }
    expect(await failure({ directory, port })).toMatchObject({
      code: 'port-taken',
      place: `127.0.0.1:${port}`,
    })
    await new Promise((closed) => other.close(closed))
    await starts({ directory, port })
  })

  test.each([80, 65_536, 1.5])('when the port is %d', async (port) => {
    expect(await failure({ directory, port })).toMatchObject({ code: 'bad-option' })
  })

  test.each([
    ['no_such_setting', 'on'],
    ['shared_buffers', 'plenty'],
    ['max_connections', '-1'],
    ['shared_preload_libraries', 'no_such_library'],
  ])('when PostgreSQL refuses %s = %s', async (name, value) => {
    const error = await failure({ directory, settings: { ...quick, [name]: value } })
    expect(error).toMatchObject({ code: 'bad-setting' })
    expect(error.message).toMatch(new RegExp(`${name}|${value}`))
  })

  test('when the server does not answer in time; its last words are told', async () => {
    const settings = { ...quick, pre_auth_delay: '30s' }
    const error = await failure({ directory, settings, startSeconds: 2, stopSeconds: 2 })
    expect(error).toMatchObject({ code: 'start-timeout', place: directory })
    expect(error.message).toContain('ready to accept connections')
    await starts({ directory })
  })

  test('when the password in the file is another', async () => {
    const file = join(directory, 'superuser.password')
    const right = execFileSync('cat', [file], { encoding: 'utf8' })
    writeFileSync(file, 'another')
    const error = await failure({ directory })
    expect(error).toMatchObject({ code: 'password-mismatch', place: file })
    writeFileSync(file, right)
    await starts({ directory })
  })

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
    'with a grace of %d',
    async (graceSeconds) => {
      expect(await failure({ directory, graceSeconds })).toMatchObject({ code: 'bad-option' })
    },
  )

  test('when the disk is full, before and while PostgreSQL starts', async ({ skip }) => {
    const disk = scratch()
    skip(
      !mount(disk),
      'a small file system can only be mounted by root, and not in every container',
    )
    try {
      const large = join(disk, 'large')
      mkdirSync(large)
      writeFileSync(join(large, 'filler'), Buffer.alloc(100 * 1024 * 1024))
      const inside = join(disk, 'cluster')
      expect(await failure({ directory: inside })).toMatchObject({ code: 'disk-full' })
      rmSync(join(large, 'filler'))
      await starts({ directory: inside })
      fill(join(large, 'filler'))
      const error = await failure({ directory: inside })
      expect(error).toMatchObject({ code: 'disk-full' })
      expect(error.message).toMatch(/No space left|no space left/)
      rmSync(join(large, 'filler'))
      await starts({ directory: inside })
    } finally {
      execFileSync('umount', ['-l', disk])
    }
  })
})

function mount(at: string): boolean {
  if (!isRoot) return false
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=140m,mode=755', 'tmpfs', at], {
      stdio: 'pipe',
    })
    return true
  } catch {
    return false
  }
}

function fill(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(200 * 1024 * 1024))
  } catch {
    // It ends where the disk does.
  }
}
