import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import {
  connect,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls'
import type { Instant } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { cannotLook } from '../../foundation/look.ts'
import { codeOf, patience, type Way } from '../../outside/reach.ts'
import { trusted } from '../../outside/request.ts'
import { chainOf, weaknessOf, worth } from './chain.ts'
import type { Version } from './hello.ts'
import { openForTls } from './offer.ts'
import { nameFor, surveyCertificates, type Site } from './survey.ts'

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

/**
 * Every certificate that a site shows: a server may have one for each kind of key, and hands each client
 * the one that it can read. Each kind that is offered is read in a whole handshake, and what a client
 * gets that can read them all.
 */
export async function readCertificates(
  way: Way,
  site: Site,
  accepted: readonly Version[],
): Promise<Certificate[]> {
  const found = [await readCertificate(way, site, everyKind)]
  for (const version of accepted) {
    const only = names[version]
    // SSL 3.0 is more than OpenSSL can still speak, and breaks every promise by itself.
    if (only === undefined) continue
    const limits = { minVersion: only, maxVersion: only }
    for (const signer of await surveyCertificates(way, site, version)) {
      const { ciphers, sigalgs } = signer
      // Up to TLS 1.1 a hello has no signatures; in TLS 1.3 the suites do not say who signs.
      const asked = version === 'TLS 1.3' ? { sigalgs } : { ciphers, sigalgs }
      const one = readCertificate(way, site, { ...everyKind, ...limits, ...asked })
      found.push(await one.catch((error: Failure) => unread(error, version, found[0]!)))
    }
  }
  return found
}

/**
 * The certificates for its name that a site shows to whoever sends no name. One for another name is
 * another's: whoever looks goes no further there, and it says nothing of this site.
 */
export async function readNamelessCertificates(
  way: Way,
  site: Site,
  accepted: readonly Version[],
): Promise<Certificate[]> {
  if (accepted.length === 0) return []
  try {
    const found = await readCertificates(way, site, accepted)
    const own = found.filter(({ misnamed }) => !misnamed)
    return own.map(({ distrust, ...rest }) => ({
      ...rest,
      distrust: distrust && `${distrust} (shown to ${whoSendsNoName})`,
    }))
  } catch (error) {
    // An old version that was seen accepted must not be hidden by a certificate that cannot be read.
    const isOld = accepted.some((version) => version !== 'TLS 1.2' && version !== 'TLS 1.3')
    if (isOld && error instanceof Failure) return []
    throw error
  }
}

export const whoSendsNoName = 'clients that send no server name (SNI)'

/**
 * Of an old version OpenSSL no longer speaks all that a server may accept. That it is accepted was seen
 * and counts; what it shows to whoever still speaks it nobody can vouch for.
 */
function unread(error: Failure, version: Version, other: Certificate): Certificate {
  const code = String((error.cause as { code?: unknown } | undefined)?.code)
  if (version === 'TLS 1.2' || version === 'TLS 1.3' || !code.startsWith('ERR_SSL_')) throw error
  return { ...other, distrust: `what it shows to clients of ${version} cannot be read (${code})` }
}

const everyKind: SecureContextOptions = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }
const names: Partial<Record<Version, SecureVersion>> = {
  'TLS 1.0': 'TLSv1',
  'TLS 1.1': 'TLSv1.1',
  'TLS 1.2': 'TLSv1.2',
  'TLS 1.3': 'TLSv1.3',
}

const contexts = new WeakMap<readonly string[], Map<string, SecureContext>>()

/** Made once for each way of asking: to read some hundred authorities takes longer than a handshake. */
function trusting({ outside }: Way, asked: SecureContextOptions): SecureContext {
  const known = contexts.get(outside.authorities) ?? new Map<string, SecureContext>()
  contexts.set(outside.authorities, known)
  const key = JSON.stringify(asked)
  const context = known.get(key) ?? createSecureContext({ ...asked, ca: trusted(outside) })
  known.set(key, context)
  return context
}

/** Completes a handshake and reads the certificate. */
async function readCertificate(
  way: Way,
  site: Site,
  asked: SecureContextOptions,
): Promise<Certificate> {
  const { place, speaks } = site
  const socket = await openForTls(way, place, speaks)
  const secure = connect({
    socket,
    secureContext: trusting(way, asked),
    servername: nameFor(site),
    // The name is looked at below; here a stranger's certificate is to be read, not refused.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })
  const done = Promise.withResolvers<void>()
  secure.once('secureConnect', done.resolve)
  secure.on('error', done.reject)
  secure.once('close', () => done.reject(Object.assign(new Error('closed'), { code: 'closed' })))
  secure.setTimeout(patience * 1000, () => secure.destroy(new Error('no answer')))
  try {
    await done.promise
    return inspect(secure, place.host, way)
  } catch (error) {
    way.signal.throwIfAborted()
    const where = `${place.host}:${place.port}`
    throw cannotLook(`no handshake could be completed with ${where} (${codeOf(error)})`, error)
  } finally {
    secure.destroy()
    socket.destroy()
  }
}

function inspect(secure: TLSSocket, host: string, { outside }: Way): Certificate {
  const chain = chainOf(secure.getPeerCertificate(true))
  const [leaf] = chain
  if (!leaf) throw cannotLook(`${host} shows no certificate`)
  return {
    distrust: weaknessOf(chain, outside) ?? distrustOf(secure),
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

function distrustOf(secure: TLSSocket): string | null {
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
