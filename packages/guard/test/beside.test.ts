import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { serve } from '@hono/node-server'
import express from 'express'
import fastify, { type FastifyInstance } from 'fastify'
import { Hono } from 'hono'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { guardExpress } from '../src/express.ts'
import { guardFastify } from '../src/fastify.ts'
import { guardHono } from '../src/hono.ts'
import type { AdmissionOptions, Report } from '../src/index.ts'
import { ann, guarded, type Guarded } from './guarded.ts'
import { listen, type App } from './apps.ts'

const reportToken = 'a-token-of-the-report-that-is-long-enough'
const read = { action: 'documents.read' }

/** What is added beside the guard, in front of it and behind its back. */
describe('beside the guard', () => {
  let world: Guarded
  let options: AdmissionOptions
  const running: App[] = []

  beforeAll(async () => {
    world = await guarded('plain')
    const policies = { decide: () => ({ allowed: true, because: [], troubles: [] }) }
    const verify = () => Promise.resolve(ann)
    options = { guard: world.open({ policies }), verify, reportToken }
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.stop()))
  })
  afterAll(() => world.stop())

  const statusOf = async ({ url }: App, path: string, method = 'GET') => {
    const response = await fetch(url + path, { method })
    await response.text()
    return response.status
  }
  /** All that tells one answer from another. */
  const wholeOf = async ({ url }: App, path: string, method = 'GET') => {
    const response = await fetch(url + path, { method, redirect: 'manual' })
    const { date: _, ...headers } = Object.fromEntries(response.headers)
    return { status: response.status, headers, body: await response.text() }
  }
  const reportOf = async ({ url }: App): Promise<Report> => {
    const headers = { authorization: `Bearer ${reportToken}` }
    return (await (await fetch(`${url}/.well-known/kept-guard`, { headers })).json()) as Report
  }
  const openOf = ({ routes }: Report) =>
    routes
      .filter((route) => route.action === null && !route.public)
      .map(({ method, path }) => `${method} ${path}`)
  const run = async (app: App | Promise<App>) => {
    const one = await app
    running.push(one)
    return one
  }

  describe('on Fastify', () => {
    const start = async (app: FastifyInstance) => {
      const url = await app.listen({ port: 0, host: '127.0.0.1' })
      return await run({ url, stop: () => app.close() })
    }

    it('no route may be there before it', async () => {
      const early = fastify()
      early.get('/early', () => 'open')
      await expect(early.register(guardFastify, options)).rejects.toMatchObject({
        code: 'bad-option',
        message: expect.stringContaining('GET /early'),
      })
      // Registered and not awaited, it comes after the route all the same.
      const hasty = fastify()
      void hasty.register(guardFastify, options)
      hasty.get('/early', () => 'open')
      await expect(hasty.ready()).rejects.toMatchObject({ code: 'bad-option' })
      const direct = fastify()
      guardFastify(direct, options)
      direct.get('/late', { config: { kept: read } }, () => 'decided')
      expect(await statusOf(await start(direct), '/late')).toBe(200)
    })

    it('a part of the app that it does not see is told and closed', async () => {
      const app = fastify()
      await app.register(async (part) => {
        await part.register(guardFastify, options)
        part.get('/inside', { config: { kept: read } }, () => 'decided')
        part.get('/closed', () => 'open')
      })
      app.get('/users', () => 'open')
      app.post('/users/:id', () => 'open')
      const one = await start(app)
      expect(await statusOf(one, '/inside')).toBe(200)
      expect(await statusOf(one, '/closed')).toBe(404)
      expect(await statusOf(one, '/users')).toBe(404)
      const report = await reportOf(one)
      expect(report).toMatchObject({ requests: 3, decided: 1, undecided: 0, refused: 2 })
      expect(openOf(report)).toEqual(['GET /closed', 'GET /users', 'POST /users/:id', 'GET /*'])
    })

    it('routes in every spelling are found once', async () => {
      const app = fastify()
      await app.register(guardFastify, options)
      const config = { kept: read }
      app.get('/a/:id?', { config }, () => '')
      app.get('/b::c', { config }, () => '')
      app.get('/d/*', { config }, () => '')
      app.get('/e/:id(^\\d+$)', { config }, () => '')
      app.get('/f', { config, constraints: { host: 'x.example' } }, () => '')
      app.get('/f', { config }, () => '')
      app.register(async (part) => void part.get('/', { config }, () => ''), { prefix: '/g' })
      app.all('/h', { config }, () => '')
      const report = await reportOf(await start(app))
      expect(openOf(report)).toEqual([])
      expect(new Set(report.routes.map(({ path }) => path))).toEqual(
        new Set(['/a/:id?', '/b::c', '/d/*', '/e/:id(^\\d+$)', '/f', '/g', '/g/', '/h']),
      )
    })

    it('hooks of the app’s own that answer are closed', async () => {
      const app = fastify()
      app.addHook('onRequest', async (request, reply) => {
        if (request.url === '/a?skip') await reply.send('open')
        if (request.url === '/a?raw') reply.hijack().raw.end('open')
      })
      await app.register(guardFastify, options)
      app.get('/a', { config: { kept: read } }, () => 'decided')
      const one = await start(app)
      expect([await statusOf(one, '/a'), await statusOf(one, '/a?skip')]).toEqual([200, 404])
      expect(await statusOf(one, '/a?raw')).toBe(404)
      expect(await reportOf(one)).toMatchObject({ requests: 3, decided: 1, refused: 2 })
    })

    it('what is not found is answered alike, whatever the app makes of it', async () => {
      const app = fastify()
      app.setNotFoundHandler((_, reply) => reply.code(200).send('a page of the app'))
      await app.register(guardFastify, options)
      app.get('/closed', () => 'open')
      app.get('/public', { config: { kept: { public: true } } }, () => 'a page of the app')
      const one = await start(app)
      expect(await wholeOf(one, '/nowhere')).toEqual(await wholeOf(one, '/closed'))
      expect(await statusOf(one, '/public')).toBe(200)
      // As adapters ask that have no server.
      expect((await app.inject('/nowhere')).statusCode).toBe(404)
      expect((await app.inject('/public')).statusCode).toBe(200)
      expect(openOf(await reportOf(one))).toEqual(['GET /closed', 'GET /*'])
    })

    it('an error handler of the app keeps its errors, and the guard its own', async () => {
      const app = fastify()
      app.setErrorHandler((_, __, reply) => reply.code(418).send())
      await app.register(guardFastify, options)
      const fail = () => Promise.reject(new Error('no'))
      app.get('/own', { config: { kept: read } }, fail)
      app.get(
        '/route',
        { config: { kept: read }, errorHandler: (_, __, reply) => void reply.code(419).send() },
        fail,
      )
      const one = await start(app)
      expect(await statusOf(one, '/own')).toBe(418)
      expect(await statusOf(one, '/route')).toBe(419)
    })
  })

  describe('on Express', () => {
    const start = (app: express.Application) => run(listen(createServer(app)))
    const say = (text: string) =>
      ((_, response) => void response.send(text)) as express.RequestHandler

    it('every route is closed, whenever and however it was added', async () => {
      const app = express()
      app.get('/early', say('open'))
      const kept = guardExpress(app, options)
      const part = express.Router()
      app.use('/part', part)
      app.get(['/x', '/y'], say('open'))
      app
        .route('/both')
        .get(kept(read, say('decided')))
        .post(say('open'))
      app.get('/twice', say('open'), kept(read, say('decided')))
      app.get('/checked', (_request, _response, next) => next(), kept(read, say('decided')))
      app.all('/all', say('open'))
      app.all('/any', kept(read, say('decided')))
      app.use('/any', express.Router().all('/other', kept(read, say('decided'))))
      const one = await start(app)
      expect(await statusOf(one, '/both')).toBe(200)
      expect(await statusOf(one, '/any', 'PATCH')).toBe(200)
      expect(await statusOf(one, '/any/other', 'PATCH')).toBe(200)
      part.get('/late', say('open'))
      const inner = express.Router()
      part.use('/inner', inner)
      inner.delete('/z', say('open'))
      expect(await statusOf(one, '/checked')).toBe(200)
      for (const path of ['/early', '/x', '/y', '/all', '/twice', '/part/late']) {
        expect([path, await statusOf(one, path)]).toEqual([path, 404])
      }
      expect(await statusOf(one, '/both', 'POST')).toBe(404)
      expect(await statusOf(one, '/part/inner/z', 'DELETE')).toBe(404)
      inner.put('/later', say('open'))
      expect(await statusOf(one, '/part/inner/later', 'PUT')).toBe(404)
      const report = await reportOf(one)
      expect(report).toMatchObject({ requests: 13, decided: 4, undecided: 0, refused: 9 })
      expect(openOf(report).sort()).toEqual(
        [
          'GET /early',
          'GET /x',
          'GET /y',
          'POST /both',
          'GET /twice',
          'ALL /all',
          'GET /part/late',
          'DELETE /part/inner/z',
          'PUT /part/inner/later',
        ].sort(),
      )
    })

    it('a route that says neither is closed', async () => {
      const app = express()
      const kept = guardExpress(app, options)
      for (const [i, declared] of [
        {},
        { actoin: 'x' },
        { action: '' },
        { public: false },
      ].entries()) {
        app.get(`/${i}`, kept(declared as never, say('open')))
      }
      const one = await start(app)
      for (const path of ['/0', '/1', '/2', '/3']) expect(await statusOf(one, path)).toBe(404)
      expect(openOf(await reportOf(one))).toEqual(['GET /0', 'GET /1', 'GET /2', 'GET /3'])
    })

    it('an answer whose end was not waited for is closed, and so is what OPTIONS tells', async () => {
      const app = express()
      app.use('/stream', (_, response) => void response.write('open'))
      guardExpress(app, options)
      app.get('/a', say('open'))
      const one = await start(app)
      expect(await statusOf(one, '/stream')).toBe(404)
      expect(await statusOf(one, '/a', 'OPTIONS')).toBe(404)
      expect(await reportOf(one)).toMatchObject({ requests: 2, undecided: 0, refused: 2 })
    })

    it('what answers without being a route is closed and told', async () => {
      const app = express()
      app.use('/first', say('open'))
      const kept = guardExpress(app, options)
      const inner = express()
      inner.get('/secret', say('open'))
      app.use('/inner', inner)
      app.use('/assets', kept({ public: true }, say('asset')))
      const lazy = express.Router()
      lazy.get('/x/:id', say('open'))
      lazy.get(
        '/kept',
        kept(read, (_, response) => void response.json('decided')),
      )
      app.use((request, response, next) => lazy(request, response, next))
      app.use('/t/:tenant', (_, response) => {
        response.writeHead(200, { 'x-secret': 'open' }).end('open')
      })
      app.use('/moved', (_, response) => response.redirect('/open?token=secret'))
      app.use('/piped', (_, response) => void Readable.from(['open', 'open']).pipe(response))
      const one = await start(app)
      for (const path of ['/first', '/inner/secret', '/x/7', '/t/b7', '/moved', '/piped']) {
        expect([path, await wholeOf(one, path)]).toEqual([path, await wholeOf(one, '/nowhere')])
      }
      expect(await statusOf(one, '/assets/logo')).toBe(200)
      expect(await statusOf(one, '/kept')).toBe(200)
      const report = await reportOf(one)
      expect(report).toMatchObject({ requests: 14, decided: 2, undecided: 0, refused: 6 })
      expect(openOf(report)).toEqual([
        'ALL /inner/*',
        'GET /first/*',
        'GET /inner/secret',
        'GET /x/:id',
        'GET /t/*/*',
        'GET /moved/*',
        'GET /piped/*',
      ])
    })

    it('an app within the app has a guard of its own', async () => {
      const app = express()
      guardExpress(app, options)
      const inner = express()
      const kept = guardExpress(inner, options)
      inner.get('/kept', kept(read, say('decided')))
      inner.get('/closed', say('open'))
      app.use('/inner', inner)
      const one = await start(app)
      expect(await statusOf(one, '/inner/kept')).toBe(200)
      expect(await statusOf(one, '/inner/closed')).toBe(404)
    })

    it('a closed route is answered as one that is not there, by any method', async () => {
      const app = express()
      app.use((request, response, next) => {
        response.set('access-control-allow-origin', '*')
        if (request.headers['access-control-request-method']) response.sendStatus(204)
        else next()
      })
      const kept = guardExpress(app, options)
      app.get('/closed', say('open'))
      app.get('/a', kept(read, say('decided')))
      const one = await start(app)
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PROPFIND']) {
        const closed = await wholeOf(one, '/closed', method)
        expect(closed).toEqual(await wholeOf(one, '/nowhere', method))
        expect(closed).toMatchObject({
          status: 404,
          headers: { 'access-control-allow-origin': '*' },
        })
      }
      const headers = { 'access-control-request-method': 'GET' }
      const preflight = await fetch(`${one.url}/a`, { method: 'OPTIONS', headers })
      expect(preflight.status).toBe(204)
      expect(await statusOf(one, '/a')).toBe(200)
    })
  })

  describe('on Hono', () => {
    const start = async (app: Hono) => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server
      await once(server, 'listening')
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      return await run({ url, stop: () => new Promise((resolve) => server.close(() => resolve())) })
    }

    it('no route may be there before it, and what passes on may', async () => {
      const early = new Hono()
      early.get('/early', (c) => c.text('open'))
      expect(() => guardHono(early, options)).toThrow(
        expect.objectContaining({ code: 'bad-option' }),
      )
      const app = new Hono()
      app.use('*', async (c, next) => (c.req.path === '/cache' ? c.text('open') : await next()))
      const kept = guardHono(app, options)
      app.get(
        '/a',
        kept(read, (c) => c.text('decided')),
      )
      const one = await start(app)
      expect([await statusOf(one, '/a'), await statusOf(one, '/cache')]).toEqual([200, 404])
      // What stands in front of the guard and answers is told.
      const report = await reportOf(one)
      expect(report).toMatchObject({ requests: 2, decided: 1, undecided: 0, refused: 1 })
      expect(openOf(report)).toEqual(['GET /*'])
    })

    it('what passes on may put another request in place, and answers nobody by itself', async () => {
      const app = new Hono()
      app.use('*', async (c, next) => {
        c.req.raw = new Request(c.req.raw)
        await next()
      })
      const kept = guardHono(app, options)
      app.use('/a', async (c, next) => (c.req.query('skip') ? c.text('open') : await next()))
      app.get(
        '/a',
        kept(read, (c) => c.text('decided')),
      )
      app.get('/closed', (c) => c.text('open'))
      const one = await start(app)
      expect(await statusOf(one, '/a')).toBe(200)
      const closed = await wholeOf(one, '/closed')
      expect(await wholeOf(one, '/a?skip=1')).toEqual(closed)
      expect(await wholeOf(one, '/nowhere')).toEqual(closed)
    })

    it('every route is closed, whenever and however it was added', async () => {
      const app = new Hono()
      const kept = guardHono(app, options)
      app.all('/all', (c) => c.text('open'))
      app.on(['GET', 'POST'], ['/x', '/y'], (c) => c.text('open'))
      app.get('/first/:id', (c) => c.text('open'))
      app.get(
        '/first/1',
        kept(read, (c) => c.text('decided')),
      )
      app.get(
        '/checked',
        async (_, next) => await next(),
        kept(read, (c) => c.text('decided')),
      )
      app.get('/twice', (c) => c.text('open'))
      app.get(
        '/twice',
        kept(read, (c) => c.text('decided')),
      )
      const part = new Hono()
      part.onError((_, c) => c.text('no', 500))
      part.get(
        '/decided',
        kept(read, (c) => c.text('decided')),
      )
      part.get('/open', (c) => c.text('open'))
      app.route('/part', part)
      app.mount('/other', () => new Response('open'))
      const one = await start(app)
      for (const path of [
        '/all',
        '/x',
        '/y',
        '/first/1',
        '/first/2',
        '/twice',
        '/part/open',
        '/other/x',
      ]) {
        expect([path, await statusOf(one, path)]).toEqual([path, 404])
      }
      expect(await statusOf(one, '/part/decided')).toBe(200)
      expect(await statusOf(one, '/checked')).toBe(200)
      const report = await reportOf(one)
      expect(report).toMatchObject({ requests: 10, decided: 2, undecided: 0, refused: 8 })
      expect(openOf(report).sort()).toEqual(
        [
          'ALL /all',
          'GET /x',
          'POST /x',
          'GET /y',
          'POST /y',
          'GET /first/:id',
          'GET /part/open',
        ].sort(),
      )
    })
  })
})
