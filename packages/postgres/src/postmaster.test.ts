import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isPostmaster, processStart, readPidFile } from './postmaster.ts'

const data = mkdtempSync(join(tmpdir(), 'kept-pg-'))
afterAll(() => rmSync(data, { recursive: true }))

test('a process has one beginning while it lives, and none afterwards', async () => {
  const child = spawn('sleep', ['60'])
  const begun = processStart(child.pid!)
  expect(begun).toMatch(/^\d+$/)
  expect(processStart(child.pid!)).toBe(begun)
  child.kill()
  await new Promise((ended) => child.on('exit', ended))
  expect(processStart(child.pid!)).toBe(null)
})

test('a pid file is read whole or as far as it is written', () => {
  expect(readPidFile(data)).toBe(null)
  writeFileSync(join(data, 'postmaster.pid'), `17\n${data}\n1764066965\n5433\n/run\n127.0.0.1\n`)
  expect(readPidFile(data)).toEqual({ pid: 17, startedAt: 1_764_066_965, port: 5433 })
  writeFileSync(join(data, 'postmaster.pid'), '17\n')
  expect(readPidFile(data)).toEqual({ pid: 17, startedAt: 0, port: 0 })
})

test('a process that merely has the pid is no postmaster', () => {
  expect(isPostmaster(process.pid, data)).toBe(false)
  expect(isPostmaster(2 ** 22 + 1, data)).toBe(false)
})
