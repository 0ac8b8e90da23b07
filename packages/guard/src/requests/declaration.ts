import type { Entity, Value } from '@kept/policy'
import type { RequestGuard } from './admission.ts'

/** An entity of policies, or nothing where there is none or it is another tenant's: both are not found. */
export type Found = Entity | null | undefined | Promise<Entity | null | undefined>

/**
 * What a route says of itself, or it is closed: that everybody may ask, or which action it is. Without
 * `resource` the principal's own tenant is what it is done to.
 */
export type Declaration<Request> =
  | { public: true }
  | {
      action: string
      /** Its guard is of who asks, and only reads: what row policies hide is null, as what is not there. */
      resource?: (request: Request, guard: RequestGuard) => Found
      /** Whose data staff want to see, by the request; everybody else has a tenant of their own. */
      tenant?: (request: Request) => string
      context?: (request: Request) => Readonly<Record<string, Value>>
    }

/** A route as the framework has it; without an action it is closed, unless it is public. */
export interface Route {
  method: string
  path: string
  action: string | null
  public: boolean
}

/** The action, `public`, or null for what says neither, as a slip of the pen in JavaScript does. */
export function meaningOf(declared: Declaration<never> | undefined) {
  if (!declared) return null
  if ('action' in declared) return declared.action ? { action: declared.action } : null
  return (declared.public as unknown) === true ? 'public' : null
}

export function toRoute(
  method: string,
  path: string,
  declared: Declaration<never> | undefined,
): Route {
  const meaning = meaningOf(declared)
  if (meaning === 'public') return { method, path, action: null, public: true }
  return { method, path, action: meaning?.action ?? null, public: false }
}
