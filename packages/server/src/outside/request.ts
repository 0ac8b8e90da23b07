import { request as plainly, type IncomingHttpHeaders } from 'node:http'
import { request as securely } from 'node:https'
import { isIP } from 'node:net'
import {
  checkServerIdentity,
  createSecureContext,
  getCACertificates,
  type PeerCertificate,
  type SecureContext,
} from 'node:tls'
import type { Outside } from '../foundation/outside.ts'
import { codeOf, patience, type Place, type Way } from './reach.ts'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Why there is no HTTP answer; `code` is Node's or OpenSSL's. */
export interface NoAnswer {
  code: string
}

/** More of a body than this is not read, in bytes: a stranger's server decides how much it sends. */
const usualBytes = 1_048_576

/** The authorities a certificate may come from: the usual ones and those that Kept was given. */
export function trusted({ authorities }: Pick<Outside, 'authorities'>): string[] {
  return [...getCACertificates('default'), ...authorities]
}

const contexts = new WeakMap<readonly string[], SecureContext>()

/** The same for TLS, made once: to read some hundred authorities takes longer than a request. */
function trusting(outside: Pick<Outside, 'authorities'>): SecureContext {
  const known = contexts.get(outside.authorities)
  const context = known ?? createSecureContext({ ca: trusted(outside), minVersion: 'TLSv1.2' })
  contexts.set(outside.authorities, context)
  return context
}

/** A name for SNI, which may be no IP literal (RFC 6066, section 3). */
export function serverName(host: string): string {
  return isIP(host) === 0 ? host : ''
}

/** Whether there is no answer because the certificate would warn a browser (OpenSSL's X509_V_ERR_*). */
export function isWarning({ code }: NoAnswer): boolean {
  return /^(?:CERT_|ERR_TLS_CERT|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH)/.test(
    code,
  )
}

export interface Asking {
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: string
  /** How much of the answer's body is read, in bytes; 1 MiB when absent. */
  mostBytes?: number
}

/**
 * One HTTP request to a resolved place, redirects not followed. `https:` demands a certificate of a
 * trusted authority for the name of the place.
 */
export async function request(
  { outside, signal }: Way,
  place: Place,
  url: URL,
  { method = 'GET', headers = {}, body, mostBytes = usualBytes }: Asking = {},
): Promise<Answer | NoAnswer> {
  signal.throwIfAborted()
  const options = {
    host: place.address,
    port: place.port,
    path: url.pathname + url.search,
    method,
    headers: { host: url.host, 'user-agent': 'Kept', accept: '*/*', ...headers },
    agent: false,
    signal: AbortSignal.any([signal, AbortSignal.timeout(2 * patience * 1000)]),
  }
  const secured = {
    ...options,
    secureContext: trusting(outside),
    servername: serverName(place.host),
    checkServerIdentity: (_: string, certificate: PeerCertificate) =>
      checkServerIdentity(place.host, certificate),
  }
  const outgoing = url.protocol === 'https:' ? securely(secured) : plainly(options)
  const done = Promise.withResolvers<Answer | NoAnswer>()
  outgoing.on('error', (error) => done.resolve({ code: codeOf(error) }))
  outgoing.on('response', (incoming) => {
    const parts: Buffer[] = []
    let size = 0
    const finish = () => {
      const { statusCode: status = 0, headers: sent } = incoming
      done.resolve({ status, headers: sent, body: Buffer.concat(parts).toString('utf8') })
      outgoing.destroy()
    }
    incoming.on('data', (part: Buffer) => {
      parts.push(part)
      size += part.length
      if (size > mostBytes) finish()
    })
    incoming.on('end', finish)
    incoming.on('error', (error) => done.resolve({ code: codeOf(error) }))
  })
  outgoing.end(body)
  const answer = await done.promise
  signal.throwIfAborted()
  return answer
}
