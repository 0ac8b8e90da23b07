import { z } from 'zod'
import { cannotLook } from '../../foundation/look.ts'
import { parse } from './report.ts'
import type { ServedRoute } from './reviews.ts'

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

const document = z.looseObject({
  openapi: z.string().regex(/^3\.[01]\./, 'only OpenAPI 3.0 and 3.1 are read'),
  servers: z.array(z.looseObject({ url: z.string() })).optional(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
})

/** A route as a document names it, its address with what stands before all of them. */
export interface DocumentedRoute {
  method: string
  path: string
}

/** The routes of an OpenAPI document (3.0 or 3.1, as JSON). HEAD and OPTIONS go with the others. */
export function documentedRoutes(text: string, where: string): DocumentedRoute[] {
  const reading = document.safeParse(parse(text))
  if (!reading.success) {
    const [issue] = reading.error.issues
    const at = issue!.path.map(String).join('/')
    throw cannotLook(`${where} is no OpenAPI document: /${at}: ${issue!.message}`)
  }
  const { paths, servers } = reading.data
  const prefix = new URL(servers?.[0]?.url ?? '/', 'http://app').pathname.replace(/\/$/, '')
  return Object.entries(paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method] !== undefined)
      .map((method) => ({ method: method.toUpperCase(), path: prefix + path })),
  )
}

export interface Comparison {
  undocumented: string[]
  unserved: string[]
}

/** Holds the routes that are served against those that are documented, whatever a parameter is called. */
export function compare(
  served: readonly ServedRoute[],
  documented: readonly DocumentedRoute[],
): Comparison {
  const [has, says] = [served, documented].map((all) => new Set(all.map(shapeOf)))
  const isSaid = ({ method, path }: DocumentedRoute) =>
    method === 'ALL'
      ? methods.every((one) => says!.has(shapeOf({ method: one.toUpperCase(), path })))
      : says!.has(shapeOf({ method, path }))
  const isServed = ({ method, path }: DocumentedRoute) =>
    has!.has(shapeOf({ method, path })) || has!.has(shapeOf({ method: 'ALL', path }))
  return {
    undocumented: served
      .filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
      .filter((route) => !isSaid(route))
      .map(sayRoute),
    unserved: documented.filter((route) => !isServed(route)).map(sayRoute),
  }
}

export function sayRoute({ method, path }: DocumentedRoute): string {
  return `${method} ${path}`
}

function shapeOf({ method, path }: DocumentedRoute): string {
  return `${method} ${plain(path).replace(/(.)\/$/, '$1')}`
}

/** `{id}`, `:id`, `:id(\\d+)`, `:id{[0-9]+}`, `*` and `{*rest}` are one: a parameter. */
function plain(path: string): string {
  return path
    .replaceAll(/:\w+(?:\([^)]*\)|\{[^}]*\})?\??/g, '{}')
    .replaceAll(/\{[^{}]*\}/g, '{}')
    .replaceAll(/\*\w*/g, '{}')
}

/** How many ways of filling the parameters of one path are tried. */
const mostWays = 50

/** A path with each of some ids, or all, in the place of its parameters; itself when it has none. */
export function fillings(path: string, ids: readonly string[]): string[] {
  return plain(path)
    .split('{}')
    .reduce<string[]>(
      (ways, rest, i) =>
        i === 0
          ? [rest]
          : ways
              .flatMap((way) => ids.map((id) => way + encodeURIComponent(id.toWellFormed()) + rest))
              .slice(0, mostWays),
      [],
    )
}

export function isPlain(path: string): boolean {
  return path.startsWith('/') && fillings(path, []).length === 1
}
