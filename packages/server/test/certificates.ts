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
    notBefore: new Date(Date.now() - 400 * day),
    notAfter: new Date(Date.now() + 400 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  })
  const issue = async ({
    names = ['localhost', '127.0.0.1'],
    from = -1,
    until = 90,
    key = 'ecdsa',
  }: Wanted = {}) => {
    const own = (await generate(key)).keys
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${names[0]}`,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      notBefore: new Date(Date.now() + from * day),
      notAfter: new Date(Date.now() + until * day),
      extensions: [
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: /^[\d.]+$/.test(value) ? 'ip' : 'dns', value })),
        ),
      ],
    })
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', own.privateKey)
    return {
      cert: certificate.toString('pem'),
      key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    }
  }
  return { pem: root.toString('pem'), issue }
}
