import { escapeLiteral } from 'pg'
import { columnOf, rootOf } from './decision.ts'
import { sayRows } from './rows.ts'
import { dollars, quote, scopeOf } from './sql.ts'
import { isFilled, leavesOf, ownedOf, type Owned, type Step, type Work } from './work.ts'

/** Tables that are reached only by foreign keys get the tenant, filled from those they belong to. */
export function columnSteps(work: Work): Step[] {
  const paths = inOrder(
    work,
    ownedOf(work).filter(({ kind }) => kind === 'path'),
  )
  return [
    ...paths.flatMap((one) => addColumn(work, one)),
    ...ownedOf(work).flatMap((one) => askScope(work, one)),
    ...paths.flatMap((one) => fill(work, one)),
    ...paths.flatMap((one) => demand(work, one)),
  ]
}

/** Each after the one it is filled from. */
function inOrder({ catalog, decisions }: Work, paths: readonly Owned[]): Owned[] {
  const depth = (one: Owned): number => {
    const target = decisions.get(rootOf(catalog, one.by!.target))
    return target?.kind === 'path' ? depth(target as Owned) + 1 : 0
  }
  return paths.toSorted((one, other) => depth(one) - depth(other))
}

function addColumn(work: Work, { table, column, why }: Owned): Step[] {
  if (columnOf(table, column)) return []
  const name = quote(column)
  const { type } = work.tenant
  const value = scopeOf(work.plan, type)
  return [
    {
      at: table.id,
      why: `${why}; it says of no row whose it is; an INSERT that does not name the tenant takes that of its scope`,
      sql: [
        `alter table ${table.sql} add column ${name} ${type}, alter column ${name} set default ${value};`,
      ],
    },
  ]
}

/** A default that asks the other form of scope gives no tenant to a new row, once that one is opened no more. */
function askScope(work: Work, { table, column }: Owned): Step[] {
  const { type, default: value } = columnOf(table, column) ?? {}
  const other = work.plan.scope === 'sealed' ? /\bcurrent_setting\(/ : /\bkept\.tenant\(/
  if (type === undefined || !other.test(value ?? '')) return []
  return [
    {
      at: table.id,
      why: `${column} takes its default from another form of scope`,
      sql: [
        `alter table ${table.sql} alter column ${quote(column)} set default ${scopeOf(work.plan, type)};`,
      ],
    },
  ]
}

/** In pieces, each committed, so that no row is locked for long and an interrupted run goes on. */
function fill(work: Work, { table, column, by }: Owned): Step[] {
  const there = columnOf(table, column)
  if (there && !work.rows.unfilled.has(table.oid)) return []
  const target = work.decisions.get(by!.target) as Owned
  const pairs = by!.columns.map((name, i) => `p.${quote(by!.targetColumns[i]!)} = c.${quote(name)}`)
  const fires = table.triggers.length > 0 ? `; its triggers ${table.triggers.join(', ')} fire` : ''
  return leavesOf(work, table).map((leaf) => ({
    at: leaf.id,
    why: `its rows take their tenant from ${target.table.id}${fires}`,
    sql: [`do ${dollars(filling(leaf.sql, target.table.sql))};`],
  }))

  function filling(leaf: string, parent: string): string {
    return `declare
  page bigint := 0;
  pages bigint := pg_relation_size(${escapeLiteral(leaf)}) / current_setting('block_size')::bigint;
begin
  while page <= pages loop
    update only ${leaf} as c set ${quote(column)} = p.${quote(target.column)} from ${parent} as p
    where ${pairs.join(' and ')} and c.${quote(column)} is null
      and c.ctid >= format('(%s,0)', page)::tid and c.ctid < format('(%s,0)', page + 200)::tid;
    commit;
    page := page + 200;
  end loop;
end`
  }
}

/** NOT NULL without a long lock: a constraint that is checked while others write, and then taken for it. */
function demand(work: Work, one: Owned): Step[] {
  const { table, column } = one
  const there = columnOf(table, column)
  if (there?.notNull) return []
  if (!isFilled(work, one)) {
    const lost = work.rows.nulls.get(table.oid)
    const why = lost
      ? `${lost.rows} of its rows lead to no tenant (${sayRows(lost)})`
      : (work.rows.uncounted.get(table.oid) ?? 'its rows were not counted')
    work.findings.push({
      at: table.id,
      why: `${why}, so ${column} cannot be NOT NULL; nobody sees such rows`,
      fix: 'give them what they belong to, or delete them, and run this again',
      level: 'error',
    })
    return []
  }
  const name = 'kept_tenant_there'
  const alter = `alter table ${table.sql}`
  return [
    {
      at: table.id,
      why: 'a row without a tenant is lost to everybody',
      sql: [
        `${alter} drop constraint if exists ${name};`,
        `${alter} add constraint ${name} check (${quote(column)} is not null) not valid;`,
        `${alter} validate constraint ${name};`,
        `${alter} alter column ${quote(column)} set not null;`,
        `${alter} drop constraint ${name};`,
      ],
    },
  ]
}
