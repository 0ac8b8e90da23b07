import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everything, files } from './example.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'kept-packed-'))
const tarballs = join(folder, 'tarballs')

// A user's own PATH: npm put the workspace's Node in front of it for this test run only.
const folders = (process.env['PATH'] ?? '').split(delimiter)
const path = folders.filter((one) => !one.includes('node_modules')).join(delimiter)
const withNode = `${path}${delimiter}${dirname(process.execPath)}`

function run(command: string, words: string[], cwd: string, env: NodeJS.ProcessEnv) {
  return spawnSync(command, words, { cwd, env, encoding: 'utf8', timeout: 120_000 })
}

/** An empty project of a user with an empty home, into which packages are installed. */
function install(name: string, packages: string[], flags: string[]) {
  const cwd = join(folder, name)
  mkdirSync(join(cwd, 'home'), { recursive: true })
  writeFileSync(join(cwd, 'package.json'), '{"private":true,"type":"module"}')
  for (const [file, text] of Object.entries(files)) writeFileSync(join(cwd, file), text)
  const env = { PATH: path, HOME: join(cwd, 'home') }
  const quiet = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--fetch-retries=0',
  ]
  const given = packages.map((one) => join(tarballs, one))
  const { status, stderr } = run('npm', ['install', ...quiet, ...flags, ...given], cwd, env)
  return { cwd, env, status, stderr }
}

const check = [...everything, '--at', '2026-11-20T12:00:00Z']
const lastLine = '1 broken, 3 unproven, 1 kept; no findings\n'

beforeAll(() => {
  const pack = run(
    process.execPath,
    [join(root, 'scripts', 'pack.ts'), tarballs],
    root,
    process.env,
  )
  if (pack.status !== 0) throw new Error(pack.stderr)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true }))

describe('an installed kept', () => {
  test('works without the registry, on a Node 24 of the PATH', () => {
    const { cwd, env, status, stderr } = install('offline', tarballsOf('cli'), [
      '--offline',
      '--omit=optional',
    ])
    expect([status, stderr]).toEqual([0, ''])
    const kept = join(cwd, 'node_modules', '.bin', 'kept')
    const { status: code, stdout } = run(kept, check, cwd, { ...env, PATH: withNode })
    expect(code).toBe(1)
    expect(stdout).toContain(lastLine)
  })

  test('brings its own Node from the registry', ({ skip }) => {
    skip(process.platform !== 'linux', 'there are Node packages for Linux only')
    const { cwd, env } = install('online', tarballsOf('cli'), [])
    const node = join(cwd, 'node_modules', `node-linux-${process.arch}`)
    // npm forgives an optional package that it could not fetch.
    skip(!existsSync(node), 'the registry cannot be reached')
    const kept = join(cwd, 'node_modules', '.bin', 'kept')
    const { status: code, stdout } = run(kept, check, cwd, env)
    expect(code).toBe(1)
    expect(stdout).toContain(lastLine)
  })
})

describe('an installed @kept/page', () => {
  test('is imported and has types', ({ skip }) => {
    const { cwd, env, status } = install('library', tarballsOf('page'), [])
    skip(status !== 0, 'the registry cannot be reached')
    const program = `import { compile, type Page } from '@kept/page'
const page: Page = compile('[We back up](kept:backup)', { format: 'markdown', now: 0 })
// @ts-expect-error a page has no such field
page.nothing
if (page.claims[0]?.obligations[0]?.proof.id !== 'backup') throw new Error('not compiled')
`
    writeFileSync(join(cwd, 'program.ts'), program)
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const words = ['--strict', '--noEmit', '--module', 'nodenext', 'program.ts']
    expect(run(process.execPath, [tsc, ...words], cwd, env).stdout).toBe('')
    expect(run(process.execPath, ['program.ts'], cwd, env)).toMatchObject({ status: 0, stderr: '' })
  })
})

function tarballsOf(name: string): string[] {
  return readdirSync(tarballs).filter((file) => file.startsWith(`kept-${name}-`))
}
