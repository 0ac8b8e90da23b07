import { createHash, timingSafeEqual } from 'node:crypto'
import type { Entity } from '@kept/policy'
import { GuardFailure } from '../failure.ts'
import type { Allowed, Guard, How } from '../guard.ts'
import type { Principal } from '../principal.ts'
import type { Scope } from '../scope.ts'
import type { Incoming, Verify } from '../verify/incoming.ts'
import { findContradiction, normalise, usualNames, type Places } from './contradiction.ts'
import { openCounts, type Counts, type Totals } from './counts.ts'
import { meaningOf, type Declaration, type Route } from './declaration.ts'
import { found, notFound } from './found.ts'
import { toProblem, type Problem } from './problem.ts'

export const reportPath = '/.well-known/kept-guard'

export interface AdmissionOptions {
  guard: Guard
  /** What proves who asks. With several, a request may bring the credentials of one of them. */
  verify: Verify | readonly Verify[]
  /** The bearer token, of at least 32 characters, to which the report is served; nobody gets it without. */
  reportToken?: string
  /** By what names clients may say a tenant; `tenant` and `tenant_id`, in any spelling, when absent. */
  tenantNames?: readonly string[]
  /** Milliseconds since 1970. */
  now?: () => number
  /** Told of what is not the client's fault: what it is answered with 5xx, a refusal that was not recorded. */
  onProblem?: (failure: unknown) => void
}

/** What a handler is given: who asks, and scopes bound to them and to the connection. */
export interface RequestGuard {
  /** Null on public routes. */
  readonly principal: Principal | null
  /** Fires when the client goes away; scopes then roll back. */
  readonly signal: AbortSignal
  /** @throws GuardFailure as `guard.tenant` does; `not-signed-in` on a public route */
  tenant<T>(work: (scope: Scope) => Promise<T>, how?: Omit<How, 'signal'>): Promise<T>
}

/** A request, whichever framework it comes from. */
export interface Asked {
  /** The object that stands for the request where it is counted. */
  key: object
  incoming: Incoming
  method: string
  /** The path of its route, as the route says it. */
  path: string
  signal: AbortSignal
}

export interface Admission {
  counts: Counts
  /** @throws GuardFailure as the verifiers do, `not-signed-in` without credentials, `not-found` for a closed route */
  identify(declared: Declaration<never> | undefined, incoming: Incoming): Promise<Principal | null>
  /** @throws GuardFailure `tenant-contradiction`, `not-allowed`, `not-found` */
  decide<R>(ask: Decide<R>): Promise<RequestGuard>
  /** The report for whom its token is known to, else null. */
  report(incoming: Incoming, routes: readonly Route[]): Report | null
  /** Does a part of the admission, and counts its refusal. */
  counting<T>(part: () => Promise<T>): Promise<T>
  /** What a failure of the guard is answered with, in a handler too. */
  answer(failure: GuardFailure): Problem
}

export interface Decide<R> {
  declared: Declaration<R>
  principal: Principal | null
  request: R
  asked: Asked
  places: Places
}

export interface Report extends Totals {
  routes: readonly Route[]
}

/** What stands before each handler, alike for all frameworks. */
export function openAdmission(options: AdmissionOptions): Admission {
  const { guard, verify, now = Date.now, onProblem = () => {} } = options
  const counts = openCounts(now())
  const verifiers = typeof verify === 'function' ? [verify] : verify
  const names = new Set((options.tenantNames ?? usualNames).map(normalise))
  const isReporter = readReportToken(options.reportToken)

  async function decide<R>({ declared, principal, request, asked, places }: Decide<R>) {
    if (!principal || !('action' in declared)) {
      counts.decided(asked.key)
      return bind(null, asked.signal)
    }
    const { action } = declared
    const wantedTenant = declared.tenant?.(request)
    const where =
      principal.tenant &&
      (findContradiction(principal.tenant, names, places) ??
        (wantedTenant && wantedTenant !== principal.tenant && 'the tenant of the route'))
    if (where) throw await contradict(principal, asked, where)
    const tenant = principal.kind === 'staff' ? wantedTenant : undefined
    const finder = look(principal, action, tenant, asked.signal)
    const resource = declared.resource ? found(await declared.resource(request, finder)) : null
    const context = declared.context?.(request) ?? {}
    try {
      const wanted = { action, context, ...(resource && { resource }), ...(tenant && { tenant }) }
      const allowed = guard.allow(principal, wanted)
      counts.decided(asked.key)
      return bind(allowed, asked.signal)
    } catch (error) {
      if (isRefusal(error)) counts.decided(asked.key)
      throw isDenied(error) && isOfAnother(principal, resource) ? notFound() : error
    }
  }

  /** What a route's resource is looked for with, before anything is decided about it. */
  function look(
    principal: Principal,
    action: string,
    tenant: string | undefined,
    signal: AbortSignal,
  ): RequestGuard {
    // Staff look by their action alone, decided on the tenant.
    const wanted = principal.kind === 'staff' ? { action, ...(tenant && { tenant }) } : {}
    return {
      principal,
      signal,
      tenant: (work, how) =>
        guard.tenant(principal, work, { ...how, ...wanted, signal, readOnly: true }),
    }
  }

  async function contradict(principal: Principal, { method, path }: Asked, where: string) {
    counts.contradicted()
    const detail = { where, method, path }
    const record = async (scope: Scope) => scope.record('guard.contradiction', detail)
    await guard.tenant(principal, record).catch(onProblem)
    const fix = 'send no tenant: it is known from who is signed in'
    const reason = `${principal.actor} names another tenant than its own in ${where}`
    return new GuardFailure('tenant-contradiction', reason, fix)
  }

  return {
    counts,
    async identify(declared, incoming) {
      const meaning = meaningOf(declared)
      if (meaning === null) throw notFound()
      return meaning === 'public' ? null : await identify(verifiers, incoming, now())
    },
    decide,
    report: (incoming, routes) => (isReporter(incoming) ? { ...counts.totals(), routes } : null),
    async counting(part) {
      try {
        return await part()
      } catch (error) {
        if (error instanceof GuardFailure) counts.refused()
        throw error
      }
    },
    answer(failure) {
      const problem = toProblem(failure)
      if (problem.status >= 500) onProblem(failure)
      return problem
    },
  }
}

async function identify(verifiers: readonly Verify[], incoming: Incoming, now: number) {
  const proved = await Promise.all(verifiers.map((verify) => verify(incoming, now)))
  const [principal, ...more] = proved.filter((one) => one !== null)
  if (!principal) {
    throw new GuardFailure('not-signed-in', 'it came without credentials', 'sign in first')
  }
  if (more.length === 0) return principal
  const reason = 'it came with credentials of two kinds'
  throw new GuardFailure('bad-token', reason, 'send the token or the session, not both')
}

function bind(allowed: Allowed | null, signal: AbortSignal): RequestGuard {
  return {
    principal: allowed?.principal ?? null,
    signal,
    async tenant(work, how) {
      if (allowed) return await allowed.tenant(work, { ...how, signal })
      const fix = 'declare an action for the route instead of public'
      throw new GuardFailure('not-signed-in', 'a public route opens no tenant’s scope', fix)
    },
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof GuardFailure && error.code === 'not-allowed'
}

/** That it is there is no business of another tenant's. */
function isOfAnother({ tenant }: Principal, resource: Entity | null): boolean {
  const { type = '', id, parents = [] } = resource ?? {}
  const around = [{ type, id }, ...parents].filter((one) => one.type === 'Tenant')
  return tenant !== null && around.length > 0 && around.every((one) => one.id !== tenant)
}

/** A no is a decision too; that nothing could be decided is none. */
function isRefusal(error: unknown): boolean {
  return error instanceof GuardFailure && ['not-allowed', 'no-grant'].includes(error.code)
}

function readReportToken(token: string | undefined): (incoming: Incoming) => boolean {
  if (token === undefined) return () => false
  if (!/^[\w.~+/=-]{32,}$/.test(token)) {
    const fix = 'make one with: openssl rand -hex 32'
    const reason = 'the report’s token is shorter than 32 characters, or no token of RFC 6750'
    throw new GuardFailure('bad-option', reason, fix)
  }
  const wanted = digest(`Bearer ${token}`)
  return (incoming) => {
    const [value = '', ...more] = incoming.headers('authorization')
    return timingSafeEqual(digest(value), wanted) && more.length === 0
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
