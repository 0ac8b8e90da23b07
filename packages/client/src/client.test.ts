import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifySignature } from 'http-message-sig'
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest'
import { openClient, type Answer } from './index.ts'

interface Heard {
  method: string
  url: string
  headers: Record<string, string>
  body: Buffer
}

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server of HTTP alone that answers as it is told, and what it heard. */
async function serve(answer: (response: ServerResponse) => void) {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    void hear(request)
      .then((one) => heard.push(one))
      .then(() => answer(response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const end = () => new Promise((resolve) => server.close(resolve))
  closing.push(async () => {
    server.closeAllConnections()
    await end()
  })
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard }
}

async function hear(request: IncomingMessage): Promise<Heard> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = '', url = '', headers } = request
  return { method, url, headers: headers as Heard['headers'], body: Buffer.concat(chunks) }
}

const json =
  (status: number, value: unknown, type = 'application/json') =>
  (to: ServerResponse) =>
    to.writeHead(status, { 'content-type': type }).end(JSON.stringify(value))

describe('a call', () => {
  test('asks the path with its parameters, and hands out what was answered', async () => {
    const { address, heard } = await serve(json(200, { claims: [] }))
    const client = openClient(`${address}/`)
    expect(await client.get('/api/lapses', { params: { query: { days: 30 } } })).toEqual({
      claims: [],
    })
    await client.get('/api/claims/{id}', { params: { path: { id: 'a/../b?c' } } })
    await client.get('/ledger/tile/{path}', { params: { path: { path: '0/x001/002 ' } } })
    expect(heard.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/lapses?days=30',
      'GET /api/claims/a%2F..%2Fb%3Fc',
      'GET /ledger/tile/0/x001/002%20',
    ])
    expect(heard[0]!.headers['signature']).toBeUndefined()
  })

  test('is typed by the API document', () => {
    expectTypeOf<Answer<'/api/time', 'get'>>().toEqualTypeOf<{ now: string }>()
    const client = openClient('http://127.0.0.1:9')
    expectTypeOf<['/api/time']>().toExtend<Parameters<typeof client.get<'/api/time'>>>()
    expectTypeOf<'/api/nothing'>().not.toExtend<Parameters<typeof client.get>[0]>()
    expectTypeOf<'/api/evidence'>().toExtend<Parameters<typeof client.post>[0]>()
    // A path that needs parameters cannot be asked without.
    expectTypeOf<['/api/claims/{id}']>().not.toExtend<
      Parameters<typeof client.get<'/api/claims/{id}'>>
    >()
  })

  test('reads a document as bytes, and null where there is none', async () => {
    const bytes = Buffer.from([0, 255, 10])
    const { address } = await serve((to) => to.end(bytes))
    expect(await openClient(address).read('/ledger/checkpoint')).toEqual(new Uint8Array(bytes))
    const missing = { code: 'not-found', detail: 'there is nothing', status: 404, title: 't' }
    const none = await serve(json(404, missing))
    expect(await openClient(none.address).read('/ledger/checkpoint')).toBeNull()
  })
})

describe('a signature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const at = Date.UTC(2026, 10, 20)
  const signer = {
    as: 'ci',
    now: () => at,
    sign: (data: Uint8Array) => sign(null, data, privateKey),
  }
  const evidence = [
    {
      id: 'é',
      kind: 'endpoint.tls',
      subject: 'x',
      outcome: 'pass',
      observedAt: '2026-11-20T00:00:00Z',
    },
  ] as const

  /** What a server that checks by RFC 9421 makes of a request. */
  const check = (address: string, { method, url, headers }: Heard) =>
    verifySignature(
      {
        kind: 'request',
        method,
        targetUri: address + url,
        fields: Object.entries(headers).map(([name, value]) => ({ name, value })),
      },
      {
        policy: {
          algorithms: ['ed25519'],
          requiredComponents: ['@method', '@authority', '@path', '@query', 'content-digest'],
          requiredParameters: ['created', 'keyid', 'nonce'],
          maxAge: 0,
          clockSkew: 300,
          now: at / 1000,
        },
        resolveVerifier: () => ({
          algorithm: 'ed25519',
          verify: (data, signature) =>
            verify(
              null,
              data,
              createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })),
              signature,
            ),
        }),
      },
    )

  test('covers method, address and body, and is good for once', async () => {
    const { address, heard } = await serve(json(200, { taken: 1 }))
    const client = openClient(address, { signer })
    await client.post('/api/evidence', { body: { evidence } })
    await client.post('/api/evidence', { body: { evidence } })
    const [first, second] = heard as [Heard, Heard]
    expect(JSON.parse(first.body.toString())).toEqual({ evidence })
    const { parameters } = await check(address, first)
    expect(parameters).toMatchObject({ keyid: 'ci', created: at / 1000 })
    expect((await check(address, second)).parameters.nonce).not.toBe(parameters.nonce)
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(first.body))
    expect(first.headers['content-digest']).toBe(
      `sha-256=:${Buffer.from(digest).toString('base64')}:`,
    )
  })

  test('does not hold for another address', async () => {
    const bad = { code: 'VerificationFailed' }
    const { address, heard } = await serve(json(200, { taken: 1 }))
    await openClient(address, { signer }).post('/api/evidence', { body: { evidence } })
    await expect(check(address, { ...heard[0]!, url: '/api/page' })).rejects.toMatchObject(bad)
    await expect(check('http://other.example', heard[0]!)).rejects.toMatchObject(bad)
    await expect(check(address, heard[0]!)).resolves.toBeTruthy()
  })
})

describe('a failure', () => {
  const problem = {
    type: 'https://kept.dev/problems/not-allowed',
    title: 'This caller may not do that',
    status: 403,
    detail: 'runner ci may not do that',
    code: 'not-allowed',
    fix: 'ask a person',
  }

  test('carries the code of the problem', async () => {
    const { address } = await serve(json(403, problem, 'application/problem+json'))
    await expect(openClient(address).get('/api/claims')).rejects.toMatchObject({
      name: 'ClientFailure',
      code: 'not-allowed',
      message: 'runner ci may not do that',
      fix: 'ask a person',
      status: 403,
    })
    // Only what is not there is no document; a refusal is not.
    await expect(openClient(address).read('/api/export')).rejects.toMatchObject({ status: 403 })
  })

  test.each([
    ['HTML', (to: ServerResponse) => to.end('<p>hello'), 'it sends no JSON'],
    [
      'a status of another server',
      (to: ServerResponse) => to.writeHead(502).end('bad'),
      'status 502',
    ],
    ['a problem without a code', json(500, { detail: 'x' }), 'status 500'],
  ])('says that what answers is no Kept: %s', async (_, answer, said) => {
    const { address } = await serve(answer)
    const asked = openClient(address).get('/api/claims')
    await expect(asked).rejects.toMatchObject({ code: 'not-kept' })
    await expect(asked).rejects.toThrow(said)
  })

  test('is a redirection, which is not followed', async () => {
    const other = await serve(json(200, { claims: [] }))
    const { address } = await serve((to) => to.writeHead(307, { location: other.address }).end())
    await expect(openClient(address).get('/api/claims')).rejects.toMatchObject({
      code: 'unreachable',
    })
    expect(other.heard).toEqual([])
  })

  test('is nobody who listens', async () => {
    const { address } = await serve(json(200, {}))
    await closing.pop()!()
    await expect(openClient(address).get('/api/claims')).rejects.toMatchObject({
      code: 'unreachable',
      status: null,
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
  })
})
