import type { ClientBase } from 'pg'
import type { TenantTable } from './tenant-tables.ts'
import type { Finding } from './work.ts'

/** It is made for LIKE, which is not leakproof, though its own operators are. */
const isForLike = `opcname like '%pattern\\_ops'`
const operator = `case when ${isForLike} then 'LIKE' else oprname::text end`

/**
 * Indexes that a query under a policy cannot use: it may ask an operator that is not leakproof only after
 * the policy has let the row pass, and an index would ask it before. Those that are used most come first.
 */
export async function findUnusableIndexes(
  client: ClientBase,
  tables: readonly TenantTable[],
): Promise<Finding[]> {
  const { rows } = await client.query<{
    at: string
    name: string
    operators: string
    scans: string
  }>(
    `select nspname || '.' || relation.relname as at, index.relname as name,
       coalesce(sum(distinct idx_scan), 0)::text as scans,
       string_agg(distinct ${operator}, ' ' order by ${operator}) as operators
     from pg_index join pg_class index on index.oid = indexrelid
     join pg_class relation on relation.oid = indrelid join pg_namespace on pg_namespace.oid = relation.relnamespace
     join unnest($1::int[], $2::text[]) as owned (oid, tenant) on owned.oid = indrelid::int
     cross join unnest(indclass) as class join pg_opclass on pg_opclass.oid = class
     join pg_amop on amopfamily = opcfamily and amoppurpose = 's'
       and (amoplefttype = opcintype or opcintype in ('anyarray'::regtype, 'anyenum'::regtype, 'anyrange'::regtype))
     join pg_operator on pg_operator.oid = amopopr join pg_proc on pg_proc.oid = oprcode
     left join pg_stat_all_indexes stat on stat.indexrelid = pg_index.indexrelid
     where indisvalid and (not proleakproof or ${isForLike})
       -- What begins with the tenant is found by it, and the rest of the condition is asked afterwards.
       and not exists (select from pg_attribute where attrelid = indrelid and attnum = indkey[0] and attname = tenant)
     group by 1, 2 order by coalesce(sum(distinct idx_scan), 0) desc, 1, 2`,
    [tables.map(({ oid }) => oid), tables.map(({ column }) => column)],
  )
  return rows.map(({ at, name, operators, scans }) => ({
    at,
    why: `its index ${name} is not used under a policy for ${operators}, which are not leakproof; it was used ${scans} times`,
    fix: 'nothing where a tenant has few rows; else an index that begins with the tenant',
    level: 'note',
  }))
}
