import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { context } from '../../test/looking.ts'
import { dial, findPlace, findPlaces, isLoopback, isNobody, isPublic, resolve } from './reach.ts'
import { request } from './request.ts'

const names = vi.hoisted(() => new Map<string, string[][]>())

/** Names that answer what a test says, and something else when they are asked again. */
vi.mock('node:dns/promises', async (actual) => {
  const dns = await actual<typeof import('node:dns/promises')>()
  const lookup = async (name: string, options: { all: true }) => {
    const answers = names.get(name)
    if (!answers) return await dns.lookup(name, options)
    const addresses = answers.length > 1 ? answers.shift()! : answers[0]!
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return { ...dns, default: dns, lookup }
})

let server: Server
let port: number
let connections = 0
beforeAll(async () => {
  server = createServer((socket) => {
    connections++
    // Whoever only knocks leaves before the answer.
    socket.on('error', () => {})
    socket.end('HTTP/1.1 204 No Content\r\n\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

describe('reach', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('%s is our own machine', (ip) => {
    expect(isLoopback(ip)).toBe(true)
    expect(isPublic(ip)).toBe(false)
  })

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '169.254.169.254',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '224.0.0.1',
    '::',
  ])('%s is neither our own machine nor public', (ip) => {
    expect(isLoopback(ip)).toBe(false)
    expect(isPublic(ip)).toBe(false)
  })

  it.each(['8.8.8.8', '2606:4700::1111'])('%s is public', (ip) => {
    expect(isLoopback(ip)).toBe(false)
    expect(isPublic(ip)).toBe(true)
  })

  it('of loopback refuses a name with any other address', async () => {
    names.set('mixed.localhost', [['127.0.0.1', '203.0.113.1']])
    names.set('own.localhost', [['127.0.0.1']])
    await expect(resolve(context(), 'mixed.localhost')).rejects.toThrow(
      /only reach its own machine/,
    )
    expect(await resolve(context(), 'own.localhost')).toEqual(['127.0.0.1'])
    expect(await resolve(context({ reach: 'any' }), 'mixed.localhost')).toHaveLength(2)
    names.set('own.example', [['127.0.0.1']])
    await expect(resolve(context(), 'own.example'), 'not even asked for').rejects.toThrow(
      /elsewhere/,
    )
    expect(await resolve(context({ reach: 'any' }), 'own.example')).toEqual(['127.0.0.1'])
    for (const literal of ['203.0.113.1', '[2001:db8::1]', '0.0.0.0']) {
      await expect(resolve(context(), literal)).rejects.toMatchObject({ code: 'not-connected' })
    }
  })

  it('connects to what was resolved, though the name says something else a moment later', async () => {
    names.set('rebound.localhost', [['127.0.0.1'], ['203.0.113.1']])
    const [place] = await findPlaces(context(), 'rebound.localhost', port)
    const url = new URL(`http://rebound.localhost:${port}/`)
    const before = connections
    expect(await request(context(), place!, url)).toMatchObject({ status: 204 })
    expect(connections).toBe(before + 1)
  })

  it('leaves out addresses where nobody listens, and says so when nobody listens at any', async () => {
    names.set('two.localhost', [['127.0.0.2', '127.0.0.1']])
    const places = await findPlaces(context(), 'two.localhost', port)
    expect(places.map(({ address }) => address)).toEqual(['127.0.0.1'])
    await expect(findPlaces(context(), 'localhost', 1)).rejects.toThrow(/does not answer/)
  })

  it('ends at an address that there is no way to, unlike one where nobody listens', async () => {
    const any = context({ reach: 'any' })
    names.set('half.example', [['127.0.0.1', '255.255.255.255']])
    await expect(findPlaces(any, 'half.example', port)).rejects.toThrow(/ENETUNREACH/)
    names.set('half.example', [['127.0.0.1', '127.0.0.2']])
    expect(await findPlaces(any, 'half.example', port)).toHaveLength(1)
  })

  it('needs but one address for what is the same at each', async () => {
    const any = context({ reach: 'any' })
    names.set('half.example', [['255.255.255.255', '127.0.0.2', '127.0.0.1']])
    expect((await findPlace(any, 'half.example', port)).address).toBe('127.0.0.1')
    names.set('half.example', [['255.255.255.255', '127.0.0.2']])
    await expect(findPlace(any, 'half.example', port)).rejects.toThrow(/does not answer/)
  })

  it.each([
    ['ECONNREFUSED', '203.0.113.1', true],
    ['ENETUNREACH', '2001:db8::1', false],
    ['EADDRNOTAVAIL', '2001:db8::1', false],
    ['EADDRNOTAVAIL', '::1', true],
    ['ENETUNREACH', '::1', false],
  ])('%s at %s: nobody is there is %s', (code, address, is) => {
    expect(isNobody(code, address)).toBe(is)
  })

  it('ends with its signal', async () => {
    const signal = AbortSignal.abort(new Error('given up'))
    const place = { host: 'localhost', port, address: '127.0.0.1' }
    await expect(dial(context({ signal }), place)).rejects.toThrow('given up')
    await expect(request(context({ signal }), place, new URL('http://localhost/'))).rejects.toThrow(
      'given up',
    )
    await expect(resolve(context({ signal }), 'localhost')).rejects.toThrow('given up')
  })
})
