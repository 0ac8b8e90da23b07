import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { LedgerError } from './error.ts'
import { equalBytes, type Hash } from './hash.ts'

/** Bytes in the salt of a commitment. */
export const saltSize = 32

/**
 * Commits to personal data, so that an entry need not hold it: HMAC-SHA-256 with the salt as key.
 * Whoever has value and salt can show what was meant; once the salt is destroyed the commitment
 * says nothing, however short the value. HMAC rather than SHA-256(salt || value), because it hides
 * the value as a pseudorandom function does and cannot be extended to a commitment of a longer
 * value; with a salt of fixed length it binds as SHA-256 does.
 *
 * Draw the 32 bytes anew for each value (`crypto.getRandomValues`): one salt for two values shows
 * whether they are equal. Throws `salt-malformed`.
 */
export function commit(value: Uint8Array, salt: Uint8Array): Hash {
  if (salt.length !== saltSize) {
    const message = `the salt of a commitment has ${saltSize} bytes, not ${salt.length}`
    throw new LedgerError('salt-malformed', message)
  }
  return hmac(sha256, salt, value)
}

/** Whether this value and salt are what was committed to. */
export function verifyCommitment(commitment: Hash, value: Uint8Array, salt: Uint8Array): boolean {
  return salt.length === saltSize && equalBytes(commit(value, salt), commitment)
}
