import { hash } from 'node:crypto'
import { GuardFailure } from './failure.ts'

/** What only the guard's process and the role `kept_guard` know: 32 bytes or more, in base64 when text. */
export interface Key {
  /** Tokens name it, so that keys can rotate: 1 to 16 small letters, digits and hyphens. */
  id: string
  secret: Uint8Array | string
}

/** The two keys of HMAC-SHA-256, made once (RFC 2104): PostgreSQL has sha256 and no HMAC. */
export interface Pads {
  id: string
  inner: Buffer
  outer: Buffer
}

export function padKey({ id, secret }: Key): Pads {
  const bytes = typeof secret === 'string' ? Buffer.from(secret, 'base64') : Buffer.from(secret)
  if (!/^[a-z0-9-]{1,16}$/.test(id) || bytes.length < 32) {
    throw new GuardFailure(
      'bad-option',
      `the key "${id.slice(0, 40)}" has no plain name of at most 16 characters, or fewer than 32 bytes`,
      'make 32 random bytes: crypto.randomBytes(32)',
    )
  }
  const block = Buffer.alloc(64)
  ;(bytes.length > 64 ? hash('sha256', bytes, 'buffer') : bytes).copy(block)
  const pad = (value: number) => Buffer.from(block.map((byte) => byte ^ value))
  return { id, inner: pad(0x36), outer: pad(0x5c) }
}

/** What a token says: this tenant, on this backend, in transactions that begin no later than this. */
export interface Claim {
  tenant: string
  pid: number
  /** Microseconds since 1970. */
  until: number
}

/** Asked within a transaction, for a token that holds for all of it and for none that begins later. */
export const whoAndWhen = {
  text: `select pg_catalog.pg_backend_pid()::pg_catalog.text as pid,
    (extract(epoch from pg_catalog.now()) operator(pg_catalog.*) 1000000)::pg_catalog.int8::pg_catalog.text as start`,
}

export interface WhoAndWhen {
  pid: string
  /** When the transaction began, in microseconds since 1970: the `until` of its claim. */
  start: string
}

/** Microseconds, which a number counts without loss until the year 2255. */
const epochOfPostgres = 946_684_800_000_000

/**
 * 64 hexadecimal digits of the MAC, then what it is over: the key's name filled up to 16 with dots, `until`
 * in 16 hexadecimal digits as PostgreSQL sends a time, the tenant. The MAC is also over the pid, which
 * both sides know. `kept.scope` reads it by these places.
 */
export function seal({ id, inner, outer }: Pads, { tenant, pid, until }: Claim): string {
  const time = (until - epochOfPostgres).toString(16).padStart(16, '0')
  const body = id.padEnd(16, '.') + time + tenant
  const end = 64 + Buffer.byteLength(body)
  const message = Buffer.allocUnsafe(end + 4)
  inner.copy(message)
  message.write(body, 64)
  message.writeInt32BE(pid, end)
  const whole = Buffer.allocUnsafe(96)
  outer.copy(whole)
  // One character a byte: as a Buffer it would cost three times as much.
  whole.write(hash('sha256', message, 'binary'), 64, 'binary')
  return hash('sha256', whole, 'hex') + body
}
