import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { boundLog } from './log-bound.ts'
import { explainLog, logSize, readLog } from './log.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-pg-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['FATAL:  could not write lock file "postmaster.pid": No space left on device', 'disk-full'],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'port-taken'],
  ['FATAL:  database files are incompatible with server', 'other-major-version'],
  ['FATAL:  unrecognized configuration parameter "nonsense"', 'bad-setting'],
  ['FATAL:  database locale is incompatible with operating system', 'locale'],
  ['initdb: error: invalid locale name "xx_XX"', 'locale'],
  ['FATAL:  data directory "/x" has wrong ownership', 'directory-foreign'],
  ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'memory'],
  ['FATAL:  something nobody has seen', 'start-failed'],
])('%s is %s', (line, code) => {
  const log = `2026-11-25 10:36:05.075 UTC [13300] LOG:  starting\n2026-11-25 10:36:05.075 UTC [13300] ${line}`
  const failure = explainLog('/somewhere', log)
  expect(failure).toMatchObject({ code, place: '/somewhere' })
  expect(failure.message).toContain(line.slice(line.indexOf(':') + 1).trim())
})

test('what was written since is read, also when the log was cut in between', () => {
  const file = join(folder, 'read.log')
  expect([logSize(file), readLog(file, 0)]).toEqual([0, ''])
  appendFileSync(file, 'before\n')
  const since = logSize(file)
  appendFileSync(file, 'after\n')
  expect(readLog(file, since)).toBe('after\n')
  expect(readLog(file, since + 1000)).toBe('before\nafter\n')
})

test('a log stays within its bound while the server holds it open', () => {
  const file = join(folder, 'bound.log')
  const held = openSync(file, 'a')
  writeSync(held, 'x'.repeat(100))
  boundLog(file, 100)
  expect(statSync(file).size).toBe(100)
  writeSync(held, 'y')
  boundLog(file, 100)
  writeSync(held, 'the end')
  closeSync(held)
  expect(readFileSync(file, 'utf8')).toBe('the end')
  expect(readFileSync(`${file}.1`, 'utf8')).toBe(`${'x'.repeat(100)}y`)
})
