import { generateKeyPairSync, createHmac, randomBytes, sign, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { interactionPolicy, Provider } from 'oidc-provider'

export interface Client {
  id: string
  secret: string
  callback: string
}

interface Listening {
  issuer: string
  stop(): Promise<void>
}

/** Who is at the provider, and by what they prove it. */
export interface Person {
  sub: string
  email: string
  email_verified: boolean
  name?: string
  amr?: string[]
  acr?: string
}

/** A real OpenID provider on this machine: oidc-provider, whose sign-in page knows everybody at once. */
export async function openOidcProvider(): Promise<
  Listening & { register(client: Client): void; person: Person }
> {
  let provider: Provider | null = null
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/interaction/')) return void interact(request, response)
    void provider!.callback()(request, response)
  })
  const issuer = await listen(server)
  const state = {
    issuer,
    person: { sub: 's-1', email: 'ada@acme.test', email_verified: true, name: 'Ada' } as Person,
    register,
    stop: () => close(server),
  }
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const policy = interactionPolicy.base()

  function register({ id, secret, callback }: Client): void {
    provider = new Provider(issuer, {
      clients: [
        {
          client_id: id,
          client_secret: secret,
          redirect_uris: [callback],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      cookies: { keys: [randomBytes(16).toString('hex')] },
      jwks: {
        keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'k1' }],
      },
      claims: {
        openid: ['sub', 'amr', 'acr'],
        email: ['email', 'email_verified'],
        profile: ['name'],
      },
      features: { devInteractions: { enabled: false } },
      pkce: { required: () => true },
      interactions: { policy, url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, sub) => ({
        accountId: sub,
        claims: () => Promise.resolve({ ...state.person, sub }),
      }),
      async loadExistingGrant(context) {
        const grant = new context.oidc.provider.Grant({
          clientId: context.oidc.client!.clientId,
          accountId: context.oidc.session!.accountId!,
        })
        grant.addOIDCScope('openid email profile')
        await grant.save()
        return grant
      },
    })
  }

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { sub: accountId, amr, acr } = state.person
    await provider!.interactionFinished(request, response, {
      login: { accountId, ...(amr && { amr }), ...(acr && { acr }) },
    })
  }

  return state
}

type Claims = Record<string, unknown>

/** What a provider that lies says instead; what is absent it says as it should. */
export interface Lies {
  issuer?: string
  claims?: (claims: Claims) => Claims
  header?: Claims
  /** How the ID token is signed. */
  signing?: 'RS256' | 'none' | 'HS256' | 'other key'
  token?: (answer: Claims) => Claims
  /** What the browser brings back beside the code. */
  back?: (parameters: URLSearchParams) => void
}

/** A provider that says whatever a test wants: what no honest one would. */
export async function openLyingProvider(clock: () => number): Promise<
  Listening & {
    lies: Lies
    client: Client
    takeCode(address: string): string
    asked: URLSearchParams[]
  }
> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { privateKey: another } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const nonces = new Map<string, string>()
  const server = createServer((request, response) => {
    void tell(request, response)
  })
  const issuer = await listen(server)
  const state = {
    issuer,
    lies: {} as Lies,
    client: { id: 'kept', secret: 'a secret of the client’s', callback: '' },
    asked: [] as URLSearchParams[],
    /** The sign-in page: sends the browser back at once. */
    takeCode(address: string): string {
      const { searchParams } = new URL(address)
      const code = randomBytes(8).toString('hex')
      nonces.set(code, searchParams.get('nonce') ?? '')
      const back = new URL(searchParams.get('redirect_uri')!)
      back.searchParams.set('code', code)
      back.searchParams.set('state', searchParams.get('state')!)
      back.searchParams.set('iss', issuer)
      state.lies.back?.(back.searchParams)
      return back.href
    },
    stop: () => close(server),
  }

  async function tell(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const said = await answer(request)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(said))
  }

  async function answer(request: IncomingMessage): Promise<unknown> {
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return {
          issuer: state.lies.issuer ?? issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
          authorization_response_iss_parameter_supported: true,
        }
      case '/jwks':
        return {
          keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'k1' }],
        }
      default:
        return await tokens(request)
    }
  }

  async function tokens(request: IncomingMessage): Promise<Claims> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const asked = new URLSearchParams(Buffer.concat(parts).toString('utf8'))
    state.asked.push(asked)
    const now = Math.floor(clock() / 1000)
    const claims = {
      iss: issuer,
      aud: state.client.id,
      sub: 's-liar',
      iat: now,
      exp: now + 300,
      nonce: nonces.get(asked.get('code')!),
      email: 'ada@acme.test',
      email_verified: true,
      name: 'Ada',
    }
    const { lies } = state
    const said = {
      access_token: randomBytes(8).toString('hex'),
      token_type: 'Bearer',
      expires_in: 60,
    }
    const id_token = write(lies.claims?.(claims) ?? claims, lies)
    return lies.token?.({ ...said, id_token }) ?? { ...said, id_token }
  }

  function write(claims: Claims, { signing = 'RS256', header = {} }: Lies): string {
    const alg = signing === 'other key' ? 'RS256' : signing
    const input = `${part({ alg, kid: 'k1', typ: 'JWT', ...header })}.${part(claims)}`
    const by = (key: KeyObject) => sign('sha256', Buffer.from(input), key).toString('base64url')
    switch (signing) {
      case 'none':
        return `${input}.`
      case 'HS256':
        return `${input}.${createHmac('sha256', state.client.secret).update(input).digest('base64url')}`
      case 'other key':
        return `${input}.${by(another)}`
      default:
        return `${input}.${by(privateKey)}`
    }
  }

  return state
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => {
    server.close(resolve)
  })
}
