import type { Client } from 'pg'
import { cannotLook } from '../../foundation/look.ts'

/**
 * Rules of pg_hba.conf by which a plain connection would be accepted from some address; null where the
 * role of the secret may not read them, as only a superuser may by itself. A rule counts unless earlier
 * ones reject all that it takes: the first that fits decides (PostgreSQL 18, 20.1).
 */
export async function findPlainRules(client: Client): Promise<string[] | null> {
  const { rows: rights } = await client.query<{ may: boolean }>(
    `select has_table_privilege('pg_hba_file_rules', 'select')
       and has_function_privilege('pg_hba_file_rules()', 'execute') as may`,
  )
  if (!rights[0]!.may) return null
  const { rows } = await client.query<{ line: number; rule: string | null }>(
    `with file as (select *, row_number() over () as place from pg_hba_file_rules),
     -- A rule without a network of its own, as all and names of hosts, may fit any address of either family.
     plain as (
       select file.*, network::inet, mask::inet, address = 'all' or netmask is not null as exact
       from file, lateral (
         select address, netmask where netmask is not null
         union all select '0.0.0.0', '0.0.0.0' where netmask is null
         union all select '::', '::' where netmask is null) as over (network, mask)
       where type in ('host', 'hostnossl', 'hostnogssenc') and error is null)
     select line_number as line, null as rule from file where error is not null
     union all
     select distinct line_number, concat_ws(' ', type, array_to_string(database, ','),
       array_to_string(user_name, ','), address, auth_method)
     from plain as rule where auth_method <> 'reject' and not exists (
       select from plain as bar where bar.place < rule.place and bar.auth_method = 'reject' and bar.exact
         -- All databases are not the stream of a standby, which has a name of its own.
         and (bar.database @> rule.database
           or ('all' = any(bar.database) and not 'replication' = any(rule.database)))
         and (bar.user_name @> rule.user_name or 'all' = any(bar.user_name))
         and case when family(bar.network) = family(rule.network)
           then rule.mask & bar.mask = bar.mask and rule.network & bar.mask = bar.network & bar.mask
           else false end)
     order by line`,
  )
  const wrong = rows.find(({ rule }) => rule === null)
  if (wrong) throw cannotLook(`pg_hba.conf has an error in line ${wrong.line}: nobody can tell it`)
  return rows.map(({ line, rule }) => `${rule!} (line ${line})`)
}
