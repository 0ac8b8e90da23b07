import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCanary, type Canary } from '../../../../test/canary-portal.ts'
import { testKept, type TestKept } from '../../../../test/kept.ts'
import { Watch } from '../../../../test/looking.ts'
import { claimsOperations } from '../../claims/operations.ts'
import { passwordPolicyCollector } from './password-policy.ts'

let kept: TestKept
let canary: Canary

beforeAll(async () => {
  kept = await testKept({ origin: 'http://localhost' })
  canary = await openCanary(kept)
})
afterAll(() => kept.stop())

const look = async () => {
  kept.time.advance(20 * 60_000)
  return await passwordPolicyCollector.collect(canary.subject, canary.given())
}

test(
  'Kept’s own portal takes 12 characters, and says what is older than a stricter page',
  { timeout: 120_000 },
  async () => {
    const watch = new Watch({ ...passwordPolicyCollector, collect: look }, canary.subject)
    const first = await watch.look()
    expect(first).toEqual({
      outcome: 'pass',
      measured: { minimumLength: 12, shortAccepted: 0, older: 0 },
    })
    expect(watch.verdict('password.minimum', { length: 12 })).toBe('kept')
    expect(watch.verdict('password.minimum', { length: 14 })).toBe('broken')
    expect(await canary.people()).toEqual(['member@canary.test', 'owner@canary.test'])

    await kept.ask('operator', claimsOperations(() => []).apply, {
      page: `---
company: Example Inc
contact: security@example.com
---
# Security

[Passwords have at least 14 characters](kept:password.minimum?length=14#passwords).
`,
      systems: 'services:\n  portal: { provider: kept }\n',
    })
    // The canary's own were set anew; that of the staff's owner was not.
    expect((await watch.look()).note).toContain('a new password may be asked of them')
    await kept.as.superuser.query(
      `update identity.passwords set minimum = 14
       where account in (select id from identity.accounts where tenant = 'canary')`,
    )
    expect((await watch.look()).measured).toEqual({ minimumLength: 14, shortAccepted: 0, older: 1 })
    expect(watch.verdict('password.minimum', { length: 14 })).toBe('broken')
  },
)

test('what could not be tried is no pass', async () => {
  const away = { ...canary.subject, address: 'http://127.0.0.1:9' }
  expect((await passwordPolicyCollector.collect(away, canary.given())).outcome).toBe('inconclusive')
  const strict = { ...canary.subject, address: await kept.serve({ mostAsks: 1 }) }
  const slow = await passwordPolicyCollector.collect(strict, canary.given())
  expect(slow).toMatchObject({
    outcome: 'inconclusive',
    note: expect.stringContaining('429') as string,
  })
  expect(await canary.people()).toEqual(['member@canary.test', 'owner@canary.test'])
})
