/** What the console reads, and that nobody else does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimsOperations } from '../src/capabilities/claims/operations.ts'
import type { Operation } from '../src/foundation/operation.ts'
import { noon, testKept, type TestKept } from './kept.ts'
import { onePromise, soundTls } from './one-promise.ts'

const systems = `endpoints:
  website: { address: example.test, secret: WEBSITE_TOKEN }
  shop: { address: shop.test }
runners:
  ci: { holder: workload, kinds: [endpoint.tls], subjects: ['*'] }
`
const claims = claimsOperations(() => [])

let kept: TestKept
beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  await kept.ask('operator', claims.apply, { page: onePromise, systems })
  const say = (id: string, observedAt: number, lowestAccepted: number) => ({
    id,
    kind: 'endpoint.tls',
    subject: 'website',
    outcome: 'pass' as const,
    observedAt: new Date(observedAt).toISOString(),
    measured: { ...soundTls, lowestAccepted },
  })
  const evidence = [say('newer', noon - 1000, 1.3), say('older', noon - 60_000, 1.2)]
  await kept.ask({ kind: 'runner', id: 'ci' }, claims.receive, { evidence })
  await kept.work()
  for (const [subject, due, stopped] of [
    ['later', 2, null],
    ['sooner', 1, null],
    ['unknown', null, null],
    ['done', 3, 0],
  ] as const) {
    await kept.as.superuser.query(
      `insert into clocks.clocks (id, owner, kind, subject, started_at, due_at, stopped_at, proof, policy)
       values (gen_random_uuid(), 'incidents', 'notice', $1, $2, $3, $4, $5, '{}')`,
      [
        subject,
        new Date(noon - 3_600_000),
        due === null ? null : new Date(noon + due * 3_600_000),
        stopped === null ? null : new Date(noon),
        stopped === null ? null : 'evidence',
      ],
    )
  }
})
afterAll(() => kept.stop())

function find(action: string): Operation {
  const routes = kept.capabilities.flatMap(({ routes = [] }) => routes)
  return routes.find(({ operation }) => operation.action === action)!.operation
}
const ask = (kind: 'person' | 'public' | 'runner' | 'member', action: string, input = {}) =>
  kept.ask({ kind, id: 'ada' }, find(action), input) as Promise<Record<string, never>>

describe('what the console reads', () => {
  const texts = { page: onePromise, systems }
  it.each([
    ['claims.list-subjects', {}],
    ['claims.show-source', {}],
    ['claims.compare', texts],
    ['clocks.list', {}],
    ['claims.list-looks', {}],
    ['claims.list-evidence', { subject: 'website' }],
  ])('%s is for the staff alone', async (action, input) => {
    for (const kind of ['public', 'runner', 'member'] as const) {
      await expect(ask(kind, action, input)).rejects.toMatchObject({
        code: kind === 'public' ? 'not-signed-in' : 'not-allowed',
      })
    }
    await expect(ask('person', action, input)).resolves.toBeTruthy()
  })

  it('lists systems in their order, with the newest evidence of each kind and no secret', async () => {
    const { subjects } = await kept.ask('person', claims.listSubjects, {})
    expect(subjects.map(({ id, evidence }) => [id, evidence.map((one) => one.id)])).toEqual([
      ['website', ['newer']],
      ['shop', []],
    ])
    expect(JSON.stringify(subjects)).not.toContain('WEBSITE_TOKEN')
  })

  it('lists the evidence about one system, as it came in', async () => {
    const about = async (input: object) =>
      (await kept.ask('person', claims.listEvidence, input)).evidence.map(({ id }) => id)
    expect(await about({ subject: 'website' })).toEqual(await about({}))
    expect(await about({ subject: 'website' })).toHaveLength(2)
    expect(await about({ subject: 'shop' })).toEqual([])
    const page = await kept.ask('person', claims.listEvidence, { subject: 'website', limit: 1 })
    expect(await about({ subject: 'website', before: page.next! })).toHaveLength(1)
  })

  it('lists the clocks that run by what is due first, and then what stopped', async () => {
    const { clocks } = (await ask('person', 'clocks.list')) as unknown as { clocks: { subject: string; dueAt: number }[] } // prettier-ignore
    expect(clocks.map(({ subject }) => subject)).toEqual(['sooner', 'later', 'unknown', 'done'])
    expect(clocks[0]!.dueAt).toBe(noon + 3_600_000)
  })

  it('hands out the source as it was written, from which the same page is no change', async () => {
    const { page, systems: written } = await kept.ask('person', claims.showSource, {})
    expect([page, written]).toEqual([onePromise, systems])
    const same = await kept.ask('person', claims.compare, { page: page!, systems: written! })
    expect(same).toEqual({ version: 1, changes: [], needsSecond: false })
  })

  it('says what applying would change, as applying then does, and keeps nothing', async () => {
    const weaker = { page: onePromise.replaceAll('1.2', '1.1'), systems }
    const told = await kept.ask('person', claims.compare, weaker)
    expect(told.needsSecond).toBe(true)
    expect(told.changes.every(({ weakens }) => weakens)).toBe(true)
    expect(told.changes.map(({ kind }) => kind)).toContain('weakened')
    expect(await kept.ask('person', claims.listProposals, {})).toEqual({ proposals: [] })
    const applied = await kept.ask({ kind: 'person', id: 'ada' }, claims.apply, weaker)
    expect(applied.proposal).not.toBeNull()
    expect(told.changes).toEqual(applied.changes.map((change) => ({ ...change, weakens: true })))
    const more =
      '\n[Passwords have at least 12 characters](kept:password.minimum?length=12#passwords).\n'
    const stronger = { page: onePromise + more, systems }
    expect(await kept.ask('person', claims.compare, stronger)).toMatchObject({
      needsSecond: false,
      changes: [{ kind: 'added', id: 'passwords', weakens: false }],
    })
  })

  it('refuses to compare what could not be applied, in the same words', async () => {
    const wrong = { page: onePromise.replace('min=1.2', 'most=1.2'), systems }
    await expect(kept.ask('person', claims.compare, wrong)).rejects.toMatchObject({
      code: 'not-acceptable',
    })
  })

  it('hands everybody ninety days of each claim, as the public page draws them', async () => {
    const { company, strips } = (await ask('public', 'publishing.show-strips')) as unknown as { company: string; strips: { claim: string; days: (string | null)[] }[] } // prettier-ignore
    expect(company).toBe('Example Inc')
    expect(strips.map(({ claim, days }) => [claim, days.length])).toEqual([['tls', 90]])
    expect(strips[0]!.days.slice(0, 89).every((day) => day === null)).toBe(true)
    expect(strips[0]!.days.at(-1)).toBe('unproven')
  })
})
