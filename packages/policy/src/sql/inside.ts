import type { Expr } from '../cedar.ts'
import type { Value } from '../policies.ts'
import { equals, isOneOf, type Compiler } from './equal.ts'
import { columnOf, entityOf, isSame, operandOf, referTo, type AtColumn } from './operand.ts'
import { fails, some, total, type Truth } from './truth.ts'

/** `left in right`: whether an entity is another, or in it, or in one of several. */
export function inside(
  { left, right }: { left: Expr; right: Expr },
  part: Expr,
  compiler: Compiler,
): Truth {
  checkLoops(part, compiler)
  const [member, group] = [operandOf(left, compiler), operandOf(right, compiler)]
  if (member.is === 'failure' || group.is === 'failure') return fails
  if (member.is === 'value') {
    if (group.is !== 'column') return compiler.refuse(part, 'nothing of it is in the row')
    return isAround(group, member.value, part, compiler)
  }
  if (group.is === 'column') return compiler.refuse(part, 'both sides are of the row')
  const groups = [group.value].flat() as readonly Value[]
  return member.isRow
    ? isRowIn(member, groups, part, compiler)
    : isAttributeIn(member, groups, part, compiler)
}

/**
 * A principal that is in a row which is in something else, or a row in a principal: then what is said
 * of the one would change where the other stands.
 */
export function checkLoops(part: Expr, { ask, schema, refuse }: Compiler): void {
  const { principal, resourceType } = ask
  const around = schema.entities.get(resourceType)!.ancestors
  const parents = principal.parents ?? []
  if (around.size > 0 && parents.some(({ type }) => type === resourceType))
    refuse(part, `the principal is in a ${resourceType}, which is in something else`)
  if (around.has(principal.type) && parents.length > 0)
    refuse(part, `a ${resourceType} may be in the principal`)
}

/** A known entity in what a column names: all it is in are known. */
function isAround(group: AtColumn, member: Value, part: Expr, compiler: Compiler): Truth {
  const { principal, resourceType } = compiler.ask
  const entity = entityOf(member)!
  const isPrincipal = isSame(entity, principal)
  if (!isPrincipal && entity.type === resourceType)
    return compiler.refuse(part, `a ${resourceType} may be any of the rows`)
  const all = [entity, ...(isPrincipal ? (principal.parents ?? []) : [])]
  return isOneOf(group, all.map(referTo), compiler)
}

/** The row in known groups: by its own id, or by the column of its parent of that type. */
function isRowIn(row: AtColumn, groups: readonly Value[], part: Expr, compiler: Compiler): Truth {
  const { ask, schema, place, refuse } = compiler
  const { ancestors } = schema.entities.get(ask.resourceType)!
  const isIn = groups.flatMap((group) => {
    const { type } = entityOf(group)!
    const isItself = type === ask.resourceType ? [equals(row, group, compiler).isTrue] : []
    if (!ancestors.has(type)) return isItself
    const column = place.parents?.[type]
    if (column === undefined) return refuse(part, `no column is named for its ${type}`)
    const parent = columnOf(column, { is: 'Entity', name: type }, 'text')
    return [...isItself, equals(parent, group, compiler).isTrue]
  })
  return total(some(isIn))
}

/** What a column names in known groups: of that entity nothing is known but which it is. */
function isAttributeIn(
  member: AtColumn,
  groups: readonly Value[],
  part: Expr,
  compiler: Compiler,
): Truth {
  const type = member.type.is === 'Entity' ? member.type.name : ''
  const around = compiler.schema.entities.get(type)?.ancestors ?? new Set<string>()
  if (groups.some((group) => around.has(entityOf(group)!.type)))
    return compiler.refuse(part, `what a ${type} is in is in no column`)
  return isOneOf(member, groups, compiler)
}
