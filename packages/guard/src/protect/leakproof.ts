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

/** Operators that queries use most and that are not leakproof, as they stand in a query. */
const slow = String.raw`\m(?:like|ilike|similar to)\M|@>|<@|&&|@@|~`

/**
 * Queries that are asked most of these tables with such an operator, where pg_stat_statements is
 * installed and may be read: what it has is what was asked since it was reset.
 */
export async function findSlowQueries(
  client: ClientBase,
  tables: readonly TenantTable[],
): Promise<Finding[]> {
  const { rows: extensions } = await client.query<{ schema: string }>(
    `select format('%I', nspname) as schema from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
     where extname = 'pg_stat_statements'`,
  )
  if (extensions.length === 0) return []
  await client.query('savepoint statements')
  try {
    const { rows } = await client.query<{ at: string; calls: string; query: string }>(
      `select nspname || '.' || relname as at, calls::text, left(regexp_replace(query, '\\s+', ' ', 'g'), 120) as query
       from ${extensions[0]!.schema}.pg_stat_statements
       join pg_class on pg_class.oid::int = any($1) and query ~* ('\\m' || regexp_replace(relname, '\\W', '\\\\\\&', 'g') || '\\M')
       join pg_namespace on pg_namespace.oid = relnamespace
       where dbid = (select oid from pg_database where datname = current_database()) and query ~* $2
         and query ~* '^\\s*(?:select|update|delete|with)\\M' order by calls desc limit 10`,
      [tables.map(({ oid }) => oid), slow],
    )
    return rows.map(({ at, calls, query }) => ({
      at,
      why: `asked ${calls} times with an operator that no index serves under a policy: ${query}`,
      fix: 'nothing where a tenant has few rows; else narrow it by a column whose index begins with the tenant',
      level: 'note',
    }))
  } catch {
    // It is installed and not loaded, or not ours to read: it is a help and no proof.
    await client.query('rollback to savepoint statements')
    return []
  }
}
