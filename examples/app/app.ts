import { hash } from 'node:crypto'
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { canaries } from './tenants.ts'

/** A small SaaS app that sends invoices, on PostgreSQL: the production system of the first example company. */
export interface App {
  /** `https://localhost:4443`. */
  url: string
  plainUrl: string
  /** Another certificate, as a renewal or a lapse brings it. */
  useCertificate(certificate: { cert: string; key: string }): void
  stop(): Promise<void>
}

export interface AppSettings {
  /** As the role `app_web`, over TLS. */
  database: string
  certificate: { cert: string; key: string }
  port: number
  plainPort: number
  /** By OpenSSL's names, best first; what a careful team takes when absent. */
  suites?: readonly string[]
}

const usualSuites = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
]

export async function startApp(settings: AppSettings): Promise<App> {
  const pool = new pg.Pool({ connectionString: settings.database, max: 5 })
  pool.on('error', () => {})
  const { suites = usualSuites } = settings
  const ciphers = suites.join(':')
  const secure = { minVersion: 'TLSv1.2', ciphers, honorCipherOrder: true } as const
  const server = createServer({ ...settings.certificate, ...secure }, (request, response) => {
    void answer(pool, request, response)
  })
  const plain = createPlain((request, response) => {
    response.writeHead(308, { location: `https://localhost:${portOf(server)}${request.url}` }).end()
  })
  server.listen(settings.port, '127.0.0.1')
  plain.listen(settings.plainPort, '127.0.0.1')
  await Promise.all([once(server, 'listening'), once(plain, 'listening')])
  return {
    url: `https://localhost:${portOf(server)}`,
    plainUrl: `http://localhost:${portOf(plain)}`,
    useCertificate: (certificate) => server.setSecureContext({ ...certificate, ...secure }),
    async stop() {
      server.closeAllConnections()
      plain.closeAllConnections()
      await Promise.all([closed(server), closed(plain)])
      await pool.end()
    },
  }
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port
}

function closed(server: { close(done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}

const missing = { status: 404, body: { error: 'there is no such thing' } }

interface Answer {
  status: number
  body: unknown
}

async function answer(
  pool: pg.Pool,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let said: Answer
  try {
    said = await route(pool, request)
  } catch {
    said = { status: 500, body: { error: 'something went wrong' } }
  }
  response.writeHead(said.status, {
    'content-type': 'application/json',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(said.body))
}

async function route(pool: pg.Pool, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', url = '/' } = request
  const { pathname } = new URL(url, 'https://localhost')
  if (pathname === '/') return { status: 200, body: { app: 'invoices' } }
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (!token) return { status: 401, body: { error: 'send a token' } }
  if (pathname === '/.well-known/kept-canaries') return { status: 200, body: canaries }
  return withTenant(pool, token, async (client) => {
    if (method === 'GET' && pathname === '/invoices') {
      const { rows } = await client.query(
        'select id, number, amount_cents, paid from invoices order by number limit 100',
      )
      return { status: 200, body: rows }
    }
    const [, id, verb] = /^\/invoices\/([0-9a-f-]{36})(?:\/(pay))?$/.exec(pathname) ?? []
    if (id === undefined) return missing
    if (method === 'GET' && verb === undefined) return readInvoice(client, id)
    return method === 'PUT' && verb === 'pay' ? payInvoice(client, id) : missing
  })
}

/** The tenant is the token's, never one that the client names; the database filters every row by it. */
async function withTenant(
  pool: pg.Pool,
  token: string,
  work: (client: pg.PoolClient) => Promise<Answer>,
): Promise<Answer> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query<{ tenant: string | null }>(
      `select public.tenant_of($1) as tenant, set_config('app.tenant_id', public.tenant_of($1)::text, true)`,
      [hash('sha256', token, 'buffer')],
    )
    if (rows[0]!.tenant === null) return { status: 401, body: { error: 'the token is not known' } }
    const said = await work(client)
    await client.query('commit')
    return said
  } finally {
    await client.query('rollback').catch(() => {})
    client.release()
  }
}

async function readInvoice(client: pg.PoolClient, id: string): Promise<Answer> {
  const { rows } = await client.query(
    `select i.id, i.number, i.amount_cents, i.paid, c.name as customer
     from invoices i left join customers c on c.id = i.customer_id where i.id = $1`,
    [id],
  )
  return rows[0] ? { status: 200, body: rows[0] } : missing
}

async function payInvoice(client: pg.PoolClient, id: string): Promise<Answer> {
  const { rows } = await client.query(
    'update invoices set paid = true where id = $1 returning id, paid',
    [id],
  )
  return rows[0] ? { status: 200, body: rows[0] } : missing
}
