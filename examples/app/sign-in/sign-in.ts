import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { noFlaws, type SignInFlaws } from './flaws.ts'
import { operationsOf, type Told } from './operations.ts'
import { whoAsks } from './who.ts'

export interface SignIn {
  url: string
  /** What is wrong in it at the moment. */
  flaws: SignInFlaws
  stop(): Promise<void>
}

export interface SignInSettings {
  database: string
  /** Opens the counts over all tenants. */
  report: string
  now?: () => number
}

export const schema = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')

/** A small sign-in: passwords, codes, sessions, keys, invitations, and what each tenant asks for. */
export async function startSignIn(settings: SignInSettings): Promise<SignIn> {
  const { database, report, now = Date.now } = settings
  const pool = new pg.Pool({ connectionString: database, max: 5 })
  pool.on('error', () => {})
  const flaws = { ...noFlaws }
  const { strangers, onTheWay, whole, owners, count } = operationsOf(pool, flaws, now)

  async function answer(request: IncomingMessage): Promise<Told> {
    const { method, url = '/' } = request
    const [, first = '', id = ''] = url.split('/')
    const [place, below] = [`${method} ${url}`, `${method} /${first}`]
    const body = JSON.parse((await bodyOf(request)) || '{}') as Record<string, unknown>
    if (strangers[place]) return await strangers[place](body)
    if (place === 'GET /counts' && request.headers.authorization === `Bearer ${report}`)
      return await count()
    const by = await whoAsks(pool, request, flaws)
    if (!by) return { status: 401, body: { error: 'sign in' } }
    if (onTheWay[place]) return await onTheWay[place](by, body, id)
    const isLet = by.isWhole || (flaws.rulesWithoutFactor && place === 'PUT /rules')
    if (!isLet) return { status: 401, body: { error: 'a second factor is asked for' } }
    const own = whole[place] ?? whole[below]
    if (own) return await own(by, body, id)
    const ofOwners = owners[place] ?? owners[below]
    if (!ofOwners) return { status: 404, body: {} }
    return by.role === 'owner' ? await ofOwners(by, body, id) : { status: 403, body: {} }
  }

  const server = createServer((request, response) => {
    const told = answer(request).catch((): Told => ({ status: 500, body: {} }))
    void told.then(({ status, body, token }) => {
      if (token)
        response.setHeader('set-cookie', `session=${token}; HttpOnly; SameSite=Lax; Path=/`)
      response.writeHead(status, { 'content-type': 'application/json' })
      return response.end(JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    flaws,
    async stop() {
      server.closeAllConnections()
      await new Promise((end) => server.close(end))
      await pool.end()
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part as string
  return body
}
