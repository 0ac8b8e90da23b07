import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { launcher, start } from './spawn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-launcher-'))
afterAll(() => rmSync(folder, { recursive: true }))

// What the launcher is told it runs under; the Node that it starts is a real one.
const pretend = `Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } })`
const asOldNode = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]

/** A launcher installed alone: no Node package beside it, and a built program that says hello. */
function installAlone(): string {
  const bin = join(folder, 'alone', 'bin')
  mkdirSync(bin, { recursive: true })
  mkdirSync(join(folder, 'alone', 'dist'), { recursive: true })
  writeFileSync(join(folder, 'alone', 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'alone', 'dist', 'main.js'),
    'console.log(process.argv.slice(2).join());process.exitCode = 7',
  )
  copyFileSync(launcher, join(bin, 'kept.js'))
  return join(bin, 'kept.js')
}

describe('under a Node that is too old', () => {
  test('the Node of the installed package does the work', async () => {
    const { code, out } = await start(
      process.execPath,
      [...asOldNode, launcher, 'completion', 'bash'],
      { env: { PATH: '' } },
    ).ended
    expect(code).toBe(0)
    expect(out).toContain('complete -o default -F _kept kept')
  })

  test('else the first new one on the PATH, with all words and its exit code', async () => {
    const old = join(folder, 'old')
    const recent = join(folder, 'recent')
    for (const path of [old, recent]) mkdirSync(path)
    writeFileSync(join(old, 'node'), '#!/bin/sh\necho v20.1.0\n', { mode: 0o755 })
    symlinkSync(process.execPath, join(recent, 'node'))
    const { code, out } = await start(
      process.execPath,
      [...asOldNode, installAlone(), 'a b', '--c'],
      { env: { PATH: `${old}:/nowhere:${recent}` } },
    ).ended
    expect([code, out]).toEqual([7, 'a b,--c\n'])
  })

  test('else it says what to install', async () => {
    const { code, out, err } = await start(process.execPath, [...asOldNode, installAlone()], {
      env: { PATH: '/nowhere' },
    }).ended
    expect([code, out]).toEqual([2, ''])
    expect(err).toBe(
      'kept: it needs Node 24 or later, and this is Node 20.1.0\n' +
        '  fix: install Node 24 from https://nodejs.org, put it on the PATH and run kept again\n',
    )
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s reaches the work', async (signal) => {
    const words = [...asOldNode, launcher, 'check', '-']
    const { child, ended } = start(process.execPath, words)
    // It waits for its page; time to start is the only thing to wait for here.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    child.kill(signal)
    expect(await ended).toMatchObject({ signal, err: '' })
  })
})
