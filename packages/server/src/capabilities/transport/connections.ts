import { once } from 'node:events'
import { cannotLook } from '../../foundation/look.ts'
import type { Login } from '../../outside/postgres.ts'
import { dial, findPlaces, type Place, type Way } from '../../outside/reach.ts'
import { serverName } from '../../outside/request.ts'
import type { Client } from 'pg'
import { signatures } from './hello.ts'
import { makeOffer } from './offer.ts'
import { olderSuites } from './suites.ts'

/**
 * Sessions of others that came over the network, and how many of them are not encrypted: over TLS too,
 * where the suite leaves the text as it is (NULL) or says nothing of who is there (ADH, AECDH).
 */
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
      count(*) filter (where ssl is not true or coalesce(bits, 0) = 0
        or coalesce(cipher, 'NULL') ~ '(^|-)NULL(-|$)|^(ADH|AECDH)-')::int as plain
    from pg_stat_activity left join pg_stat_ssl using (pid)
    where client_addr is not null and pid <> pg_backend_pid()
      and backend_type in ('client backend', 'walsender') and coalesce(state, '') <> 'starting'`)
  const { may, sessions, plain } = rows[0]!
  if (may) return { sessions, plain }
  throw cannotLook(
    'the role of the secret cannot see the sessions of others: grant it pg_read_all_stats',
  )
}

/** A way in that pg_hba.conf decides about; without a database it is the stream of a standby. */
export interface Entrance {
  user: string
  database: string | null
}

/** Every role that may log in, to every database and, where the role may, as a standby. */
export async function findEntrances(client: Client): Promise<Entrance[]> {
  const { rows } = await client.query<Entrance>(
    `select rolname as user, datname as database from pg_roles cross join (
       select datname from pg_database where datallowconn union all select null) as databases
     where rolcanlogin and (datname is not null or rolreplication or rolsuper)
     order by rolname = current_user desc, datname = current_database() desc, rolname, datname`,
  )
  return rows
}

/** More would not be tried in a look's time where a round trip takes 100 ms. */
const mostEntrances = 2000
/** At once: few enough to leave a server of few connections room for its own clients. */
const batch = 8

/**
 * Entrances where a plain connection is accepted: those of the first batch that has one, since one is
 * enough to know. None is only said when every single one was tried, at every address of the server.
 */
export async function findPlainEntrances(
  way: Way,
  { host, port }: Pick<Login, 'host' | 'port'>,
  entrances: readonly Entrance[],
): Promise<Entrance[]> {
  const found: Entrance[] = []
  for (const place of await findPlaces(way, host, port)) {
    if (found.length === 0) found.push(...(await tryEntrances(way, place, entrances)))
  }
  return found
}

async function tryEntrances(
  way: Way,
  place: Place,
  entrances: readonly Entrance[],
): Promise<Entrance[]> {
  for (let at = 0; at < Math.min(entrances.length, mostEntrances); at += batch) {
    const some = entrances.slice(at, at + batch)
    const tried = await Promise.allSettled(some.map((one) => isPlainRefused(way, place, one)))
    way.signal.throwIfAborted()
    const open = some.filter((_, i) => {
      const one = tried[i]!
      return one.status === 'fulfilled' && !one.value
    })
    if (open.length > 0) return open
    for (const one of tried) if (one.status === 'rejected') throw one.reason
  }
  if (entrances.length <= mostEntrances) return []
  throw cannotLook(
    `${entrances.length} pairs of a role and a database are more than the ${mostEntrances} that can be tried`,
  )
}

/**
 * Whether the server refuses a plain connection of a role. It decides that before it asks for a
 * password, so none is ever sent: a refusal is SQLSTATE 28000, by pg_hba.conf; being asked for a
 * password, or let in, is a plain connection accepted (PostgreSQL 18, 54.2.1).
 */
async function isPlainRefused(
  way: Way,
  place: Place,
  { user, database }: Entrance,
): Promise<boolean> {
  const socket = await dial(way, place)
  if ('refused' in socket) throw cannotLook(socket.why)
  try {
    const to = database === null ? { replication: 'true' } : { database }
    socket.write(startup({ user, ...to, application_name: 'kept' }))
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

const hollow = olderSuites.filter(
  ({ cipher, exchange }) => cipher === 'null' || exchange?.endsWith('-anon'),
)

/** A suite without encryption or without a certificate that the server would take; null when it refuses all. */
export async function findHollowSuite(
  way: Way,
  { host, port }: Pick<Login, 'host' | 'port'>,
): Promise<string | null> {
  const suites = hollow.map(({ id }) => id)
  const every = { suites, signatures: Object.values(signatures).flat() }
  for (const place of await findPlaces(way, host, port)) {
    // A front may lead whoever sends no name to another server.
    for (const name of new Set([serverName(place.host), ''])) {
      for (const version of ['TLS 1.2', 'TLS 1.1', 'TLS 1.0'] as const) {
        const offer = { ...every, version, serverName: name }
        const decision = await makeOffer(way, place, 'postgres', offer)
        if (decision.kind !== 'hello') continue
        const taken = hollow.find(({ id }) => id === decision.suite)
        if (taken) return `${taken.exchange} with ${taken.cipher}`
      }
    }
  }
  return null
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
