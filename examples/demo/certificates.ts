import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A certificate with its key, PEM. */
export interface Certificate {
  cert: string
  key: string
}

/** An authority for the demo's own names, and what signs certificates with it. */
export interface Authority {
  pem: string
  /** For localhost, good between two instants. */
  issue(from: number, until: number, algorithm: 'ecdsa' | 'rsa'): Promise<Certificate>
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
}

function generate(algorithm: typeof ecdsa | typeof rsa) {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

export async function createAuthority(now: number): Promise<Authority> {
  const signer = await generate(ecdsa)
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Kept demo',
    notBefore: new Date(now - 86_400_000),
    notAfter: new Date(now + 3650 * 86_400_000),
    signingAlgorithm: ecdsa,
    keys: signer,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  })
  return {
    pem: authority.toString('pem'),
    async issue(from, until, algorithm) {
      const own = await generate(algorithm === 'rsa' ? rsa : ecdsa)
      const certificate = await x509.X509CertificateGenerator.create({
        subject: 'CN=localhost',
        issuer: authority.subject,
        notBefore: new Date(from),
        notAfter: new Date(until),
        signingAlgorithm: ecdsa,
        publicKey: own.publicKey,
        signingKey: signer.privateKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
        ],
      })
      const der = await webcrypto.subtle.exportKey('pkcs8', own.privateKey)
      return {
        cert: certificate.toString('pem'),
        key: x509.PemConverter.encode(der, 'PRIVATE KEY'),
      }
    },
  }
}
