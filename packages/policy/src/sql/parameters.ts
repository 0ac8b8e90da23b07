import type { Value } from '../policies.ts'
import { entityOf, type AtColumn } from './operand.ts'

/** The values that expressions are compared with. */
export interface Parameters {
  /** The placeholder of a value, by which a column is compared; null when no row can hold it there. */
  of: (value: Value, column: AtColumn) => string | null
  /** The placeholder of those of several that a row can hold there, as an array; null when none. */
  ofAny: (values: readonly Value[], column: AtColumn) => string | null
  text: (value: string) => string
  /** Numbers what is left of the placeholders from `first` on, and hands out their values. */
  number: (sql: string, first: number) => { sql: string; values: unknown[] }
}

export function openParameters(): Parameters {
  const values: unknown[] = []
  const known = new Map<string, string>()
  const add = (value: unknown, cast: string) => {
    const key = `${cast} ${JSON.stringify(value)}`
    const placeholder = known.get(key) ?? `$${values.length}::${cast}`
    if (!known.has(key)) values.push(value)
    known.set(key, placeholder)
    return placeholder
  }
  return {
    text: (value) => add(value, 'text'),
    of(value, column) {
      const comparable = comparableOf(value, column)
      return comparable === null ? null : add(comparable, column.cast)
    },
    ofAny(several, column) {
      const comparable = several
        .map((one) => comparableOf(one, column))
        .filter((one) => one !== null)
      return comparable.length === 0 ? null : add(comparable, `${column.cast}[]`)
    },
    number(sql, first) {
      const used: number[] = []
      // Names of columns are quoted, and there are no other quotes.
      const numbered = sql.replaceAll(/"[^"]*"|\$(\d+)/g, (said: string, index?: string) => {
        if (index === undefined) return said
        if (!used.includes(Number(index))) used.push(Number(index))
        return `$${first + used.indexOf(Number(index))}`
      })
      return { sql: numbered, values: used.map((index) => values[index]) }
    },
  }
}

type Comparable = boolean | number | string

/** What of a value a column holds, of an entity its id; null where no row can hold it there. */
function comparableOf(value: Value, column: AtColumn): Comparable | null {
  const comparable = ofType(value, column)
  return comparable !== null && canHold(column, comparable) ? comparable : null
}

function ofType(value: Value, { type }: AtColumn): Comparable | null {
  switch (type.is) {
    case 'Bool':
      return typeof value === 'boolean' ? value : null
    case 'Long':
      return typeof value === 'number' ? value : null
    case 'String':
      return typeof value === 'string' ? value : null
    case 'Entity': {
      const entity = entityOf(value)
      return entity?.type === type.name ? entity.id : null
    }
    default:
      return null
  }
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
const integer = /^(?:0|-?[1-9]\d{0,17})$/

/** Only what the column would write just so: an id in capitals is another id, though the same uuid. */
function canHold({ cast }: AtColumn, value: Comparable): boolean {
  if (typeof value !== 'string') return true
  if (cast === 'uuid') return uuid.test(value)
  return cast === 'bigint' ? integer.test(value) : !value.includes('\0')
}
