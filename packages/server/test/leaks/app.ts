/** Test support: a small multi-tenant app as teams write them, with one leak of `leaks.ts` or none. */
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import pg from 'pg'
import { hash, type Urls } from './canaries.ts'
import { describe } from './document.ts'
import { jobs, openWorker, scoped, type Pools, type Worker } from './jobs.ts'
import { leaks, type Change, type Leak } from './leaks.ts'
import { Refused, all, type Caller, type Operation, type Query, type Row } from './operation.ts'
import { operations as sound } from './operations.ts'

export interface LeakyApp {
  /** On loopback, without a slash at its end. */
  origin: string
  /** Mends what the leak planted, and ends. */
  stop(): Promise<void>
}

/** @throws Error for a leak that nobody knows */
function findLeak(name: string | null): Leak | null {
  const leak = leaks.find((one) => one.name === name) ?? null
  if (name !== null && leak === null) throw new Error(`there is no leak "${name}"`)
  return leak
}

/**
 * Starts the app on a free port of loopback. What a leak wrote stays in the database when it is mended:
 * give each leak a database of its own (`leakyDatabase`).
 */
export async function startLeakyApp(settings: {
  urls: Urls
  leak: string | null
}): Promise<LeakyApp> {
  const { urls } = settings
  const leak = findLeak(settings.leak)
  const pools = { app: openPool(urls.app), back: openPool(urls.back) }
  if (leak?.plant) await asOwner(urls.owner, leak.plant)
  const change = leak?.change?.() ?? {}
  const worker = openWorker(pools, change.scoped ?? scoped, { ...jobs, ...change.jobs })
  await worker.wake()
  const http = Fastify()
  serve(http, pools, worker, change)
  const origin = await http.listen({ host: '127.0.0.1', port: 0 })
  return {
    origin,
    async stop() {
      await http.close()
      await worker.idle()
      await Promise.all([pools.app.end(), pools.back.end()])
      if (leak?.mend) await asOwner(urls.owner, leak.mend)
    },
  }
}

function serve(http: FastifyInstance, pools: Pools, worker: Worker, change: Change): void {
  const operations = Object.fromEntries(
    Object.entries(sound).map(([id, one]) => [id, { ...one, ...change.operations?.[id] }]),
  )
  // A HEAD route that is there already stays.
  change.routes?.(http, pools.back)
  for (const operation of Object.values(operations))
    addRoute(http, pools, worker, change, operation)
  http.get('/openapi.json', () => describe(operations))
  http.get('/.well-known/kept-canaries', async () => ({
    openapi: '/openapi.json',
    lesser: Object.keys(sound).filter((id) => sound[id]!.for === 'member'),
    tenants: await canaryObjects(pools.back),
    operations: [lookup],
  }))
  http.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'not found' }))
  http.setErrorHandler((error, request, reply) => {
    const { status, message } = toAnswer(error, request.method)
    return reply.code(status).send({ error: message })
  })
}

/** How the one operation is tried whose body holds a list of ids. */
const lookup = {
  name: 'lookupInvoices',
  method: 'POST',
  path: '/invoices/lookup',
  body: { invoices: ['{invoice}'] },
  control: 'readInvoice',
}

function addRoute(
  http: FastifyInstance,
  pools: Pools,
  worker: Worker,
  change: Change,
  operation: Operation,
): void {
  const scope = change.scoped ?? scoped
  const callers = new WeakMap<FastifyRequest, Caller>()
  http.route({
    method: operation.method,
    url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    schema: schemaOf(operation),
    async onRequest(request) {
      const caller = await findCaller(pools.back, request.headers.authorization)
      const lacks = operation.for === 'admin' && caller.role !== 'admin'
      if (lacks && !change.admits?.(request, caller)) throw new Refused(403, 'not for your role')
      callers.set(request, caller)
    },
    async handler(request, reply) {
      const caller = callers.get(request)!
      const call = {
        back: pools.back,
        caller,
        params: request.params as Record<string, string>,
        query: request.query as Query,
        body: request.body as Row,
        headers: request.headers,
        reply,
      }
      // A connection that waited here would be missing to the jobs.
      if (operation.waits) await worker.idle()
      const answer = await scope(pools.app, caller.tenant, (tx) => operation.run({ tx, ...call }))
      if (operation.status === 202) void worker.wake()
      if (operation.status !== undefined) reply.code(operation.status)
      return reply.send(answer)
    },
  })
}

/** @throws Refused 401 for nobody */
async function findCaller(back: pg.Pool, header = ''): Promise<Caller> {
  const token = /^Bearer (\S+)$/.exec(header)?.[1] ?? ''
  const [caller] = await all(
    back,
    `select m.tenant_id as tenant, m.id as member, seat, role from tokens t
     join members m on m.tenant_id = t.tenant_id and m.id = t.member where hash = $1`,
    [hash(token)],
  )
  if (caller === undefined) throw new Refused(401, 'who asks?')
  return caller as unknown as Caller
}

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 10 })
  return pool.on('error', () => {})
}

function schemaOf({ path, query, body }: Operation) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
  const uuid = { type: 'string', format: 'uuid' }
  return {
    params: { type: 'object', properties: Object.fromEntries(names.map((name) => [name, uuid])) },
    querystring: { type: 'object', properties: query ?? {} },
    ...(body ? { body } : {}),
  }
}

/** What went wrong, in words that are the same for a thing of others and for one that is not there. */
function toAnswer(error: unknown, method: string): { status: number; message: string } {
  if (error instanceof Refused) return { status: error.status, message: error.message }
  const { code, validation, statusCode } = error as Row
  if (validation !== undefined || code === '22P02') return { status: 400, message: 'not valid' }
  if (code === '23505') return { status: 409, message: 'already there' }
  if (code === '23503' && method === 'DELETE') return { status: 409, message: 'still in use' }
  if (code === '23503') return { status: 404, message: 'not found' }
  if (typeof statusCode === 'number') return { status: statusCode, message: 'refused' }
  return { status: 500, message: 'our fault' }
}

async function canaryObjects(back: pg.Pool): Promise<Row> {
  const rows = await all(back, 'select letter, objects from canaries')
  return Object.fromEntries(rows.map(({ letter, objects }) => [letter, { objects }]))
}

async function asOwner(url: string, sql: string): Promise<void> {
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  await owner.query(sql)
  await owner.end()
}
