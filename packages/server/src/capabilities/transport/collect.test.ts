import { createServer as createPlain, type Server } from 'node:http'
import { createServer } from 'node:https'
import { once } from 'node:events'
import { connect, createServer as createRoad, type AddressInfo } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeAuthority, type Authority, type Pair } from '../../../test/certificates.ts'
import { context, system, Watch } from '../../../test/looking.ts'
import { startPostgres, strictAccess, type TestPostgres } from '../../../test/postgres.ts'
import type { Collector } from '../../foundation/capability.ts'
import {
  collectors,
  connectionsCollector,
  gradeCollector,
  plainCollector,
  suitesCollector,
  versionsCollector,
} from './collect.ts'
import { endpointOf } from './endpoint.ts'

/** The kernel refuses to connect there by itself, as where there is no network of that kind: ENETUNREACH. */
const noWay = '255.255.255.255'
const names = vi.hoisted(() => new Map<string, string[]>())

/** Names with the addresses that a test says. */
vi.mock('node:dns/promises', async (actual) => {
  const dns = await actual<typeof import('node:dns/promises')>()
  const lookup = async (name: string, options: { all: true }) =>
    names.get(name)?.map((address) => ({ address, family: 4 })) ?? (await dns.lookup(name, options))
  return { ...dns, default: dns, lookup }
})

let authority: Authority
let pair: Pair
const open: Server[] = []

beforeAll(async () => {
  authority = await makeAuthority()
  pair = await authority.issue({ key: 2048 })
})

afterEach(async () => {
  for (const server of open.splice(0)) await close(server)
})

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

async function listen(server: Server, port = 0, address = '127.0.0.1'): Promise<number> {
  server.on('tlsClientError', () => {})
  server.listen(port, address)
  await once(server, 'listening')
  open.push(server)
  return (server.address() as AddressInfo).port
}

/** A port of the same server that the kernel hands to nobody by itself, as it may the next one. */
const beside = (port: number) => 20_000 + (port % 10_000)

const strict = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }

/** An HTTPS server that can be put in the place of another, at the same port. */
async function serve(options: TlsOptions, port = 0, headers: Record<string, string> = strict) {
  const server = createServer(options, (_, response) => {
    response.writeHead(200, headers).end('hello')
  })
  return { server, port: await listen(server, port) }
}

/** Replaces what listens: damage, or repair. */
async function swap(old: Server, options: TlsOptions, port: number, headers = strict) {
  await close(old)
  return (await serve(options, port, headers)).server
}

function watch(collector: Collector, port: number, tags: string[] = []) {
  return new Watch(
    collector,
    system({ type: 'endpoint', address: `https://localhost:${port}`, tags }),
  )
}

const old = { ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1' } as const

describe('endpoint.tls', () => {
  const look = async (watching: Watch) => await watching.look({ authorities: [authority.pem] })
  const promised = (watching: Watch) => watching.verdict('encryption.in-transit', { min: 1.2 })

  it('is kept, breaks when TLS 1.0 is accepted, is mended, and knows nothing when all is down', async () => {
    const { server, port } = await serve(pair)
    const watching = watch(versionsCollector, port)
    expect(await look(watching)).toMatchObject({
      outcome: 'pass',
      measured: { lowestAccepted: 1.2, chainTrusted: true },
    })
    expect(promised(watching)).toBe('kept')
    const weak = await swap(server, { ...pair, ...old }, port)
    expect(await look(watching)).toMatchObject({ measured: { lowestAccepted: 1 } })
    expect(promised(watching)).toBe('broken')
    const mended = await swap(weak, pair, port)
    await look(watching)
    expect(promised(watching)).toBe('kept')
    await close(mended)
    expect(await look(watching)).toMatchObject({
      outcome: 'inconclusive',
      note: expect.stringContaining('ECONNREFUSED') as string,
    })
    expect(promised(watching)).toBe('kept')
  })

  it('breaks with a certificate that is expired, for another name, early or of a stranger', async () => {
    const stranger = await makeAuthority()
    const bad: [Pair, RegExp][] = [
      [await authority.issue({ from: -30, until: -1 }), /has expired/],
      [await authority.issue({ names: ['example.com'] }), /another name/],
      [await authority.issue({ from: 1 }), /not valid yet/],
      [await stranger.issue(), /not a known one/],
    ]
    let { server, port } = await serve(pair)
    const watching = watch(versionsCollector, port)
    for (const [wrong, why] of bad) {
      server = await swap(server, wrong, port)
      const seen = await look(watching)
      expect(seen).toMatchObject({ outcome: 'fail', measured: { chainTrusted: false } })
      expect(seen.note).toMatch(why)
      expect(promised(watching)).toBe('broken')
      server = await swap(server, pair, port)
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      expect(promised(watching)).toBe('kept')
    }
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'breaks with the worse of two certificates, whichever a client of %s is shown',
    async (version) => {
      const good = await authority.issue()
      const only = { minVersion: version, maxVersion: version } as const
      const both = (second: Pair) => ({
        cert: [good.cert, second.cert],
        key: [good.key, second.key],
        ...only,
      })
      let { server, port } = await serve(both(pair))
      const watching = watch(versionsCollector, port)
      const grading = watch(gradeCollector, port)
      const grade = async () =>
        (await grading.look({ authorities: [authority.pem] })).measured['grade']
      await look(watching)
      expect(promised(watching)).toBe('kept')
      const sound = await grade()
      expect(['A+', 'A-']).toContain(sound)
      for (const [wrong, why, letter] of [
        [{ from: -30, until: -1 }, /has expired/, 'T'],
        [{ names: ['example.com'] }, /another name/, 'M'],
      ] as const) {
        server = await swap(server, both(await authority.issue({ key: 2048, ...wrong })), port)
        const seen = await look(watching)
        expect(seen).toMatchObject({ outcome: 'fail', measured: { chainTrusted: false } })
        expect(seen.note).toMatch(why)
        expect(promised(watching)).toBe('broken')
        expect(await grade()).toBe(letter)
      }
      server = await swap(server, both(pair), port)
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      expect(promised(watching)).toBe('kept')
      expect(await grade()).toBe(sound)
    },
  )

  it('breaks with an issuer whose certificate is signed with SHA-1 or whose key is short', async () => {
    const sound = await (await authority.appoint({ key: 2048 })).issue()
    let { server, port } = await serve(sound)
    const watching = watch(versionsCollector, port)
    for (const [weak, why] of [
      [{ hash: 'SHA-1' }, /the certificate of its issuer "Under .*" is signed with SHA-1/],
      [{ key: 512 }, /its issuer .* has a key that is worth 512 bits/],
    ] as const) {
      const shown = await (await authority.appoint(weak)).issue()
      // By itself OpenSSL would refuse to show it.
      server = await swap(server, { ...shown, ciphers: old.ciphers }, port)
      const seen = await look(watching)
      expect(seen).toMatchObject({ outcome: 'fail', measured: { chainTrusted: false } })
      expect(seen.note).toMatch(why)
      expect(promised(watching)).toBe('broken')
      server = await swap(server, sound, port)
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      expect(promised(watching)).toBe('kept')
    }
    // Whoever signed for an authority that is known by itself: that signature is not relied on.
    const known = await authority.appoint({ hash: 'SHA-1' })
    await swap(server, await known.issue(), port)
    const given = { authorities: [authority.pem, known.pem] }
    expect(await watching.look(given)).toMatchObject({ outcome: 'pass' })
  })

  it('breaks with TLS 1.0 for whoever brings the extended master secret alone', async () => {
    const { port } = await serve({ ...pair, minVersion: 'TLSv1.2' })
    // Node cannot demand it: a server before it answers TLS 1.0, and leaves what is newer to Node's.
    const fronting = createRoad((near) => {
      near.on('error', () => {})
      near.once('data', (hello: Buffer) => {
        if (hello.readUInt16BE(9) !== 0x03_01) {
          const far = connect(port, '127.0.0.1').on('error', () => near.destroy())
          far.write(hello)
          near.pipe(far).pipe(near)
        } else if (accepts && hello.includes(Buffer.from([0, 23, 0, 0]))) {
          // A ServerHello that chooses AES128-SHA.
          const body = Buffer.alloc(42)
          body.set([2, 0, 0, 38, 3, 1])
          body.set([0, 0x2f, 0], 39)
          near.end(Buffer.concat([Buffer.from([22, 3, 1, 0, 42]), body]))
        } else near.end(Buffer.from([21, 3, 1, 0, 2, 2, 70]))
      })
    })
    let accepts = false
    fronting.listen(0, '127.0.0.1')
    await once(fronting, 'listening')
    try {
      const watching = watch(versionsCollector, (fronting.address() as AddressInfo).port)
      await look(watching)
      expect(promised(watching)).toBe('kept')
      accepts = true
      expect(await look(watching)).toMatchObject({
        outcome: 'fail',
        measured: { lowestAccepted: 1 },
        note: expect.stringContaining(
          'what it shows to clients of TLS 1.0 cannot be read',
        ) as string,
      })
      expect(promised(watching)).toBe('broken')
    } finally {
      fronting.close()
    }
  })

  it('trusts no authority that it was not given', async () => {
    const { port } = await serve(pair)
    const watching = watch(versionsCollector, port)
    expect(await watching.look()).toMatchObject({ outcome: 'fail' })
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
  })
})

describe('endpoint.suites', () => {
  it('breaks when a shorter key is accepted', async () => {
    const strong = {
      ...pair,
      ciphers: 'ECDHE-RSA-AES256-GCM-SHA384',
      maxVersion: 'TLSv1.2',
    } as const
    const { server, port } = await serve(strong)
    const watching = watch(suitesCollector, port)
    const promised = () => watching.verdict('tls.suites', { bits: 256, exchange: ['ecdhe-rsa'] })
    expect((await watching.look()).measured).toEqual({
      ciphers: ['aes-256-gcm'],
      exchanges: ['ecdhe-rsa'],
      leastBits: 256,
    })
    expect(promised()).toBe('kept')
    const weak = { ...strong, ciphers: `${strong.ciphers}:AES128-SHA` }
    const damaged = await swap(server, weak, port)
    expect((await watching.look()).measured).toEqual({
      ciphers: ['aes-128-cbc', 'aes-256-gcm'],
      exchanges: ['ecdhe-rsa', 'rsa'],
      leastBits: 128,
    })
    expect(promised()).toBe('broken')
    await swap(damaged, strong, port)
    await watching.look()
    expect(promised()).toBe('kept')
  })
})

describe('endpoint.grade', () => {
  it('falls with HSTS, with TLS 1.0 and with trust, and rises again', async () => {
    let { server, port } = await serve(pair)
    const watching = watch(gradeCollector, port)
    const grade = async () =>
      (await watching.look({ authorities: [authority.pem] })).measured['grade']
    const promised = () => watching.verdict('tls.grade', { min: 'a+' })
    expect(await grade()).toBe('A+')
    expect(promised()).toBe('kept')
    server = await swap(server, pair, port, {} as typeof strict)
    expect(await grade()).toBe('A')
    expect(promised()).toBe('broken')
    server = await swap(server, { ...pair, ...old }, port)
    expect(await grade()).toBe('B')
    server = await swap(server, { ...pair, ...old, maxVersion: 'TLSv1.1' }, port)
    expect(await grade()).toBe('C')
    server = await swap(server, await authority.issue({ names: ['example.com'] }), port)
    expect(await grade()).toBe('M')
    server = await swap(server, await authority.issue({ from: -9, until: -1 }), port)
    expect(await grade()).toBe('T')
    server = await swap(server, pair, port)
    expect(await grade()).toBe('A+')
    expect(promised()).toBe('kept')
  })
})

describe('an endpoint behind a front that leads by the name of a hello', () => {
  const look = async (watching: Watch) => await watching.look({ authorities: [authority.pem] })
  /** Where hellos without a name go: a port, or a refusal as servers give it. */
  let nameless: number | Buffer
  let fronting: ReturnType<typeof createRoad>
  let port: number
  const refused = Buffer.from([21, 3, 1, 0, 2, 2, 112])

  beforeAll(async () => {
    fronting = createRoad((near) => {
      near.on('error', () => {})
      near.once('data', (hello: Buffer) => {
        const to = hello.includes('localhost') ? port : nameless
        if (typeof to !== 'number') return void near.end(to)
        const far = connect(to, '127.0.0.1').on('error', () => near.destroy())
        far.write(hello)
        near.pipe(far).pipe(near)
      })
    })
    fronting.listen(0, '127.0.0.1')
    await once(fronting, 'listening')
  })
  afterAll(() => fronting.close())

  it('breaks with what is accepted of clients that send no name, and is mended', async () => {
    port = (await serve({ ...pair, ciphers: 'TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384' }))
      .port
    nameless = refused
    const at = (fronting.address() as AddressInfo).port
    const versions = watch(versionsCollector, at)
    const suites = watch(suitesCollector, at)
    const grades = watch(gradeCollector, at)
    const promised = () => [
      versions.verdict('encryption.in-transit', { min: 1.2 }),
      suites.verdict('tls.suites', { bits: 128, exchange: ['ecdhe-rsa'] }),
      grades.verdict('tls.grade', { min: 'a+' }),
    ]
    const lookAll = async () => [await look(versions), await look(suites), await look(grades)]
    const sound = await lookAll()
    expect(promised()).toEqual(['kept', 'kept', 'kept'])
    expect(sound[2]).toMatchObject({ measured: { grade: 'A+' } })
    const weak = await authority.issue({ key: 2048 })
    nameless = (
      await serve({ ...weak, ...old, ciphers: 'AES128-SHA@SECLEVEL=0', maxVersion: 'TLSv1' })
    ).port
    const [seenVersions, seenSuites, seenGrade] = await lookAll()
    expect(seenVersions).toMatchObject({
      measured: { lowestAccepted: 1, chainTrusted: true },
      note: 'TLS 1.0 is accepted from clients that send no server name (SNI)',
    })
    expect(seenSuites!.measured['exchanges']).toContain('rsa')
    expect(seenSuites!.note).toMatch(/aes-128-cbc alone from clients that send no server name/)
    expect(seenGrade).toMatchObject({ measured: { grade: 'B' } })
    expect(seenGrade!.note).toMatch(
      /TLS 1\.0 or 1\.1 is accepted, from clients that send no server name/,
    )
    expect(promised()).toEqual(['broken', 'broken', 'broken'])
    nameless = refused
    expect(await lookAll()).toEqual(sound)
    expect(promised()).toEqual(['kept', 'kept', 'kept'])
  })

  it('is kept by a refusal of any kind and by a certificate of another, and breaks with a bad one of its own', async () => {
    port = (await serve(pair)).port
    const watching = watch(versionsCollector, (fronting.address() as AddressInfo).port)
    const grading = watch(gradeCollector, (fronting.address() as AddressInfo).port)
    const [others, expired] = [
      await authority.issue({ key: 2048, names: ['example.com'] }),
      await authority.issue({ key: 2048, from: -30, until: -1 }),
    ]
    for (const sound of [
      refused,
      Buffer.alloc(0),
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      (await serve(others)).port,
    ]) {
      nameless = sound
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      expect(await look(grading)).toMatchObject({ measured: { grade: 'A+' } })
      expect(watching.verdict('encryption.in-transit', { min: 1.2 })).toBe('kept')
    }
    nameless = (await serve(expired)).port
    const seen = await look(watching)
    expect(seen).toMatchObject({ outcome: 'fail', measured: { chainTrusted: false } })
    expect(seen.note).toMatch(
      /it has expired \(shown to clients that send no server name \(SNI\)\)/,
    )
    expect(await look(grading)).toMatchObject({ measured: { grade: 'T' } })
    nameless = refused
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
    expect(watching.verdict('encryption.in-transit', { min: 1.2 })).toBe('kept')
  })
})

describe('endpoint.plain', () => {
  const look = async (watching: Watch) => await watching.look({ authorities: [authority.pem] })
  const promised = (watching: Watch) => watching.verdict('encryption.https-only')

  it('is kept by redirects, breaks with plain content, is mended, and knows nothing of a silent port', async () => {
    const { server, port } = await serve(pair)
    let answer: [number, Record<string, string>] = [301, { location: 'https://localhost/' }]
    const plain = createPlain((_, response) => response.writeHead(...answer).end('plain'))
    const plainPort = await listen(plain)
    const watching = watch(plainCollector, port, [`plain-port:${plainPort}`])
    expect(await look(watching)).toMatchObject({
      outcome: 'pass',
      measured: {
        tried: 20,
        servedPlain: 0,
        hstsSeconds: 31_536_000,
        methods: ['GET', 'POST'],
        paths: ['/', '/login', '/signin', '/api', '/kept-plain-request'],
      },
    })
    expect(promised(watching)).toBe('kept')
    for (const status of [200, 401, 404]) {
      answer = [status, {}]
      expect(await look(watching)).toMatchObject({ outcome: 'fail', measured: { servedPlain: 10 } })
      expect(promised(watching)).toBe('broken')
    }
    answer = [302, { location: 'http://localhost/elsewhere' }]
    expect(await look(watching)).toMatchObject({ outcome: 'fail' })
    await close(plain)
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
    expect(promised(watching)).toBe('kept')
    await close(server)
    expect(await look(watching)).toMatchObject({ outcome: 'inconclusive' })
  })

  describe('of a port that redirects or refuses', () => {
    const onward = { location: 'https://localhost/' }
    type Plain = (method: string, path: string) => [number, Record<string, string>, string]
    const form = '<form method="post"><input name="password"></form>'
    const damage: [string, Plain][] = [
      ['a sign-in form with 403', () => [403, {}, form]],
      ['much text with 400', () => [400, {}, 'a'.repeat(3000)]],
      ['a cookie with 403', () => [403, { 'set-cookie': 'session=1' }, '']],
      ['a cookie with the redirect', () => [301, { ...onward, 'set-cookie': 'session=1' }, '']],
      ['a form with the redirect', () => [301, onward, form]],
      ['a redirect to a stranger', () => [301, { location: 'https://example.com/' }, '']],
      ['a host that only ends like it', () => [301, { location: 'https://notlocalhost/' }, '']],
      ['what is posted', (method) => (method === 'POST' ? [200, {}, 'in'] : [301, onward, ''])],
      [
        'what is posted, and is no good',
        (method) => (method === 'POST' ? [400, {}, 'no password'] : [301, onward, '']),
      ],
      ['/login alone', (_, path) => (path === '/login' ? [200, {}, 'hello'] : [301, onward, ''])],
    ]
    const sound: [string, Plain][] = [
      ['redirects', () => [308, onward, '<a href="https://localhost/">moved</a>']],
      ['redirects to www', () => [301, { location: 'https://www.localhost/' }, '']],
      ['redirects below it', () => [301, { location: 'https://app.localhost:8443/' }, '']],
      ['refuses with a short page', () => [403, {}, '<h1>403 Forbidden</h1><hr>nginx']],
      ['refuses with 400', () => [400, {}, 'Client sent an HTTP request to an HTTPS server.']],
      ['takes no form', (method) => (method === 'POST' ? [405, {}, ''] : [301, onward, ''])],
    ]

    it('breaks with what it serves beside that, and is kept by what is a refusal or a redirect alone', async () => {
      const { port } = await serve(pair)
      let answer: Plain = () => [301, onward, '']
      const plain = createPlain((request, response) => {
        const [status, headers, body] = answer(request.method!, request.url!)
        response.writeHead(status, headers).end(body)
      })
      const watching = watch(plainCollector, port, [`plain-port:${await listen(plain)}`])
      for (const [what, wrong] of damage) {
        answer = wrong
        expect((await look(watching)).outcome, what).toBe('fail')
        expect(promised(watching), what).toBe('broken')
        answer = sound[0]![1]
        await look(watching)
        expect(promised(watching), what).toBe('kept')
      }
      for (const [what, right] of sound) {
        answer = right
        expect(await look(watching), what).toMatchObject({ outcome: 'pass' })
        expect(promised(watching), what).toBe('kept')
      }
    })
  })

  const at = (port: number, ifOpen = false) => ({ port, ifOpen })
  it.each([
    ['example.com', [], [at(80), at(443)]],
    ['https://example.com', ['plain-port:8080'], [at(80), at(8080), at(443)]],
    ['http://example.com:8080', [], [at(80), at(8080), at(443)]],
    ['example.com:8443', [], [at(80), at(8443)]],
    [
      'example.com:8443',
      ['plain-port:8080', 'plain-port:8081'],
      [at(80, true), at(8080), at(8081), at(8443)],
    ],
    ['example.com:8443', ['plain-port:80'], [at(80), at(8443)]],
  ])('asks of %s with the tags %j the ports %j', (address, tags, ports) => {
    expect(endpointOf(system({ type: 'endpoint', address, tags })).plainPorts).toEqual(ports)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'sees port 80 beside the port of a tag, where somebody listens there, and passes it over elsewhere',
    async () => {
      names.set('eighty.localhost', ['127.0.0.80'])
      const certificate = await authority.issue({ names: ['eighty.localhost'] })
      const encrypted = createServer(certificate, (_, response) =>
        response.writeHead(200, strict).end(),
      )
      const port = await listen(encrypted, 0, '127.0.0.80')
      const watching = new Watch(
        plainCollector,
        system({
          type: 'endpoint',
          address: `eighty.localhost:${port}`,
          tags: [`plain-port:${beside(port)}`],
        }),
      )
      expect(await look(watching)).toMatchObject({ outcome: 'pass', measured: { tried: 20 } })
      expect(promised(watching)).toBe('kept')
      const plain = createPlain((_, response) => response.end('plain'))
      await listen(plain, 80, '127.0.0.80')
      const seen = await look(watching)
      expect(seen).toMatchObject({ outcome: 'fail', measured: { tried: 30, servedPlain: 10 } })
      expect(seen.note).toContain('http://eighty.localhost:80/')
      expect(promised(watching)).toBe('broken')
      await close(plain)
      expect(await look(watching)).toMatchObject({ outcome: 'pass' })
      expect(promised(watching)).toBe('kept')
    },
  )

  it('asks every address, one without TLS too, and breaks with what only that one serves', async () => {
    names.set('two.localhost', ['127.0.0.1', '127.0.0.2'])
    const { port } = await serve(await authority.issue({ names: ['two.localhost'] }))
    const watching = new Watch(
      plainCollector,
      system({
        type: 'endpoint',
        address: `two.localhost:${port}`,
        tags: [`plain-port:${beside(port)}`],
      }),
    )
    expect(await look(watching)).toMatchObject({ outcome: 'pass', measured: { tried: 40 } })
    expect(promised(watching)).toBe('kept')
    const plain = createPlain((_, response) => response.end('plain'))
    await listen(plain, beside(port), '127.0.0.2')
    const seen = await look(watching)
    expect(seen).toMatchObject({ outcome: 'fail', measured: { servedPlain: 10 } })
    expect(seen.note).toContain('(127.0.0.2)')
    expect(promised(watching)).toBe('broken')
    await close(plain)
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
    expect(promised(watching)).toBe('kept')
  })

  it('knows nothing of an address that this machine has no way to, but what another serves', async () => {
    const { port } = await serve(await authority.issue({ names: ['away.localhost'] }))
    const given = { authorities: [authority.pem], reach: 'any' } as const
    const watching = new Watch(
      plainCollector,
      system({
        type: 'endpoint',
        address: `away.localhost:${port}`,
        tags: [`plain-port:${beside(port)}`],
      }),
    )
    names.set('away.localhost', ['127.0.0.1'])
    expect(await watching.look(given)).toMatchObject({ outcome: 'pass' })
    names.set('away.localhost', ['127.0.0.1', noWay])
    const seen = await watching.look(given)
    expect(seen).toMatchObject({ outcome: 'inconclusive' })
    expect(seen.note).toContain(noWay)
    await listen(
      createPlain((_, response) => response.end('plain')),
      beside(port),
    )
    expect(await watching.look(given)).toMatchObject({ outcome: 'fail' })
  })

  it('breaks without Strict-Transport-Security, or with a certificate no browser trusts', async () => {
    let { server, port } = await serve(pair)
    const watching = watch(plainCollector, port, ['plain-port:1'])
    await look(watching)
    expect(promised(watching)).toBe('kept')
    server = await swap(server, pair, port, {} as typeof strict)
    expect((await look(watching)).measured).toMatchObject({ hstsSeconds: 0 })
    expect(promised(watching)).toBe('broken')
    server = await swap(server, await authority.issue({ names: ['example.com'] }), port)
    expect((await look(watching)).measured).toMatchObject({ hstsSeconds: 0 })
    server = await swap(server, pair, port)
    await look(watching)
    expect(promised(watching)).toBe('kept')
  })
})

describe('database.connections', () => {
  let postgres: TestPostgres
  const database = system({ type: 'database', secret: 'DB' })
  const promised = (watching: Watch) => watching.verdict('encryption.database-connections')
  const look = (watching: Watch, url = postgres.url('reader', 'postgres')) =>
    watching.look({ authorities: [authority.pem], secrets: { DB: url } })

  beforeAll(async () => {
    const certificate = await authority.issue({ names: ['127.0.0.1', 'two.localhost'] })
    postgres = await startPostgres({ certificate })
    await postgres.sql(`create role reader login password 'secret';
      create role app login password 'secret'; grant pg_read_all_stats to reader`)
  }, 60_000)
  afterAll(() => postgres.stop())

  it('breaks when a plain connection is accepted, of any role, and is mended', async () => {
    const watching = new Watch(connectionsCollector, database)
    expect(await look(watching)).toMatchObject({
      outcome: 'pass',
      measured: { sessions: 0, plain: 0, plainRefused: true },
    })
    expect(promised(watching)).toBe('kept')
    for (const rule of [
      'host all app 127.0.0.1/32 scram-sha-256',
      'hostnossl all reader 127.0.0.1/32 trust',
    ]) {
      await postgres.allow([rule, ...strictAccess])
      expect(await look(watching)).toMatchObject({
        outcome: 'fail',
        measured: { plainRefused: false },
      })
      expect(promised(watching)).toBe('broken')
      await postgres.allow(strictAccess)
      await look(watching)
      expect(promised(watching)).toBe('kept')
    }
  })

  it('finds the one way in among many: a late role, another database, the stream of a standby', async () => {
    const watching = new Watch(connectionsCollector, database)
    await postgres.sql(`do $$ begin for i in 1..60 loop
        execute format('create role many_%s login', lpad(i::text, 3, '0')); end loop; end $$;
      create role standby login replication`)
    await postgres.sql('create database other')
    try {
      for (const [rule, said] of [
        ['hostnossl postgres many_060 127.0.0.1/32 scram-sha-256', 'many_060 to postgres'],
        ['host other app 127.0.0.1/32 scram-sha-256', 'app to other'],
        ['host replication standby 127.0.0.1/32 scram-sha-256', 'standby as a standby'],
      ] as const) {
        await postgres.allow([rule, ...strictAccess])
        const seen = await look(watching)
        expect(seen).toMatchObject({ outcome: 'fail', measured: { plainRefused: false } })
        expect(seen.note).toBe(`a plain connection is accepted as ${said}`)
        expect(promised(watching)).toBe('broken')
        await postgres.allow(strictAccess)
        expect(await look(watching)).toMatchObject({ outcome: 'pass' })
        expect(promised(watching)).toBe('kept')
      }
    } finally {
      await postgres.sql('drop database other')
      await postgres.sql(`do $$ declare name text; begin
        for name in select rolname from pg_roles where rolname ~ '^(many_|standby)' loop
          execute format('drop role %I', name); end loop; end $$`)
    }
  })

  it('tries every address of the server', async () => {
    // What comes by 127.0.0.2 comes to the server from 127.0.0.3, which has a rule of its own.
    const road = createRoad((near) => {
      const far = connect({ port: postgres.port, host: '127.0.0.1', localAddress: '127.0.0.3' })
      near.on('error', () => far.destroy()).pipe(far)
      far.on('error', () => near.destroy()).pipe(near)
    })
    road.listen(postgres.port, '127.0.0.2')
    await once(road, 'listening')
    names.set('two.localhost', ['127.0.0.1', '127.0.0.2'])
    const url = postgres.url('reader', 'postgres').replace('127.0.0.1', 'two.localhost')
    const watching = new Watch(connectionsCollector, database)
    const strict = [...strictAccess, 'hostssl all all 127.0.0.3/32 scram-sha-256']
    try {
      await postgres.allow(strict)
      expect(await look(watching, url)).toMatchObject({ outcome: 'pass' })
      await postgres.allow(['host all app 127.0.0.3/32 scram-sha-256', ...strict])
      expect((await look(watching, url)).note).toMatch(/accepted as app to postgres/)
      expect(promised(watching)).toBe('broken')
      await postgres.allow(strict)
      expect(await look(watching, url)).toMatchObject({ outcome: 'pass' })
    } finally {
      await postgres.allow(strictAccess)
      road.close()
    }
  })

  it('knows nothing of more roles than it can try, but one that gets in', async () => {
    const watching = new Watch(connectionsCollector, database)
    await postgres.sql(`do $$ begin for i in 1..1000 loop
        execute format('create role crowd_%s login', i); end loop; end $$`)
    try {
      const seen = await look(watching)
      expect(seen).toMatchObject({ outcome: 'inconclusive' })
      expect(seen.note).toMatch(/more than the 2000 that can be tried/)
      await postgres.allow(['host all app 127.0.0.1/32 scram-sha-256', ...strictAccess])
      expect(await look(watching)).toMatchObject({ outcome: 'fail' })
    } finally {
      await postgres.allow(strictAccess)
      await postgres.sql(`do $$ begin for i in 1..1000 loop
        execute format('drop role crowd_%s', i); end loop; end $$`)
    }
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
  }, 60_000)

  it('counts sessions over TCP, and breaks with one that is plain', async () => {
    const watching = new Watch(connectionsCollector, database)
    const login = { host: '127.0.0.1', user: 'app', password: 'secret', database: 'postgres' }
    const encrypted = await postgres.connect({ ...login, ssl: { rejectUnauthorized: false } })
    expect((await look(watching)).measured).toMatchObject({ sessions: 1, plain: 0 })
    expect(promised(watching)).toBe('kept')
    await postgres.allow(['host all app 127.0.0.1/32 scram-sha-256', ...strictAccess])
    const plain = await postgres.connect(login)
    await postgres.allow(strictAccess)
    expect(await look(watching)).toMatchObject({
      outcome: 'fail',
      measured: { sessions: 2, plain: 1, plainRefused: true },
    })
    expect(promised(watching)).toBe('broken')
    await plain.end()
    await encrypted.end()
    await expect.poll(async () => (await look(watching)).measured['sessions']).toBe(0)
    expect(promised(watching)).toBe('kept')
  })

  it('does not count who has not yet proved who it is, as another look that tries a plain connection', async () => {
    const watching = new Watch(connectionsCollector, database)
    await postgres.allow(['host all app 127.0.0.1/32 scram-sha-256', ...strictAccess])
    const socket = connect(postgres.port, '127.0.0.1')
    const words = Buffer.from('user\0app\0database\0postgres\0\0')
    socket.write(Buffer.concat([Buffer.from([0, 0, 0, words.length + 8, 0, 3, 0, 0]), words]))
    await once(socket, 'data')
    await postgres.allow(strictAccess)
    const [seen] = await postgres.sql(
      `select count(*)::int from pg_stat_activity where client_addr is not null and state = 'starting'`,
    )
    expect(seen).toEqual({ count: 1 })
    expect((await look(watching)).measured).toMatchObject({ sessions: 0, plain: 0 })
    expect(promised(watching)).toBe('kept')
    socket.destroy()
  })

  it('knows nothing without the right to see sessions, with a wrong password or another authority', async () => {
    const watching = new Watch(connectionsCollector, database)
    const blind = await look(watching, postgres.url('app', 'postgres'))
    expect(blind).toMatchObject({ outcome: 'inconclusive' })
    expect(blind.note).toContain('pg_read_all_stats')
    const wrong = await look(watching, postgres.url('reader', 'postgres', 'guess'))
    expect(wrong).toMatchObject({ outcome: 'inconclusive' })
    expect(wrong.note).not.toContain('guess')
    const secrets = { DB: postgres.url('reader', 'postgres') }
    const stranger = (await makeAuthority()).pem
    const distrusted = await watching.look({ authorities: [stranger], secrets })
    expect(distrusted).toMatchObject({ outcome: 'inconclusive' })
    expect(await look(watching)).toMatchObject({ outcome: 'pass' })
  })

  it('demands the secret to open what systems.yaml names', async () => {
    const elsewhere = { ...database, address: 'db.example.com' }
    expect(await look(new Watch(connectionsCollector, elsewhere))).toMatchObject({
      outcome: 'inconclusive',
      note: expect.stringContaining('db.example.com') as string,
    })
    const here = { ...database, address: `127.0.0.1:${postgres.port}` }
    expect(await look(new Watch(connectionsCollector, here))).toMatchObject({ outcome: 'pass' })
  })
})

describe('every collector of transport', () => {
  it.each(collectors)('$kind knows nothing of what it cannot or may not reach', async (one) => {
    const type = one.of[0]!
    const secrets = { DB: 'postgres://reader:secret@192.0.2.1/app' }
    const far = system({ type, address: '192.0.2.1', secret: 'DB' })
    const given = { secrets }
    for (const [subject, note] of [
      [far, /only reach its own machine/],
      [{ ...far, address: null, secret: null }, /no address|no secret/],
      [{ ...far, address: 'localhost:1', secret: 'UNSET' }, /does not answer|is not set/],
    ] as const) {
      const seen = await one.collect(subject, context(given))
      expect(seen).toMatchObject({ outcome: 'inconclusive', measured: {} })
      expect(seen.note).toMatch(note)
    }
    const signal = AbortSignal.abort()
    expect(await one.collect(far, context({ signal }))).toMatchObject({ outcome: 'inconclusive' })
  })
})
