import type { Client } from 'pg'
import { readStanding, type AppRole } from '@kept/guard/protect'
import { attempt } from './attempt.ts'

/**
 * Takes on what a role has from its login on, until the transaction ends: the settings that apps make
 * up, and where the names are found that its triggers and views say without a schema.
 */
export async function asAtLogin(client: Client, { oid }: AppRole): Promise<void> {
  const standing = await readStanding(client)
  const ofRole = standing.filter(({ role }) => role === 0 || role === oid)
  const path = ofRole.findLast(({ name }) => name === 'search_path')?.value ?? '"$user", public'
  // Ours are found first all the same.
  await client.query(`select set_config('search_path', 'pg_catalog, ' || $1, true)`, [path])
  for (const { name, value } of ofRole.filter((one) => one.name.includes('.'))) {
    // An extension may keep a setting of its own from the app, which a superuser gave to its sessions.
    await attempt(client, 'select set_config($1, $2, true)', [name, value], true)
  }
}
