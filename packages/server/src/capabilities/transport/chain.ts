import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate } from 'node:tls'
import type { Outside } from '../../foundation/outside.ts'
import { trusted } from '../../outside/request.ts'

/** The certificates from a server's own to the authority, as OpenSSL put them in a row. */
export function chainOf(peer: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = []
  // The last names itself as its issuer, or nobody.
  for (let one: DetailedPeerCertificate | undefined = peer; one?.raw;) {
    chain.push(new X509Certificate(one.raw))
    const next: DetailedPeerCertificate | undefined = one.issuerCertificate
    if (next?.raw === undefined || next.raw.equals(one.raw) || chain.length > 20) break
    one = next
  }
  return chain
}

/**
 * What makes a chain weak although each signature of it holds: the handshake is made at OpenSSL's
 * security level 0, which old servers need, and at which MD5, SHA-1 and short keys pass. An authority's
 * own signature proves nothing and is not looked at; nor is one that another authority gave it.
 */
export function weaknessOf(
  chain: readonly X509Certificate[],
  outside: Pick<Outside, 'authorities'>,
): string | null {
  const known = authoritiesOf(outside)
  for (const [i, one] of chain.entries()) {
    const isOwn = i === 0
    const who = isOwn ? 'it' : `the certificate of its issuer ${nameOf(one)}`
    const bits = worth(one)
    // What a server's own key of 1,024 bits is worth is for the grade to say.
    if (bits < (isOwn ? 1024 : 2048)) return `${who} has a key that is worth ${bits} bits of RSA`
    if (!isOwn && (known.has(identityOf(one)) || one.verify(one.publicKey))) return null
    const weak = weakSignature(one.raw)
    if (weak !== null) return `${who} is signed with ${weak}`
  }
  return null
}

function nameOf({ subject }: X509Certificate): string {
  const name = /^(?:CN|OU|O)=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ')
  return `"${name.slice(0, 100)}"`
}

const curves: Readonly<Record<string, number>> = {
  prime256v1: 3072,
  secp384r1: 7680,
  secp521r1: 15_360,
}

/** RSA bits that a key is worth (NIST SP 800-57 part 1, table 2). */
export function worth({ publicKey }: X509Certificate): number {
  const { asymmetricKeyType, asymmetricKeyDetails: details } = publicKey
  if (details?.modulusLength !== undefined) return details.modulusLength
  if (asymmetricKeyType === 'ed25519') return 3072
  if (asymmetricKeyType === 'ed448') return 7680
  return curves[details?.namedCurve ?? ''] ?? 1024
}

const known = new WeakMap<readonly string[], ReadonlySet<string>>()

/** Names with keys: what an authority is known by, whoever signed the certificate that shows them. */
function authoritiesOf(outside: Pick<Outside, 'authorities'>): ReadonlySet<string> {
  const found =
    known.get(outside.authorities) ??
    new Set(
      trusted(outside)
        .flatMap((pem) => pem.match(/-+BEGIN CERTIFICATE-+[^-]+-+END CERTIFICATE-+/g) ?? [])
        .map((pem) => identityOf(new X509Certificate(pem))),
    )
  known.set(outside.authorities, found)
  return found
}

function identityOf({ subject, publicKey }: X509Certificate): string {
  return `${subject}\n${publicKey.export({ format: 'der', type: 'spki' }).toString('base64')}`
}

/** Object identifiers of signatures, by the beginning of their bytes: all with SHA-2, SHA-3 or of their own kind. */
const strong = [
  /^2a864886f70d0101(?:0[b-f]|10)$/, // RSA with SHA-2
  /^2a8648ce3d0403/, // ECDSA with SHA-2
  /^6086480165030403/, // DSA, ECDSA and RSA with SHA-2 and SHA-3; ML-DSA
  /^2b657[01]$/, // Ed25519, Ed448
]
const pss = '2a864886f70d01010a'
const weak: Readonly<Record<string, string>> = {
  '2a864886f70d010102': 'MD2',
  '2a864886f70d010104': 'MD5',
  '2a864886f70d010105': 'SHA-1',
  '2b0e03021d': 'SHA-1',
  '2a8648ce3d0401': 'SHA-1',
  '2a8648ce380403': 'SHA-1',
}

/** What a certificate is signed with when nobody should rely on it (RFC 5280, section 4.1.1.2). */
export function weakSignature(certificate: Uint8Array): string | null {
  const [, algorithm] = parts(parts(certificate)[0]!.data)
  const [identifier, parameters] = parts(algorithm!.data)
  const named = hex(identifier!.data)
  if (named === pss) {
    // The hash is the first parameter, tagged 0; without it it is SHA-1 (RFC 4055, section 3.1).
    const [hash] = parts(parameters?.data ?? new Uint8Array(0))
    if (hash?.tag !== 0xa0) return 'SHA-1'
    const [digest] = parts(parts(hash.data)[0]!.data)
    return hex(digest!.data).startsWith('6086480165030402') ? null : 'SHA-1 or another weak hash'
  }
  if (strong.some((one) => one.test(named))) return null
  return weak[named] ?? 'an algorithm that is not known to be strong'
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** The values in a piece of DER, one after the other; OpenSSL has read the whole before. */
function parts(der: Uint8Array): { tag: number; data: Uint8Array }[] {
  const found: { tag: number; data: Uint8Array }[] = []
  for (let at = 0; at + 2 <= der.length;) {
    const tag = der[at]!
    const first = der[at + 1]!
    const count = first < 0x80 ? 0 : first & 0x7f
    let length = count === 0 ? first : 0
    for (let i = 0; i < count; i++) length = length * 256 + der[at + 2 + i]!
    const from = at + 2 + count
    found.push({ tag, data: der.subarray(from, from + length) })
    at = from + length
  }
  return found
}
