/** A condition in SQL that is never null, or one that is always or never true. */
export type Sql = string | boolean

/**
 * What an expression comes to on a row: true where `isTrue` holds, false where `isFalse` does, and a
 * failure where neither does. It can fail only where a column of `needs` is null; where it is true
 * no column of `gives` is.
 */
export interface Truth {
  isTrue: Sql
  isFalse: Sql
  needs: ReadonlySet<string>
  gives: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

export const always: Truth = { isTrue: true, isFalse: false, needs: none, gives: none }
export const never: Truth = { isTrue: false, isFalse: true, needs: none, gives: none }
/** It fails whatever the row holds: no column has this name. */
export const fails: Truth = { isTrue: false, isFalse: false, needs: new Set(['']), gives: none }

/** True or false by a test, but a failure where one of the columns is null. */
export function ofPresent(columns: readonly string[], test: Sql, opposite: Sql): Truth {
  const isPresent = columns.map((column): Sql => `${column} is not null`)
  return {
    isTrue: every([...isPresent, test]),
    isFalse: every([...isPresent, opposite]),
    needs: new Set(columns),
    gives: new Set(columns),
  }
}

/** What can never fail. */
export function total(isTrue: Sql, gives: readonly string[] = []): Truth {
  return { isTrue, isFalse: not(isTrue), needs: none, gives: new Set(gives) }
}

/** The second is looked at only where the first is true. */
export function both(a: Truth, b: Truth): Truth {
  return {
    isTrue: every([a.isTrue, b.isTrue]),
    isFalse: some([a.isFalse, isTotal(a) ? b.isFalse : every([a.isTrue, b.isFalse])]),
    needs: union(a.needs, new Set([...b.needs].filter((one) => !a.gives.has(one)))),
    gives: union(a.gives, b.gives),
  }
}

/** The second is looked at only where the first is false. */
export function either(a: Truth, b: Truth): Truth {
  return {
    isTrue: some([a.isTrue, isTotal(a) ? b.isTrue : every([a.isFalse, b.isTrue])]),
    isFalse: every([a.isFalse, b.isFalse]),
    needs: union(a.needs, b.needs),
    gives: new Set([...a.gives].filter((one) => b.gives.has(one))),
  }
}

export function opposite({ isTrue, isFalse, needs }: Truth): Truth {
  return { isTrue: isFalse, isFalse: isTrue, needs, gives: none }
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a, ...b])
}

function isTotal({ needs }: Truth): boolean {
  return needs.size === 0
}

export function every(conditions: readonly Sql[]): Sql {
  if (conditions.includes(false)) return false
  return joined(conditions, 'and') ?? true
}

export function some(conditions: readonly Sql[]): Sql {
  if (conditions.includes(true)) return true
  return joined(conditions, 'or') ?? false
}

function joined(conditions: readonly Sql[], word: 'and' | 'or'): string | null {
  const said = [...new Set(conditions.filter((one) => typeof one === 'string'))]
  return said.length > 1 ? `(${said.join(` ${word} `)})` : (said[0] ?? null)
}

export function not(condition: Sql): Sql {
  return typeof condition === 'boolean' ? !condition : `not ${condition}`
}
