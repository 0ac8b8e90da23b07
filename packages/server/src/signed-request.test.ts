import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testKept, type TestKept } from '../test/kept.ts'
import { onePromise } from '../test/one-promise.ts'
import { makeKey, signed, type ToSign } from '../test/signing.ts'
import { claimsOperations } from './capabilities/claims/operations.ts'

const ci = makeKey('ci')
const stranger = makeKey('stranger')
const systems = `endpoints:
  website: { address: example.test }
runners:
  ci: { holder: workload, key: ${ci.line}, kinds: [endpoint.tls], subjects: [website] }
`
const own = ['@method', '@authority', '@path', '@query']

let kept: TestKept
let url: string

beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  const operations = claimsOperations(() => [])
  await kept.ask('operator', operations.apply, { page: onePromise, systems })
  url = `${await kept.serve()}/api/evidence`
})
afterAll(() => kept.stop())

const body = () =>
  JSON.stringify({
    evidence: [
      {
        id: crypto.randomUUID(),
        kind: 'endpoint.tls',
        subject: 'website',
        outcome: 'pass',
        observedAt: new Date(kept.time.now()).toISOString(),
      },
    ],
  })
const now = () => Math.floor(kept.time.now() / 1000)
const send = async (
  more: Partial<ToSign> = {},
  change = (headers: Record<string, string>) => headers,
  key = ci,
) => {
  const sent = body()
  const headers = change(signed(key, { url, body: sent, created: now(), ...more }))
  const answer = await fetch(url, { method: 'POST', headers, body: sent })
  return { status: answer.status, said: (await answer.json()) as Record<string, string> }
}
const without = (name: string) => (headers: Record<string, string>) => ({
  ...headers,
  'signature-input': headers['signature-input']!.replace(new RegExp(`;${name}=[^;]*`), ''),
})

describe('a signature that does not hold', () => {
  it.each<[string, () => ReturnType<typeof send>, RegExp]>([
    ['too old', () => send({ created: now() - 301 }), /not made within 5 minutes/],
    ['without the digest', () => send({ components: own }), /leaves out what it must cover/],
    [
      'without the path',
      () => send({ components: ['@method'] }),
      /does not cover @authority, @path/,
    ],
    ['without a nonce', () => send({}, without('nonce')), /it has no nonce/],
    [
      'of another key',
      () => send({ as: 'ci' }, (same) => same, stranger),
      /the key in systems.yaml/,
    ],
    [
      'beside another',
      () =>
        send({}, (headers) => ({
          ...headers,
          signature: `${headers['signature']}, b=:aaaa:`,
          'signature-input': `${headers['signature-input']}, b=()`,
        })),
      /one signature, under one label/,
    ],
  ])('says in our words what to do: %s', async (_, attempt, why) => {
    const { status, said } = await attempt()
    expect([status, said['code']]).toEqual([401, 'bad-signature'])
    expect(said['detail']).toMatch(why)
    expect(said['detail']).not.toMatch(/[a-z][A-Z]|Violation|Required/)
    expect(said['fix']).toContain('@method')
    expect((await send()).status, 'the control').toBe(200)
  })
})

describe('a nonce', () => {
  it.each(['', 'a'.repeat(101)])('is refused when it is empty or over-long: %j', async (nonce) => {
    const { status, said } = await send({ nonce })
    expect([status, said['detail']]).toEqual([
      401,
      'the signature does not hold: its nonce must have 1 to 100 characters',
    ])
  })

  it('is another one with a single other letter, and good for once', async () => {
    const long = (last: string) => 'a'.repeat(99) + last
    expect((await send({ nonce: long('b') })).status).toBe(200)
    expect((await send({ nonce: long('c') })).status).toBe(200)
    expect((await send({ nonce: long('c') })).said['detail']).toBe('this signature was used before')
  })
})
