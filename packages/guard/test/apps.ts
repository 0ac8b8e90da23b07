import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { guardExpress } from '../src/express.ts'
import { guardFastify } from '../src/fastify.ts'
import { guardHono } from '../src/hono.ts'
import { found, type AdmissionOptions, type RequestGuard } from '../src/index.ts'
import { tenants } from './guarded.ts'

/** One small app, alike in every framework, to be asked over HTTP. */
export interface App {
  url: string
  stop(): Promise<void>
}

/** Scopes that were open when their client went away, by what they ended with. */
export type Ended = (code: string) => void

const list = (guard: RequestGuard) =>
  guard.tenant((scope) => scope.rows`select id, title from document order by id`)

const read = (guard: RequestGuard, id: string) =>
  guard.tenant(async (scope) => {
    const [row] = await scope.rows`select id, title from document where id = ${id}`
    return found(row)
  })

const create = (guard: RequestGuard, { id, title }: { id: string; title: string }) =>
  guard.tenant(async (scope) => {
    await scope.query`insert into document values (${scope.tenant}, ${id}, ${title})`
    scope.record('documents.create', { id })
    return { id }
  })

const slow = (guard: RequestGuard, ended: Ended) =>
  guard
    .tenant((scope) => scope.query`select pg_sleep(60)`)
    .catch((error: { code: string }) => ended(error.code))

const actions = {
  list: { action: 'documents.list' },
  read: { action: 'documents.read' },
  create: { action: 'documents.create' },
  remove: { action: 'documents.delete' },
} as const

export const frameworks: Record<string, (options: AdmissionOptions, ended: Ended) => Promise<App>> =
  {
    async fastify(options, ended) {
      const app = fastify({ forceCloseConnections: true })
      await app.register(guardFastify, options)
      const on = (kept: (typeof actions)[keyof typeof actions]) => ({ config: { kept } })
      type Id = { Params: { id: string } }
      app.get('/documents', on(actions.list), ({ guard }) => list(guard))
      app.get<Id>('/documents/:id', on(actions.read), ({ guard, params }) => read(guard, params.id))
      app.post<{ Body: { id: string; title: string } }>(
        '/documents',
        on(actions.create),
        ({ guard, body }) => create(guard, body),
      )
      app.delete('/documents/:id', on(actions.remove), () => 'deleted')
      app.get('/tenants/:tenant_id/documents', on(actions.list), ({ guard }) => list(guard))
      app.get<{ Params: { tenant: string } }>(
        '/support/:tenant/documents',
        {
          config: {
            kept: {
              action: 'support.look',
              tenant: ({ params }) => (params as { tenant: string }).tenant,
            },
          },
        },
        ({ guard }) => list(guard),
      )
      const rowOf = {
        action: 'documents.open',
        resource: ({ params }: { params: unknown }, guard: RequestGuard) =>
          findDocument(guard, (params as { id: string }).id),
      }
      app.get<Id>('/rows/:id', { config: { kept: rowOf } }, ({ params }) => ({ id: params.id }))
      app.get('/health', { config: { kept: { public: true } } }, () => 'well')
      app.get('/slow', on(actions.list), ({ guard }) => slow(guard, ended))
      app.get('/boom', on(actions.list), () => Promise.reject(new Error('boom')))
      app.get('/closed', () => 'open')
      app.register(
        async (part) => {
          part.get('/documents', on(actions.list), ({ guard }) => list(guard))
          part.get('/closed', () => 'open')
        },
        { prefix: '/v1' },
      )
      const url = await app.listen({ port: 0, host: '127.0.0.1' })
      return { url, stop: () => app.close() }
    },

    async express(options, ended) {
      const app = express()
      app.get('/early', (_, response) => void response.send('open'))
      const kept = guardExpress(app, options)
      app.use(express.json())
      app.get(
        '/documents',
        kept(actions.list, async ({ guard }, response) => void response.json(await list(guard))),
      )
      app.get(
        '/documents/:id',
        kept(
          actions.read,
          async ({ guard, params }, response) =>
            void response.json(await read(guard, params['id'])),
        ),
      )
      app.post(
        '/documents',
        kept(
          actions.create,
          async ({ guard, body }, response) =>
            void response.json(await create(guard, body as never)),
        ),
      )
      app.delete(
        '/documents/:id',
        kept(actions.remove, (_, response) => void response.send('deleted')),
      )
      app.get(
        '/tenants/:tenant_id/documents',
        kept(actions.list, async ({ guard }, response) => void response.json(await list(guard))),
      )
      app.get(
        '/support/:tenant/documents',
        kept(
          { action: 'support.look', tenant: ({ params }) => params['tenant'] as string },
          async ({ guard }, response) => void response.json(await list(guard)),
        ),
      )
      app.get(
        '/rows/:id',
        kept(
          {
            action: 'documents.open',
            resource: ({ params }, guard) => findDocument(guard, params['id'] as string),
          },
          ({ params }, response) => void response.json({ id: params['id'] }),
        ),
      )
      app.get(
        '/health',
        kept({ public: true }, (_, response) => void response.send('well')),
      )
      app.get(
        '/slow',
        kept(
          actions.list,
          async ({ guard }, response) => void response.json(await slow(guard, ended)),
        ),
      )
      app.get(
        '/boom',
        kept(actions.list, () => Promise.reject(new Error('boom'))),
      )
      app.get('/closed', (_, response) => void response.send('open'))
      const part = express.Router()
      part.get(
        '/documents',
        kept(actions.list, async ({ guard }, response) => void response.json(await list(guard))),
      )
      part.get('/closed', (_, response) => void response.send('open'))
      app.use('/v1', part)
      // Express says errors of the app aloud.
      app.use(
        ((_error, _request, response, _next) =>
          void response.status(500).end()) as express.ErrorRequestHandler,
      )
      return await listen(createServer(app))
    },

    async hono(options, ended) {
      const app = new Hono()
      const kept = guardHono(app, options)
      app.get(
        '/documents',
        kept(actions.list, async (c) => c.json(await list(c.var.guard))),
      )
      app.get(
        '/documents/:id',
        kept(actions.read, async (c) => c.json(await read(c.var.guard, c.req.param('id')!))),
      )
      app.post(
        '/documents',
        kept(actions.create, async (c) => c.json(await create(c.var.guard, await c.req.json()))),
      )
      app.delete(
        '/documents/:id',
        kept(actions.remove, (c) => c.text('deleted')),
      )
      app.get(
        '/tenants/:tenant_id/documents',
        kept(actions.list, async (c) => c.json(await list(c.var.guard))),
      )
      app.get(
        '/support/:tenant/documents',
        kept({ action: 'support.look', tenant: (c) => c.req.param('tenant')! }, async (c) =>
          c.json(await list(c.var.guard)),
        ),
      )
      app.get(
        '/rows/:id',
        kept(
          {
            action: 'documents.open',
            resource: (c, guard) => findDocument(guard, c.req.param('id')!),
          },
          (c) => c.json({ id: c.req.param('id') }),
        ),
      )
      app.get(
        '/health',
        kept({ public: true }, (c) => c.text('well')),
      )
      app.get(
        '/slow',
        kept(actions.list, async (c) => c.json(await slow(c.var.guard, ended))),
      )
      app.get(
        '/boom',
        kept(actions.list, () => Promise.reject(new Error('boom'))),
      )
      app.get('/closed', (c) => c.text('open'))
      const part = new Hono()
      part.get(
        '/documents',
        kept(actions.list, async (c) => c.json(await list(c.var.guard))),
      )
      part.get('/closed', (c) => c.text('open'))
      app.route('/v1', part)
      app.onError((_, c) => c.body(null, 500))
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
      await once(server, 'listening')
      return running(server)
    },
  }

/** As apps look for it: by rows, which are null to some and undefined to others, or by what knows all tenants. */
async function findDocument(guard: RequestGuard, id: string) {
  if (id === 'known') return entityOf(id, tenants.b)
  return await guard.tenant(async (scope) => {
    const [row] = await scope.rows`select id from document where id = ${id}`
    if (!row) return id === 'none' ? undefined : null
    return entityOf(id, scope.tenant)
  })
}

function entityOf(id: string, tenant: string) {
  return { type: 'Document', id, parents: [{ type: 'Tenant', id: tenant }] }
}

export async function listen(server: Server): Promise<App> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return running(server)
}

function running(server: Server): App {
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
