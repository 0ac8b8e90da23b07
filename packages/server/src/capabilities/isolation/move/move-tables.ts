import { escapeIdentifier } from 'pg'
import { findStrays, findTenantTables } from '../../../outside/tenant-tables.ts'
import { cannotMove, type Side } from './move-side.ts'

/** A table with rows of a tenant. Partitions are moved through their parent. */
export interface Table {
  oid: number
  /** Quoted, with its schema. */
  name: string
  /** How its own rows are read: those of a child by inheritance are the child's. */
  from: string
  /** The column that says whose a row is, quoted. */
  whose: string
  whoseType: string
  columns: readonly Column[]
  /** What tells a row from all others; empty when nothing does. */
  key: readonly string[]
  /** Whether it is the table of the tenants themselves, whose row stays where it is beside the copy. */
  isHome: boolean
  /** Triggers of the users, and rules, that would act on rows that are only moved. */
  triggers: readonly string[]
}

interface Column {
  name: string
  type: string
  notNull: boolean
  /** Empty for one that holds what is written. */
  generated: string
  /** `a` when only PostgreSQL writes it. */
  identity: string
}

interface Found extends Pick<Table, 'oid' | 'name' | 'triggers'> {
  kind: string
  columns: Column[]
  key: string[]
}

/** Every table whose rows are to move, as one side has it, or why that cannot be. */
export async function readTables(side: Side): Promise<Table[]> {
  const { convention, id, client } = side
  const tenantTables = await findTenantTables(client, convention)
  if (tenantTables.length === 0) {
    throw cannotMove(`${id} has no table with a column ${convention.column}`)
  }
  const oids = tenantTables.map(({ oid }) => oid)
  const homes = await findHomes(side, oids)
  const strays = await findStrays(client, [
    ...tenantTables,
    ...homes.map((home) => ({ ...tenantTables[0]!, oid: home.oid })),
  ])
  if (strays.length > 0) {
    const { name, points } = strays[0]!
    const fix = 'add the column, as kept protect does'
    throw cannotMove(`${name} of ${id} points at ${points} and has no ${convention.column}`, fix)
  }
  const whose = escapeIdentifier(convention.column)
  const found = await describe(side, [...oids, ...homes.map(({ oid }) => oid)])
  const foreign = found.find(({ kind }) => kind === 'f')
  if (foreign) throw cannotMove(`${foreign.name} of ${id} is a foreign table`)
  return found.map(({ kind, ...table }) => {
    const home = homes.find(({ oid }) => oid === table.oid)
    const column = home ? escapeIdentifier(home.column) : whose
    return {
      ...table,
      from: kind === 'p' ? table.name : `only ${table.name}`,
      whose: column,
      whoseType: table.columns.find(({ name }) => name === column)!.type,
      isHome: home !== undefined,
    }
  })
}

/** The tables that the tenant column itself points at, without having one: each tenant has one row there. */
async function findHomes(side: Side, oids: readonly number[]) {
  return await side.query<{ oid: number; column: string }>(
    `select distinct confrelid::int as oid, target.attname::text as column
     from pg_constraint join pg_attribute own on own.attrelid = conrelid and own.attnum = conkey[1]
     join pg_attribute target on target.attrelid = confrelid and target.attnum = confkey[1]
     where contype = 'f' and conparentid = 0 and cardinality(conkey) = 1 and own.attname = $2
       and conrelid::int = any($1) and not confrelid::int = any($1)`,
    [oids, side.convention.column],
  )
}

async function describe(side: Side, oids: readonly number[]): Promise<Found[]> {
  return await side.query<Found>(
    `select c.oid::int as oid, c.relkind as kind, format('%I.%I', nspname, relname) as name,
       (select coalesce(json_agg(json_build_object('name', '"' || replace(attname, '"', '""') || '"',
          'type', format_type(atttypid, atttypmod), 'notNull', attnotnull,
          'generated', attgenerated, 'identity', attidentity) order by attnum), '[]')
        from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
       coalesce((select array(select '"' || replace(attname, '"', '""') || '"' from unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) with ordinality k (n, at)
            join pg_attribute on attrelid = c.oid and attnum = n order by at)
          from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid
            and i.indpred is null and i.indexprs is null and not exists (
              select from unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) as n
              join pg_attribute on attrelid = c.oid and attnum = n where not attnotnull)
          order by i.indisprimary desc, i.indexrelid limit 1), '{}')::text[] as key,
       array(select tgname::text from pg_trigger
          where tgrelid = c.oid and not tgisinternal and tgenabled <> 'D'
         union all select rulename::text from pg_rewrite where ev_class = c.oid
         order by 1) as triggers
     from pg_class c join pg_namespace on pg_namespace.oid = relnamespace
     where c.oid::int = any($1) and not relispartition order by name`,
    [oids],
  )
}

/** What of two catalogs differs, in words; null when rows of one fit into the other. */
export function compareTables(source: readonly Table[], destination: readonly Table[]) {
  const shape = ({ columns, key, whose }: Table) =>
    JSON.stringify([columns.map((one) => JSON.stringify(one)).toSorted(), key, whose])
  for (const table of source) {
    const other = destination.find(({ name }) => name === table.name)
    if (!other) return `${table.name} is not there`
    if (shape(table) !== shape(other)) return `${table.name} has other columns or keys there`
  }
  const more = destination.find(({ name }) => !source.some((one) => one.name === name))
  return more ? `${more.name} is only there` : null
}

/**
 * The tables in an order in which each comes after those it points at. Tables that point at one another,
 * or at themselves, are one group, whose rows must come in one statement.
 */
export async function orderTables(
  side: Side,
  tables: readonly Table[],
): Promise<{ tables: Table[]; isCycle: boolean }[]> {
  const oids = tables.map(({ oid }) => oid)
  const edges = await side.query<{ child: number; parent: number }>(
    `select distinct coalesce(pg_partition_root(conrelid)::oid, conrelid)::int as child,
       coalesce(pg_partition_root(confrelid)::oid, confrelid)::int as parent
     from pg_constraint where contype = 'f'`,
  )
  const inside = edges.filter(({ child, parent }) => oids.includes(child) && oids.includes(parent))
  const reach = new Map(oids.map((oid) => [oid, reachFrom(oid, inside)]))
  const keyOf = (oid: number) => [...reach.get(oid)!].toSorted((a, b) => a - b).join()
  const groups = Map.groupBy(tables, ({ oid }) => keyOf(oid))
  // Whoever points at a table reaches all that the table does, and itself besides.
  return [...groups.values()]
    .toSorted((one, other) => reach.get(one[0]!.oid)!.size - reach.get(other[0]!.oid)!.size)
    .map((group) => ({ tables: group, isCycle: isCycle(group, inside) }))
}

interface Edge {
  child: number
  parent: number
}

function reachFrom(oid: number, edges: readonly Edge[]): Set<number> {
  const reached = new Set([oid])
  for (const at of reached) {
    for (const { child, parent } of edges) if (child === at) reached.add(parent)
  }
  return reached
}

function isCycle(group: readonly Table[], edges: readonly Edge[]): boolean {
  const isIn = (oid: number) => group.some((table) => table.oid === oid)
  return edges.some(({ child, parent }) => isIn(child) && isIn(parent))
}

/** Sequences that the tables draw from: their new rows there must not get numbers that were moved. */
export async function readSequences(side: Side, tables: readonly Table[]) {
  return await side.query<{ name: string; last: string | null; most: string }>(
    `with drawn as (
       select objid as oid from pg_depend where classid = 'pg_class'::regclass
         and refclassid = 'pg_class'::regclass and deptype in ('a', 'i') and refobjid::int = any($1)
       union select refobjid from pg_attrdef join pg_depend on objid = pg_attrdef.oid
         and classid = 'pg_attrdef'::regclass and refclassid = 'pg_class'::regclass
       where adrelid::int = any($1))
     select format('%I.%I', schemaname, sequencename) as name, last_value::text as last, max_value::text as most
     from pg_sequences join pg_namespace on nspname = schemaname
     join pg_class on relnamespace = pg_namespace.oid and relname = sequencename
     where pg_class.oid in (select oid from drawn) and increment_by > 0 order by 1`,
    [tables.map(({ oid }) => oid)],
  )
}
