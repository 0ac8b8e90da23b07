import { randomBytes } from 'node:crypto'
import type { ClientBase, PoolClient } from 'pg'
import { asText, sendBatch, type Step } from './batch.ts'
import type { Reached } from './cancel.ts'
import { GuardFailure } from './failure.ts'
import type { Backend } from './opening.ts'

/** What a connection must be before a scope opens on it. */
export interface Demands {
  /** By which key scopes are sealed; null for plain ones. */
  keyId: string | null
  moves: boolean
  pooler: boolean
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds of a clock that nobody sets. */
  elapsed: () => number
  /** What was found when this guard first used a connection; it holds for as long as the connection does. */
  looked: WeakMap<ClientBase, Backend>
}

interface Looked extends Omit<Backend, 'hide' | 'retire' | 'lookedAt'> {
  free: boolean
  temporary: boolean
  hasScope: boolean
  hasStay: boolean
  readsNames: boolean
}

/** Where the app may make operators and functions, its own would be taken here for those of PostgreSQL. */
const ownNames: Step = { text: 'set local search_path = pg_catalog, pg_temp', tag: 'SET' }

/**
 * What a connection is like, asked once for each guard that uses it.
 *
 * @throws GuardFailure `bad-option`, `unsafe-role`, `not-installed`, `seal-refused`
 */
export async function look(client: PoolClient, demands: Demands): Promise<Backend> {
  const { connection, pipeline } = client as unknown as { connection?: object; pipeline?: boolean }
  if (connection === undefined || pipeline) {
    const fix = 'make the pool with pg itself, without pipeline'
    throw new GuardFailure('bad-option', 'the pool is of pg-native, or pipelines its queries', fix)
  }
  const before = demands.now()
  const lookedAt = demands.elapsed()
  const { result } = await sendBatch(client, [ownNames], {
    types: asText,
    text: `select to_json(seen) as seen from (
    select pg_backend_pid() as pid, (extract(epoch from clock_timestamp()) * 1000)::float8 as clock,
      exists (select from pg_roles as other where (rolsuper or rolbypassrls
        -- It then may become any other role.
        or rolcreaterole and current_setting('server_version_num')::int < 160000)
        and pg_has_role(session_user, other.oid, 'member')) as free,
      exists (select from pg_auth_members join pg_roles as own on own.oid = member
        where own.rolname = session_user) as "mayChangeRole",
      has_database_privilege(session_user, current_database(), 'temporary') as temporary,
      concat_ws(', ', (select nullif(reset_val, '') from pg_settings where name = 'search_path'), 'pg_temp') as "searchPath",
      exists (select from pg_class where relname = 'scope' and relnamespace = kept.oid) as "hasScope",
      exists (select from pg_proc where proname = 'stay' and pronamespace = kept.oid) as "hasStay",
      has_function_privilege('pg_catalog.pg_prepared_statement()', 'execute') as "readsNames"
    from (select (select oid from pg_namespace where nspname = 'kept')) as kept (oid)) as seen`,
  })
  const found = JSON.parse(result.rows[0].seen as string) as Looked
  refuse(client, found, demands)
  if (demands.keyId !== null) {
    refuseClock(found.clock, before, demands)
    await findKey(client, demands.keyId)
  }
  const backend = { ...found, ...hideNames(), lookedAt }
  demands.looked.set(client, backend)
  return backend
}

/** Each hidden name is made once: a string put together anew costs as much to look up as to make. */
function hideNames(): Pick<Backend, 'hide' | 'retire'> {
  const prefix = `${randomBytes(12).toString('base64url')}_`
  const hidden = new Map<string, string>()
  let retired = 0
  return {
    hide(name) {
      const made = hidden.get(name) ?? prefix + name
      if (!hidden.has(name)) hidden.set(name, made)
      return made
    },
    retire(name) {
      hidden.set(name, `${prefix}${++retired}_${name}`)
    },
  }
}

function refuse(client: PoolClient, found: Looked, { keyId, moves, pooler }: Demands): void {
  if (found.free) {
    const reason =
      'the role of the pool is, or may become, a superuser or one that no row policy binds'
    throw new GuardFailure('unsafe-role', reason, 'log in as a role of the app alone')
  }
  if ((keyId !== null && !found.hasScope) || (moves && !found.hasStay)) {
    const fix = 'run the SQL of schemaSql() as the owner of the database'
    throw new GuardFailure('not-installed', 'schema kept lacks what this guard needs', fix)
  }
  if (keyId === null) return
  if (found.temporary) {
    const fix = 'run the SQL of schemaSql() as the owner of the database: it revokes TEMPORARY'
    throw new GuardFailure('unsafe-role', 'the role of the pool may make temporary tables', fix)
  }
  if (!pooler && (client as unknown as Reached).processID !== found.pid) {
    const reason = 'another backend answers than the one that was connected to'
    throw new GuardFailure('seal-refused', reason, 'set `pooler: true`: a pooler is in between')
  }
}

/** Milliseconds between two clocks, within which a token's time still means what it should. */
const mostAhead = 5000

/** What the database said is held against the time before it was asked and the time after it answered. */
function refuseClock(clock: number, before: number, { now, pooler }: Demands): void {
  if (pooler || (clock > before - mostAhead && clock < now() + mostAhead)) return
  const reason = 'the clocks of the database and of this process are more than 5 seconds apart'
  throw new GuardFailure('seal-refused', reason, 'set both by NTP')
}

async function findKey(client: PoolClient, id: string): Promise<void> {
  const text = 'select from kept.key_id where id = $1'
  const { result } = await sendBatch(client, [ownNames], { text, values: [id] })
  if (result.rowCount === 1) return
  const fix = 'run the statement of addKey() as the owner of the database'
  throw new GuardFailure('seal-refused', `the database knows no key "${id}"`, fix)
}
