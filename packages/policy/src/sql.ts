import { writeExpression, type Expr } from './cedar.ts'
import { questionOf } from './decide.ts'
import { PolicyFailure } from './failure.ts'
import type { AskOfMany } from './policies.ts'
import type { Policy } from './read.ts'
import type { Schema } from './schema.ts'
import { expressionsOf } from './scope.ts'
import { compile } from './sql/compile.ts'
import type { Compiler } from './sql/equal.ts'
import { prepareKnown } from './sql/known.ts'
import { openParameters } from './sql/parameters.ts'
import { always, both, every, some, type Sql, type Truth } from './sql/truth.ts'

/**
 * A column, as `owner` or `documents.owner`; it is quoted here. Without a type it holds what its
 * attribute is: Bool boolean, Long any integer, String and the id of an entity text of a deterministic
 * collation.
 */
export type Column = string | { name: string; type: 'uuid' | 'bigint' }

/** The columns of a resource's attributes, by their names. */
export type Columns = Readonly<Record<string, Column>>

export interface Place {
  /** The column of the resource's own id. */
  id?: Column
  /** For each type of entity that a resource may be in, the column of the one it is in, however deep. */
  parents?: Readonly<Record<string, Column>>
  /** The number of the first parameter; 1 when absent. */
  first?: number
}

export interface SqlCondition {
  /** Never null; to stand behind `where` or `and`. */
  sql: string
  values: unknown[]
}

/** Longer conditions are no help to a planner. */
const mostCharacters = 100_000

/** Turns policies into conditions on rows. What looks at no row is prepared once, at the first ask. */
export function sqlWriter(name: string, schema: Schema, policies: readonly Policy[]) {
  let prepared: ReturnType<typeof prepareKnown> | null = null
  return function toSql(ask: AskOfMany, columns: Columns, place: Place = {}): SqlCondition {
    const resource = { type: ask.resourceType, id: '' }
    const question = questionOf({ ...ask, resource }, schema)
    prepared ??= prepareKnown(`${name}/known`, policies)
    const known = typeof question === 'string' ? question : prepared(question)
    // Of what the schema does not know nothing is allowed.
    if (typeof known === 'string') return { sql: 'false', values: [] }
    const parameters = openParameters()
    const compiler = { ask, schema, columns, place, known, parameters }
    const sql = String(join(policies.map((one) => [one, compilePolicy(one, compiler)])))
    if (sql.length > mostCharacters) {
      const reason = `the condition is ${sql.length} characters long`
      throw new PolicyFailure('not-expressible', reason, 'decide row by row')
    }
    return parameters.number(sql, place.first ?? 1)
  }
}

/** A permit counts where it is true; a forbid unless it is false, so that one which fails forbids. */
function join(compiled: readonly [Policy, Truth][]): Sql {
  const permits = compiled.filter(([{ effect }]) => effect === 'permit')
  const forbids = compiled.filter(([{ effect }]) => effect === 'forbid')
  return every([
    some(permits.map(([, { isTrue }]) => isTrue)),
    ...forbids.map(([, { isFalse }]) => isFalse),
  ])
}

function compilePolicy({ id, json }: Policy, setting: Omit<Compiler, 'refuse'>): Truth {
  const refuse = (part: Expr, why: string): never => {
    const said = writeExpression(part)
    const short = said.length > 120 ? `${said.slice(0, 120)}…` : said
    const reason = `policy "${id}": ${short} cannot be said in SQL: ${why}`
    throw new PolicyFailure('not-expressible', reason, 'say it by columns, or decide row by row')
  }
  const compiler = { ...setting, refuse }
  let whole = always
  for (const { expression } of expressionsOf(json)) {
    // What is never looked at need not be expressible.
    if (whole.isTrue === false) break
    whole = both(whole, compile(expression, compiler))
  }
  return whole
}
