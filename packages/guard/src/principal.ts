import type { Entity, Value } from '@kept/policy'
import { GuardFailure } from './failure.ts'

/** `user` belongs to one tenant; `staff` to the company that runs the app; the others are programs. */
export type Kind = 'user' | 'staff' | 'machine' | 'job'

/** Who a principal is, as policies see it, and whose rows it works on. */
export interface Identity {
  /** `user` when absent. */
  kind?: Kind
  id: string
  /** Null for staff alone: whose data they look at is said where a scope opens, and needs a grant. */
  tenant: string | null
  roles?: readonly string[]
  /** The type that policies know it by: User, Staff, Machine or Job, by its kind, when absent. */
  type?: string
  attrs?: Readonly<Record<string, Value>>
  /** What it is in beside its roles and its tenant. */
  parents?: readonly { type: string; id: string }[]
}

const types = { user: 'User', staff: 'Staff', machine: 'Machine', job: 'Job' } as const
const maker = Symbol('principal')

/** Who asks, proved. It cannot be made by hand: a client's word is no proof of a tenant. */
export class Principal {
  readonly kind: Kind
  readonly id: string
  readonly tenant: string | null
  readonly roles: readonly string[]
  /** As policies see it: in its Roles and its Tenant. */
  readonly entity: Entity
  /** How it was proved: `token of https://...`, `session`, `trusted`. */
  readonly verified: string
  readonly #made = true

  constructor(key: typeof maker, identity: Identity, verified: string) {
    if (key !== maker) throw new TypeError('a principal comes from a verified token or session')
    const { kind = 'user', id, tenant, roles = [], type = types[kind], attrs, parents } = identity
    const groups = roles.map((role) => ({ type: 'Role', id: role }))
    const home = tenant === null ? [] : [{ type: 'Tenant', id: tenant }]
    this.kind = kind
    this.id = id
    this.tenant = tenant
    this.roles = Object.freeze([...roles])
    this.entity = freeze(
      structuredClone({
        type,
        id,
        attrs: attrs ?? {},
        parents: [...groups, ...home, ...(parents ?? [])],
      }),
    )
    this.verified = verified
    Object.freeze(this)
  }

  /** Whether this package made it; what only looks like one did not pass the constructor. */
  static is(value: unknown): value is Principal {
    return typeof value === 'object' && value !== null && #made in value && value.#made
  }

  /** `user:ada`: how records name it. */
  get actor(): string {
    return `${this.kind}:${this.id}`
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze)
  return Object.freeze(value)
}

/** A sealed scope carries the tenant in a literal, where quotes and backslashes would need a second look. */
const plainTenant = /^[^\p{C}\p{Zl}\p{Zp}'"\\]{1,200}$/u
const plainId = /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u

/**
 * A principal on nobody's word but the caller's: for jobs and tests. Never for what a client sent.
 *
 * @throws GuardFailure `bad-principal`, `no-tenant`
 */
export function trustedPrincipal(identity: Identity): Principal {
  return provedPrincipal(identity, 'trusted')
}

/**
 * A principal whose identity was proved; for what verifies tokens and sessions.
 *
 * @throws GuardFailure `bad-principal` for an id or tenant that no statement or record could carry safely,
 * `no-tenant` where one is missing
 */
export function provedPrincipal(identity: Identity, verified: string): Principal {
  const { kind = 'user', id, tenant } = identity
  if (!Object.hasOwn(types, kind)) throw bad('the kind of a principal is none that is known here')
  if (!isText(id, plainId)) {
    throw bad(
      'the id of a principal is no text, empty, longer than 200 characters, or holds control characters',
    )
  }
  const isHomeless = (tenant ?? null) === null
  if (kind === 'staff' && !isHomeless) throw bad('staff belong to no tenant')
  if (kind !== 'staff' && isHomeless) {
    const fix = 'see that the claim or the session names one'
    throw new GuardFailure('no-tenant', `a ${kind} without a tenant cannot be let in`, fix)
  }
  if (!isHomeless && !isText(tenant, plainTenant)) {
    throw bad(
      'the tenant of a principal is no text, empty, longer than 200 characters, or holds quotes, backslashes or control characters',
    )
  }
  checkGroups(identity)
  return new Principal(maker, { ...identity, tenant: tenant ?? null }, verified)
}

/** A session or a claim has what its table or issuer put there, whatever its type promises. */
function isText(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value)
}

function checkGroups({ roles = [], parents = [], type = '' }: Identity): void {
  const texts: unknown[] = [type, ...roles, ...parents.flatMap((one) => [one.type, one.id])]
  if (texts.every((one) => typeof one === 'string')) return
  throw bad('the type, the roles or the parents of a principal are no texts')
}

function bad(reason: string): GuardFailure {
  const fix = 'name tenants and people by a UUID, a number or a plain word'
  return new GuardFailure('bad-principal', reason, fix)
}
