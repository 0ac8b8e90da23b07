import { parseCookie, stringifySetCookie } from 'cookie'
import type { Session } from './operation.ts'

/** `__Host-` binds a cookie to this host and to TLS (RFC 6265bis section 4.1.3.2); loopback has none. */
export function cookieName(origin: string): string {
  return origin.startsWith('https:') ? '__Host-kept' : 'kept'
}

/** Of a sign-in that is on its way to a provider and back. */
export function challengeCookieName(origin: string): string {
  return `${cookieName(origin)}-sign-in`
}

/** What a request brings by this name, or null. */
export function readCookie(header: string | undefined, name: string): string | null {
  return (header === undefined ? undefined : parseCookie(header)[name]) ?? null
}

/** The header that hands a session to a browser, or takes it away. */
export function writeCookie(
  origin: string,
  session: Session | null,
  name = cookieName(origin),
): string {
  return stringifySetCookie({
    name,
    value: session?.token ?? '',
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: origin.startsWith('https:'),
    expires: new Date(session?.endsAt ?? 0),
  })
}
