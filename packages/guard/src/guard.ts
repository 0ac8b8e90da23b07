import { AsyncLocalStorage } from 'node:async_hooks'
import type { Ask, Entity, Policies } from '@kept/policy'
import pg, { type Pool } from 'pg'
import type { Grants } from './bundle/bundle.ts'
import { GuardFailure, type FailureCode } from './failure.ts'
import { planOpening, type ScopeOptions } from './opening.ts'
import { Principal } from './principal.ts'
import { insertIfWrote, type Entry } from './records/outbox.ts'
import { openBeside, writeApart, type Beside } from './records/apart.ts'
import { countOnce, openReads, type Reads } from './records/reads.ts'
import { hide, watchStaff, type Witness } from './records/staff.ts'
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
  /**
   * Logged in as a role of the app alone. Its connectionTimeoutMillis bounds the wait for a connection. What
   * staff read is recorded by one connection more, made alike.
   */
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
  /** Whether the database has `kept.outbox` (outboxSql): what is read is counted, and scopes can record. */
  records?: boolean
  /** By whose leave staff look at a tenant's data: a bundle. Without it no staff scope opens. */
  grants?: Grants
  /** Hears of each decision and each end of a scope. It must not throw. */
  watch?: (event: GuardEvent) => void
  /** Told of counts of reads that could not be written yet, or were lost. It must not throw. */
  onProblem?: (failure: GuardFailure) => void
  /** Milliseconds since 1970. */
  now?: () => number
}

export interface Request {
  /** What is to be done, as policies name it; without one no policy is asked. */
  action?: string
  /** On what; the tenant itself when absent. */
  resource?: Entity
  context?: Ask['context']
  /** Whose data staff want to see; everybody else has one tenant, which cannot be said here. */
  tenant?: string
  /** The column by which rows that staff read are named in records; `id` when absent. */
  rowId?: string
  /** Stops the scope, what it runs included. */
  signal?: AbortSignal
  /**
   * Nothing is written. Each query is then one round trip, and a transaction of its own. So it is for staff,
   * in one transaction, unless this is false.
   */
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
  /**
   * Decides once, and hands back what opens scopes for what was allowed.
   *
   * @throws GuardFailure `bad-principal`, `not-allowed`; for staff `no-grant`, `bundle-away`
   */
  allow(principal: Principal, request: Request): Allowed
  /** Writes what was counted and stops counting; for when the process ends. */
  close(): Promise<void>
}

/** A request that was decided. Staff need a grant at each opening too: it may have ended meanwhile. */
export interface Allowed {
  readonly principal: Principal
  tenant<T>(work: (scope: Scope) => Promise<T>, how?: How): Promise<T>
}

/** How a scope of what is allowed opens. */
export type How = Pick<Request, 'signal' | 'readOnly' | 'rowId'>

/** All that one guard keeps. */
interface House {
  options: GuardOptions
  ground: Ground
  current: AsyncLocalStorage<Scope>
  /** Null where the database keeps no records. */
  reads: Reads | null
  /** Where it is recorded what staff read. */
  beside: Beside
}

/** How often counts of minutes that are over are written, milliseconds. */
const pace = 15_000

/** @throws GuardFailure `bad-option` */
export function openGuard(options: GuardOptions): Guard {
  const ground = toGround(options)
  const house: House = {
    options,
    ground,
    current: new AsyncLocalStorage(),
    reads: null,
    beside: openBeside(ground),
  }
  if (options.records) house.reads = openCounting(house)
  const timer = house.reads && setInterval(() => void house.reads?.flush(), pace).unref()
  const guard: Guard = {
    async tenant(principal, work, request = {}) {
      return await guard.allow(principal, request).tenant(work, request)
    },
    allow(principal, request) {
      if (!Principal.is(principal)) throw badPrincipal()
      const tenant = tenantOf(principal, request)
      if (principal.kind === 'staff' && tenant !== null) grantOf(house, principal, tenant)
      decide(options, principal, tenant, request)
      return {
        principal,
        tenant: (work, how = {}) => enter(house, { ...request, ...how, principal, tenant }, work),
      }
    },
    async close() {
      clearInterval(timer ?? undefined)
      await house.reads?.flush(true)
      await house.beside.close()
    },
  }
  return guard
}

/** A scope as it was allowed. */
type Entering = Omit<Request, 'tenant'> & { principal: Principal; tenant: string | null }
type Opening = Entering & { tenant: string; readOnly: boolean }

async function enter<T>(
  house: House,
  entering: Entering,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  const { principal, tenant } = entering
  if (tenant === null) throw noGrant('no tenant was named whose data is wanted')
  const { readOnly = principal.kind === 'staff' } = entering
  const asked = { ...entering, tenant, readOnly }
  const outer = house.current.getStore()
  if (outer && Scope.isOpen(outer)) return await takePart(house.current, outer, asked, work)
  if (principal.kind === 'staff') grantOf(house, principal, tenant)
  return await open(house, asked, work)
}

function tenantOf(principal: Principal, { tenant }: Request): string | null {
  if (principal.kind === 'staff') return tenant ?? null
  if (tenant === undefined || tenant === principal.tenant) return principal.tenant
  const reason = `${principal.actor} asked for a scope of another tenant than its own`
  throw new GuardFailure('tenant-contradiction', reason, 'leave the tenant out: it is known')
}

/** @throws GuardFailure `no-grant`, `bundle-away`, `not-installed` */
function grantOf(
  { options: { grants, records } }: House,
  { id }: Principal,
  tenant: string,
): string {
  if (!grants) throw noGrant('this guard was opened without grants')
  if (!records) {
    const fix = 'run the SQL of outboxSql(), and open the guard with `records: true`'
    throw new GuardFailure('not-installed', 'what staff read cannot be recorded here', fix)
  }
  return grants.grantOf(id, tenant).id
}

function openCounting(house: House): Reads {
  const { now } = house.ground
  return openReads({
    now,
    onProblem: (failure) => house.options.onProblem?.(failure),
    write: (tenant, entries) => writeApart(house.ground, tenant, entries),
  })
}

/** Milliseconds of a clock that nobody sets. */
const elapsed = () => performance.now()

function toGround(options: GuardOptions): Ground {
  const { pool, scope, pooler = false, moves = false, pools = null, now = Date.now } = options
  const opening = planOpening(scope, { named: !pooler })
  const keyId = scope.mode === 'sealed' ? scope.key.id : null
  return { pool, opening, keyId, pooler, moves, pools, now, elapsed, looked: new WeakMap() }
}

function decide(
  { policies, watch }: GuardOptions,
  principal: Principal,
  tenant: string | null,
  { action, resource = toResource(principal, tenant), context }: Request,
): void {
  if (action === undefined) {
    if (principal.kind !== 'staff') return
    throw new GuardFailure(
      'bad-option',
      'staff need an action to be decided',
      'name it: { action }',
    )
  }
  const ask = { principal: principal.entity, action, resource, ...(context && { context }) }
  const nobody = { allowed: false, because: [], troubles: [] }
  const { allowed, because, troubles } = policies?.decide(ask) ?? nobody
  watch?.({ kind: 'decided', principal, action, resource, allowed, because })
  if (allowed) return
  const who = `${principal.entity.type} ${principal.entity.id}`
  const forbidden = because.length > 0 ? `it is forbidden by ${because.join(', ')}` : null
  throw new GuardFailure(
    'not-allowed',
    `${who} may not ${action} on ${resource.type} ${resource.id}`,
    // A schema that does not know the ask denies it, which is seldom meant.
    forbidden ?? troubles[0]?.says ?? 'no policy permits it',
  )
}

function toResource({ actor }: Principal, tenant: string | null): Entity {
  if (tenant !== null) return { type: 'Tenant', id: tenant }
  const fix = 'say which tenant, or what it is done to'
  throw new GuardFailure('bad-option', `${actor} has no tenant that could be the resource`, fix)
}

async function open<T>(
  house: House,
  asked: Opening,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  const {
    ground,
    current,
    options: { watch, records },
  } = house
  const { principal, tenant, action, signal, readOnly } = asked
  // Where each query is a transaction of its own, its SQL could end it and begin one that writes.
  const whole = principal.kind === 'staff'
  const transaction = new TenantTransaction(ground, tenant, readOnly, { whole })
  const witness = toWitness(house, asked, transaction)
  const recordsAt = records ? ground.now : null
  const scope = Scope.open({ principal, tenant, transaction, recordsAt, witness })
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
    const inScope = () => current.run(scope, work, scope)
    const result = await (signal ? run(transaction, signal, inScope) : inScope())
    Scope.close(scope)
    witness?.end?.()
    await transaction.commit().catch((error: unknown) => {
      throw principal.kind === 'staff' ? hide(error) : error
    })
    end('done')
    return result
  } catch (error) {
    Scope.close(scope)
    await transaction.rollback()
    end(error instanceof GuardFailure ? error.code : 'error')
    throw error
  }
}

function toWitness(
  house: House,
  { principal, tenant, action, readOnly, rowId = 'id' }: Opening,
  transaction: TenantTransaction,
): Witness | null {
  const { actor, kind } = principal
  const { now, pool } = house.ground
  const { reads, beside } = house
  if (kind !== 'staff') return reads && action ? countOnce(reads, tenant, actor, action) : null
  const grant = () => grantOf(house, principal, tenant)
  const keep = (entries: readonly Entry[]) => writeApart(beside.ground, tenant, entries)
  const tell = (entry: Entry) => transaction.atCommit(insertIfWrote(entry, now()), { first: true })
  const types = new pg.TypeOverrides(pool.options.types)
  const looking = { tenant, actor, action: action ?? '', rowId, types, readOnly }
  return watchStaff({ ...looking, grant, keep, tell })
}

/** The work, or the signal, whichever comes first. */
async function run<T>(
  transaction: TenantTransaction,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
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
  { principal, tenant, signal, readOnly }: Opening,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  if (outer.tenant !== tenant) throw nested('one tenant', 'another')
  if (isStaff(outer.principal, principal) && outer.principal.actor !== principal.actor) {
    throw nested(outer.principal.actor, principal.actor)
  }
  // One transaction can be only one of both, whichever stands within the other.
  if (outer.readOnly && !readOnly) throw nested('work that only reads', 'work that writes')
  if (!outer.readOnly && readOnly) throw nested('work that writes', 'work that only reads')
  const scope = Scope.join(outer, principal)
  try {
    const inScope = () => current.run(scope, work, scope)
    return await (signal ? run(Scope.transactionOf(outer), signal, inScope) : inScope())
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

/** What staff read is recorded under their own grant. */
function isStaff(...principals: Principal[]): boolean {
  return principals.some(({ kind }) => kind === 'staff')
}

function noGrant(reason: string): GuardFailure {
  const fix = 'open the guard with `grants`, a bundle of Kept, and name the tenant: { tenant }'
  return new GuardFailure('no-grant', `staff may not look: ${reason}`, fix)
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
