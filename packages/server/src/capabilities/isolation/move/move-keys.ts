import { cannotMove, type Side } from './move-side.ts'
import type { Table } from './move-tables.ts'

/** A foreign key, column by column, from a table or a partition to another. */
interface Key {
  name: string
  /** The tables that it is of and points at; of a partition the whole. */
  child: number
  parent: number
  /** As they are read: the rows of a child by inheritance are not bound by it. */
  childRows: string
  parentRows: string
  own: string[]
  theirs: string[]
}

const rowsOf = (oid: string) =>
  `(select format(case relkind when 'p' then '%I.%I' else 'only %I.%I' end, nspname, relname)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace where pg_class.oid = ${oid})`

const columnsOf = (oid: string, keys: string) =>
  `array(select quote_ident(attname) from unnest(${keys}) with ordinality k (n, at)
    join pg_attribute on attrelid = ${oid} and attnum = n order by at)`

async function readKeys(side: Side): Promise<Key[]> {
  return await side.query<Key>(
    `select conname::text as name, coalesce(pg_partition_root(conrelid)::oid, conrelid)::int as child,
       coalesce(pg_partition_root(confrelid)::oid, confrelid)::int as parent,
       ${rowsOf('conrelid')} as "childRows", ${rowsOf('confrelid')} as "parentRows",
       ${columnsOf('conrelid', 'conkey')} as own, ${columnsOf('confrelid', 'confkey')} as theirs
     from pg_constraint where contype = 'f' and conparentid = 0 order by conrelid, conname`,
  )
}

/** Refuses rows that point at nothing there, where the checks of the database itself were silenced. */
export async function refuseOrphans(side: Side, tables: readonly Table[]): Promise<void> {
  for (const { name, child, childRows, parentRows, own, theirs } of await readKeys(side)) {
    const table = tables.find(({ oid }) => oid === child)
    if (!table) continue
    const same = own.map((column, i) => `t.${theirs[i]} = c.${column}`).join(' and ')
    const [orphans] = await side.query<{ any: boolean }>(
      `select exists (select from ${childRows} c where c.${table.whose} = $1::text::${table.whoseType}
         and num_nulls(${own.map((column) => `c.${column}`).join(', ')}) = 0
         and not exists (select from ${parentRows} t where ${same})) as any`,
      [side.tenant],
    )
    if (!orphans!.any) continue
    const fix = 'bring what all tenants share there first'
    throw cannotMove(`${table.name} of ${side.id} lacks rows that ${name} points at`, fix)
  }
}

/**
 * Refuses rows that stay, of others or among the tenants, that point at rows of the tenant: to delete
 * these would change or delete them too, or fail. With `locking` none can come before they are deleted.
 */
export async function refusePointing(
  side: Side,
  tables: readonly Table[],
  locking = false,
): Promise<void> {
  for (const { child, parent, childRows, parentRows, own, theirs } of await readKeys(side)) {
    const from = tables.find(({ oid }) => oid === child)
    const to = tables.find(({ oid }) => oid === parent)
    if (!from || !to || to.isHome) continue
    const isOwn =
      !from.isHome &&
      own.some((column, i) => {
        return isSame(column, from.whose) && isSame(theirs[i]!, to.whose)
      })
    if (isOwn) continue
    const whose = `t.${to.whose} = $1::text::${to.whoseType}`
    if (locking) {
      await side.query(
        `select count(*) from (select from ${parentRows} t where ${whose} for update) locked`,
        [side.tenant],
      )
    }
    const same = own.map((column, i) => `t.${theirs[i]} = c.${column}`).join(' and ')
    const others = from.isHome
      ? ''
      : `and c.${from.whose} is distinct from $1::text::${from.whoseType}`
    const [pointing] = await side.query<{ any: boolean }>(
      `select exists (select from ${parentRows} t join ${childRows} c on ${same}
         where ${whose} ${others}) as any`,
      [side.tenant],
    )
    if (!pointing!.any) continue
    throw cannotMove(
      `rows of others in ${from.name} of ${side.id} point at rows of the tenant in ${to.name}`,
      'let them point elsewhere first: rows of others are never changed by a move',
    )
  }
}

/** A column as `quote_ident` writes it, and always quoted. */
const isSame = (column: string, quoted: string) => column === quoted || `"${column}"` === quoted
