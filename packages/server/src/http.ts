import { randomUUID } from 'node:crypto'
import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { openBodies, usualBody } from './bodies.ts'
import { cachedHeaders, etagOf, isNamed, type Cache } from './cache.ts'
import { addConsole, type Console } from './console.ts'
import { asFailure, Failure } from './foundation/failure.ts'
import { parseJson } from './foundation/json.ts'
import { challengeCookieName, cookieName, readCookie, writeCookie } from './foundation/cookie.ts'
import type { Document, Operation, Route, Session } from './foundation/operation.ts'
import { nobody, refuse, type Credentials, type Gate } from './gate.ts'
import { factsOf, type Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { isLoopback, isLoopbackHost } from './outside/reach.ts'
import { readProxies } from './proxies.ts'
import { checkSignatureFields } from './signed-request.ts'

export interface HttpSettings {
  /** Where readers find this Kept: signatures are made for it. */
  origin: string
  routes: readonly Route[]
  gate: Gate
  /** Whether a stranger may ask for it at all. */
  isOpen: (operation: Operation) => boolean
  log: Log
  metrics: Metrics
  cache: Cache
  /** What answers a failure to somebody who reads HTML. */
  renderProblem?: (failure: Failure, request: string) => Document
  /** The files of the console; it is served nowhere when absent. */
  console?: Console
  tls: { cert: string; key: string } | null
  /** Proxies whose X-Forwarded-* headers are believed: addresses or ranges. None unless said. */
  proxies: readonly string[]
  /** Requests a minute of an address to what costs something; 20 when absent. */
  mostAsks?: number
  isReady: () => Promise<boolean>
}

/**
 * The HTTP server over the gate: every route is an operation. Limits are short, so that slow clients
 * by the hundred leave room for others.
 */
export function openHttp(settings: HttpSettings): FastifyInstance {
  const { origin, tls, proxies, cache, metrics, log } = settings
  // A declared proxy is one that adds TLS.
  const isSecure = tls !== null || proxies.length > 0
  const isProxy = readProxies(proxies)
  const bodies = openBodies()
  /** Who comes in the clear by no declared proxy. */
  const strangers = new WeakSet<Socket>()
  const app = fastify({
    serverFactory(handler) {
      const listener = (request: IncomingMessage, response: ServerResponse) => {
        if (strangers.has(request.socket)) return refuseUnheard(response, stranger(origin))
        if (isNameless(request)) return refuseUnheard(response, nameless())
        if (!mayAskMore(request.socket, response)) return
        if (isSecure) response.setHeader('strict-transport-security', 'max-age=31536000')
        if (!cache.answer(request, response)) handler(request, response)
      }
      const server = tls
        ? createSecureServer({ ...tls, ...suites, ...timeouts }, listener)
        : createServer(timeouts, listener)
      server.on('connection', (socket: Socket) => {
        const from = socket.remoteAddress ?? ''
        if (tls === null && !isLoopback(from) && !isProxy(from)) strangers.add(socket)
      })
      server.timeout = 15_000
      server.maxConnections = 2000
      return server
    },
    // Before the socket's own end: whoever waits hears that the database is away.
    handlerTimeout: 12_000,
    bodyLimit: usualBody,
    trustProxy: proxies.length > 0 ? isProxy : false,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 500 },
    exposeHeadRoutes: true,
    frameworkErrors: (error, request, reply) => void sendFailure(settings, error, request, reply),
    clientErrorHandler: refuseUnread,
  })

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', (request: FastifyRequest) =>
    bodies.read(request.raw, request.routeOptions.bodyLimit),
  )
  // RFC 7644 section 3.1.
  app.addContentTypeParser('application/scim+json', (request: FastifyRequest) =>
    bodies.read(request.raw, request.routeOptions.bodyLimit),
  )
  app.addContentTypeParser('application/x-www-form-urlencoded', (request: FastifyRequest) =>
    bodies.read(request.raw, formLimit(request)),
  )
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    bodies.watch(request.raw, reply.raw)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.requests.observe({ route, status: reply.statusCode }, reply.elapsedTime / 1000)
    log.info({
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      requestId: request.id,
    })
  })
  app.setErrorHandler((error, request, reply) => sendFailure(settings, error, request, reply))
  const takes = methodsOf(settings.routes)
  app.setNotFoundHandler((request, reply) => {
    const methods = takes(request.url)
    if (methods.length > 0) reply.header('allow', methods.join(', '))
    const failure =
      methods.length > 0
        ? new Failure('wrong-method', `this address takes ${methods.join(' and ')}`)
        : new Failure('not-found', 'there is nothing at this address')
    return sendFailure(settings, failure, request, reply)
  })
  void app.register(rateLimit, { global: false, errorResponseBuilder: tooMany })
  // Routes that say a limit are given it only once the plugin is there.
  void app.register((scope, _, done) => {
    for (const route of settings.routes) addRoute(scope, settings, route)
    addHealth(scope, settings)
    // Files that say nothing by themselves; whatever they show passes the gate.
    if (settings.console) addConsole(scope, settings.console)
    done()
  })
  return app
}

/** How large a form may be: a person types little, and only a provider sends a document in one. */
function formLimit({ routeOptions }: FastifyRequest): number {
  const { foreign } = routeOptions.config as { foreign?: true }
  return foreign ? routeOptions.bodyLimit : Math.min(routeOptions.bodyLimit, 16 * 1024)
}

/** By address, or by network of IPv6, in a minute. */
const limit = { max: 20, timeWindow: 60_000 }

function tooMany(): Failure {
  return new Failure('too-many', 'too many requests came from this address', {
    fix: 'try again in a minute',
  })
}

/** What a connection may take, in milliseconds, and what Node leaves to us. */
const timeouts = {
  headersTimeout: 5000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 3000,
  // Node would answer by itself, and in no words.
  requireHostHeader: false,
}

const waiting = new WeakMap<Socket, number>()
/** Requests that one connection may have waiting: nobody who reads the answers sends more ahead. */
const mostWaiting = 10

/**
 * Counts what waits on a connection, and closes one that asks for too much. `maxRequestsPerSocket` of
 * Node counts those of a whole life, so that a bound on this would end each proxy's connections too.
 */
function mayAskMore(socket: Socket, response: ServerResponse): boolean {
  const count = (waiting.get(socket) ?? 0) + 1
  if (count > mostWaiting) {
    socket.destroy()
    return false
  }
  waiting.set(socket, count)
  response.on('close', () => waiting.set(socket, waiting.get(socket)! - 1))
  return true
}

/** AEAD only, with forward secrecy: Node's own list still has others. */
const suites = {
  minVersion: 'TLSv1.2' as const,
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
}

function addRoute(app: FastifyInstance, settings: HttpSettings, route: Route): void {
  const { gate, isOpen, cache, origin, mostAsks = limit.max } = settings
  const { method, path, operation, document, cached, limited, mostBytes, status = 200 } = route
  app.route({
    method,
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    config: {
      ...(limited ? { rateLimit: { ...limit, max: mostAsks } } : {}),
      ...(route.foreign ? { foreign: true } : {}),
      ...(route.tells ? { tells: route.tells } : {}),
    },
    ...(mostBytes === undefined ? {} : { bodyLimit: mostBytes }),
    // Before the body is read: whoever has no signature at all is not given room for one.
    onRequest(request, reply, done) {
      const refusal = refusalOf(headersOf(request), isOpen(operation), cookieName(origin))
      if (refusal !== null) reply.header('connection', 'close')
      done(refusal ?? undefined)
    },
    async handler(request, reply) {
      const key = method === 'GET' ? undefined : idempotencyKeyOf(request)
      const isCrossSite = method !== 'GET' && usesCookie(route, request)
      if (isCrossSite && !isSameSite(request, origin)) throw crossSite()
      const ask = () =>
        gate.enter({
          caller: { credentials: credentialsOf(request, origin, route) },
          operation,
          input: () => ({
            ...inputOf(request, queryOf(route, request)),
            ...(route.challenge && { challenge: challengeOf(request, origin) }),
            ...(route.challenge && document && { agent: agentOf(request) }),
            ...(route.query && { query: request.url.split('?')[1] ?? '' }),
            ...(route.authorization && { authorization: request.headers.authorization }),
          }),
          ...(key === undefined ? {} : { idempotencyKey: key }),
        })
      if (!document) {
        const output = await ask()
        const said = route.session || route.challenge ? takeCookies(reply, origin, output) : output
        return reply.code(status).type('application/json').send(JSON.stringify(said))
      }
      const make = async () => (await ask()) as Document
      if (!cached) return sendDocument(request, reply, origin, await make())
      const isAlike = request.method === 'GET' && request.headers['signature'] === undefined
      const makeCached = async () => asCached(await make())
      return sendDocument(
        request,
        reply,
        origin,
        await (isAlike ? cache.share(spellAddress(route, request), makeCached) : makeCached()),
      )
    },
  })
}

/** An address in one spelling, so that `?&` and `%61` are no addresses of their own. */
function spellAddress(route: Route, request: FastifyRequest): string {
  const { path } = route
  const given = request.params as Record<string, string>
  const spelled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(given[name]!),
  )
  const pairs = Object.entries(queryOf(route, request))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value]))
  return pairs.length === 0 ? spelled : `${spelled}?${new URLSearchParams(pairs).toString()}`
}

/** By which methods an address is taken; none when there is nothing at it. */
function methodsOf(routes: readonly Route[]): (url: string) => string[] {
  const patterns = routes.map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replace('*', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }))
  return (url) => {
    const [path] = url.split('?') as [string]
    const found = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
    return [...new Set(found.flatMap((method) => (method === 'GET' ? [method, 'HEAD'] : method)))]
  }
}

/** What Node's own reader of HTTP refuses never becomes a request: it is answered on the socket. */
function refuseUnread(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { status, body } = sayUnread(error.code)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}

function sayUnread(code: string | undefined): { status: number; body: string } {
  const failure =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? new Failure('too-slow', 'the request did not arrive within its time')
      : code === 'HPE_HEADER_OVERFLOW'
        ? new Failure('headers-too-large', 'the headers are larger than 16 KiB')
        : new Failure('bad-http', 'the request cannot be read as HTTP/1.1')
  return { status: failure.status, body: JSON.stringify(failure.toProblem()) }
}

function asCached(document: Document): Document {
  return { ...document, headers: { ...cachedHeaders, ...document.headers } }
}

/** Why a request is refused by its headers alone, or null. */
function refusalOf(
  headers: Credentials['headers'],
  isOpen: boolean,
  cookie: string,
): Failure | null {
  if (headers['signature'] === undefined) {
    const isKnown =
      headers['authorization'] !== undefined || readCookie(headers['cookie'], cookie) !== null
    return isOpen || isKnown ? null : refuse(nobody)
  }
  try {
    checkSignatureFields(headers)
    return null
  } catch (error) {
    return asFailure(error)
  }
}

/** Longer keys are refused, never cut: two that begin alike would be one. */
function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && key.length > 0 && key.length <= 200) return key
  throw new Failure('bad-input', 'an Idempotency-Key has 1 to 200 characters')
}

function headersOf(request: FastifyRequest): Credentials['headers'] {
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ])
  return Object.fromEntries(headers) as Credentials['headers']
}

function credentialsOf(
  request: FastifyRequest,
  origin: string,
  { foreign, authorization: isInput }: Pick<Route, 'foreign' | 'authorization'>,
): Credentials {
  const { cookie, authorization, ...others } = headersOf(request)
  return {
    method: request.method,
    url: addressOf(request, origin) + request.url,
    headers: {
      ...others,
      ...(!foreign && cookie !== undefined && { cookie }),
      ...(!isInput && authorization !== undefined && { authorization }),
    },
    body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(0),
    address: request.ip,
  }
}

/** What is not encrypted is for proxies that encrypt it, and for this machine. */
function stranger(origin: string): Failure {
  return new Failure('not-allowed', 'what is not encrypted is served to declared proxies', {
    fix: `come by ${origin}; whoever runs this Kept names a proxy with --proxy`,
  })
}

/** RFC 9112 section 3.2: a request of HTTP/1.1 says which host it is for. */
function isNameless({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.host === undefined && httpVersion === '1.1'
}

function nameless(): Failure {
  return new Failure('bad-http', 'a request of HTTP/1.1 has a Host header')
}

/** Answers before any of it is looked at. */
function refuseUnheard(response: ServerResponse, failure: Failure): void {
  const body = JSON.stringify(failure.toProblem())
  const headers = {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  response.writeHead(failure.status, headers).end(body)
}

/**
 * What a signature must have been made for: this Kept's own address, or the port of this machine that it
 * came in by. Whatever else a request says of its host, one that was signed for another Kept is no good.
 */
function addressOf({ host, protocol, socket }: FastifyRequest, origin: string): string {
  const [, name = '', port] = /^(.+):(\d+)$/.exec(host) ?? []
  const isLocal = isLoopbackHost(name) && Number(port) === socket.localPort
  return isLocal ? `${protocol}://${host}` : origin
}

type Query = Readonly<Record<string, string | string[]>>

/** Of an address that people pass on only what its document takes: mails and networks add to every link. */
function queryOf({ method, document, operation }: Route, request: FastifyRequest): Query {
  const query = request.query as Query
  if (!document || method !== 'GET' || !(operation.input instanceof z.ZodObject)) return query
  const { shape } = operation.input
  return Object.fromEntries(Object.entries(query).filter(([name]) => Object.hasOwn(shape, name)))
}

/** Path, query and body make up one input; the path has the last word. */
function inputOf(request: FastifyRequest, query: Query): object {
  const body = bodyOf(request)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Failure('bad-input', 'the body must be a JSON object')
  }
  return { ...query, ...body, ...(request.params as object) }
}

function bodyOf(request: FastifyRequest): unknown {
  if (!Buffer.isBuffer(request.body) || request.body.length === 0) return {}
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return isForm
    ? Object.fromEntries(new URLSearchParams(request.body.toString('utf8')))
    : parseJson(request.body)
}

/** The tokens leave in the cookies and nowhere else. */
function takeCookies(reply: FastifyReply, origin: string, output: unknown): unknown {
  const { session, challenge, ...rest } = output as Pick<Document, 'session' | 'challenge'>
  setCookies(reply, origin, { session, challenge })
  reply.header('cache-control', 'no-store')
  return rest
}

function setCookies(
  reply: FastifyReply,
  origin: string,
  { session, challenge }: { [name in 'session' | 'challenge']?: Session | null | undefined },
): void {
  if (session !== undefined) reply.header('set-cookie', writeCookie(origin, session))
  if (challenge === undefined) return
  reply.header('set-cookie', writeCookie(origin, challenge, challengeCookieName(origin)))
}

function agentOf({ headers }: FastifyRequest): string {
  return (headers['user-agent'] ?? '').slice(0, 500)
}

function challengeOf({ headers }: FastifyRequest, origin: string): string | null {
  return readCookie(headers.cookie, challengeCookieName(origin))
}

/** Whether another site could have somebody's browser ask this for them. */
function usesCookie({ session, challenge, foreign }: Route, { headers }: FastifyRequest): boolean {
  if (foreign) return false
  const proves = headers['signature'] ?? headers.authorization
  return (
    proves === undefined && (session === true || challenge === true || headers.cookie !== undefined)
  )
}

/** Browsers say where a request comes from, in words that no page can choose. */
function isSameSite({ headers, host, protocol, socket }: FastifyRequest, origin: string): boolean {
  const from = headers['sec-fetch-site']
  if (from !== undefined) return from === 'same-origin' || from === 'none'
  const { origin: said } = headers
  // No browser leaves both out of a request that changes something.
  if (said === undefined) return true
  const isLocal =
    isLoopbackHost(host.replace(/:\d+$/, '')) && isLoopback(socket.remoteAddress ?? '')
  return said === origin || (isLocal && said === `${protocol}://${host}`)
}

function crossSite(): Failure {
  return new Failure('cross-site', 'this was asked for by another site', {
    fix: 'ask it from the console itself',
  })
}

function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  origin: string,
  document: Document,
) {
  const { type, body, headers = {}, status = 200, session, challenge } = document
  setCookies(reply, origin, { session, challenge })
  const etag = etagOf(body)
  reply.headers({ 'cache-control': 'no-cache', ...headers, etag })
  const isKnown = status === 200 && isNamed(etag, request.headers['if-none-match'])
  if (isKnown) return reply.code(304).send()
  return reply
    .code(status)
    .type(type)
    .send(typeof body === 'string' ? body : Buffer.from(body))
}

/** What Fastify itself refuses, in our words. */
const refusals: Record<string, Failure> = {
  FST_ERR_HANDLER_TIMEOUT: new Failure('database-away', 'the answer took too long', {
    fix: 'try again',
  }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new Failure('bad-input', 'send the body as application/json'),
  FST_ERR_CTP_EMPTY_JSON_BODY: new Failure('bad-json', 'the body is empty'),
  FST_ERR_BAD_URL: new Failure('bad-input', 'the address cannot be read'),
  FST_ERR_MAX_PARAM_LENGTH: new Failure('not-found', 'there is nothing at this address'),
}

function sendFailure(
  settings: HttpSettings,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const failure = refusals[(error as { code?: string }).code ?? ''] ?? asFailure(error)
  if (failure.status >= 500) settings.log.error({ ...factsOf(failure), requestId: request.id })
  if (failure.status === 503) reply.header('retry-after', '2')
  const { tells } = request.routeOptions.config as Pick<Route, 'tells'>
  if (tells) {
    const { type, body, headers = {} } = tells(failure)
    return reply.code(failure.status).headers(headers).type(type).send(body)
  }
  const readsHtml = /\btext\/html\b/.test(request.headers.accept ?? '')
  if (readsHtml && settings.renderProblem) {
    const { type, body, headers = {} } = settings.renderProblem(failure, request.id)
    return reply.code(failure.status).headers(headers).type(type).send(body)
  }
  return reply
    .code(failure.status)
    .type('application/problem+json')
    .send(JSON.stringify(failure.toProblem(`urn:uuid:${request.id}`)))
}

function addHealth(app: FastifyInstance, { isReady }: HttpSettings): void {
  app.get('/health/live', (_, reply) => reply.type('application/json').send('{"live":true}'))
  app.get('/health/ready', async (_, reply) => {
    const ready = await isReady()
    return reply
      .code(ready ? 200 : 503)
      .type('application/json')
      .send(JSON.stringify({ ready }))
  })
}
