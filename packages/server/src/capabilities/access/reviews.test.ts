import { bench, findProof, judge, type Evidence } from '@kept/page'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { GuardedApp, guardTokens, type GuardFlaw } from '../../../test/guarded-app.ts'
import { testKept, testBundles, type TestKept } from '../../../test/kept.ts'
import { system } from '../../../test/looking.ts'
import { claimsOperations } from '../claims/operations.ts'
import { accessOperations } from './operations.ts'

const operations = accessOperations({
  bundles: testBundles,
})
const ada = { kind: 'person', id: 'ada' } as const
const page = `---
company: Example Inc
contact: security@example.com
timezone: Pacific/Auckland
---
# Security

[Access to our API is reviewed every quarter](kept:api.reviewed?every=1q#review).
`
const day = 86_400_000

const app = new GuardedApp()
let port: number
beforeAll(async () => {
  port = Number(new URL(await app.start()).port)
})
afterAll(() => app.stop())

let kept: TestKept
const claims = claimsOperations(() =>
  kept.capabilities.flatMap(({ collectors }) => collectors ?? []),
)
beforeEach(async () => {
  await restart()
  kept = await testKept({ outside: { secret: () => JSON.stringify(guardTokens) } })
  const systems = `services:
  app: { address: 'http://localhost:${port}', secret: APP }
runners:
  collector: { holder: collector, kinds: [service.*], subjects: ['*'] }
  ada: { holder: person, name: Ada, kinds: ['*'], subjects: ['*'] }
`
  await kept.ask('operator', claims.apply, { page, systems })
  return () => kept.stop()
})

async function restart(...flaws: GuardFlaw[]): Promise<void> {
  app.flaws.clear()
  for (const flaw of flaws) app.flaws.add(flaw)
  await app.stop()
  await app.start(port)
}

const look = async (later = 3_600_000) => {
  kept.time.advance(later)
  await kept.work()
}
const standing = async () => (await kept.ask('public', claims.list, {})).claims[0]!
const show = () => kept.ask(ada, operations.showRoutes, { service: 'app' })
const review = async () => {
  const { digest } = await show()
  return await kept.ask(ada, operations.reviewApi, { service: 'app', digest })
}
const evidence = async () => {
  const { evidence: all } = await kept.ask(ada, claims.show, { id: 'review' })
  return all.filter(({ kind }) => kind === 'service.api-review')
}
const code = (asked: Promise<unknown>) =>
  asked.then(
    () => 'passes',
    (error: { code: string }) => error.code,
  )

it('is unproven until a person reviewed the list that is served, kept then, and broken a quarter later', async () => {
  await look()
  expect(await standing()).toMatchObject({ verdict: 'unproven' })
  const [first] = await evidence()
  expect(first).toMatchObject({ outcome: 'inconclusive' })
  expect(first!.note).toMatch(/nobody reviewed/)
  await review()
  await look(1000)
  expect(await standing()).toMatchObject({ verdict: 'kept' })
  await look(60 * day)
  expect(await standing()).toMatchObject({ verdict: 'kept' })
  // Looked at all the time, and yet nobody reviewed it again.
  await look(35 * day)
  expect(await standing()).toMatchObject({
    verdict: 'broken',
    because: expect.stringMatching(/promised every .*overdue/),
  })
  await review()
  await look(1000)
  expect(await standing()).toMatchObject({ verdict: 'missed' })
})

it('counts of the routes that are served those that were on the reviewed list', async () => {
  await look()
  const { routes } = await review()
  await look(1000)
  expect((await evidence())[0]!.measured).toMatchObject({ reviewed: routes })
  await restart('has a route that is not documented')
  await look()
  const [newest] = await evidence()
  expect(newest).toMatchObject({ outcome: 'pass', measured: { reviewed: routes } })
  expect(newest!.note).toMatch(/GET \/v1\/export is newer than the review/)
  await review()
  await look(1000)
  expect((await evidence())[0]!.measured).toMatchObject({ reviewed: routes + 1 })
})

it('is of the list as it is now: an older or another one is refused', async () => {
  await look()
  const { digest } = await show()
  await restart('has a route that is not documented')
  await look()
  const asked = (given: string) =>
    kept.ask(ada, operations.reviewApi, { service: 'app', digest: given })
  expect(await code(asked(digest))).toBe('conflict')
  expect(await code(asked('0'.repeat(64)))).toBe('conflict')
  const now = await show()
  expect(now.routes.map(({ path }) => path)).toContain('/v1/export')
  await app.stop()
  kept.time.advance(day + 1)
  expect(await code(asked(now.digest))).toBe('conflict')
  await app.start(port)
  await look()
  expect(await code(asked(now.digest))).toBe('passes')
})

it('is said by a person alone, by their name, on the day where the page lives', async () => {
  await look()
  const { digest } = await show()
  for (const actor of ['runner', 'worker', 'operator'] as const) {
    const asked = kept.ask(actor, operations.reviewApi, { service: 'app', digest })
    expect(await code(asked)).toBe('not-allowed')
  }
  const { day: on } = await review()
  // Noon in Greenwich is after midnight there.
  expect(on).toBe('2026-11-21')
  expect((await show()).review).toMatchObject({ by: 'ada', day: on, digest })
})

it('of a service that was never looked at cannot be', async () => {
  const asked = kept.ask(ada, operations.reviewApi, { service: 'app', digest: '0'.repeat(64) })
  expect(await code(asked)).toBe('not-found')
})

it('told a thousand times was done once', () => {
  const proof = findProof('api.reviewed')!
  const alone = { ...proof, needs: proof.needs.filter(({ form }) => form === 'repeated') }
  const subject = system({ type: 'service', id: 'app' })
  const runner = {
    id: 'kept',
    holder: 'collector',
    name: null,
    kinds: ['*'],
    subjects: ['*'],
  } as const
  const register = { subjects: [subject], runners: [runner], unread: [] }
  const start = Date.UTC(2026, 0, 1)
  const told = Array.from({ length: 100 }, (_, i): Evidence => ({
    id: `e${i}`,
    kind: 'service.api-review',
    subject: 'app',
    outcome: 'pass',
    observedAt: start + i * day,
    receivedAt: start + i * day,
    runner: 'kept',
    measured: { reviewed: 6, reviewedOn: '2026-01-01', review: 'one' },
  }))
  const params = { every: { months: 3, seconds: 0 } }
  const verdict = (until: number) =>
    judge(alone, params, bench(register, told.slice(0, until), start + until * day)).verdict
  expect(verdict(80)).toBe('kept')
  expect(verdict(95)).toBe('broken')
})
