import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCompany, startUp, type Running } from './company.ts'
import { runFake } from './fake-terminal.ts'
import { runReal } from './real-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'kept-access-'))
// As root the database runs as another user, who must be able to pass.
chmodSync(folder, 0o711)
const at = (name: string) => join(folder, name)

/** What the guard of an app tells. */
const report = {
  instance: 'one',
  since: '2026-11-20T12:00:00Z',
  requests: 7,
  undecided: 0,
  routes: [
    { method: 'GET', path: '/invoices', action: 'invoices.list', public: false },
    { method: 'GET', path: '/health', action: null, public: true },
  ],
}
const app = createServer((request, response) => {
  const isKnown = request.headers.authorization === 'Bearer the-report'
  response.writeHead(isKnown ? 200 : 404).end(JSON.stringify(report))
})

let running: Running
beforeAll(async () => {
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  const { page, systems } = await makeCompany(folder)
  const address = `http://localhost:${(app.address() as AddressInfo).port}`
  const service = `services:\n  app: { address: '${address}', secret: APP, tags: ['app-runner:ci'] }\n`
  const known = readFileSync(systems, 'utf8').replace('[endpoint.*]', '[service.*]')
  writeFileSync(systems, service + known)
  process.env['KEPT_SECRET_APP'] = JSON.stringify({ a: 'canary', b: 'other', report: 'the-report' })
  running = await startUp([page, '--systems', systems, '--data', at('data'), '--port', '0'])
}, 180_000)
afterAll(async () => {
  running?.signal('SIGINT')
  await running?.ended
  app.close()
  delete process.env['KEPT_SECRET_APP']
  rmSync(folder, { recursive: true })
}, 120_000)

const asked = (who: 'ci' | 'cto' | 'lead', ...words: string[]) =>
  runReal(words, { KEPT_SERVER: running.url, KEPT_KEY: at(`${who}.pem`), KEPT_AS: who })
const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

describe('kept access', () => {
  test('asks, answers, lists and ends a grant', async () => {
    const words = ['request', 'acme', '--reason', 'ticket 4711', '--until', later(1)]
    const { code, out } = await asked('cto', 'access', ...words)
    expect([code, out]).toEqual([0, expect.stringMatching(/^\S{36} waits for the tenant\n$/)])
    const [grant] = out.split(' ') as [string]
    const list = async () =>
      (await asked('cto', 'access', 'list', 'acme')).out.replaceAll(/\s+/g, ' ')
    expect(await list()).toMatch(/waiting: cto for acme until .*: ticket 4711/)
    const answer = ['access', 'allow', grant, '--tenant', 'acme', '--by', 'eve']
    const own = await asked('cto', ...answer)
    expect([own.code, own.err]).toEqual([2, expect.stringContaining('may not do that')])
    expect(await asked('ci', ...answer)).toEqual({ code: 0, out: 'it is allowed\n', err: '' })
    expect(await list()).toMatch(/live: .*; allowed by eve at/)
    const ended = await asked('lead', 'access', 'end', grant)
    expect(ended.out).toMatch(/^it ended at .*; apps hear of it within 30 seconds\n$/)
    expect(await list()).toMatch(/ended: .*; ended by lead at/)
    const json = JSON.parse((await asked('ci', 'access', 'list', 'acme', '--json')).out) as object
    expect(json).toMatchObject({ grants: [{ id: grant, state: 'ended' }], next: null })
  })

  test('refuses what is too long, and says the fix', async () => {
    const words = ['request', 'acme', '--reason', 'ticket 4711', '--until', later(9)]
    const { code, err } = await asked('cto', 'access', ...words)
    expect(code).toBe(2)
    expect(err).toMatch(/at most 8 hours/)
    expect(err).toMatch(/fix: ask until/)
  })

  test('shows what was recorded, and says when there is nothing', async () => {
    expect(await asked('ci', 'access', 'reads', 'acme')).toEqual({
      code: 0,
      out: 'there are no records\n',
      err: '',
    })
    const { code, err } = await asked('ci', 'access', 'reads', 'acme', '--kind', 'staff-reads')
    expect([code, err]).toEqual([2, expect.stringContaining('there is no kind "staff-reads"')])
  })

  test.each([
    [['access', 'lst'], /did you mean `kept access list`/],
    [['access', 'request', 'acme', '--until', 'now'], /--reason is missing/],
    [['access', 'allow'], /GRANT is missing/],
    [['api', 'shw', 'app'], /did you mean `kept api show`/],
    [['api', 'review', 'app'], /kept api show app prints the list/],
  ])('%j is not understood', async (words, why) => {
    const { code, err } = await runFake(words)
    expect(code).toBe(2)
    expect(err).toMatch(why)
  })
})

describe('kept api', () => {
  test('shows the routes that are served, and notes that they were reviewed', async () => {
    await asked('cto', 'check', '--now')
    const shown = await asked('cto', 'api', 'show', 'app')
    expect(shown.out).toContain('GET /health: public\nGET /invoices: invoices.list\n')
    expect(shown.out).toContain('nobody reviewed it yet')
    const digest = /digest ([0-9a-f]{64})/.exec(shown.out)![1]!
    const wrong = await asked('cto', 'api', 'review', 'app', '--digest', '0'.repeat(64))
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('kept api show app')])
    const reviewed = await asked('cto', 'api', 'review', 'app', '--digest', digest)
    expect(reviewed.out).toMatch(/^cto reviewed 2 routes on \d{4}-\d\d-\d\d\n$/)
    expect((await asked('lead', 'api', 'show', 'app')).out).toMatch(
      /this list was\s+reviewed by cto/,
    )
    const machine = await asked('ci', 'api', 'review', 'app', '--digest', digest)
    expect([machine.code, machine.err]).toEqual([2, expect.stringContaining('may not do that')])
  }, 120_000)
})
