import { once } from 'node:events'
import { cannotLook } from '../../foundation/look.ts'
import type { Login } from '../../outside/postgres.ts'
import { dial, type Place, type Way } from '../../outside/reach.ts'
import type { Client } from 'pg'

/** Sessions of others that came over the network, and how many of them are not encrypted. */
export interface Sessions {
  sessions: number
  plain: number
}

/**
 * Counts the sessions of clients and standbys. Those over a Unix socket never leave the machine and
 * count as neither, and neither does one that is still to prove who it is (`starting`): a look at
 * another database of the server tries a plain connection just then. PostgreSQL hides the sessions of others from a role without pg_read_all_stats:
 * then nothing is known.
 */
export async function countSessions(client: Client): Promise<Sessions> {
  const { rows } = await client.query<{ may: boolean; sessions: number; plain: number }>(`
    select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as may,
      count(*)::int as sessions,
      count(*) filter (where ssl is not true)::int as plain
    from pg_stat_activity left join pg_stat_ssl using (pid)
    where client_addr is not null and pid <> pg_backend_pid()
      and backend_type in ('client backend', 'walsender') and coalesce(state, '') <> 'starting'`)
  const { may, sessions, plain } = rows[0]!
  if (may) return { sessions, plain }
  throw cannotLook(
    'the role of the secret cannot see the sessions of others: grant it pg_read_all_stats',
  )
}

/** Roles that may log in: each is tried plainly, since pg_hba.conf decides by role. */
export async function loginRoles(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ rolname: string }>(
    `select rolname from pg_roles where rolcanlogin order by rolname = current_user desc, rolname limit 50`,
  )
  return rows.map(({ rolname }) => rolname)
}

/**
 * Whether the server refuses a plain connection of a role. It decides that before it asks for a
 * password, so none is ever sent: a refusal is SQLSTATE 28000, by pg_hba.conf; being asked for a
 * password, or let in, is a plain connection accepted (PostgreSQL 18, 54.2.1).
 */
export async function isPlainRefused(
  way: Way,
  place: Place,
  { user, database }: Pick<Login, 'user' | 'database'>,
): Promise<boolean> {
  const socket = await dial(way, place)
  if ('refused' in socket) throw cannotLook(socket.why)
  try {
    socket.write(startup({ user, database, application_name: 'kept' }))
    const [answer] = (await once(socket, 'data', { signal: way.signal })) as [Buffer]
    const type = String.fromCharCode(answer[0]!)
    if (type === 'R') return false
    const state = type === 'E' ? fieldOf(answer, 'C') : null
    if (state === '28000') return true
    throw cannotLook(`a plain connection got an answer that says nothing (${state ?? type})`)
  } catch (error) {
    way.signal.throwIfAborted()
    const code = (error as { code?: string }).code
    if (code === 'not-connected') throw error
    throw cannotLook(`a plain connection got no answer (${code ?? 'closed'})`, error)
  } finally {
    socket.destroy()
  }
}

/** StartupMessage of protocol 3.0 (PostgreSQL 18, 54.7). */
function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`)
  const body = Buffer.from(`${pairs.join('')}\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + body.length, 0)
  head.writeInt32BE(0x00_03_00_00, 4)
  return Buffer.concat([head, body])
}

/** A field of an ErrorResponse (PostgreSQL 18, 54.8). */
function fieldOf(message: Buffer, name: string): string | null {
  const fields = message.subarray(5).toString('utf8').split('\0')
  return fields.find((field) => field.startsWith(name))?.slice(1) ?? null
}
