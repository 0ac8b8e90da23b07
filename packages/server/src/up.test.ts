import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, it } from 'vitest'
import { up, type UpSettings } from './up.ts'

const data = mkdtempSync(join(tmpdir(), 'kept-up-'))
afterAll(() => rmSync(data, { recursive: true }))

const start = (database: string, more: Partial<UpSettings> = {}) =>
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
    ...more,
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

it('refuses to listen elsewhere than where readers know it on this machine', async () => {
  writeFileSync(join(data, 'origin'), 'http://127.0.0.1:4180\n')
  const elsewhere = {
    code: 'bad-input',
    message: 'readers know it as http://127.0.0.1:4180, which leads elsewhere now',
  }
  await expect(start(nobody, { port: 4181 })).rejects.toMatchObject({
    ...elsewhere,
    detail: { fix: expect.stringContaining('--origin http://127.0.0.1:4181') as unknown },
  })
  await expect(start(nobody, { port: 4180, host: '::1' })).rejects.toMatchObject(elsewhere)
  // Each of these passes it, and finds no database.
  const passes = { code: 'database-away' }
  await expect(start(nobody, { port: 4180 })).rejects.toMatchObject(passes)
  await expect(start(nobody, { port: 0 })).rejects.toMatchObject(passes)
  await expect(
    start(nobody, { port: 4181, origin: 'http://127.0.0.1:4181' }),
  ).rejects.toMatchObject(passes)
  await expect(start(nobody, { port: 4181, proxies: ['127.0.0.1'] })).rejects.toMatchObject(passes)
  writeFileSync(join(data, 'origin'), 'http://localhost:4180\n')
  await expect(start(nobody, { port: 4180 })).rejects.toMatchObject(passes)
  writeFileSync(join(data, 'origin'), 'https://security.example.com\n')
  await expect(start(nobody, { port: 4181 })).rejects.toMatchObject(passes)
})
