import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context, Handler, Hono, MiddlewareHandler } from 'hono'
import type { RouterRoute } from 'hono/types'
import { GuardFailure } from './failure.ts'
import { openAdmission, reportPath } from './requests/admission.ts'
import type { AdmissionOptions, RequestGuard } from './requests/admission.ts'
import { toRoute, type Declaration, type Route } from './requests/declaration.ts'
import { notFound } from './requests/found.ts'
import { openStrays } from './requests/strays.ts'
import { fromFetch } from './verify/incoming.ts'

declare module 'hono' {
  interface ContextVariableMap {
    guard: RequestGuard
  }
}

/** Says which action a handler is, or that it is public: `app.get('/x', kept({ action: 'x.read' }, handler))`. */
export type Kept = <H extends Handler>(declared: Declaration<Context>, handler: H) => H

/**
 * Guards every route of a Hono app; call it before the first route is added, and serve the app after.
 * A route whose handler is not wrapped by what this hands back is not found.
 * @throws GuardFailure `bad-option` when routes were there before it: they would answer first
 */
export function guardHono(app: Hono, options: AdmissionOptions): Kept {
  refuseEarlier(app)
  const admission = openAdmission(options)
  const declarations = new WeakMap<object, Declaration<Context>>()
  const admitted = new WeakSet<Request>()
  const strays = openStrays()
  /** As it came: middleware may put another in its place. */
  const current = new AsyncLocalStorage<Request>()
  const declaredOf = (route: RouterRoute) => declarations.get(targetOf(route.handler))

  const { fetch } = app
  app.fetch = async (request, ...more) => {
    if (request.method === 'GET' && app.getPath(request) === reportPath) {
      const report = admission.report(
        fromFetch(request.headers),
        strays.beside(listRoutes(app, declaredOf)),
      )
      return report ? Response.json(report) : answer(notFound())
    }
    admission.counts.arrived()
    const given = await current.run(request, () => fetch(request, ...more))
    const response = admitted.has(request) ? given : closed(request, given)
    const { method } = request
    admission.counts.answered(request, { method, status: response.status })
    return response
  }

  app.use('*', async (c, next) => {
    // What stands first of all that could answer must have said what it is.
    const matched = c.req.matchedRoutes
    const isOpen = (one: RouterRoute) =>
      matched.some((other) => isSame(one, other) && declaredOf(other))
    const first = matched.find(
      (one) => declaredOf(one) || !passesOn(one) || (one.method !== 'ALL' && !isOpen(one)),
    )
    if (first && declaredOf(first)) return next()
    return answer(await admission.counting(() => Promise.reject(notFound())).catch(asFailure))
  })

  return (declared, handler) => {
    const wrapped: Handler = async (c, next) => {
      try {
        c.set('guard', await admission.counting(() => admit(c, declared)))
        return (await handler(c, next)) as Response
      } catch (error) {
        return answer(asFailure(error))
      }
    }
    declarations.set(wrapped, declared)
    return wrapped as typeof handler
  }

  /** What answered though nothing let the request in; without content it only lets a browser ask. */
  function closed(request: Request, given: Response): Response {
    const { method } = request
    if (given.status >= 400 || (method === 'OPTIONS' && given.status === 204)) return given
    admission.counts.refused()
    strays.add(method, patternOf(app, request))
    return answer(notFound())
  }

  function answer(failure: GuardFailure): Response {
    const { body, ...init } = admission.answer(failure)
    return new Response(body, init)
  }

  async function admit(c: Context, declared: Declaration<Context>) {
    const { raw, method, routePath } = c.req
    const incoming = fromFetch(raw.headers)
    const principal = await admission.identify(declared, incoming)
    const key = current.getStore() ?? raw
    const asked = { key, incoming, method, path: routePath, signal: raw.signal }
    const places = {
      headers: raw.headers,
      query: new URL(raw.url).searchParams,
      params: c.req.param() as Record<string, string>,
      body: principal ? await readBody(c) : undefined,
    }
    const guard = await admission.decide({ declared, principal, request: c, asked, places })
    admitted.add(key)
    return guard
  }
}

/** By what pattern of the app something was asked for that is no route. */
function patternOf(app: Hono, request: Request): string {
  const [matched] = app.router.match(request.method, app.getPath(request))
  const paths = matched.map(([[, { path }]]) => path)
  return paths.find((path) => path !== '*' && path !== '/*') ?? '/*'
}

function asFailure(error: unknown): GuardFailure {
  if (error instanceof GuardFailure) return error
  throw error
}

function refuseEarlier(app: Hono): void {
  const first = app.routes.find((route) => !isMiddleware(route))
  if (!first) return
  const reason = `the route ${first.method} ${first.path} was added before the guard`
  throw new GuardFailure('bad-option', reason, 'call guardHono before the first route')
}

/** Hono wraps the handlers of a part that has an onError of its own, and names them by this. */
const composed = '__COMPOSED_HANDLER'

function targetOf(handler: object): object {
  const inner = (handler as Record<string, unknown>)[composed]
  return typeof inner === 'function' ? targetOf(inner) : handler
}

/** Hono knows no difference; by its own rule of thumb what takes `next` passes on. */
function passesOn({ handler }: RouterRoute): boolean {
  return (targetOf(handler) as MiddlewareHandler).length >= 2
}

function isMiddleware(route: RouterRoute): boolean {
  return route.method === 'ALL' && passesOn(route)
}

function isSame(one: RouterRoute, other: RouterRoute): boolean {
  return one.method === other.method && one.path === other.path
}

function listRoutes(
  app: Hono,
  declaredOf: (route: RouterRoute) => Declaration<Context> | undefined,
): Route[] {
  const routes = app.routes.filter((route) => !isMiddleware(route) || declaredOf(route))
  const firsts = routes.filter((route, i) => routes.findIndex((one) => isSame(one, route)) === i)
  return firsts.map((route) => {
    const declared = routes.filter((one) => isSame(one, route)).map(declaredOf)
    return toRoute(
      route.method,
      route.path,
      declared.find((one) => one !== undefined),
    )
  })
}

/** Read once and kept by Hono for the handler; files and streams are left to it. */
async function readBody(c: Context): Promise<unknown> {
  const type = c.req.header('content-type') ?? ''
  if (c.req.raw.body === null || /^(?:multipart\/|application\/octet-stream)/i.test(type)) return
  const text = await c.req.text()
  if (/^application\/x-www-form-urlencoded/i.test(type)) {
    return [...new URLSearchParams(text)].map(([name, value]) => ({ [name]: value }))
  }
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
