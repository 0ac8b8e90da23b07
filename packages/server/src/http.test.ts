import { once } from 'node:events'
import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { testKept, type TestKept } from '../test/kept.ts'
import { renderFailure } from './capabilities/publishing/failure.ts'
import { Failure } from './foundation/failure.ts'
import { operation, route, type Route } from './foundation/operation.ts'
import type { Ask, Gate } from './gate.ts'
import { openLog } from './log.ts'

let kept: TestKept
let address: string
let writes = 0
const logged: string[] = []

const routes: Route[] = [
  route(
    'POST',
    '/echo',
    operation({
      action: 'tests.echo',
      says: 'Hands back what it was given',
      input: z.strictObject({ name: z.string().optional(), count: z.number().optional() }),
      output: z.object({ name: z.string().optional(), count: z.number().optional() }),
      run: (_, input) => Promise.resolve(input),
    }),
    { mostBytes: 12 * 1024 * 1024 },
  ),
  route(
    'POST',
    '/things/{name}',
    operation({
      action: 'tests.write',
      says: 'Counts its writes',
      input: z.strictObject({ name: z.string() }),
      output: z.object({ name: z.string(), write: z.number() }),
      entry: ({ name }) => ({ name }),
      run: (_, { name }) => Promise.resolve({ name, write: ++writes }),
    }),
    { status: 201 },
  ),
  route(
    'POST',
    '/private',
    operation({
      action: 'tests.private',
      says: 'For persons',
      input: z.strictObject({}),
      output: z.object({}),
      run: () => Promise.resolve({}),
    }),
  ),
  route(
    'POST',
    '/mail',
    operation({
      action: 'tests.mail',
      says: 'Costs something',
      input: z.strictObject({}),
      output: z.object({}),
      run: () => Promise.resolve({}),
    }),
    { limited: true },
  ),
  route(
    'GET',
    '/document',
    operation({
      action: 'tests.document',
      says: 'A document',
      input: z.strictObject({}),
      output: z.custom<never>(),
      run: () =>
        Promise.resolve({ type: 'text/plain; charset=utf-8', body: 'what is written' } as never),
    }),
    { document: true },
  ),
  route(
    'GET',
    '/broken',
    operation({
      action: 'tests.broken',
      says: 'Fails inside',
      input: z.strictObject({}),
      output: z.custom<never>(),
      run: (): Promise<never> => Promise.reject(new Error('postgres://kept:hunter2@db refused')),
    }),
  ),
]

beforeAll(async () => {
  kept = await testKept({ log: openLog('info', { write: (line) => void logged.push(line) }) })
  address = await kept.serve({ routes, renderProblem: renderFailure })
})
afterAll(() => kept.stop())

const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(address + path, {
    method: 'POST',
    body: body as string,
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('what is sent', () => {
  it('is handed to the operation and back', async () => {
    const answer = await post('/echo', '{"name":"a","count":1}')
    expect([answer.status, await answer.json()]).toEqual([200, { name: 'a', count: 1 }])
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await (await post('/echo', 'name=a+b', form)).json()).toEqual({ name: 'a b' })
    expect(await (await post('/echo?name=query', '')).json()).toEqual({ name: 'query' })
    const utf8 = { 'content-type': 'application/json; charset=utf-8' }
    expect((await post('/echo', '{"name":"é"}', utf8)).status).toBe(200)
  })

  it.each([
    ['100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000), 'bad-json'],
    [
      'deep within a field',
      `{"name":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
      'bad-json',
    ],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'bad-json'],
    ['not JSON', '{"name":', 'bad-json'],
    ['no object', '["name"]', 'bad-input'],
    ['an unknown field', '{"name":"a","colour":"red"}', 'bad-input'],
    ['a field named __proto__', '{"__proto__":{"name":"a"}}', 'bad-input'],
    ['a number for a text', '{"name":1}', 'bad-input'],
    ['a text for a number', '{"count":"1"}', 'bad-input'],
  ])('is refused when it is %s', async (_, body, code) => {
    const answer = await post('/echo', body)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, code])
  })

  it('is taken only so often from one address where it costs something', async () => {
    const answers = []
    for (let i = 0; i < 21; i++) answers.push(await post('/mail', '{}'))
    expect(new Set(answers.slice(0, 20).map(({ status }) => status))).toEqual(new Set([200]))
    const last = answers.at(-1)!
    expect(last.status).toBe(429)
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await last.json()).toMatchObject({ code: 'too-many', fix: 'try again in a minute' })
    for (let i = 0; i < 21; i++) expect((await post('/echo', '{}')).status).toBe(200)
  })

  it('is refused in a form that nobody reads', async () => {
    const answer = await post('/echo', '<name/>', { 'content-type': 'application/xml' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ detail: 'send the body as application/json' })
  })

  it('is refused when it is too large, whether it says so or not', async () => {
    const large = `{"name":"${'a'.repeat(12 * 1024 * 1024)}"}`
    expect((await post('/echo', large)).status).toBe(413)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await post('/echo', `name=${'a'.repeat(17_000)}`, form)).status).toBe(413)
    const chunks = async function* () {
      for (let i = 0; i < 20; i++) yield Buffer.alloc(1024 * 1024, 0x20)
    }
    const asked = fetch(`${address}/echo`, {
      method: 'POST',
      body: chunks() as never,
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
    })
    // The server answers and closes; the client may see the one or the other first.
    const status = await asked.then(
      (answer) => answer.status,
      () => 413,
    )
    expect(status).toBe(413)
    const fits = `{"name":"${'a'.repeat(11 * 1024 * 1024)}"}`
    expect((await post('/echo', fits)).status).toBe(200)
  })

  it('is 64 KiB at most where the route says nothing else, or where there is none', async () => {
    const large = `{"name":"${'a'.repeat(64 * 1024)}"}`
    for (const path of ['/things/large', '/nowhere'])
      expect((await post(path, large)).status).toBe(413)
    expect((await post('/echo', `${' '.repeat(70 * 1024)}{}`)).status).toBe(200)
    expect((await post('/nowhere', `${' '.repeat(60 * 1024)}{}`)).status).toBe(404)
  })

  it('is refused before it came when no signature comes with it', async () => {
    const begin = async (path: string, more = '') => {
      const socket = connect(Number(new URL(address).port), '127.0.0.1')
      socket.on('error', () => {})
      const head = `POST ${path} HTTP/1.1\r\nhost: kept.test\r\ncontent-type: application/json\r\ncontent-length: 50000\r\n`
      socket.write(`${head}${more}\r\n{`)
      const [top, body] = (await text(socket)).split('\r\n\r\n') as [string, string]
      return { top, problem: JSON.parse(body) as Record<string, unknown> }
    }
    const { top, problem } = await begin('/private')
    expect(top).toMatch(/^HTTP\/1.1 401 /)
    expect(top.toLowerCase()).toContain('connection: close')
    const { instance: _, ...same } = (await (await post('/private', '{}')).json()) as typeof problem
    expect(problem).toMatchObject(same)
    const wrong = await begin('/private', 'signature: a=:aaaa:\r\nsignature-input: b=()\r\n')
    expect(wrong.problem).toMatchObject({ code: 'bad-signature' })
    // What has the form of a signature, and what anybody may send, is waited for.
    const input = 'a=("@method" "@authority" "@path" "@query");created=1;keyid="a";nonce="a"'
    for (const waits of [
      begin('/private', `signature: a=:aaaa:\r\nsignature-input: ${input}\r\n`),
      begin('/echo'),
    ])
      expect((await waits).problem).toMatchObject({ code: 'too-slow' })
  }, 30_000)

  it('is held only so much of at once, over all connections', async () => {
    const { port } = new URL(address)
    const sockets: Socket[] = []
    const answers: string[] = []
    const mebibyte = Buffer.alloc(1024 * 1024, 0x20)
    for (let i = 0; i < 14; i++) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => {})
      socket.on('data', (data) => answers.push(String(data)))
      sockets.push(socket)
      socket.write(
        `POST /echo HTTP/1.1\r\nhost: kept.test\r\ncontent-type: application/json\r\ncontent-length: ${12 * 1024 * 1024}\r\n\r\n`,
      )
      for (let sent = 0; sent < 11; sent++) socket.write(mebibyte)
    }
    await expect.poll(() => answers.length, { timeout: 8000 }).toBeGreaterThan(0)
    expect(answers[0]).toMatch(/^HTTP\/1.1 503 /)
    expect(answers[0]!.toLowerCase()).toContain('retry-after: 2')
    expect(answers[0]).toContain('"code":"busy"')
    expect(answers.length).toBeLessThan(5)
    // Usual ones do not wait for them.
    expect((await post('/echo', '{"name":"a"}')).status).toBe(200)
    for (const socket of sockets) socket.destroy()
    const large = `{"name":"${'a'.repeat(11 * 1024 * 1024)}"}`
    await expect
      .poll(async () => (await post('/echo', large)).status, { timeout: 15_000 })
      .toBe(200)
  }, 30_000)

  it('is not read before its sender may ask', async () => {
    const answer = await post('/private', '['.repeat(100_000))
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'not-signed-in' })
  })

  it('twice under one key is done once', async () => {
    const key = { 'idempotency-key': 'k1' }
    const first = await post('/things/a', '', key)
    const second = await post('/things/a', '', key)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(await second.json()).toEqual(await first.json())
    const other = await post('/things/b', '', key)
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([
      409,
      'key-reused',
    ])
    expect(writes).toBe(1)
  })

  it.each(['', 'a'.repeat(201)])('is refused under a key that cannot be kept: %j', async (key) => {
    const before = writes
    const answer = await post('/things/a', '', { 'idempotency-key': key })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      400,
      'bad-input',
    ])
    expect((await post('/things/a', '', { 'idempotency-key': 'a'.repeat(200) })).status).toBe(201)
    expect(writes).toBe(before + (key === '' ? 1 : 0))
  })

  it('is refused under a key where nothing would be kept under it', async () => {
    const answer = await post('/echo', '{}', { 'idempotency-key': 'k2' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      code: 'bad-input',
      detail: 'tests.echo keeps no replies, so an Idempotency-Key does nothing',
    })
    expect((await post('/echo', '{}')).status).toBe(200)
  })
})

describe('what is answered', () => {
  const head = (path: string, method = 'HEAD') =>
    new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>(
      (resolve, reject) => {
        const asked = request(address + path, { method }, (answer) => {
          void text(answer).then((body) =>
            resolve({ status: answer.statusCode!, headers: answer.headers, body }),
          )
        })
        asked.on('error', reject)
        asked.end()
      },
    )

  it('to HEAD is what is answered to GET, without the body', async () => {
    const [get, only] = [await head('/document', 'GET'), await head('/document')]
    expect(only.body).toBe('')
    expect(only.status).toBe(200)
    for (const name of ['content-length', 'content-type', 'etag', 'x-content-type-options']) {
      expect(only.headers[name], name).toBe(get.headers[name])
    }
  })

  it('of a document is the same whatever others added to its address; elsewhere that is refused', async () => {
    const shared = await fetch(`${address}/document?utm_source=mail&fbclid=x`)
    expect([shared.status, await shared.text()]).toEqual([200, 'what is written'])
    const program = await post('/echo?utm_source=mail', '{}')
    expect([program.status, await program.json()]).toEqual([400, expect.objectContaining({ code: 'bad-input' })])
  }) // prettier-ignore

  it('to somebody who has it is 304', async () => {
    const get = await fetch(`${address}/document`)
    const etag = get.headers.get('etag')!
    const again = await fetch(`${address}/document`, { headers: { 'if-none-match': etag } })
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, ''])
    for (const named of ['*', etag.replace('W/', ''), `"old", ${etag}`]) {
      const listed = await fetch(`${address}/document`, { headers: { 'if-none-match': named } })
      expect(listed.status, named).toBe(304)
    }
    const old = await fetch(`${address}/document`, { headers: { 'if-none-match': 'W/"old"' } })
    expect([old.status, await old.text()]).toEqual([200, 'what is written'])
  })

  it('names its request, in the header and in the problem', async () => {
    const good = await fetch(`${address}/document`)
    expect(good.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    const bad = await post('/echo', '{')
    const problem = (await bad.json()) as { instance: string }
    expect(problem.instance).toBe(`urn:uuid:${bad.headers.get('x-request-id')}`)
    expect(bad.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const ids = { 'x-request-id': 'mine' }
    const named = await fetch(`${address}/document`, { headers: ids })
    expect(named.headers.get('x-request-id')).not.toBe('mine')
  })

  it('is a page for a reader and JSON for a program', async () => {
    const reader = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    const page = await fetch(`${address}/nowhere`, { headers: reader })
    expect([page.status, page.headers.get('content-type')]).toEqual([
      404,
      'text/html; charset=utf-8',
    ])
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const html = await page.text()
    expect(html).toContain(page.headers.get('x-request-id'))
    const problem = await (await fetch(`${address}/nowhere`)).json()
    expect(problem).toMatchObject({ status: 404, code: 'not-found' })
  })

  it('does not tell what happened inside', async () => {
    for (const accept of ['text/html', 'application/json']) {
      const answer = await fetch(`${address}/broken`, { headers: { accept } })
      expect(answer.status).toBe(500)
      expect(await answer.text()).not.toMatch(/hunter2|postgres:|at .*\.ts/)
    }
  })

  it.each([
    ['a path that cannot be read', 'GET', '/%zz'],
    ['a path of 10,000 letters', 'GET', `/${'a'.repeat(10_000)}`],
  ])('to %s is a problem', async (_, method, path) => {
    const { status, body } = await head(path, method)
    expect([400, 404]).toContain(status)
    expect(JSON.parse(body)).toMatchObject({ status })
  })
})

describe('what never becomes a request', () => {
  const send = async (bytes: string) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(bytes)
    const answer = await text(socket)
    const [top, body] = answer.split('\r\n\r\n') as [string, string]
    return { top, problem: JSON.parse(body) as Record<string, unknown> }
  }

  it.each([
    [400, 'bad-http', 'GARBAGE\r\n\r\n'],
    [400, 'bad-http', 'GET / HTTP/1.1\r\nhost: a\r\nno header\r\n\r\n'],
    [400, 'bad-http', 'GET /document HTTP/1.1\r\n\r\n'],
    [431, 'headers-too-large', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`],
    [408, 'too-slow', 'GET / HTTP/1.1\r\nhost: a\r\n'],
  ])('is answered as a problem too: %i %s', async (status, code, bytes) => {
    const { top, problem } = await send(bytes)
    expect(top).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(top).toContain('content-type: application/problem+json')
    expect(problem).toMatchObject({ status, code })
  })

  it('is told from HTTP/1.0, which names no host', async () => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    socket.write('GET /document HTTP/1.0\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('is no fault of the database when its sender hangs up', async () => {
    logged.length = 0
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 30\r\n\r\n{"na')
    await new Promise((resolve) => setTimeout(resolve, 100))
    socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await fetch(`${address}/document`)
    await vi.waitFor(() => expect(logged.join('')).toContain('"route":"/document"'), 5000)
    expect(logged.join('')).not.toContain('database')
  }) // prettier-ignore
})

describe('another method', () => {
  it.each([
    ['PUT', '/document', 'GET, HEAD'],
    ['DELETE', '/things/one?count=2', 'POST'],
    ['GET', '/things/one', 'POST'],
  ])('%s %s is told which are taken', async (method, path, allow) => {
    const answer = await fetch(address + path, { method })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow])
    expect(await answer.json()).toMatchObject({ code: 'wrong-method' })
  })

  it('at an address where nothing is stays a missing one', async () => {
    const answer = await fetch(`${address}/things/one/two`, { method: 'DELETE' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([404, null])
  })
})

describe('where a request comes from', () => {
  const asked: Ask[] = []
  const gate: Gate = {
    enter(ask) {
      asked.push(ask)
      return Promise.resolve({ type: 'text/plain', body: 'x' })
    },
  }
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'kept.test' }
  const urlSeen = async (proxies: string[]) => {
    const server = await kept.serve({ routes, gate, proxies })
    await fetch(`${server}/document`, { headers: forwarded })
    const { caller } = asked.at(-1)!
    return { url: 'credentials' in caller ? caller.credentials.url : null, server }
  }

  it('is not what a stranger says it is', async () => {
    for (const proxies of [[], ['10.0.0.0/8']]) {
      const { url, server } = await urlSeen(proxies)
      expect(url).toBe(`${server}/document`)
    }
  })

  it('is what a declared proxy says', async () => {
    expect((await urlSeen(['127.0.0.1'])).url).toBe('https://kept.test/document')
  })

  it('says to come by TLS alone where there is TLS, and only there', async () => {
    const plain = await fetch(`${address}/document`)
    expect(plain.headers.get('strict-transport-security')).toBeNull()
    const behind = await kept.serve({ routes, gate, proxies: ['127.0.0.1'] })
    const answer = await fetch(`${behind}/document`)
    const seconds = /max-age=(\d+)/.exec(answer.headers.get('strict-transport-security')!)![1]
    expect(Number(seconds)).toBeGreaterThanOrEqual(180 * 86_400)
  })
})

describe('health', () => {
  it('tells that it lives, and whether it is ready', async () => {
    let ready = true
    const server = await kept.serve({ routes, isReady: () => Promise.resolve(ready) })
    expect((await fetch(`${server}/health/ready`)).status).toBe(200)
    ready = false
    expect((await fetch(`${server}/health/ready`)).status).toBe(503)
    expect((await fetch(`${server}/health/live`)).status).toBe(200)
  })

  it('of a database that is away is an answer that says to come again', async () => {
    const gate: Gate = {
      enter: () => Promise.reject(new Failure('database-away', 'the database does not answer')),
    }
    const server = await kept.serve({ routes, gate })
    const answer = await fetch(`${server}/document`)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
  })
})

describe('requests that are sent ahead on one connection', () => {
  it('are answered while they are few; many end the connection before they are done', async () => {
    let begun = 0
    const waiting: (() => void)[] = []
    const gate: Gate = {
      async enter() {
        begun++
        await new Promise<void>((resolve) => waiting.push(resolve))
        return { type: 'text/plain', body: 'done' }
      },
    }
    const { port } = new URL(await kept.serve({ routes, gate }))
    const send = (count: number) => {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => {})
      const one = 'GET /document HTTP/1.1\r\nhost: kept.test\r\n'
      socket.write(`${one}\r\n`.repeat(count - 1) + `${one}connection: close\r\n\r\n`)
      return text(socket)
    }
    const few = send(10)
    await expect.poll(() => begun).toBe(10)
    for (const end of waiting.splice(0)) end()
    expect((await few).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(10)
    expect(await send(50)).toBe('')
    expect(begun).toBe(20)
    for (const end of waiting.splice(0)) end()
    // One after the other they are as many as one likes.
    const { port: own } = new URL(address)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let i = 0; i < 30; i++) {
      const asked = request({ host: '127.0.0.1', port: own, path: '/document', agent })
      asked.end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      expect([answer.statusCode, await text(answer)]).toEqual([200, 'what is written'])
    }
    agent.destroy()
  })
})

describe('slow clients by the hundred', () => {
  const slow: Socket[] = []
  afterAll(() => slow.forEach((socket) => socket.destroy()))

  /** Opens connections that send a beginning and then a byte now and then. */
  async function open(count: number, beginning: string): Promise<Promise<unknown>[]> {
    const { port } = new URL(address)
    const ends: Promise<unknown>[] = []
    for (let i = 0; i < count; i++) {
      const socket = connect(Number(port), '127.0.0.1')
      slow.push(socket)
      await once(socket, 'connect')
      socket.on('error', () => {})
      socket.resume()
      ends.push(once(socket, 'close'))
      socket.write(beginning)
      const drip = setInterval(() => socket.write('a'), 1000)
      socket.on('close', () => clearInterval(drip))
    }
    return ends
  }

  it.each([
    ['headers', 'GET /document HTTP/1.1\r\nhost: kept.test\r\nx-slow: '],
    [
      'a body',
      'POST /echo HTTP/1.1\r\nhost: kept.test\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{',
    ],
  ])(
    'that drip %s leave room for others, and are put out',
    async (_, beginning) => {
      const ends = await open(300, beginning)
      for (let i = 0; i < 20; i++) {
        expect((await fetch(`${address}/document`)).status).toBe(200)
      }
      // Still there: the others were served beside them, not after them.
      expect(slow.filter((socket) => !socket.closed).length).toBeGreaterThan(0)
      await Promise.all(ends)
      expect((await fetch(`${address}/document`)).status).toBe(200)
    },
    60_000,
  )
})
