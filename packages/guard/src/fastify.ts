import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { GuardFailure } from './failure.ts'
import type { Principal } from './principal.ts'
import { openAdmission, reportPath } from './requests/admission.ts'
import type { Admission, AdmissionOptions, RequestGuard } from './requests/admission.ts'
import { toRoute, type Declaration, type Route } from './requests/declaration.ts'
import { notFound } from './requests/found.ts'
import {
  admit,
  goneSignal,
  headersOf,
  holdResponse,
  pathOf,
  queryOf,
  watchResponse,
} from './requests/node.ts'
import { readRoutes } from './requests/route-tree.ts'
import { openStrays } from './requests/strays.ts'
import { fromNode } from './verify/incoming.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which action this is, or that it is public; without it the route is closed. */
    kept?: Declaration<FastifyRequest>
  }
  interface FastifyRequest {
    guard: RequestGuard
  }
}

/** The report's own route. */
const own: Declaration<FastifyRequest> = { public: true }

/**
 * Guards every route of a Fastify app: `await app.register(guardFastify, options)`, or called directly,
 * before any route is added. A route says what it is in `config.kept`; one that does not is not found.
 * @throws GuardFailure `bad-option` when routes were there before it: it could not tell of them
 */
export function guardFastify(
  app: FastifyInstance,
  options: AdmissionOptions,
  done?: (error?: Error) => void,
): void {
  try {
    install(app, options)
  } catch (error) {
    if (!done) throw error
    return done(error as Error)
  }
  done?.()
}
// It speaks for the app that registers it, and not for a part of its own.
Object.assign(guardFastify, { [Symbol.for('skip-override')]: true })

function install(app: FastifyInstance, options: AdmissionOptions): void {
  refuseEarlier(app)
  const admission = openAdmission(options)
  const seen: Route[] = []
  const strays = openStrays()
  const principals = new WeakMap<FastifyRequest, Principal | null>()

  const held = new WeakSet<ServerResponse>()
  function hold(request: IncomingMessage, response: ServerResponse): void {
    if (held.has(response)) return
    held.add(response)
    holdResponse(request, response, {
      closed: () => admission.answer(notFound()),
      refused() {
        admission.counts.refused()
        strays.add(request.method!, '/*')
      },
    })
  }

  app.server.prependListener('request', (request, response) => {
    if (pathOf(request.url!) === reportPath) return
    watchResponse(admission.counts, request, response)
    hold(request, response)
  })
  app.decorateRequest('guard')
  app.addHook('onRoute', (route) => {
    answerFailures(route, admission)
    if (route.config?.kept !== own) seen.push(...toRoutes(route))
  })

  // Strangers are refused before their body is read.
  app.addHook('onRequest', async (request, reply) => {
    const { kept } = request.routeOptions.config
    if (kept === own) return
    // What has no server, as an adapter's request, comes here first.
    hold(request.raw, reply.raw)
    if (request.is404) return
    await admission.counting(async () => {
      principals.set(request, await admission.identify(kept, fromNode(request.raw)))
    })
  })
  // Before the body is validated, whose errors would tell what may not be asked.
  app.addHook('preValidation', async (request, reply) => {
    const { kept } = request.routeOptions.config
    if (!kept || kept === own) return
    await admission.counting(async () => {
      const principal = principals.get(request) ?? null
      request.guard = await admission.decide({
        declared: kept,
        principal,
        ...asked(request, reply),
      })
    })
    admit(request.raw)
  })
  app.get(reportPath, { config: { kept: own } }, (request) => {
    const report = admission.report(fromNode(request.raw), strays.beside(listRoutes(app, seen)))
    if (report) return report
    throw notFound()
  })
}

function refuseEarlier(app: FastifyInstance): void {
  const [first] = readRoutes(app.printRoutes())
  if (!first) return
  const reason = `the route ${first.method} ${first.path} was added before the guard`
  const fix = '`await app.register(guardFastify, ...)` before the first route'
  throw new GuardFailure('bad-option', reason, fix)
}

function toRoutes({ method, url, config }: RouteOptions): Route[] {
  return [method].flat().map((one) => toRoute(one, url, config?.kept))
}

/** A route beside the guard, of a part of the app above the one that registered it, has no action. */
function listRoutes(app: FastifyInstance, seen: readonly Route[]): Route[] {
  const known = new Set(seen.flatMap(spellings))
  const all = readRoutes(app.printRoutes()).filter(({ path }) => path !== reportPath)
  const beside = all.filter((one) => !spellings(one).some((spelling) => known.has(spelling)))
  const routes = [...seen, ...beside.map(({ method, path }) => toRoute(method, path, undefined))]
  const gets = new Set(routes.filter(({ method }) => method === 'GET').map(({ path }) => path))
  return routes.filter(({ method, path }) => method !== 'HEAD' || !gets.has(path))
}

/** A route with an optional last parameter is two in the tree, and `::` is a colon. */
function spellings({ method, path }: { method: string; path: string }): string[] {
  const [, before = '', last = ''] = /^(.*)(\/:[^/]+)\?$/.exec(path) ?? [path, path]
  return [before, ...(last ? [before + last] : [])].map((one) => {
    const plain = one.replaceAll('::', ':').replace(/\/$/, '').toLowerCase()
    return `${method} ${plain}`
  })
}

function asked(request: FastifyRequest, reply: FastifyReply) {
  const { method, url = request.url } = request.routeOptions
  return {
    request,
    asked: {
      key: request.raw,
      incoming: fromNode(request.raw),
      method: String(method),
      path: url,
      signal: goneSignal(reply.raw),
    },
    places: {
      headers: headersOf(request.raw),
      query: queryOf(request.raw.url!),
      params: request.params as Record<string, unknown>,
      body: request.body,
    },
  }
}

/** Failures of the guard leave as problems, wherever in the route they were thrown. */
function answerFailures(route: RouteOptions, admission: Admission): void {
  const { errorHandler } = route
  route.errorHandler = function answer(error, request, reply) {
    if (error instanceof GuardFailure) {
      const { status, headers, body } = admission.answer(error)
      return reply.code(status).headers(headers).send(body)
    }
    if (errorHandler) return errorHandler.call(this, error, request, reply)
    // What stands above answers it: the app's own handler, or Fastify's.
    throw error
  }
}
