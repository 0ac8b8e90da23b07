import { AsyncLocalStorage } from 'node:async_hooks'
import type { Ask, Entity, Policies } from '@kept/policy'
import type { Pool } from 'pg'
import { GuardFailure, type FailureCode } from './failure.ts'
import { planOpening, type ScopeOptions } from './opening.ts'
import { Principal } from './principal.ts'
import { Scope } from './scope.ts'
import { TenantTransaction, type Ground } from './transaction.ts'

/** What the guard tells whoever counts: a decision as it falls, a scope as it ends. */
export type GuardEvent =
  | {
      kind: 'decided'
      principal: Principal
      action: string
      resource: Entity
      allowed: boolean
      because: readonly string[]
    }
  | {
      kind: 'ended'
      principal: Principal
      action: string | null
      readOnly: boolean
      queries: number
      /** `error` for what the work itself threw. */
      outcome: 'done' | 'error' | FailureCode
    }

export interface GuardOptions {
  /** Logged in as a role of the app alone. Its connectionTimeoutMillis bounds the wait for a connection. */
  pool: Pool
  scope: ScopeOptions
  /** Without it every action is refused. */
  policies?: Pick<Policies, 'decide'>
  /** Whether a pooler in transaction mode (PgBouncer) is between: no prepared statements, the pid from inside. */
  pooler?: boolean
  /** Whether tenants may move to other databases: looks in `kept.moved` at each opening. */
  moves?: boolean
  /** The pool of another database, by what `kept.moved` calls it. */
  pools?: (destination: string) => Pool
  /** Hears of each decision and each end of a scope. It must not throw. */
  watch?: (event: GuardEvent) => void
  /** Milliseconds since 1970. */
  now?: () => number
}

export interface Request {
  /** What is to be done, as policies name it; without one no policy is asked. */
  action?: string
  /** On what; the tenant itself when absent. */
  resource?: Entity
  context?: Ask['context']
  /** Stops the scope, what it runs included. */
  signal?: AbortSignal
  /** Nothing is written. Each query is then one round trip, and a transaction of its own. */
  readOnly?: boolean
}

export interface Guard {
  /**
   * Decides, and runs the work in a transaction that sees the principal's tenant alone: committed when the work
   * returns, undone when it throws. Within another scope of the same tenant it takes part in that one.
   *
   * @throws GuardFailure by its code; what the work throws is thrown on
   */
  tenant<T>(principal: Principal, work: (scope: Scope) => Promise<T>, request?: Request): Promise<T>
}

/** @throws GuardFailure `bad-option` */
export function openGuard(options: GuardOptions): Guard {
  const ground = toGround(options)
  const current = new AsyncLocalStorage<Scope>()
  return {
    async tenant(principal, work, request = {}) {
      if (!(principal instanceof Principal)) throw badPrincipal()
      decide(options, principal, request)
      const outer = current.getStore()
      if (outer && Scope.isOpen(outer))
        return await takePart(current, outer, principal, work, request)
      return await open(options, ground, current, principal, work, request)
    },
  }
}

function toGround(options: GuardOptions): Ground {
  const { pool, scope, pooler = false, moves = false, pools = null, now = Date.now } = options
  const opening = planOpening(scope, { named: !pooler })
  const keyId = scope.mode === 'sealed' ? scope.key.id : null
  return { pool, opening, keyId, pooler, moves, pools, now, looked: new WeakMap() }
}

function decide({ policies, watch }: GuardOptions, principal: Principal, request: Request): void {
  const { action, resource = { type: 'Tenant', id: principal.tenant }, context } = request
  if (action === undefined) return
  const ask = { principal: principal.entity, action, resource, ...(context && { context }) }
  const { allowed, because } = policies?.decide(ask) ?? { allowed: false, because: [] }
  watch?.({ kind: 'decided', principal, action, resource, allowed, because })
  if (allowed) return
  const who = `${principal.entity.type} ${principal.entity.id}`
  throw new GuardFailure(
    'not-allowed',
    `${who} may not ${action} on ${resource.type} ${resource.id}`,
    because.length > 0 ? `it is forbidden by ${because.join(', ')}` : 'no policy permits it',
  )
}

async function open<T>(
  { watch }: GuardOptions,
  ground: Ground,
  current: AsyncLocalStorage<Scope>,
  principal: Principal,
  work: (scope: Scope) => Promise<T>,
  { action, signal, readOnly = false }: Request,
): Promise<T> {
  const transaction = new TenantTransaction(ground, principal.tenant, readOnly)
  const scope = Scope.open(principal, transaction)
  const end = (outcome: 'done' | 'error' | FailureCode) =>
    watch?.({
      kind: 'ended',
      principal,
      action: action ?? null,
      readOnly,
      queries: transaction.queries,
      outcome,
    })
  try {
    const result = await run(transaction, signal, () => current.run(scope, work, scope))
    Scope.close(scope)
    await transaction.commit()
    end('done')
    return result
  } catch (error) {
    Scope.close(scope)
    await transaction.rollback()
    end(error instanceof GuardFailure ? error.code : 'error')
    throw error
  }
}

/** The work, or the signal, whichever comes first. */
async function run<T>(
  transaction: TenantTransaction,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return await work()
  if (signal.aborted) throw cancelled(signal)
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => {
    const failure = cancelled(signal)
    void transaction.abort(failure).then(() => reject(failure))
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work(), promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/**
 * The inner work shares the outer transaction, or every nested call would hold one connection and wait for
 * another. What it throws undoes the whole, even where the outer work goes on.
 */
async function takePart<T>(
  current: AsyncLocalStorage<Scope>,
  outer: Scope,
  principal: Principal,
  work: (scope: Scope) => Promise<T>,
  { signal, readOnly = false }: Request,
): Promise<T> {
  if (outer.tenant !== principal.tenant) throw nested('one tenant', 'another')
  if (outer.readOnly && !readOnly) throw nested('a scope that only reads', 'one that writes')
  const scope = Scope.join(outer, principal)
  try {
    return await run(Scope.transactionOf(outer), signal, () => current.run(scope, work, scope))
  } catch (error) {
    Scope.transactionOf(outer).doom(error)
    throw error
  } finally {
    Scope.close(scope)
  }
}

function nested(outer: string, inner: string): GuardFailure {
  return new GuardFailure(
    'scope-nested',
    `a scope of ${inner} was asked for within a scope of ${outer}`,
    'end the outer scope first',
  )
}

function badPrincipal(): GuardFailure {
  return new GuardFailure(
    'bad-principal',
    'this is no principal that a verified token or session gave',
    'take it from the middleware, or make it with trustedPrincipal in jobs and tests',
  )
}

function cancelled(signal: AbortSignal): GuardFailure {
  const fix = 'nothing was kept; ask again if it is still wanted'
  return new GuardFailure('cancelled', 'the scope was cancelled', fix, signal.reason)
}
