import { cannotLook } from '../../foundation/look.ts'
import type { Failure } from '../../foundation/failure.ts'
import { isNobody, type Place, type Way } from '../../outside/reach.ts'
import { isWarning, request, type Answer } from '../../outside/request.ts'
import type { Endpoint } from './endpoint.ts'

/** Seconds of Strict-Transport-Security that an endpoint asks for over TLS; 0 without the header. */
export async function readHsts(way: Way, place: Place, { path }: Endpoint): Promise<number> {
  const answer = await request(way, place, urlOf('https', place, path))
  if ('status' in answer) return maxAge(answer.headers['strict-transport-security'] ?? '')
  // A browser that does not trust the certificate heeds no header (RFC 6797, section 8.1).
  if (isWarning(answer)) return 0
  throw cannotLook(`no HTTPS answer from ${place.host}:${place.port} (${answer.code})`)
}

export function urlOf(scheme: 'http' | 'https', { host, port }: Place, path: string): URL {
  return new URL(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`)
}

/** `max-age` of a Strict-Transport-Security header in seconds (RFC 6797, section 6.1); 0 when it is not sound. */
export function maxAge(header: string): number {
  const directives = header.split(';').map((one) => one.trim())
  const ages = directives.filter((one) => /^max-age\s*(?:=|$)/i.test(one))
  const value = /^max-age\s*=\s*(?:(\d{1,15})|"(\d{1,15})")$/i.exec(ages[0] ?? '')
  return ages.length === 1 && value ? Number(value[1] ?? value[2]) : 0
}

/** What became of one plain request. */
export type PlainAnswer = 'refused' | 'redirected' | 'served'

/**
 * One plain HTTP request. Refused is a connection that does not answer HTTP, or an answer that says
 * to come encrypted (400, 403, 421, 426). Anything else is an application that talks in the clear,
 * a 404 and a request for a password too. A port that stays silent says nothing: why is handed back.
 */
export async function askPlainly(
  way: Way,
  place: Place,
  path: string,
): Promise<PlainAnswer | Failure> {
  const answer = await request(way, place, urlOf('http', place, path))
  if ('status' in answer) return readPlain(answer, place)
  const isRefusal = refusals.test(answer.code) || isNobody(answer.code, place.address)
  if (isRefusal) return 'refused'
  return cannotLook(
    `port ${place.port} of ${place.host} stays silent at ${place.address} (${answer.code})`,
  )
}

const refusals = /^(?:ECONNRESET|EPIPE|HPE_\w+)$/

function readPlain({ status, headers }: Answer, place: Place): PlainAnswer {
  if ([400, 403, 421, 426].includes(status)) return 'refused'
  if (![301, 302, 303, 307, 308].includes(status)) return 'served'
  const target = URL.parse(headers.location ?? '', urlOf('http', place, '/').href)
  return target?.protocol === 'https:' ? 'redirected' : 'served'
}
