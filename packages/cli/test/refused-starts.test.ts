import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, makeCompany } from './company.ts'
import { kept } from './spawn.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-refused-'))
// As root the database runs as another user, who must be able to pass.
chmodSync(folder, 0o711)
const at = (name: string) => join(folder, name)
let files: { page: string; systems: string }

beforeAll(async () => {
  files = await makeCompany(folder)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true }))

describe('a start that fails says why, with exit code 2', () => {
  const fails = async (words: string[]) => {
    const { code, out, err } = await kept(['up', files.page, '--systems', files.systems, ...words])
    return { code, out, reason: /^(?!starting|bringing)(.+)\n {2}fix: /m.exec(err)?.[1] ?? err }
  }
  const reason = (said: RegExp) => ({
    code: 2,
    out: '',
    reason: expect.stringMatching(said) as string,
  })

  test('TLS is missing beyond loopback', async () => {
    expect(await fails(['--data', at('d1'), '--host', '0.0.0.0'])).toEqual(
      reason(/listening on 0\.0\.0\.0 needs TLS/),
    )
  })

  test('the directory is of another version', async () => {
    const postgres = join(at('d2'), 'postgres', 'data')
    mkdirSync(postgres, { recursive: true })
    writeFileSync(join(postgres, 'PG_VERSION'), '16\n')
    expect(await fails(['--data', at('d2')])).toEqual(reason(/PostgreSQL 16|version 16/))
  })

  test('the port is taken', async () => {
    const taken = createServer()
    const other = await freePort()
    await new Promise<void>((resolve) => taken.listen(other, '127.0.0.1', resolve))
    expect(await fails(['--data', at('d3'), '--port', `${other}`])).toEqual(
      reason(/is taken by another program/),
    )
    taken.close()
  }, 120_000)

  test('the page cannot be published', async () => {
    writeFileSync(at('bad.md'), '[We back up](kept:bakup#b)\n')
    const words = [
      'up',
      at('bad.md'),
      '--systems',
      files.systems,
      '--data',
      at('d3'),
      '--port',
      '0',
    ]
    const { code, err } = await kept(words)
    expect([code, err]).toEqual([2, expect.stringContaining('page:1:')])
  }, 120_000)
})
