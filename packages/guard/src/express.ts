import { METHODS } from 'node:http'
import type { Application, NextFunction, Request, RequestHandler, Response } from 'express'
import { GuardFailure } from './failure.ts'
import { openAdmission, reportPath } from './requests/admission.ts'
import type { AdmissionOptions, RequestGuard } from './requests/admission.ts'
import { toRoute, type Declaration, type Route } from './requests/declaration.ts'
import { notFound } from './requests/found.ts'
import {
  admit as letIn,
  goneSignal,
  headersOf,
  holdResponse,
  pathOf,
  queryOf,
  watchResponse,
} from './requests/node.ts'
import { openStrays } from './requests/strays.ts'
import { fromNode } from './verify/incoming.ts'

declare global {
  namespace Express {
    interface Request {
      guard: RequestGuard
    }
  }
}

/** Says which action a handler is, or that it is public: `app.get('/x', kept({ action: 'x.read' }, handler))`. */
export type Kept = <H extends RequestHandler<never>>(
  declared: Declaration<Request>,
  handler: H,
) => H

/** The parts of Express' router that are read and not promised; a test holds every form of route. */
interface Router {
  stack: Layer[]
}
interface Layer {
  name: string
  rawPath?: unknown
  handle: Partial<Router> & object
  route?: ExpressRoute
}
interface ExpressRoute {
  path: unknown
  methods: Record<string, boolean | undefined>
  stack: { method?: string; handle: RequestHandler }[]
  dispatch(request: Request, response: Response, next: NextFunction): void
}

/**
 * Guards every route of an Express app, those added before it too: it takes the first place. A route
 * whose handler is not wrapped by what this hands back is not found. Parse bodies before the wrapped handler,
 * where ids in them are to be looked at.
 */
export function guardExpress(app: Application, options: AdmissionOptions): Kept {
  const admission = openAdmission(options)
  const declarations = new WeakMap<object, Declaration<Request>>()
  // The first that takes no `next` answers, and must have said what it is; what stands before it passes on.
  const declaredOf = (route: ExpressRoute, method: string) => {
    const mine = route.stack.filter((layer) => !layer.method || layer.method === method)
    const first = mine.find(({ handle }) => declarations.has(handle) || handle.length < 3)
    return first && declarations.get(first.handle)
  }

  const closeNew = closer((route, request, response) => {
    const method = request.method.toLowerCase()
    const isGet = method === 'head' && !route.methods['head']
    if (declaredOf(route, isGet ? 'get' : method)) return true
    admission.counting(() => Promise.reject(notFound())).catch((error) => answer(error, response))
    return false
  })

  const strays = openStrays()

  app.use(function watch(request, response, next) {
    if (pathOf(request.url) === reportPath && request.method === 'GET') {
      const routes = strays.beside(listRoutes(routerOf(app), declaredOf))
      const report = admission.report(fromNode(request), routes)
      if (report) response.json(report)
      else answer(notFound(), response)
      return
    }
    watchResponse(admission.counts, request, response)
    holdResponse(request, response, {
      closed: () => admission.answer(notFound()),
      refused() {
        admission.counts.refused()
        const { baseUrl, method, route } = request as Request & { route?: ExpressRoute }
        const mounted = sayMounted(baseUrl, new Set(wordsOf(routerOf(app))))
        strays.add(method, mounted + (route ? sayPath(route.path) : '/*'))
      },
    })
    closeNew(routerOf(app))
    next()
  })
  const { stack } = routerOf(app)
  stack.unshift(stack.pop()!)

  return (declared, handler) => {
    const run = handler as unknown as RequestHandler
    const wrapped = async (request: Request, response: Response, next: NextFunction) => {
      try {
        request.guard = await admission.counting(() => admit(request, response, declared))
        letIn(request)
        await run(request, response, (error?: unknown) => {
          if (error instanceof GuardFailure) answer(error, response)
          else next(error)
        })
      } catch (error) {
        if (!(error instanceof GuardFailure) || response.headersSent) throw error
        answer(error, response)
      }
    }
    declarations.set(wrapped, declared)
    return wrapped as unknown as typeof handler
  }

  function answer(failure: GuardFailure, response: Response): void {
    const { status, headers, body } = admission.answer(failure)
    response.status(status).set(headers).send(body)
  }

  async function admit(request: Request, response: Response, declared: Declaration<Request>) {
    const incoming = fromNode(request)
    const principal = await admission.identify(declared, incoming)
    const { method, baseUrl } = request
    const path = baseUrl + sayPath((request.route as ExpressRoute | undefined)?.path)
    const asked = { key: request, incoming, method, path, signal: goneSignal(response) }
    const places = {
      headers: headersOf(request),
      query: queryOf(request.originalUrl),
      params: request.params,
      body: request.body as unknown,
    }
    return await admission.decide({ declared, principal, request, asked, places })
  }
}

/** A path is a text, an expression, or a list of both. */
function sayPath(path: unknown): string {
  if (Array.isArray(path)) return path.map(sayPath).join('|')
  return path instanceof RegExp || typeof path === 'string' ? String(path) : ''
}

/** Where it is mounted is a path as it was asked for: of that only what the app's own paths say. */
function sayMounted(path: string, words: ReadonlySet<string>): string {
  const parts = path.split('/')
  return parts.map((part) => (part === '' || words.has(part) ? part : '*')).join('/')
}

function wordsOf(router: Router): string[] {
  const own = router.stack.flatMap(({ rawPath }) => sayPath(rawPath).split('/'))
  return [...own, ...nestedIn(router).flatMap(({ inner }) => wordsOf(inner))]
}

function routerOf(app: Application): Router {
  return app.router as unknown as Router
}

function* nestedIn(router: Router): Generator<{ layer: Layer; inner: Router }> {
  for (const layer of router.stack) {
    if (Array.isArray(layer.handle.stack)) yield { layer, inner: layer.handle as Router }
  }
}

/** Closes each route once, in front of all its handlers; looks again only where a route was added. */
function closer(isOpen: (route: ExpressRoute, request: Request, response: Response) => boolean) {
  const lengths = new Map<Router, number>()
  const closed = new WeakSet<ExpressRoute>()

  function close(router: Router): void {
    lengths.set(router, router.stack.length)
    for (const { route } of router.stack) {
      if (!route || closed.has(route)) continue
      closed.add(route)
      const dispatch = route.dispatch.bind(route)
      route.dispatch = (request, response, next) => {
        if (isOpen(route, request, response)) dispatch(request, response, next)
      }
    }
    for (const { inner } of nestedIn(router)) if (!lengths.has(inner)) close(inner)
  }

  return (root: Router) => {
    const grown = [...lengths].some(([router, length]) => router.stack.length !== length)
    if (lengths.size > 0 && !grown) return
    lengths.clear()
    close(root)
  }
}

function listRoutes(
  router: Router,
  declaredOf: (route: ExpressRoute, method: string) => Declaration<Request> | undefined,
  at = '',
): Route[] {
  return router.stack.flatMap((layer) => {
    const paths = [layer.rawPath].flat().map((path) => at + (path === '/' ? '' : sayPath(path)))
    if (layer.route) {
      const { route } = layer
      return paths.flatMap((path) =>
        methodsOf(route).map(([said, method]) =>
          toRoute(said, path || '/', declaredOf(route, method)),
        ),
      )
    }
    if (Array.isArray(layer.handle.stack)) {
      return paths.flatMap((path) => listRoutes(layer.handle as Router, declaredOf, path))
    }
    // An app within the app hides its routes: it needs a guard of its own, and is open until it has one.
    return layer.name === 'mounted_app'
      ? paths.map((path) => toRoute('ALL', `${path}/*`, undefined))
      : []
  })
}

/** As they are said, and as the route knows them; `app.all` names every method that there is. */
function methodsOf({ methods }: ExpressRoute): [string, string][] {
  const named = Object.keys(methods).filter((method) => methods[method])
  if (named.length >= METHODS.length) return [['ALL', named[0]!]]
  return named.map((method) => [method === '_all' ? 'ALL' : method.toUpperCase(), method])
}
