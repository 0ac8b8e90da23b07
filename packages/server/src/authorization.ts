import { readFileSync } from 'node:fs'
import { readPolicies, type Policies } from '@kept/policy'
import type { Capability } from './foundation/capability.ts'
import type { Operation } from './foundation/operation.ts'
import { kinds, type Actor } from './foundation/transaction.ts'

/** Who may do what, by the policies of all capabilities. */
export interface Authorization {
  policies: Policies
  /** Nobody may who is not permitted. */
  authorize: Authorize
  /** Which kinds of actors may, as the API document says it. */
  admitted: (operation: Pick<Operation, 'action'>) => Actor['kind'][]
}

/**
 * Reads each capability's `policy.cedar` against a schema made of its operations, so that a policy can
 * name no action that is none.
 * @throws PolicyFailure with file, line and column
 */
export function openAuthorization(capabilities: readonly Capability[]): Authorization {
  const files = capabilities.flatMap(({ name, policy }) =>
    policy === undefined ? [] : [[`${name}/policy.cedar`, readFileSync(policy, 'utf8')] as const],
  )
  const policies = readPolicies({
    schema: writeSchema(actionsOf(capabilities)),
    policies: Object.fromEntries(files),
  })
  const decide = remember(policies, ({ kind, id, roles = [] }, { action }) => {
    const parents = roles.map((role) => ({ type: 'Role', id: role }))
    const principal = { type: typeOf(kind), id, parents }
    return policies.decide({ principal, action, resource }).allowed
  })
  const authorize: Authorize = (actor, operation) =>
    isInScope(actor, operation) && decide(actor, operation)
  return {
    policies,
    authorize,
    admitted: (operation) =>
      kinds.filter((kind) => authorize({ kind, id: kind, roles: ['owner'] }, operation)),
  }
}

type Authorize = (actor: Actor, operation: Pick<Operation, 'action'>) => boolean

/** A key may do no more than it was made for, and never what its owner does to sign in. */
function isInScope({ scopes }: Actor, { action }: Pick<Operation, 'action'>): boolean {
  if (!scopes) return true
  const [capability] = action.split('.')
  return (
    capability !== 'identity' && (scopes.includes(action) || scopes.includes(`${capability}.*`))
  )
}

/** What everything is done to. */
const resource = { type: 'Kept', id: 'kept' }

function actionsOf(capabilities: readonly Capability[]): string[] {
  return capabilities.flatMap(({ operations = [] }) => operations.map(({ action }) => action))
}

function writeSchema(actions: readonly string[]): string {
  const types = kinds.map(typeOf)
  const applies = `appliesTo { principal: [${types.join(', ')}], resource: Kept }`
  return [
    'entity Role, Kept;',
    `entity ${types.join(', ')} in [Role];`,
    ...actions.map((action) => `action ${JSON.stringify(action)} ${applies};`),
  ].join('\n')
}

/** `person` is `Person` in a policy. */
function typeOf(kind: Actor['kind']): string {
  return kind[0]!.toUpperCase() + kind.slice(1)
}

/**
 * A decision costs 0.1 ms, more than all else before the transaction. While policies look at nothing but the
 * action and who asks, equal asks are decided alike and remembered; the first policy that looks further has
 * each ask decided anew.
 */
function remember(policies: Policies, decide: Authorize): Authorize {
  if (policies.looksAt.has('resource') || policies.looksAt.has('context')) return decide
  const known = new Map<string, boolean>()
  const byId = policies.looksAt.has('principal')
  return ({ kind, id, roles = [] }, { action }) => {
    const key = JSON.stringify([kind, byId ? id : '', roles, action])
    const decided = known.get(key) ?? decide({ kind, id, roles }, { action })
    if (known.size === most) known.clear()
    known.set(key, decided)
    return decided
  }
}

const most = 10_000
