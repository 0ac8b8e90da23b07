import { afterAll, beforeAll, expect, it } from 'vitest'
import { testKept, type TestKept } from '../../../test/kept.ts'
import { claimsOperations } from './operations.ts'

const claims = Array.from(
  { length: 10 },
  (_, i) => `[Connections of kind ${i} use TLS](kept:encryption.in-transit?min=1.2#tls-${i}).`,
)
const page = `---
company: Example Inc
contact: security@example.com
---
# Security

${claims.join('\n\n')}
`
const systems = `endpoints:
  website: { address: example.test }
runners:
  ci: { holder: workload, kinds: [endpoint.tls], subjects: [website] }
`

let kept: TestKept
const operations = claimsOperations(() => [])
const ci = { kind: 'runner', id: 'ci' } as const

beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  await kept.ask('operator', operations.apply, { page, systems })
})
afterAll(() => kept.stop())

const see = (id: string, lowestAccepted: number) =>
  kept.ask(ci, operations.receive, {
    evidence: [
      {
        id,
        kind: 'endpoint.tls',
        subject: 'website',
        outcome: 'pass' as const,
        observedAt: new Date(kept.time.now()).toISOString(),
        measured: { lowestAccepted, validUntil: '2027-06-01T00:00:00Z', chainTrusted: true },
      },
    ],
  })
const changes = async () => {
  const { rows } = await kept.as.owner.query<{ claim: string; verdict: string }>(
    'select claim, verdict from claims.changes order by seq',
  )
  return rows
}

it('of several judges at once notes each change of a verdict once', async () => {
  const judges = () =>
    Promise.all(Array.from({ length: 4 }, () => kept.ask('worker', operations.judge, {})))
  const counts = async () =>
    (await judges()).map(({ changed }) => changed).toSorted((a, b) => a - b)
  expect(await counts()).toEqual([0, 0, 0, 10])
  await see('a', 1.2)
  expect(await counts()).toEqual([0, 0, 0, 10])
  kept.time.advance(1000)
  await see('b', 1)
  expect(await counts()).toEqual([0, 0, 0, 10])
  const own = (await changes()).filter(({ claim }) => claim === 'tls-3')
  expect(own.map(({ verdict }) => verdict)).toEqual(['unproven', 'kept', 'broken'])
})

it('keeps the turn of who applies a page and who judges it', async () => {
  const stronger = page.replaceAll('min=1.2', 'min=1.3')
  await Promise.all([
    kept.ask('operator', operations.apply, { page: stronger, systems }),
    kept.ask('worker', operations.judge, {}),
    see('c', 1.2),
    kept.ask('worker', operations.judge, {}),
  ])
  await kept.ask('worker', operations.judge, {})
  const { rows } = await kept.as.owner.query<{ version: number }>(
    'select distinct version from claims.verdicts',
  )
  expect(rows).toEqual([{ version: 2 }])
})
