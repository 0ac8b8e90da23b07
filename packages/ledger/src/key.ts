import { decodeBase64, encodeBase64 } from './base64.ts'
import { LedgerError } from './error.ts'
import { hashSize, sha256 } from './hash.ts'

/** What a verifier key of C2SP signed-note says. */
export interface KeyOfName {
  name: string
  keyId: number
  publicKey: Uint8Array
}

/** C2SP signed-note: not empty, no Unicode space, no plus; nor what no note may hold. */
export function isKeyName(name: string | undefined): name is string {
  return name !== undefined && name.isWellFormed() && /^[^\p{White_Space}+\0-\x1f]+$/u.test(name)
}

/** SHA-256(name || 0x0A || type || public key)[:4], read big-endian. */
export function hashKey(name: string, type: number, publicKey: Uint8Array): number {
  const bytes = Uint8Array.of(...new TextEncoder().encode(name), 0x0a, type, ...publicKey)
  const { buffer, byteOffset } = sha256(bytes)
  return new DataView(buffer, byteOffset).getUint32(0)
}

/** Writes a verifier key: `name+c74f20a3+base64(type || public key)`. */
export function encodeKey(name: string, type: number, publicKey: Uint8Array): string {
  if (!isKeyName(name) || publicKey.length !== hashSize)
    throw new LedgerError('key-malformed', `"${name}" with ${publicKey.length} bytes is no key`)
  const id = hashKey(name, type, publicKey).toString(16).padStart(8, '0')
  return `${name}+${id}+${encodeBase64(Uint8Array.of(type, ...publicKey))}`
}

/** Reads a verifier key of one type; any other spelling throws `key-malformed`. */
export function decodeKey(text: string, type: number): KeyOfName {
  const [, name, encoded = ''] = /^([^+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/.exec(text) ?? []
  const publicKey = decodeBase64(encoded)?.subarray(1)
  // Writing it again checks name, id, type and length at once.
  if (!isKeyName(name) || !publicKey || encodeKey(name, type, publicKey) !== text) {
    const message = `"${text.slice(0, 200)}" is no key of type ${type}, name+id+base64`
    throw new LedgerError('key-malformed', message)
  }
  return { name, keyId: hashKey(name, type, publicKey), publicKey }
}
