import { afterAll, beforeAll, expect, test } from 'vitest'
import { openExample } from '../../../../test/example-sign-in.ts'
import { noon, testKept, type TestKept } from '../../../../test/kept.ts'
import { ledgerText, operations as identity, settings } from '../../../../test/tenant-owner.ts'
import { stillTime } from '../../../foundation/time.ts'
import { noFlaws } from '../../../../../../examples/app/sign-in/flaws.ts'
import { claimsOperations } from '../../claims/operations.ts'
import { collectorsOf } from '../collect.ts'

const looks = collectorsOf(settings, identity.findTestProviders).filter(({ kind }) =>
  ['service.tenant-second-factor', 'service.password-policy', 'service.address-lists'].includes(
    kind,
  ),
)
const operations = claimsOperations(() => looks)
const page = `---
company: Example Inc
contact: security@example.com
---
# Security

[You can require a second factor of your people](kept:mfa.tenant#factor).
[Passwords have at least 10 characters](kept:password.minimum?length=10#passwords).
[You can limit where your people come from](kept:ip-allow-list#networks).
`

let kept: TestKept
let example: Awaited<ReturnType<typeof openExample>>

beforeAll(async () => {
  const time = stillTime(noon)
  example = await openExample(time)
  kept = await testKept({
    time,
    collectors: looks,
    outside: {
      secret: (name) => example.secrets[name] ?? null,
      pause: (milliseconds) => Promise.resolve(time.advance(milliseconds)),
    },
  })
  await kept.ask('operator', operations.apply, {
    page,
    systems: `services:
  app: { address: '${example.app.url}', secret: APP }
runners:
  probes: { holder: collector, kinds: [service.*], subjects: ['*'] }
`,
  })
})
afterAll(async () => {
  await kept.stop()
  await example.stop()
})

const verdicts = async () => {
  kept.time.advance(7 * 3_600_000)
  await kept.work()
  const { claims } = await kept.ask('operator', operations.list, {})
  return Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]))
}
const [held, broken] = ['kept', 'broken']
const all = { factor: held, passwords: held, networks: held }

test(
  'the worker keeps three sentences, breaks them with the app, and tells no secret',
  { timeout: 300_000 },
  async () => {
    expect(await verdicts()).toEqual(all)
    const { flaws } = example.app
    Object.assign(flaws, { keysNeedNoFactor: true, shortChange: 6, believesForwarded: true })
    expect(await verdicts()).toEqual({ factor: broken, passwords: broken, networks: broken })
    Object.assign(flaws, noFlaws)
    expect(await verdicts()).toEqual(all)
    const { rows } = await kept.as.superuser.query<{ told: string }>(
      `select row_to_json(c)::text as told from claims.collections c
     union all select row_to_json(e)::text from claims.evidence e`,
    )
    const told = [await ledgerText(kept), ...rows.map((row) => row.told)].join('\n')
    expect(told).toContain('service.password-policy')
    for (const { password, totp } of Object.values(example.signIn))
      for (const secret of [password, totp]) expect(told).not.toContain(secret)
  },
)
