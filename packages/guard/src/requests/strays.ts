import type { Route } from './declaration.ts'

/** Different ones that are remembered at most: paths are the client's own. */
const most = 100

/** Where something answered that is no route of the app, so that the report can name it. */
export interface Strays {
  add(method: string, mounted: string, path: string): void
  /** The routes and what was found beside them. */
  beside(routes: readonly Route[]): Route[]
}

export function openStrays(): Strays {
  const found = new Map<string, Route>()
  return {
    add(method, mounted, path) {
      const whole = withoutIds(mounted) + path
      const key = `${method} ${whole}`
      if (found.size < most) found.set(key, { method, path: whole, action: null, public: false })
    },
    beside(routes) {
      const known = new Set(routes.map(({ method, path }) => `${method} ${path}`))
      return [...routes, ...[...found].filter(([key]) => !known.has(key)).map(([, one]) => one)]
    },
  }
}

/** Where it is mounted is a path as it was asked for, and may hold ids. */
function withoutIds(path: string): string {
  const word = /^[a-z]{1,24}(?:[-_][a-z]{1,24})?$/i
  return path
    .split('/')
    .map((part) => (part === '' || /^v\d$/.test(part) || word.test(part) ? part : '*'))
    .join('/')
}
