import type { ForeignKey } from './catalog.ts'
import { toReference } from './references.ts'
import { isOwned } from './decision.ts'
import { ensureIndex } from './indexes.ts'
import { acrossOf, isAcross } from './plan.ts'
import { isTenantPair } from './rows.ts'
import { newName, quote } from './sql.ts'
import { isFilled, isSettled, ownedOf, type Owned, type Step, type Work } from './work.ts'

const actions: Readonly<Record<string, string>> = {
  r: ' restrict',
  c: ' cascade',
  n: ' set null',
  d: ' set default',
}

/** Foreign keys take the tenant in, so that no row points at another tenant's. */
export function foreignKeySteps(work: Work): Step[] {
  return ownedOf(work).flatMap((child) =>
    child.table.references.flatMap((key) => {
      const target = work.decisions.get(key.target)
      return isOwned(target) ? widen(work, child, key, target) : []
    }),
  )
}

function widen(work: Work, child: Owned, key: ForeignKey, target: Owned): Step[] {
  const { table } = child
  const tell = (why: string, fix: string, level: 'error' | 'note') => {
    work.findings.push({ at: table.id, why, fix, level })
    return []
  }
  const said = `its foreign key ${key.name} to ${target.table.id}`
  if (!key.validated && !isBegun(child, key)) {
    const why = `${said} was never held against the rows that were there before it`
    return tell(why, `alter table ${table.sql} validate constraint ${quote(key.name)}`, 'error')
  }
  if (isTenantPair(child, key, target) || isAcross(work.plan, table.id, key.columns)) return []
  // What names a tenant beside its own does so by intent; it shows nothing but that the other is there.
  if (target.kind === 'tenant' && key.targetColumns.includes(target.column)) {
    const fix = `where that is meant, in the plan, under across: ${acrossOf(table.id, key.columns)}`
    return tell(`${said} may name another tenant than its own`, fix, 'note')
  }
  if (key.columns.includes(child.column) || key.targetColumns.includes(target.column)) {
    return tell(
      `${said} pairs the tenant with something else`,
      'pair the tenant with the tenant',
      'error',
    )
  }
  const crossing = work.rows.crossings.find(
    ({ at, by }) => at === table.id && by.join() === key.columns.join(),
  )
  if (crossing) return []
  if (work.rows.uncounted.has(table.oid) || !isSettled(work, target)) return []
  if (key.onUpdate === 'n' || key.onUpdate === 'd' || key.full) {
    const what = key.full ? 'MATCH FULL' : 'ON UPDATE SET NULL'
    return tell(
      `${said} is ${what}, which would take the tenant with it`,
      'change it by hand to hold the tenant too',
      'error',
    )
  }
  const wide = {
    columns: [child.column, ...key.columns],
    targetColumns: [target.column, ...key.targetColumns],
  }
  const there = table.references.find(
    (one) => one.target === key.target && sameSet(one, toReference({ ...key, ...wide })),
  )
  const isSure =
    isFilled(work, child) && isFilled(work, target) && (!there || actsOf(there) === actsOf(key))
  if (there && actsOf(there) !== actsOf(key)) {
    const stays = `${said} tells by its error which ids exist; ${there.name} holds the tenant too, and does not do the same`
    tell(stays, `make ${there.name} do what ${key.name} does, and drop that`, 'note')
  }
  const why = `${said} lets a row point at another tenant's, and tells by its error which ids exist`
  const name = there?.name ?? newName(`${key.name}_tenant`, namesOf(child))
  return [
    ...(there
      ? []
      : ensureIndex(
          work,
          target.table,
          wide.targetColumns,
          true,
          `${said.replace('its', `${table.id}'s`)} needs it to hold the tenant too`,
        )),
    ...(there
      ? []
      : [
          { at: table.id, why, sql: [addKey(work, child, { ...key, ...wide, name }, target, key)] },
        ]),
    ...(there?.validated || isPlain(work, child) ? [] : [validate(child, name)]),
    ...(isSure
      ? [
          {
            at: table.id,
            why: `${name} says all that ${key.name} said, which would still tell of other tenants' ids`,
            sql: [locking(child, target, 'access exclusive', `drop constraint ${quote(key.name)}`)],
          },
        ]
      : []),
  ]
}

/** Whether an earlier run made it and was stopped: the one that it takes the place of is there still. */
function isBegun({ table, column }: Owned, key: ForeignKey): boolean {
  const rest = key.columns.filter((name) => name !== column).join()
  return table.references.some(
    (one) => one !== key && one.target === key.target && one.columns.join() === rest,
  )
}

const actsOf = ({ onUpdate, onDelete, deferrable, deferred }: ForeignKey) =>
  [onUpdate, onDelete, deferrable, deferred].join()

function namesOf({ table }: Owned): Set<string> {
  return new Set([
    ...table.references.map(({ name }) => name),
    ...table.keys.map(({ name }) => name),
  ])
}

/** Whether two references pair the same columns, in whatever order. */
function sameSet(
  one: Pick<ForeignKey, 'columns' | 'targetColumns'>,
  other: Pick<ForeignKey, 'columns' | 'targetColumns'>,
): boolean {
  const pairs = ({ columns, targetColumns }: typeof one) =>
    columns
      .map((name, i) => `${name}\0${targetColumns[i]}`)
      .toSorted()
      .join('\0\0')
  return pairs(one) === pairs(other)
}

/** Before PostgreSQL 18 the foreign key of a partitioned table is checked at once, under its lock. */
function isPlain({ catalog }: Work, { table }: Owned): boolean {
  return table.kind === 'p' && catalog.version < 180_000
}

const list = (names: readonly string[]) => `(${names.map(quote).join(', ')})`
const action = (when: string, one: string) => (actions[one] ? ` on ${when}${actions[one]}` : '')

function addKey(work: Work, child: Owned, key: ForeignKey, target: Owned, old: ForeignKey): string {
  const onDelete = action('delete', key.onDelete)
  // The tenant stays when what a row points at is deleted.
  const kept = /[nd]/.test(key.onDelete)
    ? ` ${list(old.deleteColumns.length > 0 ? old.deleteColumns : old.columns)}`
    : ''
  const deferred = key.deferrable ? ` deferrable${key.deferred ? ' initially deferred' : ''}` : ''
  const late = isPlain(work, child) ? '' : ' not valid'
  const add = `add constraint ${quote(key.name)} foreign key ${list(key.columns)}
  references ${target.table.sql} ${list(key.targetColumns)}${action('update', key.onUpdate)}${onDelete}${kept}${deferred}${late}`
  return locking(child, target, 'share row exclusive', add)
}

/**
 * Locks what is pointed at first, as transactions of an app write it first: in the order of ALTER TABLE
 * each would wait for the other, and on a busy table it would never get through.
 */
function locking(child: Owned, target: Owned, mode: string, change: string): string {
  const alter = `alter table ${child.table.sql} ${change};`
  if (child.table === target.table) return alter
  return `begin;\nlock table ${target.table.sql} in ${mode} mode;\n${alter}\ncommit;`
}

function validate({ table }: Owned, name: string): Step {
  return {
    at: table.id,
    why: `its foreign key ${name} has not been held against the rows that were there before it`,
    sql: [`alter table ${table.sql} validate constraint ${quote(name)};`],
  }
}
