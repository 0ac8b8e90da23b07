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
  /** Where plain HTTP is asked for. */
  plainPorts: readonly PlainPort[]
}

export interface PlainPort {
  port: number
  /** Whether it counts only where somebody listens: its silence then proves and disproves nothing. */
  ifOpen: boolean
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
  return { host: url.hostname, port, speaks, path: url.pathname || '/', plainPorts: plainPorts() }

  function plainPorts(): PlainPort[] {
    const said = tagged(subject, 'plain-port').map(readPort)
    const named = url!.protocol === 'http:' && url!.port !== '' ? [Number(url!.port)] : []
    const asked = [...new Set([...said, ...named, port])].map((one) => ({
      port: one,
      ifOpen: false,
    }))
    if (asked.some((one) => one.port === 80)) return asked
    // What is at another port than 443 and says where its plain one is may share its host with anybody.
    return [{ port: 80, ifOpen: port !== 443 && said.length > 0 }, ...asked]
  }

  function readPort(said: string): number {
    if (/^\d{1,5}$/.test(said) && Number(said) > 0 && Number(said) < 65_536) return Number(said)
    throw cannotLook(`the tag plain-port:${said} of ${subject.id} is no port`)
  }
}
