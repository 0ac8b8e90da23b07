import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { launcher, start } from './spawn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-launcher-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A launcher installed alone: no Node package beside it, and a built program that says hello. */
function installAlone(name: string): string {
  const root = join(folder, name)
  for (const part of ['bin', 'dist']) mkdirSync(join(root, part), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  const program = `process.stdout.write(process.argv.slice(2).join() + (process.env.FORCE_COLOR ?? ''))
    process.exitCode = 7`
  writeFileSync(join(root, 'dist', 'main.cjs'), program)
  copyFileSync(launcher, join(root, 'bin', 'kept'))
  chmodSync(join(root, 'bin', 'kept'), 0o755)
  return join(root, 'bin', 'kept')
}

/** A folder for the PATH whose Node says that version, or is a real one. */
function nodeThat(says: string | null): string {
  const path = mkdtempSync(join(folder, 'path-'))
  if (says === null) symlinkSync(process.execPath, join(path, 'node'))
  else writeFileSync(join(path, 'node'), `#!/bin/sh\necho ${says}\n`, { mode: 0o755 })
  return path
}

describe('the Node that does the work', () => {
  test('is the one of the installed package, whatever is on the PATH', async () => {
    const env = { PATH: nodeThat('v20.1.0') }
    const { code, out } = await start(launcher, ['completion', 'bash'], { env }).ended
    expect(code).toBe(0)
    expect(out).toContain('complete -o default -F _kept kept')
  })

  test('else the first new one on the PATH, with all words and its exit code', async () => {
    const old = nodeThat('v20.1.0')
    const broken = nodeThat('nothing')
    const env = { PATH: `${old}:${broken}:/nowhere:${nodeThat(null)}`, FORCE_COLOR: undefined }
    const { code, out } = await start(installAlone('alone'), ['a b', '--c'], { env }).ended
    expect([code, out]).toEqual([7, 'a b,--c'])
  })

  test.each([
    [nodeThat('v20.1.0'), 'this is v20.1.0'],
    ['/nowhere', 'this is no Node at all'],
    ['', 'this is no Node at all'],
  ])('else it says what to install: PATH=%s', async (PATH, reason) => {
    const { code, out, err } = await start(installAlone('none'), [], { env: { PATH } }).ended
    expect([code, out]).toEqual([2, ''])
    expect(err).toBe(
      `kept: it needs Node 24 or later, and ${reason}\n` +
        '  fix: install Node 24 from https://nodejs.org, put it on the PATH and run kept again\n',
    )
  })
})

describe('the launcher finds its own folder', () => {
  const env = { PATH: `${nodeThat(null)}:/usr/bin:/bin` }
  const alone = installAlone('a folder')

  test.each([
    ['through links of either kind', () => linked()],
    ['by a relative path', () => './kept'],
  ])('%s', async (_, command) => {
    const { code, out } = await start(command(), ['x'], { env, cwd: join(alone, '..') }).ended
    expect([code, out]).toEqual([7, 'x'])
  })

  function linked(): string {
    symlinkSync(alone, join(folder, 'absolute'))
    symlinkSync('absolute', join(folder, 'relative'))
    return join(folder, 'relative')
  }
})

test('who wants no colour is not warned that another variable forces it', async () => {
  const env = { PATH: nodeThat(null), NO_COLOR: '1', FORCE_COLOR: '1' }
  const { out, err } = await start(installAlone('plain'), ['x'], { env }).ended
  expect([out, err]).toEqual(['x', ''])
  const forced = { PATH: nodeThat(null), NO_COLOR: undefined, FORCE_COLOR: '1' }
  expect(await start(installAlone('forced'), ['x'], { env: forced }).ended).toMatchObject({
    out: 'x1',
  })
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends the work', async (signal) => {
  const { child, ended } = start(launcher, ['check', '-'])
  // It waits for its page; time to start is the only thing to wait for here.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  child.kill(signal)
  expect(await ended).toMatchObject({ signal, err: '' })
})
