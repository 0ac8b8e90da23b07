import type { Expr } from '../cedar.ts'
import type { Value } from '../policies.ts'
import type { Known } from './known.ts'
import type { AtColumn, Setting } from './operand.ts'
import type { Parameters } from './parameters.ts'
import { ofPresent, type Truth } from './truth.ts'

export interface Compiler extends Setting {
  known: Known
  parameters: Parameters
}

export function equals(column: AtColumn, value: Value, { parameters }: Compiler): Truth {
  const placeholder = parameters.of(value, column)
  if (placeholder === null) return ofPresent([column.sql], false, true)
  const { sql } = column
  return ofPresent([sql], `${sql} = ${placeholder}`, `${sql} <> ${placeholder}`)
}

export function areEqual(a: AtColumn, b: AtColumn, part: Expr, { refuse }: Compiler): Truth {
  const isAlike = a.type.is === b.type.is && nameOf(a) === nameOf(b)
  if (!isAlike) return ofPresent([a.sql, b.sql], false, true)
  if (a.cast !== b.cast) return refuse(part, 'the columns are of different types')
  return ofPresent([a.sql, b.sql], `${a.sql} = ${b.sql}`, `${a.sql} <> ${b.sql}`)
}

function nameOf({ type }: AtColumn): string {
  return type.is === 'Entity' ? type.name : ''
}

export function isOneOf(
  column: AtColumn,
  values: readonly Value[],
  { parameters }: Compiler,
): Truth {
  const { sql } = column
  const placeholder = parameters.ofAny(values, column)
  if (placeholder === null) return ofPresent([sql], false, true)
  return ofPresent([sql], `${sql} = any(${placeholder})`, `${sql} <> all(${placeholder})`)
}
