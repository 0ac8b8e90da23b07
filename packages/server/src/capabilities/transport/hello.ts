import { randomBytes } from 'node:crypto'

/** Protocol versions by their number on the wire (RFC 8446, section 4.2.1). */
export const versions = {
  'SSL 3.0': 0x03_00,
  'TLS 1.0': 0x03_01,
  'TLS 1.1': 0x03_02,
  'TLS 1.2': 0x03_03,
  'TLS 1.3': 0x03_04,
} as const
export type Version = keyof typeof versions

export const signatures = {
  rsa: [0x08_04, 0x08_05, 0x08_06, 0x08_09, 0x08_0a, 0x08_0b, 0x04_01, 0x05_01, 0x06_01],
  ecdsa: [0x04_03, 0x05_03, 0x06_03],
  eddsa: [0x08_07, 0x08_08],
  old: [0x03_01, 0x03_03, 0x02_01, 0x02_03, 0x04_02, 0x02_02, 0x01_01],
} as const

/** One offer: a single version, and the suites and signatures that may be chosen from. */
export interface Offer {
  version: Version
  suites: readonly number[]
  signatures: readonly number[]
  /** For SNI; empty for none. */
  serverName: string
}

const groups = { x25519: 0x1d, p256: 0x17, p384: 0x18, p521: 0x19, x448: 0x1e }
const finiteFields = [0x01_00, 0x01_01, 0x01_02, 0x01_03, 0x01_04]
/** Says that renegotiation is done safely, without which some servers refuse all (RFC 5746). */
const renegotiation = 0x00_ff

/** A ClientHello in one record (RFC 5246, section 7.4.1.2; RFC 8446, section 4.1.2; RFC 6101 for SSL 3.0). */
export function encodeHello(offer: Offer): Buffer {
  const number = versions[offer.version]
  const isModern = offer.version === 'TLS 1.3'
  const body = Buffer.concat([
    u16(Math.min(number, versions['TLS 1.2'])),
    randomBytes(32),
    sized(1, isModern ? randomBytes(32) : Buffer.alloc(0)),
    sized(2, list16([...offer.suites, ...(isModern ? [] : [renegotiation])])),
    Buffer.from([1, 0]),
    offer.version === 'SSL 3.0' ? Buffer.alloc(0) : sized(2, extensions(offer)),
  ])
  const handshake = Buffer.concat([Buffer.from([1]), sized(3, body)])
  const record = number === versions['SSL 3.0'] ? number : versions['TLS 1.0']
  return Buffer.concat([Buffer.from([22]), u16(record), sized(2, handshake)])
}

function extensions(offer: Offer): Buffer {
  const isModern = offer.version === 'TLS 1.3'
  const name = Buffer.from(offer.serverName, 'latin1')
  const parts = [
    name.length > 0 && extension(0, sized(2, Buffer.concat([Buffer.from([0]), sized(2, name)]))),
    extension(10, sized(2, list16([...Object.values(groups), ...finiteFields]))),
    extension(11, sized(1, Buffer.from([0]))),
    // A server may refuse whoever lacks the extended master secret (RFC 7627), and accept the version all the same.
    !isModern && extension(23, Buffer.alloc(0)),
    versions[offer.version] >= versions['TLS 1.2'] &&
      extension(13, sized(2, list16(offer.signatures))),
    isModern && extension(43, sized(1, u16(versions['TLS 1.3']))),
    // Any 32 bytes are a public key of X25519 (RFC 7748, section 5): nobody finishes this handshake.
    isModern &&
      extension(51, sized(2, Buffer.concat([u16(groups.x25519), sized(2, randomBytes(32))]))),
  ]
  return Buffer.concat(parts.filter((part) => part !== false))
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([u16(type), sized(2, data)])
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff])
}

function list16(values: readonly number[]): Buffer {
  return Buffer.concat(values.map(u16))
}

/** A length of so many bytes, then the data. */
function sized(bytes: number, data: Buffer): Buffer {
  const length = Buffer.alloc(bytes)
  length.writeUIntBE(data.length, 0, bytes)
  return Buffer.concat([length, data])
}

/** What a server answered to a hello. */
export type Reply =
  | { kind: 'hello'; version: number; suite: number; exchange: Exchange | null }
  | { kind: 'alert'; code: number }
  | { kind: 'other' }

/** The key exchange that the server proposes: the bits of its Diffie-Hellman prime, or its curve. */
export type Exchange = { prime: number } | { curve: number }

/**
 * Reads as much as a server has sent; null while the answer is not whole. `keyExchange` says what
 * the suite of a number uses, for the message that older versions send after the certificate.
 */
export function decodeReply(
  bytes: Buffer,
  keyExchange: (suite: number) => 'prime' | 'curve' | null,
): Reply | null {
  const messages: Buffer[] = []
  let at = 0
  while (bytes.length >= at + 5) {
    const type = bytes[at]!
    const length = bytes.readUInt16BE(at + 3)
    if (type !== 21 && type !== 22) break
    if (bytes.length < at + 5 + length) break
    const data = bytes.subarray(at + 5, at + 5 + length)
    if (type === 21) {
      if (data.length < 2) return { kind: 'other' }
      return messages.length === 0 ? { kind: 'alert', code: data[1]! } : readFlight(messages)
    }
    messages.push(data)
    at += 5 + length
  }
  if (at === 0) return bytes.length > 0 && ![21, 22].includes(bytes[0]!) ? { kind: 'other' } : null
  return readFlight(messages)

  function readFlight(records: readonly Buffer[]): Reply | null {
    const flight = [...handshakes(Buffer.concat(records))]
    const [first] = flight
    if (!first) return null
    if (first.type !== 2) return { kind: 'other' }
    const hello = readServerHello(first.body)
    if (!hello) return { kind: 'other' }
    const uses = hello.version >= versions['TLS 1.3'] ? null : keyExchange(hello.suite)
    if (uses === null) return { kind: 'hello', ...hello, exchange: null }
    const message = flight.find(({ type }) => type === 12)
    return message ? { kind: 'hello', ...hello, exchange: readExchange(message.body, uses) } : null
  }
}

function* handshakes(data: Buffer): Generator<{ type: number; body: Buffer }> {
  for (let at = 0; data.length >= at + 4;) {
    const length = data.readUIntBE(at + 1, 3)
    if (data.length < at + 4 + length) return
    yield { type: data[at]!, body: data.subarray(at + 4, at + 4 + length) }
    at += 4 + length
  }
}

function readServerHello(body: Buffer): { version: number; suite: number } | null {
  if (body.length < 38) return null
  const after = 35 + body[34]!
  if (body.length < after + 3) return null
  let version = body.readUInt16BE(0)
  for (let at = after + 5; body.length >= at + 4;) {
    const [type, length] = [body.readUInt16BE(at), body.readUInt16BE(at + 2)]
    if (type === 43 && body.length >= at + 6) version = body.readUInt16BE(at + 4)
    at += 4 + length
  }
  return { version, suite: body.readUInt16BE(after) }
}

/** ServerDHParams or ServerECDHParams (RFC 5246, section 7.4.3; RFC 8422, section 5.4). */
function readExchange(body: Buffer, uses: 'prime' | 'curve'): Exchange | null {
  if (uses === 'curve') {
    return body[0] === 3 && body.length >= 3 ? { curve: body.readUInt16BE(1) } : null
  }
  const length = body.length >= 2 ? body.readUInt16BE(0) : 0
  const prime = body.subarray(2, 2 + length)
  const from = prime.findIndex((byte) => byte !== 0)
  if (from < 0 || prime.length < length) return null
  return { prime: (length - from - 1) * 8 + 32 - Math.clz32(prime[from]!) }
}
