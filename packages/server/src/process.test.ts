import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles, testKept, type TestKept } from '../test/kept.ts'
import { onePromise } from '../test/one-promise.ts'
import { prepare, runProcess } from './process.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-process-'))
const name = `second_${process.pid}`
const systems = `endpoints:
  website: { address: example.test }
runners:
  collector: { holder: collector, kinds: [endpoint.*], subjects: ['*'] }
`

let kept: TestKept
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  kept = await testKept()
  await kept.as.superuser.query(`create database ${name} owner ${roles.owner}`)
  const on = (url: string) => url.replace(/(\/\/[^/]*\/)[^?]*/, `$1${name}`)
  env = {
    KEPT_ORIGIN: 'https://second.example',
    KEPT_DATABASE: on(kept.urls.server),
    KEPT_DATABASE_WORKER: on(kept.urls.worker),
    KEPT_DATABASE_OWNER: on(kept.urls.owner),
    KEPT_LEDGER_KEY: join(folder, 'ledger.key'),
    KEPT_BUNDLE_KEY: join(folder, 'bundle.key'),
    KEPT_IDENTITY_KEY: join(folder, 'identity.key'),
    KEPT_LOG: 'silent',
    KEPT_PORT: '0',
    KEPT_DRAIN_SECONDS: '0',
  }
})
afterAll(async () => {
  await kept.as.superuser.query(`drop database if exists ${name} with (force)`)
  await kept.stop()
  rmSync(folder, { recursive: true })
})

describe('a new database', () => {
  it('is brought to the newest form, and given its first page, which nobody else can', async () => {
    expect(await prepare(env, null)).toBeNull()
    const texts = { page: onePromise, systems }
    expect(await prepare(env, texts)).toMatchObject({ version: 1, proposal: null, same: false })
    expect(await prepare(env, texts)).toMatchObject({ version: 1, same: true })
    const serving = await runProcess('serve', env)
    try {
      const answer = await fetch(`${serving.address}/api/claims`)
      expect(await answer.json()).toMatchObject({ claims: [{ id: 'tls' }] })
    } finally {
      await serving.stop()
    }
  })
})

describe('the keys', () => {
  it('are two: what may sign bundles may not sign the ledger', async () => {
    await prepare(env, null)
    const one = { ...env, KEPT_BUNDLE_KEY: env['KEPT_LEDGER_KEY'] }
    await expect(runProcess('serve', one)).rejects.toMatchObject({ code: 'conflict' })
    const serving = await runProcess('serve', env)
    await serving.stop()
  })

  it('are made by nobody but who prepares the database', async () => {
    const none = { ...env, KEPT_BUNDLE_KEY: join(folder, 'none.key') }
    await expect(runProcess('serve', none)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('there is no key of bundles') as string,
    })
  })
})

describe('a database that cannot be used', () => {
  it.each(['serve', 'work'] as const)('is named with what to do, to %s', async (which) => {
    const wrong = env['KEPT_DATABASE']!.replace(/:[^:@/]+@/, ':wrong@')
    await expect(runProcess(which, { ...env, KEPT_DATABASE: wrong })).rejects.toMatchObject({
      code: 'not-connected',
      message: expect.stringContaining('PostgreSQL refuses') as string,
    })
    const nowhere = 'postgres://a:b@127.0.0.1:1/c'
    await expect(runProcess(which, { ...env, KEPT_DATABASE: nowhere })).rejects.toMatchObject({
      code: 'database-away',
    })
  })

  it('since it was not brought to the newest form says so', async () => {
    const bare = `bare_${process.pid}`
    await kept.as.superuser.query(`create database ${bare} owner ${roles.owner}`)
    try {
      const url = env['KEPT_DATABASE']!.replace(name, bare)
      await expect(runProcess('serve', { ...env, KEPT_DATABASE: url })).rejects.toMatchObject({
        code: 'conflict',
        detail: { fix: expect.stringContaining('kept migrate') as string },
      })
    } finally {
      await kept.as.superuser.query(`drop database ${bare} with (force)`)
    }
  })
})
