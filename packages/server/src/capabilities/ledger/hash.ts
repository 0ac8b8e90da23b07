import { hash, verify, type KeyObject, createPublicKey, createPrivateKey, sign } from 'node:crypto'
import type { Sha256, SigningKey, VerifyEd25519 } from '@kept/ledger'

/** Node's own SHA-256, faster than the one that also runs in browsers. */
export const sha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer')

/** Node's own Ed25519, for the same reason. */
export const verifyEd25519: VerifyEd25519 = (signature, message, publicKey) =>
  verify(null, message, asPublicKey(publicKey), signature)

const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')

function asPublicKey(raw: Uint8Array): KeyObject {
  const key = Buffer.concat([spkiHead, raw])
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

/** A signing key from a private key as PEM, PKCS 8. */
export function readSigningKey(pem: string): SigningKey {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('the key is not an Ed25519 key')
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return {
    publicKey: publicKey.subarray(spkiHead.length),
    sign: (message) => sign(null, message, key),
  }
}
