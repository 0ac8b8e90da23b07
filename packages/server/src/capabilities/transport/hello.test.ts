import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeReply, encodeHello, signatures, versions, type Version } from './hello.ts'
import { olderSuites } from './suites.ts'

/** A ServerHello as an old server sends it, in one record (RFC 6101, RFC 2246). */
function serverHello(version: Version, suite: number): Buffer {
  const body = Buffer.alloc(38)
  body.writeUInt16BE(versions[version], 0)
  body.writeUInt16BE(suite, 35)
  return record(versions[version], Buffer.concat([Buffer.from([2, 0, 0, body.length]), body]))
}

function record(version: number, data: Buffer): Buffer {
  const head = Buffer.from([22, version >> 8, version & 255, data.length >> 8, data.length & 255])
  return Buffer.concat([head, data])
}

const none = () => null

describe('what a server answers', () => {
  it.each([
    ['SSL 3.0', 0x00_05],
    ['TLS 1.0', 0x00_0a],
    ['TLS 1.2', 0x00_05],
  ] as const)('is read of %s with suite %i, whole or in pieces', (version, suite) => {
    const whole = serverHello(version, suite)
    const expected = { kind: 'hello', version: versions[version], suite, exchange: null }
    expect(decodeReply(whole, none)).toEqual(expected)
    for (let i = 1; i < whole.length; i++) {
      expect(decodeReply(whole.subarray(0, i), none)).toBe(null)
    }
    const message = whole.subarray(5)
    const split = [message.subarray(0, 10), message.subarray(10)]
    expect(decodeReply(Buffer.concat(split.map((part) => record(0x03_01, part))), none)).toEqual(
      expected,
    )
  })

  it('waits for the key exchange where the suite has one, and reads its prime', () => {
    const hello = serverHello('TLS 1.0', 0x16)
    const prime = Buffer.concat([Buffer.from([0]), Buffer.alloc(128, 0x80)])
    const params = Buffer.concat([Buffer.from([0, prime.length]), prime])
    const exchange = record(
      0x03_01,
      Buffer.concat([Buffer.from([12, 0, 0, params.length]), params]),
    )
    expect(decodeReply(hello, () => 'prime')).toBe(null)
    const reply = decodeReply(Buffer.concat([hello, exchange]), () => 'prime')
    expect(reply).toMatchObject({ exchange: { prime: 1024 } })
  })

  it('is an alert, or no TLS at all', () => {
    expect(decodeReply(Buffer.from([21, 3, 1, 0, 2, 2, 40]), none)).toEqual({
      kind: 'alert',
      code: 40,
    })
    expect(decodeReply(Buffer.from('HTTP/1.1 400 Bad Request'), none)).toEqual({ kind: 'other' })
    expect(decodeReply(Buffer.alloc(0), none)).toBe(null)
  })

  it('never throws, whatever the bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((data) => record(0x03_03, Buffer.from(data))),
      fc
        .uint8Array({ maxLength: 200 })
        .map((data) => record(0x03_03, Buffer.concat([Buffer.from([2, 0, 0, data.length]), data]))),
    )
    const uses = fc.constantFrom('prime', 'curve', null)
    fc.assert(
      fc.property(bytes, uses, (data, use) => {
        decodeReply(Buffer.from(data), () => use)
      }),
    )
  })
})

describe('an offer', () => {
  it('of SSL 3.0 has no extensions, and others name their host', () => {
    const suites = olderSuites.map(({ id }) => id)
    const offer = { suites, signatures: signatures.rsa, serverName: 'example.com' }
    const names = (version: Version) =>
      encodeHello({ ...offer, version }).includes(Buffer.from('example.com'))
    expect(names('SSL 3.0')).toBe(false)
    expect(names('TLS 1.0')).toBe(true)
    expect(encodeHello({ ...offer, version: 'SSL 3.0' }).subarray(0, 3)).toEqual(
      Buffer.from([22, 3, 0]),
    )
  })

  it('holds every suite once', () => {
    const ids = olderSuites.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(olderSuites.every(({ bits }) => Number.isInteger(bits))).toBe(true)
  })
})
