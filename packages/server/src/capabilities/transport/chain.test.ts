import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { describe, expect, it } from 'vitest'
import { weakSignature } from './chain.ts'

const rsaKey = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  saltLength: 32,
  modulusLength: 1024,
  publicExponent: new Uint8Array([1, 0, 1]),
}

async function make(algorithm: { name: string; hash?: string; namedCurve?: string }) {
  const given = algorithm.name.startsWith('RSA') ? { ...rsaKey, ...algorithm } : algorithm
  const usages = ['sign', 'verify'] as const
  const keys = await webcrypto.subtle.generateKey(given as typeof rsaKey, true, usages)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=made',
    keys,
    signingAlgorithm: given as typeof rsaKey,
  })
  return { raw: Buffer.from(certificate.rawData) }
}

describe('a signature', () => {
  it.each([
    ['RSASSA-PKCS1-v1_5', 'SHA-1'],
    ['RSA-PSS', 'SHA-1'],
    ['ECDSA', 'SHA-1'],
    ['RSASSA-PKCS1-v1_5', 'SHA-256'],
    ['RSASSA-PKCS1-v1_5', 'SHA-384'],
    ['RSASSA-PKCS1-v1_5', 'SHA-512'],
    ['RSA-PSS', 'SHA-256'],
    ['RSA-PSS', 'SHA-512'],
    ['ECDSA', 'SHA-256'],
    ['ECDSA', 'SHA-384'],
    ['Ed25519', undefined],
  ])('of %s with %s is weak only with SHA-1', async (name, hash) => {
    const { raw } = await make({ name, ...(hash && { hash }), namedCurve: 'P-256' })
    expect(weakSignature(raw)?.slice(0, 5) ?? null).toBe(hash === 'SHA-1' ? 'SHA-1' : null)
  })

  it('with MD5 is weak, and with what is unknown', async () => {
    const { raw } = await make({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' })
    const sha1 = Buffer.from('2a864886f70d010105', 'hex')
    // Web Crypto no longer signs with MD5; what the signature says of itself is all that is read here.
    const change = (last: number) => {
      const changed = Buffer.from(raw)
      for (const at of [raw.indexOf(sha1), raw.lastIndexOf(sha1)]) changed[at + 8] = last
      return changed
    }
    expect(weakSignature(change(4))).toBe('MD5')
    expect(weakSignature(change(99))).toContain('not known to be strong')
  })
})
