import { tagged, addressOf, cannotLook } from '../../foundation/look.ts'
import type { System } from '@kept/page'

/** Where an endpoint is and how it is spoken to. */
export interface Endpoint {
  host: string
  port: number
  /** What speaks there: HTTP, PostgreSQL (which begins plainly and turns to TLS), or only TLS. */
  speaks: 'http' | 'postgres'
  /** For HTTP: the path of a page there. */
  path: string
  /** The port of plain HTTP: of a tag `plain-port:8080`, 80 otherwise. */
  plainPort: number
}

/** Reads `host`, `host:port`, `https://host:port/path` or `postgres://host:port`. */
export function endpointOf(subject: System): Endpoint {
  const address = addressOf(subject)
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(address)
  const url = URL.parse(isUrl ? address : `https://${address}`)
  const schemes = ['https:', 'http:', 'postgres:', 'postgresql:']
  if (!url || !schemes.includes(url.protocol) || url.hostname === '') {
    throw cannotLook(`the address "${address}" of ${subject.id} is no host, host:port or URL`)
  }
  const speaks = url.protocol.startsWith('postgres') ? 'postgres' : 'http'
  const usual = { http: 443, postgres: 5432 }[speaks]
  // An http: address names the plain door; the encrypted one is at its usual port.
  const port = url.protocol === 'http:' || url.port === '' ? usual : Number(url.port)
  return { host: url.hostname, port, speaks, path: url.pathname || '/', plainPort: plainPort() }

  function plainPort(): number {
    const [said] = tagged(subject, 'plain-port')
    if (said === undefined) return url!.protocol === 'http:' ? Number(url!.port || 80) : 80
    if (/^\d{1,5}$/.test(said) && Number(said) > 0 && Number(said) < 65_536) return Number(said)
    throw cannotLook(`the tag plain-port:${said} of ${subject.id} is no port`)
  }
}
