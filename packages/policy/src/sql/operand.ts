import type { Expr } from '../cedar.ts'
import type { AskOfMany, Reference, Value } from '../policies.ts'
import type { Schema, Type } from '../schema.ts'
import type { Column, Columns, Place } from '../sql.ts'
import { isKnown } from './known.ts'

/** What stands at one side of a comparison; a failure where an absent attribute is read. */
export type Operand = AtColumn | { is: 'value'; value: Value } | { is: 'failure' }

export interface AtColumn {
  is: 'column'
  sql: string
  type: Type
  cast: 'text' | 'uuid' | 'bigint' | 'boolean'
  /** Whether it is the row itself, whose id is never null. */
  isRow: boolean
}

/** All that expressions are compiled with. */
export interface Setting {
  ask: AskOfMany
  schema: Schema
  columns: Columns
  place: Place
  /** Ends the compilation: this part cannot be said in SQL. */
  refuse: (part: Expr, why: string) => never
}

export function operandOf(expression: Expr, setting: Setting): Operand {
  if (isKnown(expression)) {
    const value = valueOf(expression, setting)
    return value === undefined ? { is: 'failure' } : { is: 'value', value }
  }
  if ('Var' in expression) return rowOf(expression, setting)
  const { left, attr } = '.' in expression ? (expression['.'] as Access) : { left: null, attr: '' }
  if (left === null || !('Var' in left)) {
    return setting.refuse(expression, 'only an attribute of the resource itself is a column')
  }
  return attributeOf(attr, expression, setting)
}

interface Access {
  left: Expr
  attr: string
}

function rowOf(expression: Expr, { ask, place, refuse }: Setting): AtColumn {
  if (place.id === undefined) return refuse(expression, 'no column is named for its id')
  const type: Type = { is: 'Entity', name: ask.resourceType }
  return { ...columnOf(place.id, type, 'text'), isRow: true }
}

/** The column of an attribute of the resource. */
export function attributeOf(attr: string, expression: Expr, setting: Setting): AtColumn {
  const { ask, schema, columns, refuse } = setting
  const type = schema.entities.get(ask.resourceType)!.attributes.get(attr)
  const column = Object.hasOwn(columns, attr) ? columns[attr] : undefined
  if (!type || column === undefined) return refuse(expression, `no column is named for "${attr}"`)
  switch (type.is) {
    case 'Bool':
      return columnOf(column, type, 'boolean')
    case 'Long':
      return columnOf(column, type, 'bigint')
    case 'String':
    case 'Entity':
      return columnOf(column, type, 'text')
    default:
      return refuse(expression, 'a column holds a Bool, a Long, a String or the id of an entity')
  }
}

export function columnOf(column: Column, type: Type, usual: AtColumn['cast']): AtColumn {
  const { name, type: cast } = typeof column === 'string' ? { name: column, type: usual } : column
  const sql = name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
  return { is: 'column', sql, type, cast, isRow: false }
}

/** The value of an expression that looks at no resource; undefined where it reads what is absent. */
function valueOf(expression: Expr, setting: Setting): Value | undefined {
  const { ask, schema, refuse } = setting
  if ('Value' in expression) return expression.Value as Value
  if ('Var' in expression) {
    switch (expression.Var) {
      case 'principal':
        return referTo(ask.principal)
      case 'action':
        return referTo(schema.actions.get(ask.action)!.uid)
      default:
        return ask.context ?? {}
    }
  }
  if ('.' in expression) {
    const { left, attr } = expression['.'] as Access
    const whole = valueOf(left, setting)
    return whole === undefined ? undefined : read(whole, attr, expression, setting)
  }
  if ('Set' in expression) {
    const values = (expression.Set as readonly Expr[]).map((one) => valueOf(one, setting))
    return values.includes(undefined) ? undefined : (values as Value[])
  }
  return refuse(expression, 'it is neither a value nor an attribute')
}

function read(whole: Value, attr: string, part: Expr, setting: Setting): Value | undefined {
  const { ask, refuse } = setting
  const entity = entityOf(whole)
  if (entity === null) return own(whole as Readonly<Record<string, Value>>, attr)
  if (isSame(entity, ask.principal)) return own(ask.principal.attrs ?? {}, attr)
  // Nothing is known of other entities, and of a row only the database knows.
  return entity.type === ask.resourceType ? refuse(part, 'it may be any of the rows') : undefined
}

function own(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

export function referTo({ type, id }: Reference): Value {
  return { __entity: { type, id } }
}

export function isSame(a: Reference, b: Reference): boolean {
  return a.type === b.type && a.id === b.id
}

export function entityOf(value: Value): Reference | null {
  const isRecord = typeof value === 'object' && !Array.isArray(value)
  const named = isRecord ? (value as Readonly<Record<string, Value>>)['__entity'] : undefined
  return named === undefined ? null : (named as unknown as Reference)
}
