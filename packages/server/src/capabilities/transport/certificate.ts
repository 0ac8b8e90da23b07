import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { Instant } from '@kept/page'
import { cannotLook } from '../../foundation/look.ts'
import { codeOf, patience, type Way } from '../../outside/reach.ts'
import { serverName, trusted } from '../../outside/request.ts'
import { openForTls } from './offer.ts'
import type { Site } from './survey.ts'

/** The certificate that a completed handshake brought, and what speaks against it. */
export interface Certificate {
  /** Why the chain is not trusted, or null. */
  distrust: string | null
  /** Whether it is for another name than the one asked for. */
  misnamed: boolean
  validFrom: Instant
  validUntil: Instant
  /** RSA bits that the key is worth (NIST SP 800-57 part 1, table 2). */
  keyBits: number
}

/** Completes a handshake with whatever both sides can and reads the certificate. */
export async function readCertificate(way: Way, { place, speaks }: Site): Promise<Certificate> {
  const socket = await openForTls(way, place, speaks)
  const secure = connect({
    socket,
    ca: trusted(way.outside),
    servername: serverName(place.host),
    // The name is looked at below; here a stranger's certificate is to be read, not refused.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  })
  const done = Promise.withResolvers<void>()
  secure.once('secureConnect', done.resolve)
  secure.on('error', done.reject)
  secure.once('close', () => done.reject(Object.assign(new Error('closed'), { code: 'closed' })))
  secure.setTimeout(patience * 1000, () => secure.destroy(new Error('no answer')))
  try {
    await done.promise
    return inspect(secure, place.host)
  } catch (error) {
    way.signal.throwIfAborted()
    const where = `${place.host}:${place.port}`
    throw cannotLook(`no handshake could be completed with ${where} (${codeOf(error)})`, error)
  } finally {
    secure.destroy()
    socket.destroy()
  }
}

function inspect(secure: TLSSocket, host: string): Certificate {
  const leaf = secure.getPeerX509Certificate()
  if (!leaf) throw cannotLook(`${host} shows no certificate`)
  return {
    distrust: distrustOf(secure, leaf),
    misnamed: !isFor(leaf, host),
    validFrom: leaf.validFromDate.getTime(),
    validUntil: leaf.validToDate.getTime(),
    keyBits: worth(leaf),
  }
}

/** As browsers do: by the alternative names alone (RFC 9525, section 6.3). */
function isFor(leaf: X509Certificate, host: string): boolean {
  const name = isIP(host) === 0 ? leaf.checkHost(host, { subject: 'never' }) : leaf.checkIP(host)
  return name !== undefined
}

function distrustOf(secure: TLSSocket, leaf: X509Certificate): string | null {
  // Security level 0, which old servers need, would let a chain signed with MD5 or SHA-1 pass.
  const signature = leaf.signatureAlgorithm ?? ''
  if (/md[245]|sha-?1(?!\d)/i.test(signature)) return `it is signed with ${signature}`
  if (secure.authorized) return null
  const code = String(secure.authorizationError)
  return meanings[code] ?? `its chain does not hold (${code})`
}

const meanings: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not a known one',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not a known one',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not a known one',
}

const curves: Readonly<Record<string, number>> = {
  prime256v1: 3072,
  secp384r1: 7680,
  secp521r1: 15_360,
}

function worth({ publicKey }: X509Certificate): number {
  const { asymmetricKeyType, asymmetricKeyDetails: details } = publicKey
  if (details?.modulusLength !== undefined) return details.modulusLength
  if (asymmetricKeyType === 'ed25519') return 3072
  if (asymmetricKeyType === 'ed448') return 7680
  return curves[details?.namedCurve ?? ''] ?? 1024
}
