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

/** What became of one plain request; `bad` is a refusal (400) only where no other request is sent on. */
export type PlainAnswer = 'refused' | 'redirected' | 'bad' | 'served'

/** What is asked in the clear at each port and path: a redirect for readers alone leaves forms open. */
export const plainMethods = ['GET', 'POST'] as const
type PlainMethod = (typeof plainMethods)[number]

/** Beside an endpoint's own page: the root, where people sign in, and a page that is not there. */
const plainPaths = ['/', '/login', '/signin', '/api', '/kept-plain-request']

export function plainPathsOf({ path }: Pick<Endpoint, 'path'>): string[] {
  return [...new Set([path, ...plainPaths])]
}

/**
 * One plain HTTP request. Refused is a connection that does not answer HTTP, or an answer that says
 * to come encrypted (400, 403, 421, 426; to a POST also 405 and 501) and nothing else. Anything else is
 * an application that talks in the clear, a 404 and a request for a password too. A port that stays
 * silent says nothing: why is handed back.
 */
export async function askPlainly(
  way: Way,
  place: Place,
  path: string,
  method: PlainMethod,
): Promise<PlainAnswer | Failure> {
  // A POST carries nothing, so that nothing is done by it.
  const answer = await request(way, place, urlOf('http', place, path), { method })
  if ('status' in answer) return readPlain(answer, place, method)
  const isRefusal = refusals.test(answer.code) || isNobody(answer.code, place.address)
  if (isRefusal) return 'refused'
  return cannotLook(
    `port ${place.port} of ${place.host} stays silent at ${place.address} (${answer.code})`,
  )
}

const refusals = /^(?:ECONNRESET|EPIPE|HPE_\w+)$/

function readPlain(answer: Answer, place: Place, method: PlainMethod): PlainAnswer {
  const { status, headers } = answer
  if (!isBare(answer)) return 'served'
  if (status === 400) return 'bad'
  const refusing = method === 'POST' ? [403, 405, 421, 426, 501] : [403, 421, 426]
  if (refusing.includes(status)) return 'refused'
  if (![301, 302, 303, 307, 308].includes(status)) return 'served'
  const target = URL.parse(headers.location ?? '', urlOf('http', place, '/').href)
  return target?.protocol === 'https:' && isSameSite(target.hostname, place.host)
    ? 'redirected'
    : 'served'
}

/** Bytes of an error page as servers bring it along; an application's own pages are longer. */
const longestBare = 2048

/** Whether an answer says nothing but that it is one: no cookie, no form, and few words. */
function isBare({ headers, body }: Answer): boolean {
  const isShort = Buffer.byteLength(body) <= longestBare
  return headers['set-cookie'] === undefined && isShort && !/<(?:form|input|script)\b/i.test(body)
}

/** Whether a host is the one that was asked, with `www.` before it or without, or lies under that. */
function isSameSite(target: string, host: string): boolean {
  const [to, from] = [target, host].map((name) =>
    name.toLowerCase().replace(/^\[(.*)\]$|\.$/, '$1'),
  )
  const site = from!.replace(/^www\./, '')
  return to === from || to === site || to!.endsWith(`.${site}`)
}
