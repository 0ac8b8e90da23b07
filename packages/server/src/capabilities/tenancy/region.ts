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
 * where they differ, both count. What a session, a role or a database sets is anybody's word.
 */
export async function seeSeat(client: Client, { host }: Login): Promise<Seat> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
     where name in ('kept.region', 'kept.provider') and source = 'configuration file' and setting <> ''`,
  )
  const said = (name: string) => rows.find((row) => row.name === name)?.setting ?? null
  const byName = seatOfHost(host)
  const region = said('kept.region')
  return {
    regions: [...new Set([...(byName?.regions ?? []), ...(region === null ? [] : [region])])],
    provider: byName?.provider ?? said('kept.provider'),
  }
}
