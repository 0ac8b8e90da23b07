import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

/** A security key in software: ES256, discoverable, no attestation (W3C WebAuthn Level 3, sections 6.1 and 6.5). */
export interface Authenticator {
  /** Makes a passkey for a site. */
  create(options: { challenge: string }, origin: string): Answer
  /** Answers a challenge with the passkey made last. */
  get(options: { challenge: string }, origin: string, more?: Saying): Answer
}

export interface Answer {
  id: string
  rawId: string
  type: 'public-key'
  response: Record<string, string | string[]>
  clientExtensionResults: object
}

/** What it says of its user and its counter. */
export interface Saying {
  verified?: boolean
  counter?: number
}

const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const digest = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest()

function sayClient(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}

export function openAuthenticator(): Authenticator {
  let made: { id: Buffer; key: KeyObject } | null = null
  let count = 0

  function dataOf(origin: string, { verified = true, counter = ++count }: Saying, more: Buffer) {
    const present = 0x01
    const flags = present | (verified ? 0x04 : 0) | (more.length > 0 ? 0x40 : 0)
    const tail = Buffer.alloc(5)
    tail.writeUInt8(flags)
    tail.writeUInt32BE(counter, 1)
    return Buffer.concat([digest(new URL(origin).hostname), tail, more])
  }

  return {
    create({ challenge }, origin) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const id = randomBytes(32)
      made = { id, key: privateKey }
      const { x, y } = publicKey.export({ format: 'jwk' })
      const cose = new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x!, 'base64url'))],
        [-3, new Uint8Array(Buffer.from(y!, 'base64url'))],
      ])
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const credential = Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(cose)])
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(dataOf(origin, {}, credential))],
      ])
      return {
        id: encode(id),
        rawId: encode(id),
        type: 'public-key',
        response: {
          clientDataJSON: encode(sayClient('webauthn.create', challenge, origin)),
          attestationObject: encode(isoCBOR.encode(attestation as never)),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      }
    },
    get({ challenge }, origin, more = {}) {
      const { id, key } = made!
      const client = sayClient('webauthn.get', challenge, origin)
      const data = dataOf(origin, more, Buffer.alloc(0))
      const signature = sign('sha256', Buffer.concat([data, digest(client)]), key)
      return {
        id: encode(id),
        rawId: encode(id),
        type: 'public-key',
        response: {
          clientDataJSON: encode(client),
          authenticatorData: encode(data),
          signature: encode(signature),
        },
        clientExtensionResults: {},
      }
    },
  }
}
