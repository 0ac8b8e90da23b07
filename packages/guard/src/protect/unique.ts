import type { Key, Table } from './catalog.ts'
import { columnOf } from './decision.ts'
import { ensureIndex } from './indexes.ts'
import { quote } from './sql.ts'
import { isFilled, ownedOf, type Owned, type Step, type Work } from './work.ts'

/**
 * A unique key or an exclusion constraint over all tenants tells one that another has the same value. Where the plan wants it, the
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
  const { table } = one
  const id = `${table.schema}.${key.name}`
  const answer = work.plan.unique[id]
  if (answer === 'everywhere') return []
  const columns = key.columns.map((name) => name ?? 'an expression').join(', ')
  const why =
    key.exclusion === null
      ? `its unique key ${key.name} (${columns}) tells a tenant what others have`
      : `its exclusion constraint ${key.name} (${key.exclusion}) tells a tenant what others have`
  const tell = (fix: string, more = '') => {
    work.findings.push({ at: table.id, why: why + more, fix, level: 'error' })
    return []
  }
  const odd = oddness(one, key)
  if (answer !== 'per tenant') {
    // An id that is a number is made by the database or the app; only its being taken is told.
    if (isNumber(table, key)) {
      work.findings.push({
        at: table.id,
        why: `its primary key (${columns}) is a number that tells which ids are taken`,
        fix: 'let the database make it',
        level: 'note',
      })
      return []
    }
    work.unique[id] = 'everywhere?'
    return tell(
      odd === null
        ? `in the plan, under unique: ${id}: per tenant (two tenants may then have the same) or everywhere`
        : `in the plan, under unique: ${id}: everywhere; or change it by hand to hold ${one.column} too (${odd})`,
    )
  }
  if (odd !== null) return tell('change it by hand', `; ${odd}`)
  if (!isFilled(work, one)) {
    return tell(
      'give every row a tenant, and run this again',
      `; ${one.column} is not there in each row`,
    )
  }
  return key.exclusion === null ? widenKey(work, one, key, why) : widenExclusion(one, key, why)
}

function isNumber(table: Table, { primary, columns }: Key): boolean {
  const isWhole = (name: string | null) =>
    /^(?:smallint|integer|bigint)$/.test(columnOf(table, name!)!.type)
  return primary && columns.every(isWhole)
}

/** Why no step of ours makes one for each tenant of a key; null where one does. */
function oddness({ table }: Owned, key: Key): string | null {
  if (key.primary) return 'it is the primary key'
  if (table.kind === 'p') return 'its table is partitioned'
  if (key.exclusion !== null) return null
  const isSimple =
    !key.partial && !key.deferrable && key.columns.every((name) => name !== null) && key.used === 0
  return isSimple
    ? null
    : 'it is partial, deferrable, of an expression or of NULLs, or others rest on it'
}

function widenKey(work: Work, { table, column }: Owned, key: Key, why: string): Step[] {
  const columns = key.columns as string[]
  const drop = key.constraint
    ? `alter table ${table.sql} drop constraint ${quote(key.name)};`
    : `drop index concurrently ${quote(table.schema)}.${quote(key.name)};`
  return [
    ...ensureIndex(work, table, [column, ...columns], true, why),
    {
      at: table.id,
      why: `${why}; statements with ON CONFLICT (${columns.join(', ')}) must name ${column} too`,
      sql: [drop],
    },
  ]
}

/** PostgreSQL makes none CONCURRENTLY: the table is locked for as long as its index takes. */
function widenExclusion({ table, column }: Owned, key: Key, why: string): Step[] {
  const wide = key.exclusion!.replace(
    /^EXCLUDE USING (\w+) \(/,
    (begin) => `${begin}${quote(column)} WITH =, `,
  )
  // Only with it a gist index compares ids.
  const extension = wide.startsWith('EXCLUDE USING gist ')
    ? ['create extension if not exists btree_gist;']
    : []
  const name = quote(key.name)
  return [
    {
      at: table.id,
      why: `${why}; the table is locked while its index is made`,
      sql: [
        ...extension,
        `alter table ${table.sql} drop constraint ${name}, add constraint ${name} ${wide};`,
      ],
    },
  ]
}
