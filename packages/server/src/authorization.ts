import { readFileSync } from 'node:fs'
import { readPolicies, type Policies } from '@kept/policy'
import type { Capability } from './foundation/capability.ts'
import type { Operation } from './foundation/operation.ts'
import { kinds, type Actor } from './foundation/transaction.ts'

/** Who may do what, by the policies of all capabilities. */
export interface Authorization {
  policies: Policies
  /** Nobody may who is not permitted. */
  authorize: (actor: Actor, operation: Pick<Operation, 'action'>) => boolean
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
  const authorize = remember(policies, ({ kind, id }, { action }) => {
    const principal = { type: typeOf(kind), id }
    return policies.decide({ principal, action, resource }).allowed
  })
  return {
    policies,
    authorize,
    admitted: (operation) => kinds.filter((kind) => authorize({ kind, id: kind }, operation)),
  }
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
    `entity ${types.join(', ')}, Kept;`,
    ...actions.map((action) => `action ${JSON.stringify(action)} ${applies};`),
  ].join('\n')
}

/** `person` is `Person` in a policy. */
function typeOf(kind: Actor['kind']): string {
  return kind[0]!.toUpperCase() + kind.slice(1)
}

/**
 * A decision costs 0.1 ms, more than all else before the transaction. While no policy looks at anything
 * but the action and who asks by kind, equal asks are decided alike and remembered; the first policy
 * that looks further has each ask decided anew.
 */
function remember(
  policies: Policies,
  decide: Authorization['authorize'],
): Authorization['authorize'] {
  if (policies.looksAt.size > 0) return decide
  const known = new Map<string, boolean>()
  return (actor, operation) => {
    const key = `${actor.kind} ${operation.action}`
    const decided = known.get(key) ?? decide(actor, operation)
    known.set(key, decided)
    return decided
  }
}
