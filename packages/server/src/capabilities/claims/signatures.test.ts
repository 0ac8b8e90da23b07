import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { noon, testKept, type TestKept } from '../../../test/kept.ts'
import { onePromise } from '../../../test/one-promise.ts'
import { digestOf, makeKey, signed, type ToSign } from '../../../test/signing.ts'
import { claimsOperations } from './operations.ts'

const ci = makeKey('ci')
const cto = makeKey('cto')
const stranger = makeKey('stranger')
const systems = `endpoints:
  website: { address: example.test }
runners:
  ci: { holder: workload, key: ${ci.line}, kinds: [endpoint.tls], subjects: [website] }
  cto: { holder: person, key: ${cto.line}, kinds: [document.*], subjects: ['*'] }
  keyless: { holder: workload, kinds: ['*'], subjects: ['*'] }
`

let kept: TestKept
let url: string
let serial = 0
let body: string

beforeAll(async () => {
  kept = await testKept({ collectors: [] })
  const operations = claimsOperations(() => [])
  await kept.ask('operator', operations.apply, { page: onePromise, systems })
  url = `${await kept.serve()}/api/evidence`
})
afterAll(() => kept.stop())
beforeEach(() => {
  const one = {
    id: `e${serial++}`,
    kind: 'endpoint.tls',
    subject: 'website',
    outcome: 'pass',
    observedAt: new Date(noon).toISOString(),
    measured: { lowestAccepted: 1.2 },
  }
  body = JSON.stringify({ evidence: [one] })
})

const now = () => Math.floor(kept.time.now() / 1000)
const send = async (headers: Record<string, string>, more: { to?: string; body?: string } = {}) => {
  const answer = await fetch(more.to ?? url, { method: 'POST', headers, body: more.body ?? body })
  const said = (await answer.json()) as { code?: string; taken?: number }
  return said.code ?? `taken ${said.taken}`
}
const sign = (more: Partial<ToSign> = {}, key = ci) =>
  signed(key, { url, body, created: now(), ...more })

describe('a signed request', () => {
  it('is taken as from the runner whose key signed it', async () => {
    expect(await send(sign())).toBe('taken 1')
    const { rows } = await kept.as.owner.query<{ runner: string }>(
      'select distinct runner from claims.evidence',
    )
    expect(rows).toEqual([{ runner: 'ci' }])
  })

  it('is a person’s where systems.yaml says that a person holds the key', async () => {
    expect(await send(sign({}, cto))).toBe('not-allowed')
    const proposal = `${new URL(url).origin}/api/proposals/00000000-0000-4000-8000-000000000000/decline`
    const decline = { url: proposal, body: '{}' }
    expect(await send(sign(decline, cto), { to: proposal, body: '{}' })).toBe('not-found')
    expect(await send(sign(decline, ci), { to: proposal, body: '{}' })).toBe('not-allowed')
  })

  it('is told whose key is missing', async () => {
    const answer = await fetch(url, { method: 'POST', headers: sign({}, stranger), body })
    expect(await answer.json()).toMatchObject({
      detail: expect.stringMatching(/systems\.yaml has no key of "\w+"$/) as string,
    })
  })

  it.each([
    ['too old', () => sign({ created: now() - 301 }), /not made within 5 minutes/],
    [
      'not of its body',
      () => sign({ components: ['@method', '@authority', '@path', '@query'] }),
      /leaves out what it must cover/,
    ],
    ['by another key', () => sign({ as: 'ci' }, stranger), /the key in systems\.yaml/],
  ])('is told in our words, and not in the library’s, what is amiss: %s', async (_, make, why) => {
    const answer = await fetch(url, { method: 'POST', headers: make(), body })
    const said = (await answer.json()) as { detail: string; fix: string }
    expect(answer.status).toBe(401)
    expect(said.detail).toMatch(why)
    expect(said.detail).not.toMatch(/[a-z][A-Z]|Violation|Required/)
    expect(said.fix).toContain('@method')
    expect(await send(sign()), 'the control').toBe('taken 1')
  })

  it('is another one with a single other letter at the end of its nonce', async () => {
    const nonce = (last: string) => 'a'.repeat(99) + last
    expect(await send(sign({ nonce: nonce('b') }))).toBe('taken 1')
    expect(await send(sign({ nonce: nonce('c') }))).toBe('taken 0')
    expect(await send(sign({ nonce: nonce('c') }))).toBe('bad-signature')
  })

  it('is nobody’s without a signature', async () => {
    expect(await send({ 'content-type': 'application/json' })).toBe('not-signed-in')
  })

  const otherBody = () => body.replace('pass', 'fail')

  it.each<[string, () => Promise<string>]>([
    ['another key under its name', () => send(sign({ as: 'ci' }, stranger))],
    ['a key of nobody in systems.yaml', () => send(sign({}, stranger))],
    ['a runner that has no key', () => send(sign({ as: 'keyless' }, ci))],
    ['another body', () => send(sign(), { body: otherBody() })],
    [
      'another body with its digest',
      () => send({ ...sign(), 'content-digest': digestOf(otherBody()) }, { body: otherBody() }),
    ],
    ['another path', () => send(sign({ url: url.replace('evidence', 'page') }))],
    ['another query', () => send(sign({ url: `${url}?x=1` }))],
    ['another method', () => send(sign({ method: 'PUT' }))],
    ['another host', () => send(sign({ url: 'https://other.test/api/evidence' }))],
    ['a time long gone', () => send(sign({ created: now() - 301 }))],
    ['a time to come', () => send(sign({ created: now() + 301 }))],
    [
      'a body that it does not cover',
      () => send(sign({ components: ['@method', '@authority', '@path', '@query'] })),
    ],
    [
      'no digest of its body',
      () => {
        const { 'content-digest': _, ...rest } = sign()
        return send(rest)
      },
    ],
    [
      'a path that it does not cover',
      () => send(sign({ components: ['@method', 'content-digest'] })),
    ],
    [
      'no nonce',
      () => {
        const headers = sign()
        const input = headers['signature-input']!.replace(/;nonce="[^"]*"/, '')
        return send({ ...headers, 'signature-input': input })
      },
    ],
    ['no signature at all in its field', () => send({ ...sign(), signature: 'sig=?1' })],
  ])('is refused with %s', async (_, attempt) => {
    expect(await attempt()).toBe('bad-signature')
    expect(await send(sign()), 'the control').toBe('taken 1')
  })

  it('is good only for the Kept that it was made for, whatever host the request names', async () => {
    const sendAs = async (host: string, madeFor: string) => {
      const headers = { ...sign({ url: madeFor }), host }
      const asked = request(url, { method: 'POST', headers }).end(body)
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      return `${answer.statusCode} ${await text(answer)}`
    }
    const made = 'https://staging.test/api/evidence'
    expect(await sendAs('staging.test', made)).toMatch(/^401 .*bad-signature/)
    expect(await sendAs('kept.test', made)).toMatch(/^401 .*bad-signature/)
    expect(await sendAs('kept.test', 'https://kept.test/api/evidence')).toMatch(/^200 .*"taken":1/)
  })

  it('is good once, also when two come at once', async () => {
    const headers = sign()
    const answers = await Promise.all([send(headers), send(headers), send(headers)])
    expect(answers.toSorted()).toEqual(['bad-signature', 'bad-signature', 'taken 1'])
    expect(await send(headers)).toBe('bad-signature')
  })

  it('is good for five minutes to either side, and never again when its nonce is forgotten', async () => {
    const early = sign({ created: now() + 300 })
    expect(await send(early)).toBe('taken 1')
    for (const later of [300_000, 299_000, 1000, 1000, 299_000]) {
      kept.time.advance(later)
      expect(await send(early)).toBe('bad-signature')
    }
    const headers = sign({ created: now() - 300 })
    expect(await send(headers)).toBe('taken 0')
    kept.time.advance(3_600_000)
    expect(await send(headers)).toBe('bad-signature')
    expect(await send(sign()), 'the control').toBe('taken 0')
  })
})
