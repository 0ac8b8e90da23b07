import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  createServer as createPlain,
  type RequestListener,
  type Server as PlainServer,
} from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openGuard, verifySession, type GuardOptions } from '@kept/guard'
import { guardFastify } from '@kept/guard/fastify'
import { readPolicies } from '@kept/policy'
import fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { addRoutes, type Flaws } from './routes.ts'

/** A small SaaS app that sends invoices, on PostgreSQL: the production system of each example company. */
export interface App {
  /** `https://localhost:4443`. */
  url: string
  plainUrl: string
  /** What is wrong in it at the moment. */
  flaws: Flaws
  /** Another certificate, as a renewal or a lapse brings it. */
  useCertificate(certificate: { cert: string; key: string }): void
  stop(): Promise<void>
}

export interface AppSettings {
  /** As the role of the app alone. */
  database: string
  /** Other databases, by the name under which tenants are moved there. */
  others: Readonly<Record<string, string>>
  scope: GuardOptions['scope']
  /** Opens the report on requests and decisions. */
  reportToken: string
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

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')
export const policyTexts = {
  schema: read('schema.cedarschema'),
  policies: { 'policy.cedar': read('policy.cedar') },
}

export async function startApp(settings: AppSettings): Promise<App> {
  const pools = openPools(settings)
  const guard = openGuard({
    pool: pools.main,
    scope: settings.scope,
    policies: readPolicies(policyTexts),
    moves: true,
    pools: pools.of,
    records: true,
  })
  const flaws: Flaws = { cachesForAll: false, answersInFront: false }
  const secure = {
    minVersion: 'TLSv1.2' as const,
    ciphers: (settings.suites ?? usualSuites).join(':'),
    honorCipherOrder: true,
  }
  const { app, server } = openHttp({ ...settings.certificate, ...secure }, flaws)
  const sessions = verifySession(async (hash) => {
    const { rows } = await pools.main.query<{ tenant: string; person: string; role: string }>(
      'select tenant, person, role from public.session_of($1)',
      [Buffer.from(hash, 'hex')],
    )
    const [row] = rows
    if (!row) return null
    return { id: row.person, tenant: row.tenant, roles: [row.role], until: Infinity }
  })
  await app.register(guardFastify, {
    guard,
    verify: sessions,
    reportToken: settings.reportToken,
  })
  app.addHook('onSend', async (_, reply) => {
    void reply.headers({
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })
  addRoutes(app, flaws)
  const plain = createPlain((request, response) => {
    response.writeHead(308, { location: `https://localhost:${portOf(server)}${request.url}` }).end()
  })
  await app.ready()
  server.listen(settings.port, '127.0.0.1')
  plain.listen(settings.plainPort, '127.0.0.1')
  await Promise.all([once(server, 'listening'), once(plain, 'listening')])
  return {
    url: `https://localhost:${portOf(server)}`,
    plainUrl: `http://localhost:${portOf(plain)}`,
    flaws,
    useCertificate: (certificate) => server.setSecureContext({ ...certificate, ...secure }),
    async stop() {
      plain.closeAllConnections()
      server.closeAllConnections()
      await Promise.all([server, plain].map((one) => new Promise((done) => one.close(done))))
      await app.close()
      await guard.close()
      await pools.end()
    },
  }
}

/** Fastify serves what the server in front, which speaks TLS, hands on. */
function openHttp(secure: object, flaws: Flaws): { app: FastifyInstance; server: Server } {
  let within!: PlainServer
  const app = fastify({
    serverFactory: (handler: RequestListener) => (within = createPlain(handler)),
  })
  const server = createServer(secure, (request, response) => {
    if (flaws.answersInFront && request.url === frontPage) response.end('{"app":"invoices"}')
    else within.emit('request', request, response)
  })
  return { app, server }
}

/** What the flaw answers before the guard is asked. */
const frontPage = '/'

function openPools({ database, others }: AppSettings) {
  const main = openPool(database)
  const more = new Map(Object.entries(others).map(([name, url]) => [name, openPool(url)]))
  const all = [main, ...more.values()]
  return {
    main,
    of: (destination: string) => {
      const pool = more.get(destination)
      if (pool) return pool
      throw new Error(`the app knows no database ${destination}`)
    },
    end: () => Promise.all(all.map((pool) => pool.end())),
  }
}

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 5, connectionTimeoutMillis: 5000 })
  pool.on('error', () => {})
  return pool
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port
}
