import { escapeIdentifier, escapeLiteral, type Client } from 'pg'
import { asTenant, type Convention, type TenantTable } from '../../outside/tenant-tables.ts'

/** What tells rows of a canary from anything else, wherever a copy of them lies. */
export interface Markers {
  /** Its id, where nobody could hit on it by chance. */
  ids: readonly string[]
  /** Values of its own rows. */
  values: readonly string[]
}

/** As text of any form has them: an id is written with hyphens or without, in letters of either case. */
export function plainly(value: string): string {
  return value.toLowerCase().replaceAll('-', '')
}

/** A number or a word may stand anywhere by right; an id of 16 signs with letters and digits does not. */
function isUnguessable(value: string): boolean {
  const said = plainly(value)
  const isLong = said.length >= 16 && said.length <= 200
  return isLong && !/\s/.test(said) && /\d/.test(said) && (/[a-z]/.test(said) || said.length >= 32)
}

/** More are not searched for: each makes every search longer. */
const most = 50
/** For each table, so that no table takes the place of all. */
const mostOfOne = 5

/**
 * The unguessable values that one canary's rows have and the other's have not. What both have, and
 * what points at a table that nobody gates, as at a plan or at a person, is shared by right.
 */
export async function readMarkers(
  client: Client,
  convention: Convention,
  [own, other]: readonly [string, string],
  tables: readonly TenantTable[],
): Promise<Markers> {
  const columns = await readColumns(client, convention, tables)
  const shared = new Set<string>()
  const values = new Map<string, Set<string>>()
  for (const tenant of [other, own]) {
    await asTenant(client, convention, tenant)
    for (const { name, kept, pointing } of columns) {
      const found = values.get(name) ?? new Set<string>()
      values.set(name, found)
      for (const value of await readValues(client, convention, name, tenant, pointing)) {
        shared.add(value)
      }
      for (const value of await readValues(client, convention, name, tenant, kept)) {
        if (tenant === other) shared.add(value)
        else found.add(value)
      }
    }
  }
  const ofTables = [...values.values()].map((found) =>
    [...found].filter((value) => !shared.has(value)).slice(0, mostOfOne),
  )
  const all = ofTables.flat().filter((value) => value !== plainly(own))
  return {
    ids: isUnguessable(own) ? [plainly(own)] : [],
    values: [...new Set(all)].slice(0, most),
  }
}

interface Columns {
  name: string
  /** Those that say something of the row itself. */
  kept: string[]
  /** Those that point at a table without the policies of tenants. */
  pointing: string[]
}

/** The columns of each table that the current role may read, without the one of the tenant. */
async function readColumns(
  client: Client,
  { column }: Convention,
  tables: readonly TenantTable[],
): Promise<Columns[]> {
  const { rows } = await client.query<{ oid: number; column: string; points: boolean }>(
    `select attrelid::int as oid, attname as column, exists (select from pg_constraint
       where contype = 'f' and conrelid = attrelid and attnum = any(conkey)
         and not confrelid::int = any($1)) as points
     from pg_attribute where attrelid::int = any($1) and attnum > 0 and not attisdropped
       and attname <> $2 and has_column_privilege(attrelid, attnum, 'select')`,
    [tables.map(({ oid }) => oid), column],
  )
  return tables.map(({ oid, name }) => {
    const own = rows.filter((row) => row.oid === oid)
    const named = (points: boolean) =>
      own.filter((row) => row.points === points).map((row) => row.column)
    return { name, kept: named(false), pointing: named(true) }
  })
}

async function readValues(
  client: Client,
  convention: Convention,
  table: string,
  tenant: string,
  columns: readonly string[],
): Promise<string[]> {
  const { rows: may } = await client.query<{ may: boolean }>(
    'select has_column_privilege($1::regclass, $2, $3) as may',
    [table, convention.column, 'select'],
  )
  if (columns.length === 0 || !may[0]!.may) return []
  const texts = columns.map((column) => `${escapeIdentifier(column)}::text`)
  const { rows } = await client.query<{ said: (string | null)[] }>(
    `select array[${texts.join(', ')}] as said from ${table}
     where ${escapeIdentifier(convention.column)} = ${escapeLiteral(tenant)} limit 100`,
  )
  const said = rows.flatMap((row) => row.said.filter((value) => value !== null))
  return said.filter(isUnguessable).map(plainly)
}
