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
  issue(from: number, until: number): Promise<Certificate>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export async function createAuthority(now: number): Promise<Authority> {
  const generate = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const signer = await generate()
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Kept demo',
    notBefore: new Date(now - 86_400_000),
    notAfter: new Date(now + 3650 * 86_400_000),
    signingAlgorithm: algorithm,
    keys: signer,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  })
  return {
    pem: authority.toString('pem'),
    async issue(from, until) {
      const own = await generate()
      const certificate = await x509.X509CertificateGenerator.create({
        subject: 'CN=localhost',
        issuer: authority.subject,
        notBefore: new Date(from),
        notAfter: new Date(until),
        signingAlgorithm: algorithm,
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
