import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as byOidc from './sso-app-oidc.ts'
import * as bySaml from './sso-app-saml.ts'

/** What a company gave an app to let its users in. */
export interface AppConnection {
  tenant: string
  kind: 'oidc' | 'saml'
  issuer: string
  clientId: string
  clientSecret: string
  /** Base64 of DER. */
  certificate: string
}

/** What is wrong in the app at the moment. */
export type Hole =
  | byOidc.Hole
  | bySaml.Hole
  | 'finds addresses in any tenant'
  | 'finds the tenant by the domain'
  | 'is down'
  | 'lets nobody in'
  | 'limits'

export interface App {
  url: string
  holes: Set<Hole>
  connections: AppConnection[]
  document: Record<string, unknown>
  asked: number
}

/** Who somebody is, as a provider said. */
export interface Said {
  subject: string
  email: string
}

interface Account {
  id: string
  tenant: string
  email: string
  subject: string
}

interface Setting {
  /** Which tenant has which domain. */
  domains: Record<string, string>
}

/** A small app of many tenants, which really lets their users in by providers of their own. */
export async function openSsoApp({ domains }: Setting): Promise<App & { stop(): Promise<void> }> {
  const accounts: Account[] = []
  const sessions = new Map<string, Account>()
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => {
      send(response, 401, { error: 'nobody is let in' })
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const app: App = { url, holes: new Set(), connections: [], document: documentOf(), asked: 0 }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    app.asked++
    const at = new URL(request.url!, url)
    const browser = cookieOf(request, 'browser') ?? randomUUID()
    response.setHeader('set-cookie', `browser=${browser}; Path=/; HttpOnly; SameSite=None`)
    if (app.holes.has('is down') && at.pathname.startsWith('/login')) return send(response, 503, {})
    const [, what, tenant, kind] = at.pathname.split('/')
    switch (what) {
      case '.well-known':
        return send(response, 200, app.document)
      case 'me':
        return tell(request, response)
      case 'login': {
        if (app.holes.has('limits') && app.asked > 40) return send(response, 429, {})
        const connection = app.connections.find((one) => one.tenant === tenant && one.kind === kind)
        if (!connection) return send(response, 404, {})
        const begin = kind === 'oidc' ? byOidc.begin : bySaml.begin
        return go(response, await begin(app, connection, browser))
      }
      case 'callback': {
        const { tenant: of, ...said } = await byOidc.take(app, at, browser)
        return letIn(response, find(of, said))
      }
      case 'saml': {
        const { tenant: of, ...said } = await bySaml.take(
          app,
          tenant!,
          await bodyOf(request),
          browser,
        )
        return letIn(response, find(of, said))
      }
      default:
        return send(response, 404, {})
    }
  }

  /** The account of a provider's user, made when it first comes. */
  function find(tenant: string, { subject, email }: Said): Account {
    const isAnywhere = app.holes.has('finds addresses in any tenant')
    const of = app.holes.has('finds the tenant by the domain')
      ? (domains[email.split('@')[1]!] ?? tenant)
      : tenant
    const known =
      accounts.find((one) => one.tenant === of && one.subject === subject) ??
      accounts.find((one) => (isAnywhere || one.tenant === of) && one.email === email)
    if (known) return known
    const account = { id: randomUUID(), tenant: of, email, subject }
    accounts.push(account)
    return account
  }

  function letIn(response: ServerResponse, account: Account): void {
    if (app.holes.has('lets nobody in')) return send(response, 401, {})
    const session = randomUUID()
    sessions.set(session, account)
    response.appendHeader('set-cookie', `session=${session}; Path=/; HttpOnly; SameSite=Lax`)
    go(response, '/welcome')
  }

  function tell(request: IncomingMessage, response: ServerResponse): void {
    const account = sessions.get(cookieOf(request, 'session') ?? '')
    if (!account) return send(response, 401, {})
    const { id, tenant, email } = account
    send(response, 200, { app: 'a small one', id, tenant, email })
  }

  return Object.assign(app, {
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  })
}

function documentOf(): Record<string, unknown> {
  const me = { method: 'GET', path: '/me' }
  const nowhere = [{ method: 'POST', path: '/password', body: { email: '{email}' } }]
  return {
    reading: me,
    who: { ...me, take: { account: '/id', home: '/tenant' } },
    signIn: nowhere,
    factor: nowhere,
    connections: {
      google: {
        begin: [{ method: 'GET', path: '/login/{tenant}/oidc' }],
        address: 'header:location',
      },
      saml: {
        begin: [{ method: 'GET', path: '/login/{tenant}/saml' }],
        address: 'header:location',
      },
    },
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function go(response: ServerResponse, location: string): void {
  response.writeHead(303, { location }).end()
}

function cookieOf({ headers }: IncomingMessage, name: string): string | null {
  const found = (headers.cookie ?? '').split('; ').find((one) => one.startsWith(`${name}=`))
  return found?.slice(name.length + 1) ?? null
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'))
}
