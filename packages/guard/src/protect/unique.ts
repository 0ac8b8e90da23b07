import type { Key } from './catalog.ts'
import { columnOf } from './decision.ts'
import { ensureIndex } from './indexes.ts'
import { quote } from './sql.ts'
import { isFilled, ownedOf, type Owned, type Step, type Work } from './work.ts'

/**
 * A unique key over all tenants tells one that another has the same value. Where the plan wants it, the
 * key is made one for each tenant; that changes what may be stored, so nothing is done unasked.
 */
export function uniqueSteps(work: Work): Step[] {
  return ownedOf(work).flatMap((one) => {
    if (one.kind === 'part') return []
    return one.table.keys
      .filter((key) => key.valid && tells(work, one, key))
      .flatMap((key) => narrow(work, one, key))
  })
}

/** Whether a value that a tenant chooses is compared with those of others. */
function tells({ decisions }: Work, { table, column, kind }: Owned, { columns }: Key): boolean {
  if (kind === 'tenant' || columns.includes(column)) return false
  // What belongs to one tenant by a foreign key holds each key that it is in to that tenant.
  const bound = table.references.some(
    (one) =>
      columns.some((name) => name !== null && one.columns.includes(name)) &&
      ['tenant', 'own', 'path', 'part'].includes(decisions.get(one.target)?.kind ?? ''),
  )
  // Nobody hits upon a UUID, and what is counted up is never the same twice.
  const isMade = (name: string | null) => {
    const known = name === null ? undefined : columnOf(table, name)
    return known !== undefined && (known.counted || known.type === 'uuid')
  }
  return !bound && !columns.some(isMade)
}

function narrow(work: Work, one: Owned, key: Key): Step[] {
  const { table, column } = one
  const id = `${table.schema}.${key.name}`
  const answer = work.plan.unique[id]
  const columns = key.columns.map((name) => name ?? 'an expression').join(', ')
  const why = `its unique key ${key.name} (${columns}) tells a tenant what others have`
  if (answer === 'everywhere') return []
  if (answer !== 'per tenant') {
    // An id that is a number is made by the database or the app; only its being taken is told.
    const isId =
      key.primary &&
      key.columns.every((name) =>
        /^(?:smallint|integer|bigint)$/.test(columnOf(table, name!)!.type),
      )
    if (isId) {
      work.findings.push({
        at: table.id,
        why: `its primary key (${columns}) is a number that tells which ids are taken`,
        fix: 'let the database make it',
        level: 'note',
      })
      return []
    }
    work.unique[id] = 'everywhere?'
    const fix = `in the plan, under unique: ${id}: per tenant (two tenants may then have the same) or everywhere`
    work.findings.push({ at: table.id, why, fix, level: 'error' })
    return []
  }
  const isSimple =
    !key.partial && !key.deferrable && key.columns.every((name) => name !== null) && key.used === 0
  if (!isSimple || table.kind === 'p' || !isFilled(work, one) || key.primary) {
    const odd = key.primary
      ? 'it is the primary key'
      : 'it is partial, deferrable, of an expression or of NULLs, or others rest on it'
    work.findings.push({
      at: table.id,
      why: `${why}; ${odd}`,
      fix: 'change it by hand',
      level: 'error',
    })
    return []
  }
  const wide = [column, ...(key.columns as string[])]
  const drop = key.constraint
    ? `alter table ${table.sql} drop constraint ${quote(key.name)};`
    : `drop index concurrently ${quote(table.schema)}.${quote(key.name)};`
  return [
    ...ensureIndex(work, table, wide, true, why),
    {
      at: table.id,
      why: `${why}; statements with ON CONFLICT (${columns}) must name ${column} too`,
      sql: [drop],
    },
  ]
}
