import type { Client } from 'pg'
import type { Login } from '../../outside/postgres.ts'

/** Where a database really is, as far as it can be seen. */
export interface Seat {
  regions: string[]
  provider: string | null
}

/** Host names that only the provider hands out, with the region in them as a group. */
const hosts: readonly (readonly [provider: string, name: RegExp])[] = [
  ['aws', /\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com(?:\.cn)?$/],
  ['aws', /\.([a-z]{2}(?:-[a-z]+)+-\d)\.compute\.amazonaws\.com(?:\.cn)?$/],
  ['aws', /\.dsql\.([a-z]{2}(?:-[a-z]+)+-\d)\.on\.aws$/],
  ['neon', /\.([a-z0-9-]+)\.(?:aws|azure)\.neon\.tech$/],
  ['supabase', /^aws-\d+-([a-z]{2}(?:-[a-z]+)+-\d)\.pooler\.supabase\.com$/],
]

/** Amazon's first region has names without its own. */
const virginia = /\.compute-1\.amazonaws\.com$/

/** The certificate of the server was for this name, so that it says whose the server is. */
export function seatOfHost(host: string): Seat | null {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (virginia.test(name)) return { regions: ['us-east-1'], provider: 'aws' }
  for (const [provider, pattern] of hosts) {
    const region = pattern.exec(name)?.[1]
    if (region !== undefined) return { regions: [region], provider }
  }
  return null
}

/**
 * What the host name says and what whoever runs the server wrote into its configuration file, together:
 * where they differ, both count.
 */
export async function seeSeat(client: Client, { host }: Login): Promise<Seat> {
  const byName = seatOfHost(host)
  const region = await readWritten(client, 'kept.region')
  return {
    regions: [...new Set([...(byName?.regions ?? []), ...(region === null ? [] : [region])])],
    provider: byName?.provider ?? (await readWritten(client, 'kept.provider')),
  }
}

/**
 * pg_settings does not show a setting that nothing declared. Ours sets none at its login, so that what is
 * not given to its role or database by ALTER, which owners of these may, comes from the file.
 */
async function readWritten(client: Client, name: string): Promise<string | null> {
  const { rows } = await client.query<{ said: string | null }>(
    `select nullif(current_setting($1, true), '') as said where not exists (
       select from pg_db_role_setting cross join unnest(setconfig) as given
       where lower(split_part(given, '=', 1)) = $1
         and setdatabase in (0, (select oid from pg_database where datname = current_database()))
         and setrole in (0, (select oid from pg_roles where rolname = session_user)))`,
    [name],
  )
  return rows[0]?.said ?? null
}
