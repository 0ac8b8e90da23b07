import type { Entity } from '@kept/policy'
import { GuardFailure } from './failure.ts'

/** Who a principal is, as policies see it, and whose rows it works on. */
export interface Identity extends Entity {
  tenant: string
}

const maker = Symbol('principal')

/** Who asks, proved. It cannot be made by hand: a client's word is no proof of a tenant. */
export class Principal {
  readonly tenant: string
  readonly entity: Entity

  constructor(key: typeof maker, { tenant, ...entity }: Identity) {
    if (key !== maker) throw new TypeError('a principal comes from a verified token or session')
    this.tenant = tenant
    this.entity = entity
  }
}

/**
 * A principal on nobody's word but the caller's: for jobs, tests and what verifies tokens. Never for
 * what a client sent.
 *
 * @throws GuardFailure `bad-principal` for a tenant that no statement could carry safely
 */
export function trustedPrincipal(identity: Identity): Principal {
  // A sealed scope carries it in a literal, where quotes and backslashes would need a second look.
  if (/^[^\p{C}\p{Zl}\p{Zp}'"\\]{1,200}$/u.test(identity.tenant))
    return new Principal(maker, identity)
  throw new GuardFailure(
    'bad-principal',
    'the tenant of a principal is empty, longer than 200 characters, or holds quotes, backslashes or control characters',
    'name tenants by a UUID, a number or a plain word',
  )
}
