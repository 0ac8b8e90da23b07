import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeAuthority } from '../../../test/certificates.ts'
import { context, system, Watch } from '../../../test/looking.ts'
import { linksCollector } from './collect.ts'
import { follow } from './links.ts'

/** Without a network the machine's own resolver says something else. */
vi.mock('node:dns/promises', async (actual) => {
  const dns = await actual<typeof import('node:dns/promises')>()
  const lookup = async (name: string, options: { all: true }) => {
    if (name !== 'nobody.example') return await dns.lookup(name, options)
    throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
  }
  return { ...dns, default: dns, lookup }
})

let server: Server
let base: string
let methods: string[]

beforeEach(async () => {
  methods = []
  server = createServer((request, response) => {
    methods.push(request.method!)
    const path = request.url!
    if (path === '/no-head') return response.writeHead(request.method === 'HEAD' ? 405 : 200).end()
    const hops = /^\/hops\/(\d+)$/.exec(path)?.[1]
    if (hops && hops !== '0') {
      return response.writeHead(302, { location: `/hops/${Number(hops) - 1}` }).end()
    }
    const target = /^\/to\?(.*)$/.exec(path)?.[1]
    if (target) return response.writeHead(301, { location: decodeURIComponent(target) }).end()
    return response.writeHead(Number(/^\/(\d{3})$/.exec(path)?.[1] ?? 200)).end('here')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

describe('a link', () => {
  it.each([
    ['/', 'alive'],
    ['/no-head', 'alive'],
    ['/401', 'alive'],
    ['/403', 'alive'],
    ['/404', 'dead'],
    ['/410', 'dead'],
    ['/500', 'unsure'],
    ['/429', 'unsure'],
    ['/hops/5', 'alive'],
    ['/hops/6', 'dead'],
    [`/to?${encodeURIComponent('ftp://localhost/')}`, 'dead'],
    [`/to?${encodeURIComponent('http://192.0.2.1/')}`, 'unsure'],
    [`/to?${encodeURIComponent('http://169.254.169.254/latest/meta-data')}`, 'unsure'],
  ] as const)('to %s is %s', async (path, state) => {
    expect(await follow(context(), base + path)).toMatchObject({ state })
  })

  it('is asked with HEAD, and with GET where HEAD is not taken', async () => {
    await follow(context(), `${base}/`)
    await follow(context(), `${base}/no-head`)
    expect(methods).toEqual(['HEAD', 'HEAD', 'GET'])
  })

  it('to a private network is dead for every reader, and is not followed', async () => {
    const seen = await follow(context({ reach: 'any' }), `${base}/`)
    expect(seen).toMatchObject({ state: 'dead', why: 'localhost is no public address' })
    expect(methods).toEqual([])
  })

  it('with a certificate that warns the reader is dead', async () => {
    const authority = await makeAuthority()
    const secure = createSecure(await authority.issue(), (_, response) => response.end())
    secure.listen(0, '127.0.0.1')
    await once(secure, 'listening')
    const url = `https://localhost:${(secure.address() as AddressInfo).port}/`
    expect(await follow(context(), url)).toMatchObject({ state: 'dead' })
    const trusting = context({ authorities: [authority.pem] })
    expect(await follow(trusting, url)).toMatchObject({ state: 'alive' })
    secure.close()
  })
})

describe('endpoint.links', () => {
  const website = system({ type: 'endpoint', address: 'localhost' })

  it('breaks with a dead link, is mended, and knows nothing of what may pass', async () => {
    const watching = new Watch(linksCollector, website)
    const look = (...paths: string[]) =>
      watching.look({ source: paths.map((path) => `[x](${base}${path})`).join(' ') })
    expect(await look('/', '/200', '/no-head')).toEqual({
      outcome: 'pass',
      measured: { checked: 3, dead: 0 },
    })
    expect(watching.verdict('links')).toBe('kept')
    const dead = await look('/', '/404', '/500')
    expect(dead).toMatchObject({ outcome: 'fail', measured: { checked: 2, dead: 1 } })
    expect(dead.note).toContain('/404: it answers with status 404')
    expect(watching.verdict('links')).toBe('broken')
    expect(await look('/', '/500')).toMatchObject({ outcome: 'inconclusive' })
    expect(watching.verdict('links')).toBe('broken')
    await look('/')
    expect(watching.verdict('links')).toBe('kept')
  })

  it('to a name that nobody has is dead, but not for who may only ask its own machine', async () => {
    const url = 'http://nobody.example/'
    expect(await follow(context({ reach: 'any' }), url)).toMatchObject({ state: 'dead' })
    expect(await follow(context({ reach: 'loopback' }), url)).toMatchObject({ state: 'unsure' })
  })

  it('knows nothing of a page without links, or of links out of reach', async () => {
    const collect = (source: string) => linksCollector.collect(website, context({ source }))
    expect(await collect('Nothing here.')).toMatchObject({ outcome: 'inconclusive' })
    const far = await collect('[x](https://192.0.2.1/)')
    expect(far).toMatchObject({ outcome: 'inconclusive' })
    expect(far.note).toMatch(/only reach its own machine/)
  })
})
