import type { Route } from './declaration.ts'

/** What answered though it is no route, so that the report can name it. */
export interface Strays {
  /** By the pattern of the app's own, never by the path that a client sent. */
  add(method: string, path: string): void
  /** The routes and what was found beside them. */
  beside(routes: readonly Route[]): Route[]
}

export function openStrays(): Strays {
  const found = new Map<string, Route>()
  return {
    add: (method, path) =>
      void found.set(`${method} ${path}`, { method, path, action: null, public: false }),
    beside(routes) {
      const known = new Set(routes.map(({ method, path }) => `${method} ${path}`))
      return [...routes, ...[...found].filter(([key]) => !known.has(key)).map(([, one]) => one)]
    },
  }
}
