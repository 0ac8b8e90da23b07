import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { testKept, type TestKept } from '../test/kept.ts'
import { operation, route } from './foundation/operation.ts'
import type { Actor } from './foundation/transaction.ts'

let kept: TestKept
let address: string
let made = 0
let lasts: number | null = null
let length = 2000

const counted = operation({
  action: 'tests.count',
  says: 'Says how often it was made',
  input: z.strictObject({ of: z.string().optional(), id: z.string().optional() }),
  output: z.custom<never>(),
  run: (tx) =>
    Promise.resolve({
      type: 'text/plain; charset=utf-8',
      body: `made ${++made} ${'x'.repeat(length)}`,
      ...(lasts === null ? {} : { until: tx.now + lasts }),
    } as never),
})

/** The time of the machine that the cache reads, moved by hand. */
let elapsed = 0
const real = performance.now.bind(performance)

beforeAll(async () => {
  kept = await testKept()
  address = await kept.serve({
    routes: [
      route('GET', '/cached', counted, { document: true, cached: true }),
      route('GET', '/cached/{id}', counted, { document: true, cached: true }),
      route('GET', '/fresh', counted, { document: true }),
    ],
  })
  vi.spyOn(performance, 'now').mockImplementation(() => real() + elapsed)
})
afterAll(async () => {
  vi.restoreAllMocks()
  await kept.stop()
})
afterEach(() => {
  elapsed += 1000
  lasts = null
  length = 2000
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  said: string
}

/** Without the conveniences of fetch, which decodes and asks for codings of its own. */
async function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const asked = request(address + path, { headers })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const body = await buffer(answer)
  const coding = answer.headers['content-encoding']
  const plain =
    coding === 'br' ? brotliDecompressSync(body) : coding === 'gzip' ? gunzipSync(body) : body
  const said = plain.toString().split(' x')[0]!
  return { status: answer.statusCode!, headers: answer.headers, body, said }
}

describe('a document in the cache', () => {
  it('is made once in its second, and anew after it', async () => {
    const first = await get('/cached')
    expect((await get('/cached')).said).toBe(first.said)
    elapsed += 1000
    expect((await get('/cached')).said).not.toBe(first.said)
    const fresh = await get('/fresh')
    expect((await get('/fresh')).said, 'one that may not be kept').not.toBe(fresh.said)
  })

  it('is made once for a crowd that comes at once', async () => {
    const before = made
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('/cached')))
    expect(new Set(answers.map(({ said }) => said)).size).toBe(1)
    expect(made).toBe(before + 1)
    await Promise.all(Array.from({ length: 3 }, () => get('/fresh')))
    expect(made, 'the control is made for each').toBe(before + 4)
  })

  it.each(['/cached?', '/cached?&', '/cached?&&', '/%63ached', '/cache%64?&'])(
    'is the same at %s',
    async (spelled) => {
      const first = await get('/cached')
      expect((await get(spelled)).said).toBe(first.said)
      const before = made
      await Promise.all([get(spelled), get('/cached'), get(spelled)])
      expect(made).toBe(before)
    },
  )

  it('is another one for other input, and the same however that is spelled', async () => {
    const said = async (path: string) => (await get(path)).said
    const one = await said('/cached/a')
    const other = await said('/cached/b')
    const asked = await said('/cached/a?of=1%202')
    expect(new Set([one, other, asked]).size).toBe(3)
    expect(await said('/cached/%61')).toBe(one)
    expect(await said('/cached/b')).toBe(other)
    expect(await said('/cached/a?&of=1+2')).toBe(asked)
    expect((await get('/cached?of=1&of=2')).status).toBe(400)
    expect((await get('/cached?of=1%2C2')).status).toBe(200)
  })

  it('is not kept when it is larger than a mebibyte', async () => {
    length = 1_100_000
    const first = await get('/cached')
    expect((await get('/cached')).said).not.toBe(first.said)
    length = 1_000_000
    const second = await get('/cached')
    expect((await get('/cached')).said).toBe(second.said)
  })

  it('makes room when many take more than 64 MiB, the oldest first', async () => {
    length = 1_000_000
    const first = await get('/cached/0')
    for (let id = 1; id < 12; id++) await get(`/cached/${id}`)
    elapsed = -real()
    expect((await get('/cached/0')).said).toBe(first.said)
    const others = []
    for (let id = 12; id < 24; id++) others.push(await get(`/cached/${id}`))
    expect((await get('/cached/0')).said).not.toBe(first.said)
    expect((await get('/cached/23')).said).toBe(others.at(-1)!.said)
  })

  it('is not handed out from the instant on at which it stops being true', async () => {
    lasts = 500
    const first = await get('/cached')
    kept.time.advance(499)
    expect((await get('/cached')).said).toBe(first.said)
    kept.time.advance(1)
    expect((await get('/cached')).said).not.toBe(first.said)
  })

  it('is not kept at all when it is over already', async () => {
    lasts = 0
    const first = await get('/cached')
    expect((await get('/cached')).said).not.toBe(first.said)
  })

  it.each(['gzip', 'br', 'identity'])('says the same in %s', async (coding) => {
    const made = await get('/cached')
    const { headers, body, said } = await get('/cached', { 'accept-encoding': coding })
    expect(said).toBe(made.said)
    expect(headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding)
    expect(headers['content-length']).toBe(String(body.length))
    expect([made.headers.vary, headers.vary]).toEqual(['accept-encoding', 'accept-encoding'])
    expect(headers.etag).toBe(made.headers.etag)
    expect(headers['cache-control']).toBe('no-cache')
  })

  it.each([
    ['gzip, deflate, br', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0, br;q=0.000', undefined],
    ['gzip;q=0.5', 'gzip'],
    ['GZIP', 'gzip'],
    ['vibrant', undefined],
    ['', undefined],
  ])('for "%s" comes in %s', async (accepted, coding) => {
    await get('/cached')
    const { headers } = await get('/cached', { 'accept-encoding': accepted })
    expect(headers['content-encoding']).toBe(coding)
  })

  it('is 304 for somebody who has it, from the cache and without it', async () => {
    const first = await get('/cached')
    const known = { 'if-none-match': first.headers.etag! }
    const again = await get('/cached', known)
    expect([again.status, again.body.length]).toEqual([304, 0])
    const strong = first.headers.etag!.replace('W/', '')
    for (const named of ['*', strong, `W/"other", ${first.headers.etag}`, `"a,b", ${strong},"c"`]) {
      const one = await get('/cached', { 'if-none-match': named })
      expect([one.status, one.body.length, one.headers.etag], named).toEqual([
        304,
        0,
        first.headers.etag,
      ])
      expect(one.headers['cache-control']).toBe('no-cache')
    }
    for (const named of ['', '"other"', 'W/"other", "another"', strong.slice(1), `"${strong}x"`]) {
      expect((await get('/cached', { 'if-none-match': named })).status, named).toBe(200)
    }
    const other = await get('/cached', { 'if-none-match': 'W/"other"' })
    expect([other.status, other.said]).toEqual([200, first.said])
  })

  it('carries an id of its own for each request, and is counted', async () => {
    const count = async () => (await kept.metrics.cached.get()).values[0]!.value
    const first = await get('/cached')
    const before = await count()
    const etag = { 'if-none-match': first.headers.etag! }
    const answers = [first, await get('/cached'), await get('/cached', etag)]
    const ids = answers.map(({ headers }) => headers['x-request-id'])
    for (const id of ids) expect(id).toMatch(/^[\da-f-]{36}$/)
    expect(new Set(ids).size).toBe(3)
    expect(await count()).toBe(before + 2)
  })

  it('is neither kept from a signed request nor handed to one', async () => {
    const actors: Actor[] = []
    const signed = await kept.serve({
      routes: [route('GET', '/cached', counted, { document: true, cached: true })],
      gate: {
        enter({ caller }) {
          const isSigned =
            'credentials' in caller && caller.credentials.headers['signature'] !== undefined
          actors.push({ kind: isSigned ? 'person' : 'public', id: 'x' })
          return Promise.resolve({ type: 'text/plain', body: `for ${actors.at(-1)!.kind}` })
        },
      },
    })
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${signed}/cached`, { headers })).text()
    const signature = {
      signature: 'sig1=:AA==:',
      'signature-input':
        'sig1=("@method" "@authority" "@path" "@query");created=1;keyid="a";nonce="a"',
    }
    expect(await ask(signature)).toBe('for person')
    expect(await ask({})).toBe('for public')
    expect(await ask(signature)).toBe('for person')
    expect(await ask({})).toBe('for public')
    expect(actors.map(({ kind }) => kind)).toEqual(['person', 'public', 'person'])
  })

  it('says to come by TLS alone, behind a proxy that has it', async () => {
    const behind = await kept.serve({
      routes: [route('GET', '/cached', counted, { document: true, cached: true })],
      proxies: ['127.0.0.1'],
    })
    await fetch(`${behind}/cached`)
    const answer = await fetch(`${behind}/cached`)
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=')
    expect(answer.headers.get('vary')).toBe('accept-encoding')
  })
})

it('keeps no export, and gives one address only so many', async () => {
  const own = await kept.serve()
  const statuses = async (path: string) => {
    const answers = []
    for (let i = 0; i < 21; i++) answers.push(await fetch(own + path))
    return answers.map(({ status }) => status)
  }
  expect((await statuses('/api/export?&')).slice(19)).toEqual([404, 429])
  expect((await statuses('/verify.js')).slice(19)).toEqual([200, 200])
})
