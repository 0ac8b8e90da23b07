import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GuardedApp, guardTokens, type GuardFlaw } from '../../../test/guarded-app.ts'
import { system, Watch } from '../../../test/looking.ts'
import type { Collector } from '../../foundation/capability.ts'
import { decisionsCollector, routePolicyCollector, routesCollector } from './collect.ts'

let app: GuardedApp
let port: number
beforeEach(async () => {
  app = new GuardedApp()
  port = Number(new URL(await app.start()).port)
})
afterEach(() => app.stop())

async function restart(...flaws: GuardFlaw[]): Promise<void> {
  app.flaws.clear()
  for (const flaw of flaws) app.flaws.add(flaw)
  await app.stop()
  await app.start(port)
}

const subject = () =>
  system({ type: 'service', address: `http://localhost:${port}`, secret: 'APP' })
const watch = (collector: Collector) => new Watch(collector, subject())
const secrets = (given: object = guardTokens) => ({ APP: JSON.stringify(given) })
const look = (watching: Watch, given: object = guardTokens) =>
  watching.look({ secrets: secrets(given) })
const ask = (path: string, token: string | null = guardTokens.a) =>
  fetch(`http://localhost:${port}${path}`, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  })

/** Which collector sees which flaw, how it says it, and the promise that breaks by it. */
const flaws = [
  [decisionsCollector, 'tenancy.authorized', 'skips the guard', /5 answered without a decision/],
  [
    decisionsCollector,
    'tenancy.authorized',
    'answers before the framework',
    /at least \d of 20 of our own were not counted/,
  ],
  [
    routesCollector,
    'api.inventory',
    'has a route that is not documented',
    /GET \/v1\/export is served but not documented/,
  ],
  [
    routesCollector,
    'api.inventory',
    'documents a route that is not there',
    /GET \/v1\/refunds\/\{id\} is documented but not served/,
  ],
  [
    routesCollector,
    'api.inventory',
    'hides a documented route',
    /GET \/v1\/customers is documented but not served/,
  ],
  [
    routePolicyCollector,
    'api.reviewed',
    'serves what has no action',
    /GET \/v1\/debug\/:id: it answers/,
  ],
  [
    routePolicyCollector,
    'api.reviewed',
    'serves strangers',
    /GET \/v1\/invoices\/:id: it answers without a token/,
  ],
] as const

describe.each(flaws)('%#: %o', (collector, proof, flaw, note) => {
  it(`${proof} breaks when the app ${flaw}, and is kept again once it is repaired`, async () => {
    const watching = watch(collector)
    const sound = await look(watching)
    expect(sound).toMatchObject({ outcome: 'pass' })
    expect(watching.verdict(proof)).toBe('kept')
    await restart(flaw)
    const damaged = await look(watching)
    expect(damaged.outcome).toBe('fail')
    expect(damaged.note).toMatch(note)
    expect(watching.verdict(proof)).toBe('broken')
    await restart()
    await look(watching)
    expect(watching.verdict(proof)).toBe('kept')
  })
})

describe('decisions', () => {
  it('are those of the app’s own traffic, whoever looks', async () => {
    const watching = watch(decisionsCollector)
    for (let i = 0; i < 20; i++) await ask('/v1/invoices')
    await ask('/v1/invoices', null)
    const { measured } = await look(watching)
    expect(measured['requests']).toBeGreaterThanOrEqual(21 + 20)
    expect(measured['undecided']).toBe(0)
  })

  it('tell of one request that nobody decided, long after it', async () => {
    app.flaws.add('skips the guard')
    await ask('/v1/customers')
    app.flaws.clear()
    const { outcome, measured } = await look(watch(decisionsCollector))
    expect({ outcome, undecided: measured['undecided'] }).toEqual({ outcome: 'fail', undecided: 1 })
  })
})

describe('an app of several processes', () => {
  let other: GuardedApp
  let theirs: number
  let front: Server
  let address: string
  beforeEach(async () => {
    other = new GuardedApp()
    theirs = Number(new URL(await other.start()).port)
    const ports = [port, theirs]
    let turn = 0
    front = createServer((socket) => {
      const back = connect({ host: '127.0.0.1', port: ports[turn++ % 2]! })
      socket.pipe(back).pipe(socket)
      for (const one of [socket, back]) one.on('error', () => {})
    })
    front.listen(0, '127.0.0.1')
    await once(front, 'listening')
    address = `http://localhost:${(front.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    front.close()
    await other.stop()
  })
  const watchFront = (collector: Collector) =>
    new Watch(collector, system({ type: 'service', address, secret: 'APP' }))

  it('is asked until each has told what it counted', async () => {
    other.flaws.add('skips the guard')
    for (let i = 0; i < 4; i++) {
      const headers = { authorization: `Bearer ${guardTokens.a}` }
      await fetch(`${address}/v1/customers`, { headers, keepalive: false })
    }
    other.flaws.clear()
    const { outcome, measured } = await look(watchFront(decisionsCollector))
    expect(outcome).toBe('fail')
    expect(measured['undecided']).toBeGreaterThan(0)
    expect(measured['requests']).toBeGreaterThan(20)
  })

  it('serves what any of them serves', async () => {
    expect((await look(watchFront(routesCollector))).outcome).toBe('pass')
    other.flaws.add('has a route that is not documented')
    await other.stop()
    await other.start(theirs)
    const { outcome, note } = await look(watchFront(routesCollector))
    expect(outcome).toBe('fail')
    expect(note).toContain('GET /v1/export is served but not documented')
  })
})

describe('a write without an action', () => {
  it('is not tried, so that nobody knows whether it is denied', async () => {
    const watching = watch(routePolicyCollector)
    await restart('has a write without an action')
    const { outcome, note } = await look(watching)
    expect(outcome).toBe('inconclusive')
    expect(note).toMatch(/no action is declared for POST \/v1\/import/)
    expect(watching.verdict('api.reviewed')).toBe('unproven')
  })

  it('hides no route that is open', async () => {
    await restart('has a write without an action', 'serves what has no action')
    expect((await look(watch(routePolicyCollector))).outcome).toBe('fail')
  })
})

describe.each([decisionsCollector, routesCollector, routePolicyCollector])('$kind', (collector) => {
  it.each([
    [
      'without the token of the report',
      { a: guardTokens.a, b: guardTokens.b },
      /secret of subject/,
    ],
    ['with another token', { ...guardTokens, report: 'guessed' }, /answers with status 404/],
  ])('cannot look %s', async (_, given, why) => {
    const { outcome, note } = await look(watch(collector), given)
    expect(outcome).toBe('inconclusive')
    expect(note).toMatch(why)
    expect(note).not.toContain('guessed')
  })

  it('cannot look at an app that is away', async () => {
    await app.stop()
    expect(await look(watch(collector))).toMatchObject({ outcome: 'inconclusive', measured: {} })
  })
})
