import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, it } from 'vitest'
import { up } from './up.ts'

const data = mkdtempSync(join(tmpdir(), 'kept-up-'))
afterAll(() => rmSync(data, { recursive: true }))

const start = (database: string) =>
  up({
    page: '',
    systems: '',
    data,
    database,
    host: '127.0.0.1',
    port: 0,
    origin: null,
    tls: null,
    proxies: [],
    env: {},
    say: () => {},
  })
const nobody = 'postgres://a:b@127.0.0.1:1/postgres'

it('refuses a directory that another holds, on a database of somebody else too', async () => {
  const other = new DatabaseSync(join(data, 'kept.lock'))
  other.exec('begin exclusive')
  await expect(start(nobody)).rejects.toMatchObject({
    code: 'conflict',
    message: `another kept up runs on ${data}`,
  })
  other.close()
  // And holds it no longer than it runs.
  for (let times = 0; times < 2; times++)
    await expect(start(nobody)).rejects.toMatchObject({ code: 'database-away' })
})

it('sends no password over a network in the clear', async () => {
  await expect(start('postgres://a:b@192.0.2.2/postgres')).rejects.toMatchObject({
    code: 'bad-input',
    detail: { fix: expect.stringContaining('sslmode=verify-full') as unknown },
  })
})
