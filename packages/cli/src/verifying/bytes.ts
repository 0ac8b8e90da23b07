import { createPublicKey, hash, verify } from 'node:crypto'
import { LedgerError, parseVerifierKey, type Sha256, type Verifier } from '@kept/ledger'
import { Failure } from '../failure.ts'

/** Node's own SHA-256, many times faster than the one that also runs in browsers. */
export const sha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer')

/** Standard base64 in its one spelling; null for any other, for two spellings would be two files. */
export function fromBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

/** A log's key as C2SP signed-note writes it, verified with Node's own Ed25519. */
export function readKey(text: string, place: string): Verifier {
  try {
    return parseVerifierKey(text, (signature, message, publicKey) => {
      const x = Buffer.from(publicKey).toString('base64url')
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
      return verify(null, message, key, signature)
    })
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    throw new Failure(place, error.message, 'write it as /ledger/key of the Kept shows it')
  }
}
