import type { Principal } from '../principal.ts'

/** What of a request may prove who sends it. */
export interface Incoming {
  /** Every value of a header as it was sent, none of them joined or dropped. */
  headers(name: string): readonly string[]
  /** Where the connection comes from, where that is known: behind a proxy the proxy. */
  address?: string | null
}

/**
 * Proves who asks: null without credentials of its kind, a failure for credentials that do not hold.
 * `now` in milliseconds since 1970.
 */
export type Verify = (incoming: Incoming, now: number) => Promise<Principal | null>

/** Node drops a second Authorization header without a word; what was sent is in `rawHeaders`. */
export function fromNode(message: {
  rawHeaders: string[]
  socket?: { remoteAddress?: string | undefined }
}): Incoming {
  return {
    address: message.socket?.remoteAddress ?? null,
    headers(name) {
      const raw = message.rawHeaders
      return raw.filter((_, i) => i % 2 === 1 && raw[i - 1]!.toLowerCase() === name)
    },
  }
}

/** Headers of fetch join what was sent twice; a comma is in no token and in no session's secret. */
export function fromFetch(headers: Headers): Incoming {
  return {
    headers(name) {
      const value = headers.get(name)
      if (value === null) return []
      return name === 'cookie' ? [value] : value.split(/,\s*/)
    },
  }
}

/** A neighbouring domain can set a second cookie of the name, so two are none. */
export function readCookie(
  incoming: Incoming,
  name: string,
  refuse: (reason: string) => Error,
): string | null {
  const pairs = incoming.headers('cookie').flatMap((value) => value.split(';'))
  const [first, ...more] = pairs
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  if (first === undefined) return null
  if (more.length > 0) throw refuse('two cookies have its name')
  return first
}

/** The credential after `Bearer`, or null without an Authorization header; two are refused by `refuse`. */
export function readBearer(incoming: Incoming, refuse: (reason: string) => Error): string | null {
  const values = incoming.headers('authorization')
  if (values.length === 0) return null
  if (values.length > 1) throw refuse('it came with more than one Authorization header')
  const [, bearer] = /^Bearer +([^\s,]+)$/i.exec(values[0]!) ?? []
  if (bearer === undefined) throw refuse('the Authorization header is no single bearer token')
  return bearer
}
