import { createHmac, createPublicKey, randomUUID, verify, type JsonWebKey } from 'node:crypto'
import * as oidc from 'openid-client'
import type { App, AppConnection, Said } from './sso-app.ts'

/** What an ID token is not held against, or what else is left out. */
export type Hole =
  | 'takes any issuer'
  | 'takes any audience'
  | 'takes any key'
  | 'takes alg none'
  | 'takes HS256'
  | 'takes old tokens'
  | 'takes any nonce'
  | 'takes tokens without a nonce'
  | 'takes tokens an hour late'
  | 'takes any browser'
  | 'trusts the issuer that a token names'

const own: readonly string[] = [
  'takes any issuer',
  'takes any audience',
  'takes any key',
  'takes alg none',
  'takes HS256',
  'takes old tokens',
  'takes any nonce',
  'takes tokens without a nonce',
  'takes tokens an hour late',
  'trusts the issuer that a token names',
]

interface Begun {
  connection: AppConnection
  browser: string
  nonce: string
  verifier: string
}
const begun = new Map<string, Begun>()

async function discover({ issuer, clientId, clientSecret }: AppConnection) {
  return await oidc.discovery(
    new URL(issuer),
    clientId,
    clientSecret,
    oidc.ClientSecretBasic(clientSecret),
    { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
  )
}

export async function begin(app: App, connection: AppConnection, browser: string): Promise<string> {
  const [state, nonce, verifier] = [randomUUID(), randomUUID(), oidc.randomPKCECodeVerifier()]
  begun.set(state, { connection, browser, nonce, verifier })
  const config = await discover(connection)
  return oidc.buildAuthorizationUrl(config, {
    redirect_uri: `${app.url}/callback`,
    scope: 'openid email',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).href
}

export async function take(app: App, at: URL, browser: string): Promise<Said & { tenant: string }> {
  const state = at.searchParams.get('state') ?? ''
  const known = begun.get(state)
  if (!known) throw new Error('no such state')
  if (known.browser !== browser && !app.holes.has('takes any browser')) throw new Error('browser')
  begun.delete(state)
  const { connection, nonce, verifier } = known
  const config = await discover(connection)
  if (!own.some((hole) => app.holes.has(hole as Hole))) {
    const tokens = await oidc.authorizationCodeGrant(config, at, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    })
    const { sub, email } = tokens.claims()!
    return { tenant: connection.tenant, subject: sub, email: email as string }
  }
  const response = await fetch(config.serverMetadata().token_endpoint!, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: at.searchParams.get('code')!,
      redirect_uri: `${app.url}/callback`,
      client_id: connection.clientId,
      client_secret: connection.clientSecret,
      code_verifier: verifier,
    }),
  })
  const { id_token: token } = (await response.json()) as { id_token: string }
  return await readToken(app, connection, { token, nonce })
}

function read(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>
}

/** As somebody writes it who takes no library. */
async function readToken(
  app: App,
  connection: AppConnection,
  { token, nonce }: { token: string; nonce: string },
): Promise<Said & { tenant: string }> {
  const [head = '', body = '', signature = ''] = token.split('.')
  const { alg } = read(head)
  const claims = read(body)
  const of = app.holes.has('trusts the issuer that a token names')
    ? app.connections.find((one) => one.kind === 'oidc' && one.issuer === claims['iss'])!
    : connection
  const jwks = (await (await fetch(`${connection.issuer}/jwks`)).json()) as { keys: JsonWebKey[] }
  const key = createPublicKey({ key: jwks.keys[0]!, format: 'jwk' })
  const pem = key.export({ format: 'pem', type: 'spki' }).toString()
  const input = Buffer.from(`${head}.${body}`)
  const isSigned =
    (alg === 'RS256' && verify('sha256', input, key, Buffer.from(signature, 'base64url'))) ||
    (alg === 'RS256' && app.holes.has('takes any key')) ||
    (alg === 'none' && app.holes.has('takes alg none')) ||
    (alg === 'HS256' &&
      app.holes.has('takes HS256') &&
      createHmac('sha256', pem).update(input).digest('base64url') === signature)
  const must = (holds: boolean, ...holes: Hole[]) => {
    if (!holds && !holes.some((hole) => app.holes.has(hole))) throw new Error(holes.join())
  }
  if (!isSigned) throw new Error('signature')
  must(claims['iss'] === of.issuer, 'takes any issuer')
  must(claims['aud'] === of.clientId, 'takes any audience')
  const late = app.holes.has('takes tokens an hour late') ? 3600 : 0
  must(Number(claims['exp']) > Date.now() / 1000 - late, 'takes old tokens')
  if (claims['nonce'] === undefined) must(false, 'takes any nonce', 'takes tokens without a nonce')
  else must(claims['nonce'] === nonce, 'takes any nonce')
  return { tenant: of.tenant, subject: String(claims['sub']), email: String(claims['email']) }
}
