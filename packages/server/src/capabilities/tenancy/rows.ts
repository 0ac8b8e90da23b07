import { escapeIdentifier, type Client } from 'pg'
import { cannotLook } from '../../foundation/look.ts'
import { findTenantTables, type Convention } from '../../outside/tenant-tables.ts'

/** A table in which every row says whose it is, read whole and once: a partition by its parent. */
interface Whole {
  name: string
  /** Whether an index leads with the tenant, so that tenants are found without reading every row. */
  led: boolean
}

/** The tenants that really have rows in a database, each with the tables. */
export async function findTenants(
  client: Client,
  convention: Convention,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const { name, led } of await findWhole(client, convention)) {
    const { rows } = await client.query<{ tenant: string }>(
      (led ? hop : all)(name, escapeIdentifier(convention.column)),
    )
    for (const { tenant } of rows) found.set(tenant, [...(found.get(tenant) ?? []), name])
  }
  return found
}

const all = (table: string, column: string) =>
  `select distinct ${column}::text as tenant from ${table} where ${column} is not null`

/** From each tenant to the next by the index: as many steps as there are tenants. */
const hop = (table: string, column: string) => `
  with recursive hop as (
    (select ${column} as tenant from ${table} where ${column} is not null order by 1 limit 1)
    union all
    select (select ${column} from ${table} where ${column} > hop.tenant order by 1 limit 1)
    from hop where hop.tenant is not null)
  select tenant::text from hop where tenant is not null`

/** How many rows each of some tenants has in a database. */
export async function countRows(
  client: Client,
  convention: Convention,
  tenants: readonly string[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>(tenants.map((tenant) => [tenant, 0]))
  const column = escapeIdentifier(convention.column)
  for (const { name } of await findWhole(client, convention)) {
    const { rows } = await client.query<{ tenant: string; count: number }>(
      `select ${column}::text as tenant, count(*)::int as count from ${name}
       where ${column}::text = any($1) group by 1`,
      [tenants],
    )
    for (const { tenant, count } of rows) counts.set(tenant, counts.get(tenant)! + count)
  }
  return counts
}

/** Every table with the tenant column; the role must see every row of each, or the look is over. */
async function findWhole(client: Client, convention: Convention): Promise<Whole[]> {
  const tables = await findTenantTables(client, convention)
  if (tables.length === 0) {
    const fix = 'name the column that says whose a row is by a tag tenant-column:'
    throw cannotLook(`it has no table with a column ${convention.column}: ${fix}`)
  }
  const { rows } = await client.query<Whole & { readable: boolean; bound: boolean }>(
    `select format('%I.%I', nspname, relname) as name, row_security_active(pg_class.oid) as bound,
       has_schema_privilege(relnamespace, 'usage')
         and has_column_privilege(pg_class.oid, attnum, 'select') as readable,
       exists (select from pg_index where indrelid = pg_class.oid and indkey[0] = attnum
         and indisvalid and indpred is null) as led
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     join pg_attribute on attrelid = pg_class.oid and attname = $2
     where pg_class.oid::int = any($1) and not relispartition order by 1`,
    [tables.map(({ oid }) => oid), convention.column],
  )
  const closed = rows.filter(({ readable }) => !readable).map(({ name }) => name)
  if (closed.length > 0) {
    const fix = `grant select (${convention.column}) on it to the role of the secret`
    throw cannotLook(`nothing of ${closed.join(', ')} can be read: ${fix}`)
  }
  const hidden = rows.filter(({ bound }) => bound).map(({ name }) => name)
  if (hidden.length > 0) {
    const fix = 'give the role of the secret bypassrls, and select on that column alone'
    throw cannotLook(`policies hide rows of ${hidden.join(', ')}: ${fix}`)
  }
  return rows
}
