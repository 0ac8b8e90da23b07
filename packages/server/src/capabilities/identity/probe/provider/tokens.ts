import {
  createHmac,
  createPublicKey,
  hash,
  sign,
  X509Certificate,
  type JsonWebKey,
} from 'node:crypto'
import type { SigningKey } from './keys.ts'

export type Claims = Readonly<Record<string, unknown>>

/** By what an ID token is signed: the provider's key, or what no service may take for it. */
export type Signing = 'RS256' | 'none' | 'HS256'

/** A JWT (RFC 7519). `HS256` is keyed by the public key, which everybody has. */
export function writeToken(claims: Claims, key: SigningKey, signing: Signing = 'RS256'): string {
  const head = { alg: signing, typ: 'JWT', ...(signing !== 'none' && { kid: keyIdOf(key) }) }
  const input = `${part(head)}.${part(claims)}`
  return `${input}.${signatureOf(input, key, signing).toString('base64url')}`
}

function signatureOf(input: string, key: SigningKey, signing: Signing): Buffer {
  if (signing === 'none') return Buffer.alloc(0)
  if (signing === 'RS256') return sign('sha256', Buffer.from(input), key.privateKey)
  return createHmac('sha256', publicPem(key)).update(input).digest()
}

function publicPem({ certificate }: Pick<SigningKey, 'certificate'>): string {
  return publicKeyOf(certificate).export({ format: 'pem', type: 'spki' }).toString()
}

function publicKeyOf(certificate: string) {
  return createPublicKey(
    new X509Certificate(Buffer.from(certificate, 'base64')).publicKey.export({
      format: 'pem',
      type: 'spki',
    }),
  )
}

export function keyIdOf({ certificate }: Pick<SigningKey, 'certificate'>): string {
  return hash('sha256', Buffer.from(certificate, 'base64'), 'hex').slice(0, 16)
}

/** The key that ID tokens are checked by (RFC 7517). */
export function publicJwk(certificate: string): JsonWebKey {
  const jwk = publicKeyOf(certificate).export({ format: 'jwk' })
  return { ...jwk, use: 'sig', alg: 'RS256', kid: keyIdOf({ certificate }) }
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
