import type { Expr, PolicyJson } from './cedar.ts'
import type { Reference } from './policies.ts'

/** One thing that must hold for a policy to apply. */
export interface Part {
  expression: Expr
  of: 'principal' | 'action' | 'resource' | 'conditions'
}

/** A policy as expressions that must all be true, in the order in which they are looked at. */
export function expressionsOf({ principal, action, resource, conditions }: PolicyJson): Part[] {
  return [
    ...constraintOf('principal', principal as Constraint),
    ...constraintOf('action', action as Constraint),
    ...constraintOf('resource', resource as Constraint),
    ...conditions.map(({ kind, body }): Part => {
      return { of: 'conditions', expression: kind === 'when' ? body : { '!': { arg: body } } }
    }),
  ]
}

interface Constraint {
  op: 'All' | '==' | 'in' | 'is'
  entity?: Reference
  entities?: readonly Reference[]
  entity_type?: string
  in?: { entity: Reference }
}

function constraintOf(of: 'principal' | 'action' | 'resource', constraint: Constraint): Part[] {
  const { op, entity, entities, entity_type: type, in: inside } = constraint
  const left: Expr = { Var: of }
  const right: Expr = entity ? literal(entity) : { Set: (entities ?? []).map(literal) }
  switch (op) {
    case 'All':
      return []
    case 'is':
      return [
        { of, expression: { is: { left, entity_type: type! } } },
        ...(inside
          ? [{ of, expression: { in: { left, right: literal(inside.entity) } } as Expr }]
          : []),
      ]
    case '==':
      return [{ of, expression: { '==': { left, right } } }]
    case 'in':
      return [{ of, expression: { in: { left, right } } }]
  }
}

function literal({ type, id }: Reference): Expr {
  return { Value: { __entity: { type, id } } }
}
