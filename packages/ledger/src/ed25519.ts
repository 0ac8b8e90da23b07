import { ed25519 } from '@noble/curves/ed25519.js'

/**
 * A private key that signs. `sign` may be asynchronous, so that the key can stay in a key
 * management service.
 */
export interface SigningKey {
  /** 32 bytes, RFC 8032. */
  publicKey: Uint8Array
  sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>
}

/** A port like the hash function: node:crypto's is faster than the default. */
export type VerifyEd25519 = (
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
) => boolean

/** The rules of RFC 8032 and FIPS 186-5: no second encoding of a signature or key passes. */
export const verifyEd25519: VerifyEd25519 = (signature, message, publicKey) =>
  ed25519.verify(signature, message, publicKey, { zip215: false })

/** A signing key from its 32-byte seed, RFC 8032 section 5.1.5. */
export function signingKey(seed: Uint8Array): SigningKey {
  const publicKey = ed25519.getPublicKey(seed)
  return { publicKey, sign: (message) => ed25519.sign(message, seed) }
}
