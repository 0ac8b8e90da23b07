import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openExample } from '../../../../test/example-sign-in.ts'
import { Watch } from '../../../../test/looking.ts'
import { noFlaws, type SignInFlaws } from '../../../../../../examples/app/sign-in/flaws.ts'
import { addressListsCollector } from './address-lists.ts'
import { passwordPolicyCollector } from './password-policy.ts'
import { secondFactorCollector as collectorWith } from './second-factor.ts'

/** No tenant of these apps has a provider. */
const secondFactorCollector = collectorWith(() => Promise.resolve([]))

let example: Awaited<ReturnType<typeof openExample>>
beforeAll(async () => void (example = await openExample()))
afterAll(() => example.stop())

const ofProof = {
  'mfa.tenant': { collector: secondFactorCollector, params: {} },
  'password.minimum': { collector: passwordPolicyCollector, params: { length: 10 } },
  'ip-allow-list': { collector: addressListsCollector, params: {} },
} as const
type Proof = keyof typeof ofProof

function watch(proof: Proof) {
  const { collector, params } = ofProof[proof]
  const collect = () => {
    example.time.advance(60_000)
    return collector.collect(example.subject, example.given())
  }
  const watching = new Watch({ ...collector, collect }, example.subject)
  return { look: () => watching.look(), verdict: () => watching.verdict(proof, params) }
}

const state = async () => {
  const read = async (sql: string) => (await example.pool.query(sql)).rows as object[]
  return {
    people: await read('select email from sign_in.people order by email'),
    rules: await read('select * from sign_in.rules order by tenant'),
  }
}
const atRest = {
  people: ['member@canary.test', 'owner@canary.test', 'owner@closed.test'].map((email) => ({
    email,
  })),
  rules: [
    { tenant: 'canary', second_factor: false, networks: null },
    { tenant: 'closed', second_factor: false, networks: ['203.0.113.0/24'] },
  ],
}

/** What is wrong in the running app, the proof that it breaks, and what the note names. */
const holes: [string, Proof, Partial<SignInFlaws>, string][] = [
  ['keys that need no factor', 'mfa.tenant', { keysNeedNoFactor: true }, 'an API key made before'],
  ['codes that are good twice', 'mfa.tenant', { codesTwice: true }, 'a code that was used before'],
  ['anybody’s code', 'mfa.tenant', { anybodysCode: true }, 'the code of another user'],
  [
    'a code asked of nobody who has not enrolled',
    'mfa.tenant',
    { asksOnlyWhoEnrolled: true },
    'somebody who has no second factor',
  ],
  ['codes good for ten minutes', 'mfa.tenant', { codesLive: 20 }, 'a code that was over'],
  [
    'rules that a password changes',
    'mfa.tenant',
    { rulesWithoutFactor: true },
    'by the password of an owner alone',
  ],
  [
    'a shorter one by a change',
    'password.minimum',
    { shortChange: 6 },
    'by a change: 6 characters',
  ],
  [
    'bytes taken for characters',
    'password.minimum',
    { countsBytes: true },
    'letters of several bytes',
  ],
  ['passwords that all use', 'password.minimum', { takesCommon: true }, 'one of the most used'],
  [
    'all but the first eight passed over',
    'password.minimum',
    { counts: 8 },
    'without its last character',
  ],
  [
    'all but the first ten passed over, where ten are asked for',
    'password.minimum',
    { counts: 10 },
    'of 100 characters of which the first 10 let in',
  ],
  [
    'all but the first sixteen passed over',
    'password.minimum',
    { counts: 16 },
    'the first 16 let in',
  ],
  [
    'all but the first 72 passed over, as bcrypt does',
    'password.minimum',
    { counts: 72 },
    'the first 72 let in',
  ],
  [
    'a header that is believed',
    'ip-allow-list',
    { believesForwarded: true },
    'a forged x-forwarded-for',
  ],
]

describe.each(holes)('%s', (_, proof, flaw, names) => {
  test(`breaks ${proof} until it is mended`, { timeout: 120_000 }, async () => {
    const { look, verdict } = watch(proof)
    const sound = await look()
    expect([sound.outcome, sound.note, verdict()]).toEqual(['pass', sound.note, 'kept'])
    Object.assign(example.app.flaws, flaw)
    const holed = await look()
    Object.assign(example.app.flaws, noFlaws)
    await example.setAgain()
    expect([holed.outcome, holed.note, verdict()]).toEqual(['fail', holed.note, 'broken'])
    expect(holed.note).toContain(names)
    expect(await state()).toEqual(atRest)
    await look()
    expect(verdict()).toBe('kept')
  })
})

test(
  'an app that offers no lists refuses them, or is found out',
  { timeout: 120_000 },
  async () => {
    await example.pool.query(`update sign_in.rules set networks = null where tenant = 'closed'`)
    const { collector } = ofProof['ip-allow-list']
    const none = { offered: 'no' } as const
    const collect = () => collector.collect(example.subject, example.given())
    const watching = new Watch({ ...collector, collect }, example.subject)
    let note = ''
    const seen = async () => {
      example.time.advance(60_000)
      const observed = await watching.look()
      note = observed.note ?? ''
      return [observed.measured, watching.verdict('ip-allow-list', none)]
    }
    example.app.flaws.offersNetworks = false
    expect(await seen()).toEqual([{ supported: false, lists: 0, passed: 0 }, 'kept'])
    example.app.flaws.refusesEverybodyOnly = true
    expect(await seen()).toEqual([{ supported: true, lists: 0, passed: 0 }, 'broken'])
    expect(note).toContain('192.0.2.0/24 alone, which nobody can take back from here')
    // Until its support removes it the owner is locked out, and nothing is kept.
    expect(await seen()).toEqual([{}, 'broken'])
    await example.pool.query(`update sign_in.rules set networks = null where tenant = 'canary'`)
    await example.pool.query(`create function public.forget() returns trigger language plpgsql as
      $$ begin new.networks := null; return new; end $$;
      create trigger forget before update on sign_in.rules for each row execute function public.forget()`)
    expect(await seen()).toEqual([{ supported: true, lists: 0, passed: 0 }, 'broken'])
    expect(note).toBe('an owner could ask for 192.0.2.0/24 alone')
    await example.pool.query('drop function public.forget cascade')
    example.app.flaws.refusesEverybodyOnly = false
    expect(await seen()).toEqual([{ supported: false, lists: 0, passed: 0 }, 'kept'])
    await example.pool.query(
      `update sign_in.rules set networks = '{203.0.113.0/24}' where tenant = 'closed'`,
    )
    expect(await seen()).toEqual([{ supported: false, lists: 1, passed: 0 }, 'broken'])
    example.app.flaws.offersNetworks = true
  },
)

describe('what could not be tried is no pass, and tells no secret', () => {
  const all = Object.values(ofProof).map(({ collector }) => collector)

  test.each(all.map((one) => [one.kind, one] as const))(
    '%s',
    { timeout: 120_000 },
    async (_, collector) => {
      const secret = example.secrets['APP']!
      const wrong = {
        ...example.signIn,
        owner: { ...example.signIn.owner, password: 'Wrong-one-of-it' },
      }
      const bad = [
        { subject: { ...example.subject, address: 'http://127.0.0.1:9' }, value: secret },
        { subject: example.subject, value: JSON.stringify({ signIn: wrong }) },
        { subject: example.subject, value: JSON.stringify({ a: 'x', b: 'y' }) },
        { subject: example.subject, value: '{' },
      ]
      for (const { subject, value } of bad) {
        example.time.advance(60_000)
        example.secrets['APP'] = value
        const { outcome, note } = await collector.collect(subject, example.given())
        expect([outcome, note]).toEqual(['inconclusive', expect.any(String)])
        for (const { password, totp } of Object.values(example.signIn))
          for (const told of [password, totp, 'Wrong-one-of-it']) expect(note).not.toContain(told)
      }
      example.secrets['APP'] = secret
      example.time.advance(60_000)
      expect((await collector.collect(example.subject, example.given())).outcome).toBe('pass')
    },
  )
})

test(
  'an app that fails on the way is no pass, and is put back as far as it lets',
  { timeout: 120_000 },
  async () => {
    const { collector } = ofProof['mfa.tenant']
    await example.pool.query('alter table sign_in.links rename to lost')
    example.time.advance(60_000)
    const seen = await collector.collect(example.subject, example.given())
    await example.pool.query('alter table sign_in.lost rename to links')
    expect(seen).toMatchObject({ outcome: 'inconclusive', measured: {} })
    expect(seen.note).toContain('POST /people came to nothing (status 500)')
  },
)

test.each([
  ['nothing', 404, '{}'],
  ['no JSON', 200, '<html>'],
  ['a section that is unknown', 200, '{"reading":{"method":"GET","path":"/"},"factors":[]}'],
  ['a step to elsewhere', 200, '{"reading":{"method":"GET","path":"https://elsewhere.test/"}}'],
])('a document that says %s is no pass', async (_, status, body) => {
  const server = createServer((__, response) => response.writeHead(status).end(body))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const subject = { ...example.subject, address: `http://127.0.0.1:${port}` }
  for (const { collector } of Object.values(ofProof)) {
    const seen = await collector.collect(subject, example.given())
    expect(seen.outcome).toBe('inconclusive')
    expect(seen.note).toContain('/.well-known/kept-sign-in')
  }
  await new Promise((closed) => server.close(closed))
})
