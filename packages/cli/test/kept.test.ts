import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everything, files, keptPage } from './example.ts'
import { kept, launcher, start } from './spawn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-test-'))
const at = ['--at', '2026-11-20T12:00:00Z']
const cwd = folder

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'kept.md'), keptPage)
  mkdirSync(join(folder, 'pages'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('exit codes', () => {
  test('0 when nothing is worse than due', async () => {
    const words = everything.with(1, 'kept.md')
    const { code, out, err } = await kept([...words, ...at], { cwd })
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/\n1 kept; no findings\n$/)
  })

  test('1 when something is', async () => {
    const { code, err } = await kept([...everything, ...at], { cwd })
    expect([code, err]).toEqual([1, ''])
  })

  test('0 becomes 1 by time alone', async () => {
    const words = [...everything.with(1, 'kept.md'), '--at', '2026-12-20T12:00:00Z']
    const { code, out } = await kept(words, { cwd })
    expect(code).toBe(1)
    expect(out).toContain('stale: TLS 1.2')
  })

  test('2 for bad usage', async () => {
    const { code, out, err } = await kept(['check', 'kept.md', '--evidnce', 'x'], { cwd })
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('did you mean --evidence?')
  })
})

describe('a page that cannot be read is exit code 2, and what to do is said', () => {
  test.each([
    ['kept.dm', 'kept.dm: there is no such file\n  fix: did you mean kept.md?\n'],
    ['kept.md/x', 'kept.md/x: there is no such file'],
    ['pages', 'pages: it is a folder'],
  ])('%j', async (name, said) => {
    const { code, out, err } = await kept(['check', name], { cwd })
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(said)
  })
})

describe('standard input', () => {
  test('is read where the page is -', async () => {
    const { code, out } = await kept(['check', '-', '--json'], { input: files['security.md'] })
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ page: '<stdin>', claims: { length: 5 } })
  })

  test('may be empty', async () => {
    expect((await kept(['check', '-'], { input: '' })).code).toBe(0)
  })
})

describe('colour', () => {
  test.each([
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('with %o: %o', async (env, colour) => {
    const { out, err } = await kept(['check', 'security.md'], { cwd, env })
    expect([out.includes('\u001b['), err]).toEqual([colour, ''])
  })
})

test('a reader that leaves early, as head does, is no failure', async () => {
  const claims = Array.from({ length: 5000 }, (_, i) => `[We back up](kept:backup#c${i})\n`)
  writeFileSync(join(folder, 'long.md'), claims.join('\n'))
  const line = '"$1" check long.md | head -1; echo "${PIPESTATUS[0]}"'
  const words = ['-c', line, 'bash', launcher]
  const { out, err } = await start('bash', words, { cwd, input: '' }).ended
  expect(err).toBe('')
  expect(out).toMatch(/^○ Unproven \(5000\).*\n1\n$/u)
})

test('a full disk is said, and is no success', async () => {
  const words = ['-c', '"$1" check security.md >/dev/full', 'bash', launcher]
  const { code, err } = await start('bash', words, { cwd, input: '' }).ended
  expect(code).toBe(2)
  expect(err).toMatch(/^<stdout>: it cannot be written \(ENOSPC\)\n {2}fix: make room on the disk/)
})

test('an output that is closed is no failure', async () => {
  const words = ['-c', '"$1" check security.md >&-', 'bash', launcher]
  const { code, err } = await start('bash', words, { cwd, input: '' }).ended
  expect([code, err]).toEqual([1, ''])
})

const script = '/usr/bin/script'
test.skipIf(!existsSync(script))(`a terminal gets colour and its width (${script})`, async () => {
  const line = `stty cols 60; '${launcher}' check security.md`
  const words = ['-qec', line, '/dev/null']
  const env = { NO_COLOR: '', TERM: 'xterm' }
  const { out } = await start(script, words, { cwd, env, input: '' }).ended
  expect(out).toContain('\u001b[')
  // oxlint-disable-next-line no-control-regex -- the colours are what is taken away
  const lines = out.replaceAll(/\u001b\[[\d;]*m/g, '').split(/\r?\n/)
  const widest = Math.max(...lines.map(({ length }) => length))
  expect(widest).toBeGreaterThan(50)
  expect(widest).toBeLessThanOrEqual(60)
})

test('draft writes its file', async () => {
  const { code, err } = await kept(['draft', 'security.md', '-o', 'pages/drafted.md'], { cwd })
  expect(code).toBe(0)
  expect(err).toMatch(/linked, \d+ sentences? not recognised\n$/)
  expect((await kept(['check', 'pages/drafted.md', '--json'], { cwd })).code).toBeLessThan(2)
})

test('draft says where it may not write', async () => {
  const { code, err } = await kept(['draft', 'security.md', '-o', 'no/where.md'], { cwd })
  expect(code).toBe(2)
  expect(err).toContain('no/where.md: it cannot be written (ENOENT)')
})
