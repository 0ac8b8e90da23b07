import type { ClientBase } from 'pg'
import type { Hole } from './policies.ts'
import type { AppRole, Scoping } from './tenant-tables.ts'

/** A value that a session has from its login on, before anybody says which tenant it works for. */
export interface Standing {
  at: string
  /** The role it is for; 0 for every role. */
  role: number
  name: string
  value: string
}

/** What ALTER ROLE ... SET and ALTER DATABASE ... SET give to sessions of this database. */
export async function readStanding(client: ClientBase): Promise<Standing[]> {
  const { rows } = await client.query<Standing>(
    `select coalesce('role ' || rolname, 'database ' || current_database()) as at, setrole::int as role,
       lower(split_part(said, '=', 1)) as name, substr(said, strpos(said, '=') + 1) as value
     from pg_db_role_setting cross join unnest(setconfig) as said left join pg_roles on pg_roles.oid = setrole
     where setdatabase in (0, (select oid from pg_database where datname = current_database()))
     -- The last of these wins at a login.
     order by setrole <> 0, setdatabase <> 0`,
  )
  return rows
}

/**
 * Where a session of the app is a tenant's before it says so: then every query that forgot to say
 * whose it is reads that tenant's rows. One that is nobody's (empty, zero, the nil UUID) is sound.
 */
export async function findStandingTenants(
  client: ClientBase,
  { setting }: Scoping,
  roles: readonly AppRole[],
): Promise<Hole[]> {
  const standing = await readStanding(client)
  const { rows } = await client.query<{ here: string | null; own: number }>(
    `select current_setting($1, true) as here, current_user::regrole::oid::int as own`,
    [setting],
  )
  const { here, own } = rows[0]!
  const named = standing.filter(({ name }) => name === setting.toLowerCase())
  const ofApp = named.filter(({ role }) => role === 0 || roles.some(({ oid }) => oid === role))
  // What nobody gave to this session by ALTER comes from the file that every session reads.
  const isGiven = named.some(({ role }) => role === 0 || role === own)
  const inFile = isGiven ? [] : [{ at: 'postgresql.conf', value: here ?? '' }]
  return [...ofApp, ...inFile]
    .filter(({ value }) => /[^0-]/.test(value))
    .map(({ at }) => ({ at, why: `it sets ${setting} for who has not said whose rows to read` }))
}
