import { X509Certificate, webcrypto } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from './account.ts'
import { giveTo } from './initdb.ts'
import type { Layout } from './layout.ts'

const year = 365 * 86_400_000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** The file with the authority that clients trust (`sslrootcert`). */
export function authorityFile({ certificates }: Layout): string {
  return join(certificates, 'ca.pem')
}

/**
 * Keeps a certificate for localhost and 127.0.0.1, and makes a new one when less than a year of its five
 * is left. Its authority signs this one certificate: the authority's key is never written down.
 */
export async function keepCertificate(
  layout: Layout,
  account: Account,
  now = Date.now(),
): Promise<void> {
  if (isFresh(layout, now)) return
  const { authority, certificate, key } = await makeCertificate(now)
  const made = `${layout.certificates}.partial`
  rmSync(made, { recursive: true, force: true })
  mkdirSync(made, { mode: 0o755 })
  writeFileSync(join(made, 'ca.pem'), authority, { mode: 0o644 })
  writeFileSync(join(made, 'server.pem'), certificate, { mode: 0o644 })
  writeFileSync(join(made, 'server.key'), key, { mode: 0o600 })
  giveTo(join(made, 'server.key'), account)
  rmSync(layout.certificates, { recursive: true, force: true })
  renameSync(made, layout.certificates)
}

function isFresh(layout: Layout, now: number): boolean {
  const file = join(layout.certificates, 'server.pem')
  if (!existsSync(file) || !existsSync(authorityFile(layout))) return false
  const { validTo } = new X509Certificate(readFileSync(file))
  return Date.parse(validTo) - now > year
}

/** An authority and a certificate signed by it (RFC 5280), as PEM; `now` in milliseconds. */
async function makeCertificate(now: number) {
  // Loading these takes 0.2 s, so only who needs a certificate pays.
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const generate = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const [signer, own] = [await generate(), await generate()]
  const validity = {
    notBefore: new Date(now - 3_600_000),
    notAfter: new Date(now + 5 * year),
    signingAlgorithm: algorithm,
  }
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: 'CN=Kept embedded PostgreSQL',
    keys: signer,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(signer.publicKey),
    ],
  })
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity,
    subject: 'CN=localhost',
    issuer: authority.subject,
    publicKey: own.publicKey,
    signingKey: signer.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ],
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', own.privateKey)
  return {
    authority: `${authority.toString('pem')}\n`,
    certificate: `${certificate.toString('pem')}\n`,
    key: x509.PemConverter.encode(key, 'PRIVATE KEY'),
  }
}
