import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'
import { Failure } from '../../foundation/failure.ts'

/** 32 random bytes behind a word that tells leak scanners what they found. */
export function makeSecret(
  kind: 'session' | 'key' | 'link' | 'scim' | 'browser' | 'state' | 'ticket' | 'code' | 'app',
): string {
  return `kept_${kind}_${randomBytes(32).toString('base64url')}`
}

/** What is kept of a secret that is as long as this: nobody finds it by trying, so one SHA-256 will do. */
export function digestOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}

const nonceSize = 12
const tagSize = 16

/** AES-256-GCM; `about` is bound to it, so that one account's secret is no good in another's row. */
export function sealSecret(key: Uint8Array, plain: Uint8Array, about: string): Buffer {
  const nonce = randomBytes(nonceSize)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** @throws Failure `not-connected` where another key sealed it */
export function openSecret(key: Uint8Array, sealed: Uint8Array, about: string): Buffer {
  const nonce = sealed.subarray(0, nonceSize)
  const body = sealed.subarray(nonceSize, -tagSize)
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, nonce)
      .setAAD(Buffer.from(about))
      .setAuthTag(sealed.subarray(-tagSize))
    return Buffer.concat([cipher.update(body), cipher.final()])
  } catch (error) {
    throw new Failure(
      'not-connected',
      'this secret was sealed by another key of identity',
      {
        fix: 'give every process the identity.key that sealed it (KEPT_IDENTITY_KEY)',
      },
      error,
    )
  }
}
