import type { Value } from '@kept/policy'
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose'
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose'
import { readAddress } from '../address.ts'
import { GuardFailure } from '../failure.ts'
import { provedPrincipal, type Kind, type Principal } from '../principal.ts'
import { readBearer, type Verify } from './incoming.ts'

/** Where the keys of an issuer are: at an address, here, or one secret shared with it. */
export type TokenKeys = { url: string } | { jwks: JSONWebKeySet } | { secret: Uint8Array }

export interface TokenOptions {
  /** Who made the token: its `iss`. */
  issuer: string
  /** For whom it must be made: its `aud`. */
  audience: string
  keys: TokenKeys
  /** Signature algorithms that are taken; RS256, PS256, ES256 and EdDSA when absent, HS256 with a secret. */
  algorithms?: readonly string[]
  /** Which principals this issuer vouches for; `user` when absent. */
  kind?: Exclude<Kind, 'job'>
  /** The claim that names the tenant; `tenant` when absent. Staff have none. */
  tenantClaim?: string
  /** The claim that lists roles; `roles` when absent. */
  rolesClaim?: string
  /** What policies may compare beyond roles and tenant. */
  attrs?: (claims: JWTPayload) => Record<string, Value>
  /** Seconds by which the issuer's clock may differ; 30 when absent. */
  clockTolerance?: number
}

interface Issuer extends TokenOptions {
  key: JWTVerifyGetKey | Uint8Array
  algorithms: string[]
}

/**
 * Verifies bearer tokens (JWT) of one issuer or several; which one made a token is said by its `iss`, and
 * then held against that issuer's keys and audience.
 *
 * The verifier throws GuardFailure `bad-token`, `token-expired`, `token-early`, `no-tenant`, `bad-principal`, or
 * `keys-away` when an issuer's keys cannot be fetched.
 * @throws GuardFailure `bad-option` for keys and algorithms that cannot be trusted together
 */
export function verifyToken(...options: [TokenOptions, ...TokenOptions[]]): Verify {
  const issuers = new Map(options.map((one) => [one.issuer, openIssuer(one)]))
  if (issuers.size < options.length) throw badOption('two of its issuers have one name')
  return async (incoming, now) => {
    const token = readBearer(incoming, refuse)
    if (token === null) return null
    const issuer = issuers.get(issuerOf(token))
    if (!issuer) throw refuse('its issuer is not known')
    return toPrincipal(issuer, await readClaims(issuer, token, now))
  }
}

function openIssuer(options: TokenOptions): Issuer {
  const { keys, issuer, audience } = options
  if (issuer === '' || audience === '') throw badOption('issuer and audience must be named')
  const usual = 'secret' in keys ? ['HS256'] : ['RS256', 'PS256', 'ES256', 'EdDSA']
  const algorithms = [...(options.algorithms ?? usual)]
  // A public key taken for the secret of HS256 lets everybody who has it make tokens.
  const wanted =
    'secret' in keys ? /^HS(?:256|384|512)$/ : /^(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)$/
  const wrong = algorithms.find((algorithm) => !wanted.test(algorithm))
  if (wrong !== undefined || algorithms.length === 0) {
    throw badOption(`${wrong ?? 'no algorithm'} does not go with keys of ${issuer}`)
  }
  return { ...options, key: openKeys(keys), algorithms }
}

function openKeys(keys: TokenKeys): JWTVerifyGetKey | Uint8Array {
  if ('jwks' in keys) return createLocalJWKSet(keys.jwks)
  if ('url' in keys)
    return createRemoteJWKSet(readAddress(keys.url, 'verifyToken: the address of the keys'))
  if (keys.secret.length < 32) throw badOption('a shared secret has at least 32 bytes')
  return keys.secret
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    throw refuse('it cannot be read')
  }
}

async function readClaims(issuer: Issuer, token: string, now: number): Promise<JWTPayload> {
  const rules = {
    issuer: issuer.issuer,
    audience: issuer.audience,
    algorithms: issuer.algorithms,
    requiredClaims: ['sub', 'exp'],
    clockTolerance: issuer.clockTolerance ?? 30,
    currentDate: new Date(now),
  }
  try {
    const { payload } = await jwtVerify(token, issuer.key as JWTVerifyGetKey, rules)
    return payload
  } catch (error) {
    throw asRefusal(error, issuer.issuer)
  }
}

function asRefusal(error: unknown, issuer: string): GuardFailure {
  if (error instanceof errors.JWTExpired) {
    return new GuardFailure('token-expired', 'the token has expired', 'ask for a new one', error)
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf' && error.reason === 'check_failed'
      ? new GuardFailure(
          'token-early',
          'the token is not yet valid',
          'see that clocks agree',
          error,
        )
      : refuse(`its claim ${error.claim} is not as it must be`, error)
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return refuse('no key of its issuer made it', error)
  if (error instanceof errors.JOSEAlgNotAllowed) return refuse('its algorithm is not taken', error)
  if (isOfToken(error)) return refuse('its signature does not hold', error)
  const fix = 'see that they can be fetched from here'
  return new GuardFailure('keys-away', `the keys of ${issuer} cannot be read`, fix, error)
}

/** What the token itself is to blame for; a key set that is away or unreadable is not its fault. */
function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  )
}

function toPrincipal(issuer: Issuer, claims: JWTPayload): Principal {
  const { kind = 'user', tenantClaim = 'tenant', rolesClaim = 'roles' } = issuer
  const { sub: id } = claims as { sub: unknown }
  if (typeof id !== 'string') throw refuse('its claim sub is no text')
  const roles = claims[rolesClaim] ?? []
  if (!isTexts(roles)) throw refuse(`its claim ${rolesClaim} is no list of texts`)
  const tenant = kind === 'staff' ? null : toTenant(claims[tenantClaim])
  const attrs = issuer.attrs?.(claims) ?? {}
  const identity = { kind, id, tenant, roles, attrs }
  return provedPrincipal(identity, `token of ${issuer.issuer}`)
}

function toTenant(claim: unknown): string | null {
  if (typeof claim === 'string') return claim
  return Number.isSafeInteger(claim) ? String(claim) : null
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** The token is never in it. */
function refuse(reason: string, cause?: unknown): GuardFailure {
  return new GuardFailure('bad-token', `the token is refused: ${reason}`, 'sign in again', cause)
}

function badOption(reason: string): GuardFailure {
  return new GuardFailure('bad-option', `verifyToken: ${reason}`, 'see its options')
}
