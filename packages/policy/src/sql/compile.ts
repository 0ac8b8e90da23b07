import type { Expr } from '../cedar.ts'
import { partsOf } from '../looks.ts'
import type { Value } from '../policies.ts'
import { areEqual, equals, isOneOf, type Compiler } from './equal.ts'
import { checkLoops, inside } from './inside.ts'
import { isKnown } from './known.ts'
import { attributeOf, operandOf, type AtColumn, type Operand } from './operand.ts'
import {
  always,
  both,
  either,
  fails,
  never,
  ofPresent,
  opposite,
  total,
  type Truth,
} from './truth.ts'

interface Pair {
  left: Expr
  right: Expr
}

/** Turns an expression into a condition on rows, exactly, or refuses. */
export function compile(expression: Expr, compiler: Compiler): Truth {
  if (isKnown(expression)) {
    checkRows(expression, compiler)
    return compiler.known(expression)
  }
  const [[operator, operands]] = operandsOf(expression) as [[string, Pair & { arg: Expr }]]
  switch (operator) {
    case '&&': {
      const left = compile(operands.left, compiler)
      // What is never looked at need not be expressible.
      return left.isTrue === false ? left : both(left, compile(operands.right, compiler))
    }
    case '||': {
      const left = compile(operands.left, compiler)
      return left.isFalse === false ? left : either(left, compile(operands.right, compiler))
    }
    case '!':
      return opposite(compile(operands.arg, compiler))
    case '==':
      return equal(operands, compiler)
    case '!=':
      return opposite(equal(operands, compiler))
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(operator, operands, expression, compiler)
    case '.':
      return isSet(expression, compiler)
    case 'has':
      return has(expression, compiler)
    case 'is':
      return isOfType(expression, compiler)
    case 'in':
      return inside(operands, expression, compiler)
    case 'like':
      return like(expression, compiler)
    case 'contains':
      return isAmong(operands, expression, compiler)
    default:
      return compiler.refuse(expression, `"${operator}" is not among what SQL can say exactly`)
  }
}

/** Each expression is an object of one field: its operator. */
function operandsOf(expression: Expr): unknown {
  return Object.entries(expression)
}

/** What is told without rows must not look into an entity that may be one of them. */
function checkRows(expression: Expr, compiler: Compiler): void {
  const { ask, refuse } = compiler
  for (const [operator, operands] of operandsOf(expression) as [string, Pair][]) {
    if (operator === 'in') checkLoops(expression, compiler)
    const looks = ['.', 'has', 'in', 'getTag', 'hasTag'].includes(operator)
    if (!looks || 'Var' in operands.left) continue
    const reached = [operands.left, ask.principal.attrs, ask.context]
    if (reached.some((one) => names(one, ask.resourceType)))
      refuse(expression, `a ${ask.resourceType} may be any of the rows`)
  }
  for (const part of partsOf(expression)) checkRows(part, compiler)
}

/** Whether an entity of a type is anywhere in a value or expression. */
function names(value: unknown, type: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, one]) =>
      (key === '__entity' && (one as { type?: string }).type === type) || names(one, type),
  )
}

function equal({ left, right }: Pair, compiler: Compiler): Truth {
  const sides = [operandOf(left, compiler), operandOf(right, compiler)] as const
  const columns = sides.filter((one) => one.is === 'column')
  const value = sides.find((one) => one.is === 'value')
  if (sides.some((one) => one.is === 'failure')) return fails
  const [a, b] = columns as [AtColumn, AtColumn?]
  if (b) return areEqual(a, b, left, compiler)
  return equals(a, value!.value, compiler)
}

const opposites = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const

function compare(
  sign: keyof typeof opposites,
  { left, right }: Pair,
  part: Expr,
  compiler: Compiler,
): Truth {
  const sides = [operandOf(left, compiler), operandOf(right, compiler)] as const
  if (sides.some((one) => one.is === 'failure')) return fails
  const [a, b] = sides.map((one) => longOf(one, sides, compiler))
  if (!a || !b) return compiler.refuse(part, 'only integers are compared in SQL')
  const columns = sides.flatMap((one) => (one.is === 'column' ? [one.sql] : []))
  return ofPresent(columns, `${a} ${sign} ${b}`, `${a} ${opposites[sign]} ${b}`)
}

function longOf(side: Operand, sides: readonly Operand[], { parameters }: Compiler): string | null {
  if (side.is === 'column') return side.type.is === 'Long' ? side.sql : null
  const column = sides.find((one) => one.is === 'column')
  return side.is === 'value' && column ? parameters.of(side.value, column) : null
}

/** A Bool of the row by itself. */
function isSet(expression: Expr, compiler: Compiler): Truth {
  const column = operandOf(expression, compiler)
  if (column.is !== 'column' || column.type.is !== 'Bool')
    return compiler.refuse(expression, 'it is no Bool')
  return ofPresent([column.sql], column.sql, `not ${column.sql}`)
}

function has(expression: Expr, compiler: Compiler): Truth {
  const { left, attr } = (expression as { has: { left: Expr; attr: string | string[] } }).has
  const [name, ...deeper] = [attr].flat()
  if (!('Var' in left) || deeper.length > 0)
    return compiler.refuse(expression, 'only an attribute of the resource itself is a column')
  const { schema, ask } = compiler
  if (!schema.entities.get(ask.resourceType)!.attributes.has(name!)) return never
  const { sql } = attributeOf(name!, expression, compiler)
  return { ...total(`${sql} is not null`, [sql]), isFalse: `${sql} is null` }
}

function isOfType(expression: Expr, compiler: Compiler): Truth {
  const { left, entity_type: type, in: group } = (expression as unknown as { is: TypeQuestion }).is
  const operand = operandOf(left, compiler)
  if (operand.is !== 'column' || operand.type.is !== 'Entity')
    return compiler.refuse(expression, 'it is no entity')
  const isIt = operand.type.name === type
  const typed = operand.isRow ? (isIt ? always : never) : ofPresent([operand.sql], isIt, !isIt)
  return group && typed.isTrue !== false
    ? both(typed, inside({ left, right: group }, expression, compiler))
    : typed
}

interface TypeQuestion {
  left: Expr
  entity_type: string
  in?: Expr
}

type Pattern = readonly ('Wildcard' | { Literal: string })[]

function like(expression: Expr, compiler: Compiler): Truth {
  const { left, pattern } = (expression as { like: { left: Expr; pattern: Pattern } }).like
  const column = operandOf(left, compiler)
  if (column.is !== 'column' || column.type.is !== 'String')
    return compiler.refuse(expression, 'it is no String of the resource')
  const literals = pattern.flatMap((one) => (one === 'Wildcard' ? [] : [one.Literal]))
  const { sql } = column
  if (literals.some((one) => one.includes('\0'))) return ofPresent([sql], false, true)
  if (column.cast !== 'text') return compiler.refuse(expression, 'only text has a pattern')
  const said = pattern.map((one) =>
    one === 'Wildcard' ? '%' : one.Literal.replaceAll(/[\\%_]/g, '\\$&'),
  )
  const placeholder = compiler.parameters.text(said.join(''))
  return ofPresent([sql], `${sql} like ${placeholder}`, `${sql} not like ${placeholder}`)
}

/** `["a", "b"].contains(resource.state)`. */
function isAmong({ left, right }: Pair, expression: Expr, compiler: Compiler): Truth {
  if (!isKnown(left)) return compiler.refuse(expression, 'a set of the row is no column')
  const set = operandOf(left, compiler)
  const column = operandOf(right, compiler)
  if (set.is === 'failure') return fails
  if (set.is !== 'value' || column.is !== 'column' || !Array.isArray(set.value))
    return compiler.refuse(expression, 'only a known set can be searched for an attribute')
  return isOneOf(column, set.value as readonly Value[], compiler)
}
