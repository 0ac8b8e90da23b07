/** Test support: a small multi-tenant app as teams write them, with one leak of `leaks.ts` or none. */
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import pg from 'pg'
import { hash, type Urls } from './canaries.ts'
import { describe } from './document.ts'
import { jobs, scoped } from './jobs.ts'
import { leaks, type Leak } from './leaks.ts'
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

export async function startLeakyApp({
  urls,
  leak: name,
}: {
  urls: Urls
  leak: string | null
}): Promise<LeakyApp> {
  const leak = findLeak(name)
  const pools = {
    app: new pg.Pool({ connectionString: urls.app, max: 10 }),
    back: new pg.Pool({ connectionString: urls.back, max: 10 }),
  }
  for (const pool of Object.values(pools)) pool.on('error', () => {})
  if (leak?.plant) await asOwner(urls.owner, leak.plant)
  const changed = leak?.change?.() ?? {}
  const scope = changed.scoped ?? scoped
  const operations = Object.fromEntries(
    Object.entries(sound).map(([id, operation]): [string, Operation] => [
      id,
      { ...operation, ...changed.operations?.[id] },
    ]),
  )

  let work = Promise.resolve()
  /** One job after the other, each in its own tenant. */
  async function drain(): Promise<void> {
    const next = `delete from jobs where id = (select min(id) from jobs) returning *`
    for (let [job] = await all(pools.back, next); job; [job] = await all(pools.back, next)) {
      const run = { ...jobs, ...changed.jobs }[String(job['kind'])]!
      const found = job
      await scope(pools.app, String(job['tenant_id']), (tx) => run(tx, pools.back, found)).catch(
        (error: unknown) => http.log.error(error),
      )
    }
  }
  const wake = () => (work = work.then(drain))
  await wake()

  const http = Fastify()
  // A HEAD route that is there already stays.
  changed.routes?.(http, pools.back)
  const callers = new WeakMap<FastifyRequest, Caller>()
  async function admit(request: FastifyRequest, role: Operation['for']): Promise<void> {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    const [row] = await all(
      pools.back,
      `select m.tenant_id, m.id, seat, role from tokens t
       join members m on m.tenant_id = t.tenant_id and m.id = t.member where hash = $1`,
      [hash(token ?? '')],
    )
    if (row === undefined) throw new Refused(401, 'who asks?')
    const { tenant_id: tenant, id: member, ...rest } = row
    const caller = { tenant, member, ...rest } as Caller
    const lacks = role === 'admin' && caller.role !== 'admin'
    if (lacks && !changed.admits?.(request, caller)) throw new Refused(403, 'not for your role')
    callers.set(request, caller)
  }

  for (const { method, path, for: role, ...operation } of Object.values(operations)) {
    const answer = async (request: FastifyRequest, reply: FastifyReply) => {
      const caller = callers.get(request)!
      const result = await scope(pools.app, caller.tenant, (tx) =>
        operation.run({
          tx,
          back: pools.back,
          caller,
          params: request.params as Record<string, string>,
          query: request.query as Query,
          body: request.body as Row,
          headers: request.headers,
          reply,
          idle: () => work,
        }),
      )
      if (operation.status === 202) void wake()
      if (operation.status !== undefined) reply.code(operation.status)
      return reply.send(result)
    }
    http.route({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      schema: schemaOf(path, operation),
      onRequest: (request) => admit(request, role),
      handler: answer,
    })
  }
  http.get('/openapi.json', () => describe(operations))
  http.get('/.well-known/kept-canaries', async () => ({
    openapi: '/openapi.json',
    lesser: Object.keys(sound).filter((id) => sound[id]!.for === 'member'),
    tenants: await canaryObjects(pools.back),
    operations: [
      {
        name: 'lookupInvoices',
        method: 'POST',
        path: '/invoices/lookup',
        body: { invoices: ['{invoice}'] },
        control: 'readInvoice',
      },
    ],
  }))
  http.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'not found' }))
  http.setErrorHandler((error, request, reply) => {
    const { status, message } = toAnswer(error, request.method)
    return reply.code(status).send({ error: message })
  })
  const origin = await http.listen({ host: '127.0.0.1', port: 0 })
  return {
    origin,
    async stop() {
      await http.close()
      await work
      await Promise.all(Object.values(pools).map((pool) => pool.end()))
      if (leak?.mend) await asOwner(urls.owner, leak.mend)
    },
  }
}

function schemaOf(path: string, { query, body }: Pick<Operation, 'query' | 'body'>) {
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
