import { parse, type Filter } from 'scim2-parse-filter'
import { at } from '../../../foundation/transaction.ts'
import { refuse } from './protocol.ts'
import { Fragment, sql } from './sql.ts'

/** What an attribute is in the database, and how it is compared (RFC 7643 section 2.3). */
export type Column =
  | { type: 'text' | 'exact' | 'boolean' | 'time'; is: Fragment }
  /** Whether it has a value among several. */
  | { type: 'several'; has: (value: string) => Fragment; any: Fragment }

/** By the attribute's path in lower case. */
export type Columns = Readonly<Record<string, Column>>

const longest = 2000
const mostTerms = 60

/** Reads a filter; what it asks for becomes SQL of ours with parameters, and nothing else can. */
export function toSql(filter: string, columns: Columns): Fragment {
  if (filter.length > longest) throw invalid(`it is longer than ${longest} characters`)
  return translate(read(filter), columns, '', { terms: 0 })
}

export function read(filter: string): Filter {
  try {
    return parse(filter)
  } catch (error) {
    throw invalid((error as Error).message.slice(0, 200))
  }
}

function invalid(why: string) {
  return refuse('bad-input', `the filter cannot be read: ${why}`, 'invalidFilter')
}

function translate(
  filter: Filter,
  columns: Columns,
  within: string,
  count: { terms: number },
): Fragment {
  if (++count.terms > mostTerms) throw invalid(`it has more than ${mostTerms} parts`)
  switch (filter.op) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map((one) => translate(one, columns, within, count))
      return parts.reduce((all, one) =>
        filter.op === 'and' ? sql`(${all} and ${one})` : sql`(${all} or ${one})`,
      )
    }
    case 'not':
      return sql`(not coalesce(${translate(filter.filter, columns, within, count)}, false))`
    case '[]':
      return translate(filter.valFilter, columns, `${spell(filter.attrPath)}.`, count)
    case 'pr':
      return present(columnOf(columns, within + spell(filter.attrPath)))
    default:
      return compare(
        columnOf(columns, within + spell(filter.attrPath)),
        filter.op,
        filter.compValue,
      )
  }
}

/** Without the schema that it may stand behind. */
export function spell(path: string): string {
  return path.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/i, '').toLowerCase()
}

function columnOf(columns: Columns, path: string): Column {
  if (Object.hasOwn(columns, path)) return columns[path]!
  throw invalid(`there is no attribute ${path.slice(0, 100)} to filter by`)
}

function present(column: Column): Fragment {
  return column.type === 'several' ? column.any : sql`(${column.is} is not null)`
}

type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'lt' | 'ge' | 'le'

function compare(column: Column, op: Operator, value: string | number | boolean | null): Fragment {
  if (value === null) {
    if (op === 'eq') return sql`(not ${present(column)})`
    if (op === 'ne') return present(column)
    throw invalid(`nothing is compared with null by ${op}`)
  }
  switch (column.type) {
    case 'several':
      if (typeof value !== 'string' || op !== 'eq') throw invalid(`it is only compared by eq`)
      return column.has(value)
    case 'boolean':
      if (typeof value !== 'boolean') throw invalid('a boolean is true or false')
      if (op === 'eq') return sql`(${column.is} = ${value})`
      if (op === 'ne') return sql`(${column.is} <> ${value})`
      throw invalid(`a boolean is not compared by ${op}`)
    case 'time':
      return compareTime(column.is, op, value)
    default: {
      if (typeof value !== 'string') throw invalid('a text is written in quotes')
      if (value.includes('\0') || !value.isWellFormed()) throw invalid('no text holds that')
      return column.type === 'exact'
        ? compareText(column.is, op, sql`${value}::text`)
        : compareText(sql`lower(${column.is})`, op, sql`lower(${value}::text)`)
    }
  }
}

/** Patterns would have signs of their own: these functions have none. */
function compareText(is: Fragment, op: Operator, value: Fragment): Fragment {
  switch (op) {
    case 'eq':
      return sql`(${is} = ${value})`
    case 'ne':
      return sql`(${is} is distinct from ${value})`
    case 'co':
      return sql`(pg_catalog.strpos(${is}, ${value}) > 0)`
    case 'sw':
      return sql`pg_catalog.starts_with(${is}, ${value})`
    case 'ew':
      return sql`(pg_catalog.right(${is}, pg_catalog.length(${value})) = ${value})`
    case 'gt':
      return sql`(${is} > ${value})`
    case 'ge':
      return sql`(${is} >= ${value})`
    case 'lt':
      return sql`(${is} < ${value})`
    case 'le':
      return sql`(${is} <= ${value})`
  }
}

function compareTime(is: Fragment, op: Operator, value: string | number | boolean): Fragment {
  const isInstant =
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value)
  const instant = isInstant ? Date.parse(value) : Number.NaN
  if (Number.isNaN(instant)) throw invalid('a time is written like "2026-11-20T12:00:00Z"')
  const when = sql`${at(instant)}::timestamptz`
  switch (op) {
    case 'eq':
      return sql`(${is} = ${when})`
    case 'ne':
      return sql`(${is} <> ${when})`
    case 'gt':
      return sql`(${is} > ${when})`
    case 'ge':
      return sql`(${is} >= ${when})`
    case 'lt':
      return sql`(${is} < ${when})`
    case 'le':
      return sql`(${is} <= ${when})`
    default:
      throw invalid(`a time is not compared by ${op}`)
  }
}
