/** Test support: a small app with a guard that counts and tells its routes, sound until it is given a flaw. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import fastify, { type FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the guard decides before the route is served; null where nobody said. */
    action?: string | null
    public?: true
  }
  interface FastifyRequest {
    decided: boolean
  }
}

export const guardTokens = { a: 'token-of-a', b: 'token-of-b', report: 'token-of-the-report' }

/** What may be wrong with it, one at a time or several. */
export type GuardFlaw =
  /** A handler that answers before the guard has decided. */
  | 'skips the guard'
  /** Something in front of the framework that answers by itself. */
  | 'answers before the framework'
  /** A route without an action that the guard lets through. */
  | 'serves what has no action'
  /** One that says its action, and asks nobody for a token. */
  | 'serves strangers'
  | 'has a route that is not documented'
  | 'documents a route that is not there'
  /** In the guard's list, and yet something in front of it answers that it is not there. */
  | 'hides a documented route'
  | 'has a write without an action'

interface Route {
  method: string
  path: string
  action: string | null
  public: boolean
}

const described = { responses: { 200: { description: 'done' } } }
const document = {
  openapi: '3.1.0',
  info: { title: 'Invoices', version: '1' },
  servers: [{ url: '/v1' }],
  paths: {
    '/invoices': { get: described, post: described },
    '/invoices/{id}': { get: described, delete: described },
    '/customers': { get: described },
    '/health': { get: described },
  },
}

function of(action: string) {
  return { config: { action } }
}

export class GuardedApp {
  readonly flaws = new Set<GuardFlaw>()
  readonly instance = randomUUID()
  private counted = { requests: 0, decided: 0, undecided: 0, refused: 0, contradictions: 0 }
  private readonly routes: Route[] = []
  private app: FastifyInstance | null = null

  /** Starts it with the flaws that it has now; what it counted is gone. */
  async start(port = 0): Promise<string> {
    this.counted = { requests: 0, decided: 0, undecided: 0, refused: 0, contradictions: 0 }
    this.routes.length = 0
    const app = fastify({
      serverFactory: (handler) =>
        createServer((request, response) => {
          if (!this.answersInFront(request, response)) handler(request, response)
        }),
    })
    this.app = app
    this.guard(app)
    this.serve(app)
    const address = await app.listen({ host: '127.0.0.1', port })
    return address.replace('127.0.0.1', 'localhost')
  }

  async stop(): Promise<void> {
    await this.app?.close()
  }

  private answersInFront({ method, url }: IncomingMessage, response: ServerResponse): boolean {
    if (method !== 'GET') return false
    if (this.flaws.has('answers before the framework') && url === '/v1/customers') {
      response.end('[]')
      return true
    }
    if (this.flaws.has('hides a documented route') && url === '/v1/customers') {
      response.writeHead(404).end()
      return true
    }
    return false
  }

  /** Two counters: what was routed and answered, and what was decided. */
  private guard(app: FastifyInstance): void {
    app.addHook('onRoute', ({ method, url, config = {} }) => {
      for (const one of [method].flat().filter((name) => name !== 'HEAD')) {
        const { action = null, public: isPublic = false } = config
        this.routes.push({ method: one, path: url, action, public: isPublic })
      }
    })
    app.decorateRequest('decided', false)
    app.addHook('onRequest', async (request, reply) => {
      const { action = null, public: isPublic } = request.routeOptions.config
      if (isPublic || this.isLetThrough(request.routeOptions.url ?? '', action)) return
      const mayPass = action !== null && request.headers.authorization === `Bearer ${guardTokens.a}`
      request.decided = true
      if (mayPass) this.counted.decided++
      else {
        this.counted.refused++
        return reply.code(action === null ? 404 : 401).send({ error: 'no' })
      }
    })
    app.addHook('onResponse', async (request, { statusCode }) => {
      const { config, url } = request.routeOptions
      if (url === undefined) return
      this.counted.requests++
      if (statusCode < 400 && !request.decided && !config.public) this.counted.undecided++
    })
  }

  private isLetThrough(url: string, action: string | null): boolean {
    return (
      (this.flaws.has('skips the guard') && url === '/v1/customers') ||
      (this.flaws.has('serves what has no action') && action === null && url.includes('debug')) ||
      (this.flaws.has('serves strangers') && url === '/v1/invoices/:id')
    )
  }

  private serve(app: FastifyInstance): void {
    const own = { config: { public: true } } as const
    app.get('/v1/invoices', of('invoices.list'), () => [])
    app.post('/v1/invoices', of('invoices.create'), () => ({}))
    app.get<{ Params: { id: string } }>('/v1/invoices/:id', of('invoices.read'), (request, reply) =>
      request.params.id === 'inv-1' ? { id: 'inv-1' } : reply.code(404).send(),
    )
    app.delete('/v1/invoices/:id', of('invoices.delete'), () => ({}))
    app.get('/v1/customers', of('customers.list'), () => [])
    app.get('/v1/health', own, () => ({}))
    if (this.flaws.has('has a route that is not documented')) {
      app.get('/v1/export', of('invoices.export'), () => [])
    }
    if (this.flaws.has('serves what has no action')) {
      app.get<{ Params: { id: string } }>('/v1/debug/:id', (request, reply) =>
        request.params.id === 'inv-1' ? { id: 'inv-1' } : reply.code(404).send(),
      )
    }
    if (this.flaws.has('has a write without an action')) app.post('/v1/import', () => ({}))
    app.get('/openapi.json', own, () => {
      if (!this.flaws.has('documents a route that is not there')) return document
      return { ...document, paths: { ...document.paths, '/refunds/{id}': { get: described } } }
    })
    app.get('/.well-known/kept-canaries', own, () => ({
      openapi: '/openapi.json',
      tenants: { a: { objects: { invoice: 'inv-1' } }, b: { objects: { invoice: 'inv-2' } } },
    }))
    app.get('/.well-known/kept-guard', own, (request, reply) => {
      const isKnown = request.headers.authorization === `Bearer ${guardTokens.report}`
      if (!isKnown) return reply.code(404).send()
      return {
        instance: this.instance,
        since: '2026-11-20T12:00:00Z',
        ...this.counted,
        routes: this.routes,
      }
    })
  }
}
