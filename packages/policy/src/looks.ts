import type { Expr, PolicyJson } from './cedar.ts'
import type { Look } from './policies.ts'

/** What policies look at beyond the action and the types of principal and resource. */
export function looksOf(policies: readonly PolicyJson[]): ReadonlySet<Look> {
  const looks = new Set<Look>()
  for (const { principal, resource, conditions } of policies) {
    if (!isOfType(principal)) looks.add('principal')
    if (!isOfType(resource)) looks.add('resource')
    for (const { body } of conditions) addLooks(body, looks)
  }
  return looks
}

function isOfType(constraint: PolicyJson['principal']): boolean {
  return constraint.op === 'All' || (constraint.op === 'is' && !('in' in constraint))
}

function addLooks(expression: Expr, looks: Set<Look>): void {
  if (isQuestionOfType(expression)) return
  const variable = 'Var' in expression ? expression.Var : null
  if (variable === 'principal' || variable === 'resource' || variable === 'context')
    looks.add(variable)
  for (const part of partsOf(expression)) addLooks(part, looks)
}

/** `principal is Person`. */
function isQuestionOfType(expression: Expr): boolean {
  if (!('is' in expression)) return false
  const { left, in: inside } = expression.is as { left: Expr; in?: Expr }
  return inside === undefined && 'Var' in left
}

/** The expressions of which one is made. */
export function partsOf(expression: Expr): Expr[] {
  return Object.entries(expression).flatMap(([operator, operands]: [string, unknown]) => {
    if (operator === 'Value' || operator === 'Var' || operator === 'Slot') return []
    if (Array.isArray(operands)) return operands as Expr[]
    if (operator === 'Record') return Object.values(operands as Record<string, Expr>)
    const { left, right, arg, if: question, then, else: otherwise, in: inside } =
      operands as Record<string, Expr | undefined> // prettier-ignore
    return [left, right, arg, question, then, otherwise, inside].filter((one) => one !== undefined)
  })
}
