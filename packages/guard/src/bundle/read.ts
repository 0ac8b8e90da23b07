import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { GuardFailure } from '../failure.ts'

/** Whom a tenant allowed to look at its data, and until when. */
export interface Grant {
  id: string
  staff: string
  tenant: string
  reason: string
  /** Milliseconds since 1970. */
  from: number
  until: number
}

export interface Contents {
  /** Milliseconds since 1970. */
  issuedAt: number
  validUntil: number
  policies: { schema: string; policies: Readonly<Record<string, string>> } | null
  grants: readonly Grant[]
}

/** How far Kept's clock may be ahead, and how long a bundle may hold at most: milliseconds. */
const tolerance = 60_000
export const longest = 15 * 60_000

/**
 * The public key of Kept's bundles: PEM, or the 32 bytes in base64.
 * @throws GuardFailure `bad-option` for anything else
 */
export function readKey(key: string): KeyObject {
  try {
    const read = key.includes('BEGIN') ? createPublicKey(key) : fromBytes(key)
    if (read.asymmetricKeyType === 'ed25519') return read
  } catch (error) {
    throw badKey(error)
  }
  throw badKey()
}

function fromBytes(key: string): KeyObject {
  const x = Buffer.from(key, 'base64').toString('base64url')
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
}

function badKey(cause?: unknown): GuardFailure {
  const fix = 'give the one that Kept publishes, in PEM or base64'
  return new GuardFailure('bad-option', 'the key of bundles is no Ed25519 public key', fix, cause)
}

/**
 * What a bundle holds, once its signature over exactly these bytes is proved by the key configured here;
 * the key that the bundle names itself is not looked at.
 * @throws GuardFailure `bad-bundle`
 */
export function readBundle(text: string, key: KeyObject, now: number): Contents {
  const { body, signature } = objectOf(parse(text), 'it')
  if (typeof body !== 'string' || typeof signature !== 'string') {
    throw refuse('it has no body with a signature')
  }
  if (!verify(null, Buffer.from(body), key, Buffer.from(signature, 'base64'))) {
    throw refuse('its signature is not by the key configured here')
  }
  const contents = readBody(objectOf(parse(body), 'its body'))
  if (contents.issuedAt > now + tolerance) throw refuse('it was issued later than now')
  if (contents.validUntil <= now) throw refuse('it is no longer valid')
  return contents
}

function readBody(body: Record<string, unknown>): Contents {
  if (body['version'] !== 1) throw refuse(`its version is not 1, which is read here`)
  const issuedAt = instantOf(body, 'issuedAt')
  const validUntil = instantOf(body, 'validUntil')
  if (validUntil <= issuedAt || validUntil > issuedAt + longest) {
    throw refuse(`it must be valid for at most ${longest / 60_000} minutes`)
  }
  return {
    issuedAt,
    validUntil,
    policies: body['policies'] === null ? null : readPolicyTexts(body['policies']),
    grants: listOf(body, 'grants').map(readGrant),
  }
}

function readGrant(grant: Record<string, unknown>): Grant {
  return {
    id: textOf(grant, 'id'),
    staff: textOf(grant, 'staff'),
    tenant: textOf(grant, 'tenant'),
    reason: textOf(grant, 'reason'),
    from: instantOf(grant, 'from'),
    until: instantOf(grant, 'until'),
  }
}

function readPolicyTexts(value: unknown): Contents['policies'] {
  const given = objectOf(value, 'policies')
  const policies = objectOf(given['policies'], 'policies/policies')
  const texts = Object.keys(policies).map((id) => [id, textOf(policies, id)])
  return { schema: textOf(given, 'schema'), policies: Object.fromEntries(texts) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse('it is not JSON')
  }
}

function objectOf(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw refuse(`${where} is no object`)
}

function listOf(value: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const list = value[name]
  if (!Array.isArray(list)) throw refuse(`${name} is no list`)
  return list.map((one, i) => objectOf(one, `${name}/${i}`))
}

function textOf(value: Record<string, unknown>, name: string): string {
  const text = value[name]
  if (typeof text === 'string') return text
  throw refuse(`${name} is no text`)
}

/** An instant is written as RFC 3339, as everywhere in Kept. */
function instantOf(value: Record<string, unknown>, name: string): number {
  const text = textOf(value, name)
  const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(instant)) throw refuse(`${name} is no instant in UTC`)
  return instant
}

function refuse(reason: string): GuardFailure {
  const fix = 'see that the address and the key are those of your Kept, and that clocks agree'
  return new GuardFailure('bad-bundle', `the bundle is refused: ${reason}`, fix)
}
