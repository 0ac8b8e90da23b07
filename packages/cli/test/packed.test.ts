import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everything, files } from './example.ts'
import { makeBundle } from './made-bundle.ts'

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

  test('verifies a bundle offline, and finds an edited one', async () => {
    const { cwd, env } = install('verifying', tarballsOf('cli'), ['--offline', '--omit=optional'])
    const text = JSON.stringify(await makeBundle())
    writeFileSync(join(cwd, 'bundle.json'), text)
    writeFileSync(
      join(cwd, 'edited.json'),
      text.replace('"lowestAccepted":1.2', '"lowestAccepted":1.3'),
    )
    const kept = join(cwd, 'node_modules', '.bin', 'kept')
    const verify = (name: string) => run(kept, ['verify', name], cwd, { ...env, PATH: withNode })
    expect(verify('bundle.json')).toMatchObject({ status: 0, stderr: '' })
    const { status, stdout } = verify('edited.json')
    expect(stdout).toContain('entry 1: it is not in the log')
    expect(status).toBe(1)
  })

  test('says what to install before it runs a page', () => {
    const { cwd, env } = install('alone', tarballsOf('cli'), ['--offline', '--omit=optional'])
    const kept = join(cwd, 'node_modules', '.bin', 'kept')
    const words = ['up', 'security.md', '--systems', 'systems.yaml']
    const { status, stderr } = run(kept, words, cwd, { ...env, PATH: withNode })
    expect([status, stderr]).toEqual([
      2,
      'kept up: the runtime is not installed\n  fix: npm install @kept/server, beside @kept/cli\n',
    ])
  })

  test('says what to install before it reads policies', () => {
    const { cwd, env } = install('no-policy', tarballsOf('cli'), ['--offline', '--omit=optional'])
    const kept = join(cwd, 'node_modules', '.bin', 'kept')
    const words = ['policy', 'check', 'docs.cedar']
    const { status, stderr } = run(kept, words, cwd, { ...env, PATH: withNode })
    expect([status, stderr]).toEqual([
      2,
      'kept policy: what reads policies is not installed\n  fix: npm install @kept/policy, beside @kept/cli\n',
    ])
  })

  test('reads policies with an installed engine', ({ skip }) => {
    const { cwd, env, status } = install('policies', ['cli', 'policy'].flatMap(tarballsOf), [])
    skip(status !== 0, 'the registry cannot be reached')
    writeFileSync(join(cwd, 'a.cedar'), 'permit (principal, action == Action::"raed", resource);')
    const schema = 'entity User; action read appliesTo { principal: User, resource: User };'
    writeFileSync(join(cwd, 'a.cedarschema'), schema)
    const kept = join(cwd, 'node_modules', '.bin', 'kept')
    const check = () => run(kept, ['policy', 'check', '.'], cwd, { ...env, PATH: withNode })
    const wrong = check()
    expect([wrong.status, wrong.stderr]).toEqual([1, ''])
    expect(wrong.stdout).toContain('a.cedar:1:30: error [policy]: unrecognized action')
    writeFileSync(join(cwd, 'a.cedar'), 'permit (principal, action == Action::"read", resource);')
    expect(check()).toMatchObject({ status: 0, stdout: '1 policy in 1 file; no findings\n' })
  }, 240_000)

  test('says what to install before it protects a database', () => {
    const { cwd, env } = install('bare', tarballsOf('cli'), ['--offline', '--omit=optional'])
    const kept = join(cwd, 'node_modules', '.bin', 'kept')
    const words = ['protect', 'postgres://a:b@127.0.0.1:1/c']
    const { status, stderr } = run(kept, words, cwd, { ...env, PATH: withNode })
    expect([status, stderr]).toEqual([
      2,
      'kept protect: the guard is not installed\n  fix: npm install @kept/guard pg, beside @kept/cli\n',
    ])
  })

  test('hands over to an installed runtime', ({ skip }) => {
    const all = ['cli', 'server', 'page', 'ledger', 'policy', 'guard', 'postgres'].flatMap(
      tarballsOf,
    )
    const { cwd, env, status } = install('running', all, [])
    skip(status !== 0, 'the registry cannot be reached')
    const kept = join(cwd, 'node_modules', '.bin', 'kept')
    const given = {
      ...env,
      PATH: withNode,
      KEPT_ORIGIN: 'http://127.0.0.1',
      KEPT_DATABASE: 'postgres://a:b@127.0.0.1:1/c',
    }
    const { status: code, stderr } = run(kept, ['migrate'], cwd, given)
    expect([code, stderr]).toEqual([
      2,
      'kept: KEPT_DATABASE_OWNER is missing\n  fix: set KEPT_DATABASE_OWNER to a URL\n',
    ])
    const away = run(
      kept,
      ['protect', 'postgres://a:b@127.0.0.1:1/c', '--plan', 'systems.yaml'],
      cwd,
      given,
    )
    expect(away.stderr).toMatch(/^systems\.yaml: a plan has no part/)
    const server = join(cwd, 'node_modules', '@kept', 'server', 'dist', 'capabilities')
    expect(existsSync(join(server, 'claims', 'migrations', '0001-claims.sql'))).toBe(true)
    expect(existsSync(join(server, 'claims', 'policy.cedar'))).toBe(true)
    const verifier = readFileSync(join(server, 'publishing', 'verify-in-browser.js'), 'utf8')
    expect(verifier, 'a browser can import nothing').not.toMatch(/\bimport\b/)
  }, 240_000)

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

/** What a packed library imports as it is loaded, its types too, by package; what Node has is not listed. */
function importsOf(library: string): Set<string> {
  const code = readdirSync(library, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:js|d\.ts)$/.test(file))
    .map((file) => readFileSync(join(library, file), 'utf8'))
  const named = code.flatMap((text) =>
    [...text.matchAll(/(?:\bfrom|^import)\s*['"]([@\w./:-]+)['"]/gm)].map(([, name]) => name!),
  )
  const packages = named
    .filter((name) => !name.startsWith('.') && !isBuiltin(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
  return new Set(packages)
}

describe.each(['page', 'ledger', 'postgres', 'policy', 'server'])('the packed %s', (name) => {
  const unpack = () => {
    const cwd = join(folder, `unpacked-${name}`)
    mkdirSync(cwd, { recursive: true })
    const [tarball] = tarballsOf(name)
    expect(run('tar', ['-xzf', join(tarballs, tarball!)], cwd, process.env).status).toBe(0)
    return join(cwd, 'package')
  }

  test('holds no tests, and imports only what it declares', () => {
    const library = unpack()
    const all = readdirSync(join(library, 'dist'), { recursive: true, encoding: 'utf8' })
    expect(all.length).toBeGreaterThan(3)
    expect(all.filter((file) => /\.test\.|(?:^|\/)world\./.test(file))).toEqual([])
    const text = readFileSync(join(library, 'package.json'), 'utf8')
    const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> }
    const imported = importsOf(join(library, 'dist'))
    // Control: that imports are found at all.
    if (Object.keys(dependencies).length > 0) expect(imported.size).toBeGreaterThan(0)
    expect([...imported].filter((one) => !Object.hasOwn(dependencies, one))).toEqual([])
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
