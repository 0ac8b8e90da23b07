/** Test support: authorities and certificates of any kind, made while the test runs. */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const day = 86_400_000

export interface Pair {
  cert: string
  key: string
}

export interface Wanted {
  /** DNS names and IP literals. */
  names?: readonly string[]
  /** Days from now. */
  from?: number
  until?: number
  key?: 'ecdsa' | number
}

export interface Authority {
  pem: string
  issue(wanted?: Wanted): Promise<Pair>
  /** An authority under this one, whose certificate comes with each that it issues. */
  appoint(wanted?: Appointed): Promise<Authority>
}

export interface Appointed {
  key?: 'ecdsa' | number
  /** What its own certificate is signed with. */
  hash?: 'SHA-1' | 'SHA-256'
}

async function generate(key: 'ecdsa' | number) {
  const algorithm =
    key === 'ecdsa'
      ? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
      : {
          name: 'RSASSA-PKCS1-v1_5',
          hash: 'SHA-256',
          modulusLength: key,
          publicExponent: new Uint8Array([1, 0, 1]),
        }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  return { algorithm, keys }
}

export async function makeAuthority(): Promise<Authority> {
  const { algorithm, keys } = await generate('ecdsa')
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Test ${webcrypto.randomUUID()}`,
    ...between(-400, 400),
    signingAlgorithm: algorithm,
    keys,
    extensions: forAuthorities(),
  })
  return openAuthority({ certificate: root, algorithm, keys, chain: '' })
}

function forAuthorities(): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
  ]
}

interface Issuer {
  certificate: x509.X509Certificate
  algorithm: Awaited<ReturnType<typeof generate>>['algorithm']
  keys: Awaited<ReturnType<typeof generate>>['keys']
  /** What is sent after a certificate of it. */
  chain: string
}

function between(from: number, until: number) {
  return {
    notBefore: new Date(Date.now() + from * day),
    notAfter: new Date(Date.now() + until * day),
  }
}

function openAuthority({ certificate: own, algorithm, keys, chain }: Issuer): Authority {
  return {
    pem: own.toString('pem'),
    async issue({
      names = ['localhost', '127.0.0.1'],
      from = -1,
      until = 90,
      key = 'ecdsa',
    }: Wanted = {}) {
      const { keys: theirs } = await generate(key)
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${names[0]}`,
        issuer: own.subject,
        publicKey: theirs.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        ...between(from, until),
        extensions: [
          new x509.SubjectAlternativeNameExtension(
            names.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value })),
          ),
        ],
      })
      const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', theirs.privateKey)
      return {
        cert: `${certificate.toString('pem')}\n${chain}`,
        key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
      }
    },
    async appoint({ key = 'ecdsa', hash = 'SHA-256' }: Appointed = {}) {
      const theirs = await generate(key)
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=Under ${webcrypto.randomUUID()}`,
        issuer: own.subject,
        publicKey: theirs.keys.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: { ...algorithm, hash },
        ...between(-100, 300),
        extensions: forAuthorities(),
      })
      return openAuthority({
        certificate,
        ...theirs,
        chain: `${certificate.toString('pem')}\n${chain}`,
      })
    },
  }
}
