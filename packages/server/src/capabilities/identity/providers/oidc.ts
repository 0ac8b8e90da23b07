import * as oidc from 'openid-client'
import { Failure } from '../../../foundation/failure.ts'
import type { Outside } from '../../../foundation/outside.ts'
import { systemTime } from '../../../foundation/time.ts'
import { fetchOutside } from '../../../outside/web.ts'
import { spellEmail } from '../accounts.ts'
import { addressesOf } from './addresses.ts'
import { derive } from './challenges.ts'
import { openChecks, stop, type Asserted, type CheckName, type Checks } from './checks.ts'
import { openConnectionSecret, type OidcConnection } from './connections.ts'
import { isMultiFactor } from './factors.ts'

/** Seconds by which the clocks of a provider and ours may differ, and that an ID token may be old. */
const skew = 120
const oldest = 600

/** Signed by a key that the provider alone has: neither `none` nor a secret that we share. */
const algorithms = new Set([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
])

interface OidcSetting {
  key: Uint8Array
  origin: string
  outside: Outside
}

type Fetched = (address: string, response: Response) => Promise<void>

/** What the provider says of itself, asked anew: a key or an address of it may have changed. */
async function discover(
  { key, outside }: OidcSetting,
  connection: OidcConnection,
  { now, fetched }: { now: number; fetched?: Fetched },
): Promise<oidc.Configuration> {
  const signal = AbortSignal.timeout(9000)
  const fetching = fetchOutside({ outside, signal })
  const fetch: oidc.CustomFetch = async (address, { method, headers, body }) => {
    const response = await fetching(address, { method, headers, body })
    if (fetched) await fetched(address, response.clone())
    return response
  }
  const { issuer, clientId } = connection.config
  const metadata = {
    client_secret: openConnectionSecret(key, connection),
    // The library reads the system's clock; ours may be moved.
    [oidc.clockSkew]: Math.round((now - systemTime.now()) / 1000),
    [oidc.clockTolerance]: skew,
  }
  return await oidc.discovery(new URL(issuer), clientId, metadata, undefined, {
    [oidc.customFetch]: fetch,
    timeout: 9,
    execute: [
      oidc.enableNonRepudiationChecks,
      ...(outside.reach === 'loopback' ? [oidc.allowInsecureRequests] : []),
    ],
  })
}

interface Going {
  state: string
  /** The cookie of the browser that goes. */
  cookie: string
  domains: readonly string[]
  now: number
}

/** Where a browser is sent to sign in. */
export async function addressToSignIn(
  setting: OidcSetting,
  connection: OidcConnection,
  { state, cookie, domains, now }: Going,
): Promise<string> {
  const { key, origin } = setting
  const checks = openChecks()
  const config = await discover(setting, connection, { now }).catch((error: unknown) => {
    throw explain(checks, error)
  })
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: addressesOf(origin, connection.id).callback,
    scope: 'openid email profile',
    state,
    nonce: derive(key, cookie, 'nonce'),
    code_challenge: await oidc.calculatePKCECodeChallenge(derive(key, cookie, 'verifier')),
    code_challenge_method: 'S256',
    ...(connection.config.managed && { hd: domains.length === 1 ? domains[0]! : '*' }),
  })
  return url.href
}

interface Returned {
  /** What the browser brought back in its address. */
  parameters: Record<string, string>
  state: string
  cookie: string
  domains: readonly string[]
  now: number
}

export interface Answer {
  checks: Checks
  /** Null where it could not be read, or did not hold. */
  asserted: Asserted | null
  /** What was sent all the same, unproved: shown to whoever tries the connection, believed by nobody. */
  sent: Record<string, unknown>
}

/** Exchanges the code, and holds what comes of it against all that was asked for. */
export async function readAnswer(
  setting: OidcSetting,
  connection: OidcConnection,
  { parameters, state, cookie, domains, now }: Returned,
): Promise<Answer> {
  const { key, origin } = setting
  const checks = openChecks()
  const unproved: Record<string, unknown> = {}
  const fetched: Fetched = async (_, response) => {
    const said = (await response.json().catch(() => null)) as { id_token?: unknown } | null
    if (typeof said?.id_token === 'string') Object.assign(unproved, peek(said.id_token))
  }
  try {
    const config = await discover(setting, connection, { now, fetched })
    checks.note('connection', true, `${connection.config.issuer} answers and says who it is`)
    const current = new URL(addressesOf(origin, connection.id).callback)
    for (const [name, value] of Object.entries(parameters)) current.searchParams.set(name, value)
    const tokens = await oidc.authorizationCodeGrant(config, current, {
      expectedState: state,
      expectedNonce: derive(key, cookie, 'nonce'),
      pkceCodeVerifier: derive(key, cookie, 'verifier'),
      idTokenExpected: true,
    })
    const token = tokens.claims()!
    mustBeSigned(checks, tokens.id_token!)
    checks.note('issuer', true, `the ID token is of ${token.iss}, for this client alone`)
    mustBeNew(checks, token, now)
    // A provider may keep the address for those who ask for it.
    const isMissing = token['email'] === undefined && config.serverMetadata().userinfo_endpoint
    const info = isMissing
      ? await oidc.fetchUserInfo(config, tokens.access_token, token.sub)
      : undefined
    const claims = { ...info, ...token }
    const sent = withoutTokens(claims)
    const email = readEmail(checks, claims)
    if (connection.config.managed) mustBeManaged(checks, claims, domains)
    const { name } = claims
    return {
      checks,
      sent,
      asserted: {
        subject: token.sub,
        email,
        name: typeof name === 'string' ? name : '',
        isMultiple: isMultiFactor(
          Array.isArray(token['amr']) ? token['amr'] : [],
          [token['acr']].flat(),
        ),
        sent,
      },
    }
  } catch (error) {
    if (!(error instanceof Failure)) explain(checks, error)
    else if (error.code === 'not-connected')
      checks.note('connection', false, error.message, error.code)
    return { checks, sent: withoutTokens(unproved), asserted: null }
  }
}

/** The library refuses what it cannot check; this says which algorithms that may be. */
function mustBeSigned(checks: Checks, token: string): void {
  const [head = ''] = token.split('.')
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as { alg?: string }
  if (!algorithms.has(alg ?? '')) throw stop(checks, 'signature', `${alg} proves nothing`)
  checks.note('signature', true, `the ID token is signed by the provider's own key (${alg})`)
}

function mustBeNew(checks: Checks, { iat }: oidc.IDToken, now: number): void {
  const age = Math.round(now / 1000) - iat
  checks.note(
    'time',
    age <= oldest + skew && age >= -skew,
    age < 0 ? `it was made ${-age} s in the future` : `it was made ${age} s ago`,
  )
}

function readEmail(checks: Checks, claims: Record<string, unknown>): string {
  const { email, email_verified: isVerified } = claims
  if (typeof email !== 'string') throw stop(checks, 'email', 'the provider sent no address (email)')
  const spelled = spell(email)
  if (spelled === null) throw stop(checks, 'email', 'its address is not in plain letters')
  checks.note(
    'email',
    isVerified === true,
    isVerified === true
      ? 'the provider says that the address was verified'
      : 'the provider does not say that the address was verified (email_verified)',
  )
  return spelled
}

/** An address as accounts are compared by it, or null. */
export function spell(email: string): string | null {
  try {
    return spellEmail(email)
  } catch {
    return null
  }
}

function mustBeManaged(
  checks: Checks,
  { hd }: Record<string, unknown>,
  domains: readonly string[],
): void {
  const isManaged = typeof hd === 'string' && domains.includes(hd.toLowerCase())
  checks.note(
    'domain',
    isManaged,
    isManaged
      ? `Google manages it for ${hd}`
      : `Google manages it for ${typeof hd === 'string' ? hd : 'no organisation'} (hd), which is no verified domain`,
    'foreign-address',
  )
}

const hidden = new Set(['nonce', 'at_hash', 'c_hash', 's_hash', 'sid', 'jti'])

function withoutTokens(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !hidden.has(name)))
}

/** The claims of an ID token that nobody checked. */
function peek(token: string): Record<string, unknown> {
  try {
    const [, body = ''] = token.split('.')
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Which check the library's refusal belongs to, and why in plain words. */
function explain(checks: Checks, error: unknown): Failure {
  const causes = chain(error)
  const ours = causes.find((one) => one instanceof Failure)
  if (ours) return stop(checks, 'connection', ours.message, 'not-connected')
  if (error instanceof oidc.AuthorizationResponseError) {
    const { error: code, error_description: said } = error
    return stop(checks, 'answer', `the provider let nobody in: ${code}${said ? ` (${said})` : ''}`)
  }
  if (error instanceof oidc.ResponseBodyError) {
    return stop(checks, 'answer', `the provider did not take the code: ${error.error}`)
  }
  const told = causes.map(({ message }) => message).join('; ')
  const [, check] = meanings.find(([pattern]) => pattern.test(told)) ?? [null, 'answer' as const]
  return stop(checks, check, told)
}

const meanings: readonly [RegExp, CheckName][] = [
  [/alg|signature|JWS|"kid"|JWKS|key/i, 'signature'],
  [/nonce/, 'nonce'],
  [/"?aud"?|azp|audience/i, 'audience'],
  [/"iss"|issuer/i, 'issuer'],
  [/"state"/, 'request'],
  [/timestamp|"exp"|"nbf"|"iat"|expir/i, 'time'],
  [/sub/, 'subject'],
  [/HTTP|fetch|timed out|certificate|content-type/i, 'connection'],
]

function chain(error: unknown): Error[] {
  const found: Error[] = []
  for (let one = error; one instanceof Error && found.length < 6; one = one.cause) found.push(one)
  return found
}
