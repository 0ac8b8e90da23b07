import { evaluate, type Question } from './cedar.ts'
import type { Ask, AskOfMany, Decision, Entity, Reference, Trouble } from './policies.ts'
import type { Policy } from './read.ts'
import { misfit, sayUid, type Action, type Schema } from './schema.ts'

/** Decides by policies that the engine keeps under a name. */
export function decider(name: string, schema: Schema, policies: readonly Policy[]) {
  const forbids = new Set(policies.filter(({ effect }) => effect === 'forbid').map(({ id }) => id))
  const order = new Map(policies.map(({ id }, i) => [id, i]))
  const inOrder = (ids: readonly string[]) => ids.toSorted((a, b) => order.get(a)! - order.get(b)!)
  return function decide(ask: Ask): Decision {
    const question = questionOf(ask, schema)
    const answer = typeof question === 'string' ? question : evaluate(name, question)
    if (typeof answer === 'string') return deny([], [{ policy: null, says: answer }])
    const failed = answer.failed.map(({ policy }) => policy).filter((id) => forbids.has(id))
    const forbade = answer.holds.filter((id) => forbids.has(id))
    const because = inOrder([...forbade, ...failed])
    if (because.length > 0 || answer.holds.length === 0) return deny(because, answer.failed)
    return { allowed: true, because: inOrder(answer.holds), troubles: answer.failed }
  }
}

function deny(because: readonly string[], troubles: readonly Trouble[]): Decision {
  return { allowed: false, because, troubles }
}

/** What the engine is asked; a text when the schema does not know such a question. */
export function questionOf(ask: Ask, schema: Schema): Question | string {
  const { principal, resource, context = {} } = ask
  const action = findAction({ ...ask, resourceType: resource.type }, schema)
  if (typeof action === 'string') return action
  const reason =
    misfitOfEntity('principal', principal, schema) ??
    misfitOfEntity('resource', resource, schema) ??
    misfit(context, action.context, 'context')
  if (reason !== null) return reason
  return {
    principal: toUid(principal),
    action: action.uid,
    resource: toUid(resource),
    context,
    entities: [
      ...distinct(principal, resource).map(toEntity),
      { uid: action.uid, attrs: {}, parents: action.ancestors },
    ],
  }
}

/** The action of an ask, or why the schema knows no such ask. */
export function findAction(
  { principal, action: name, resourceType }: Omit<AskOfMany, 'context'>,
  schema: Schema,
): Action | string {
  const action = schema.actions.get(name)
  if (!action) return `the schema has no action "${name}"`
  if (!action.principals.has(principal.type)) return `no ${principal.type} can ask for "${name}"`
  return action.resources.has(resourceType) ? action : `"${name}" is not done to a ${resourceType}`
}

function misfitOfEntity(role: string, entity: Entity, { entities }: Schema): string | null {
  const { type, id, attrs = {}, parents = [] } = entity
  const { attributes, ancestors } = entities.get(type)!
  if (!Array.isArray(parents)) return `the parents of the ${role} are no list`
  if (typeof id !== 'string' || !id.isWellFormed()) return `the id of the ${role} is no text`
  for (const parent of parents as readonly (Partial<Reference> | null)[]) {
    const { type: around, id: named } = parent ?? {}
    if (!ancestors.has(String(around))) return `a ${type} is never in a ${String(around)}`
    if (typeof named !== 'string' || !named.isWellFormed())
      return `the id of a parent of the ${role} is no text`
  }
  return misfit(attrs, attributes, role)
}

/** Who asks about itself is one entity: what is known of it may be said once. */
function distinct(principal: Entity, resource: Entity): Entity[] {
  if (sayUid(principal) !== sayUid(resource)) return [principal, resource]
  if (isBare(resource)) return [principal]
  return isBare(principal) ? [resource] : [principal, resource]
}

function isBare({ attrs = {}, parents = [] }: Entity): boolean {
  return Object.keys(attrs).length === 0 && parents.length === 0
}

function toEntity(entity: Entity): Question['entities'][number] {
  const { attrs = {}, parents = [] } = entity
  return { uid: toUid(entity), attrs, parents: parents.map(toUid) }
}

function toUid({ type, id }: Reference): Reference {
  return { type, id }
}
