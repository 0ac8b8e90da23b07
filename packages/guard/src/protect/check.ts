import type { ClientBase } from 'pg'
import { findBypasses } from './bypasses.ts'
import { closedOf, isOwned } from './decision.ts'
import { fixFor } from './fixes.ts'
import { findUncovered, type Hole } from './policies.ts'
import type { Protection } from './protect.ts'
import { findSlowQueries, findUnusableIndexes } from './leakproof.ts'
import { findStandingTenants } from './standing.ts'
import { makesRoles } from './tenant-tables.ts'
import type { Finding } from './work.ts'

/** What keeps tenants from being apart in a live database, the leaks first; notes leak nothing. */
export async function check(client: ClientBase, protection: Protection): Promise<Finding[]> {
  const { scoping, tables, roles, steps } = protection
  const holes =
    roles.length === 0
      ? []
      : [
          ...(await findUncovered(
            client,
            scoping,
            tables.filter(({ keyed }) => keyed),
            roles,
          )),
          ...(await findBypasses(client, scoping, tables, roles, closedOf(protection.decisions))),
          ...(protection.plan.scope === 'plain'
            ? await findStandingTenants(client, scoping, roles)
            : []),
        ]
  const found = holes
    .filter((hole) => !isConfirmed(protection, hole))
    .map((hole) => toFinding(protection, hole))
  const seen = new Set(found.map(({ at }) => at))
  const left = steps
    .filter(({ at }) => !seen.has(at))
    .map(({ at, why }): Finding => ({
      at,
      why,
      fix: 'kept protect --apply, or run its migration',
      level: 'error',
    }))
  const findings = [
    ...found,
    ...left,
    ...protection.findings.filter(({ level }) => level === 'error'),
    ...(await findSessions(client, protection)),
    ...protection.findings.filter(({ level }) => level === 'note'),
    ...(await findLogins(client, protection)),
    ...(await findUnusableIndexes(client, tables)),
    ...(await findSlowQueries(client, tables)),
  ]
  return findings.filter((one, i) => findings.findIndex((other) => isSame(one, other)) === i)
}

/** Two readers may say the same thing, and of a role in other words. */
function isSame(one: Finding, other: Finding): boolean {
  const isOfRole = [one, other].every(({ why }) => why.startsWith('it is or may become'))
  return one.at === other.at && (one.why === other.why || isOfRole)
}

/** A table that a person called everybody's may point where it likes. */
function isConfirmed({ decisions }: Protection, { at, why }: Hole): boolean {
  const decision = decisions.find(({ table }) => table.sql === at)
  return (
    decision !== undefined &&
    !isOwned(decision) &&
    !decision.asked &&
    why.startsWith('it points at')
  )
}

function toFinding({ decisions }: Protection, { at, why }: Hole): Finding {
  const table = decisions.find((one) => one.table.sql === at)?.table
  return { at: table?.id ?? at, why, fix: fixFor(why), level: 'error' }
}

/**
 * Sessions that are on now and that no policy binds, but those of people. Who has not pg_read_all_stats is not
 * told which of others' are clients', and which work for a client or a server in the background.
 */
async function findSessions(client: ClientBase, { tables, plan }: Protection): Promise<Finding[]> {
  const { rows } = await client.query<{
    role: string
    count: number
    as: string
    why: string
    known: boolean
  }>(
    `select usename as role, count(*)::int as count, bool_and(backend_type is not null) as known,
       string_agg(distinct coalesce(nullif(application_name, ''), 'no name'), ', ') as as, ${beyond} as why
     from pg_stat_activity join pg_roles on pg_roles.oid = usesysid
     where coalesce(backend_type, 'client backend') = 'client backend'
       and not exists (select from pg_stat_subscription where pg_stat_subscription.pid = pg_stat_activity.pid)
       and datname = current_database() and pg_stat_activity.pid <> pg_backend_pid()
       and ${beyond} is not null and not usename = any($2) group by usename, pg_roles.oid, rolsuper, rolbypassrls, rolcreaterole, rolname order by 1`,
    [tables.map(({ oid }) => oid), plan.staff],
  )
  return rows.map(({ role, count, as, why, known }) => ({
    at: role,
    why: `${count} ${count === 1 ? 'session is' : 'sessions are'} connected as it now (${as}${known ? '' : '; whether as a client, only pg_read_all_stats tells'}): ${why}`,
    fix: `let the app log in as a role that policies bind; if people use this one, name it under staff in the plan${known ? '' : '; or look as a role with pg_read_all_stats'}`,
    level: 'error',
  }))
}

/** Why no policy binds a role; null when they do. */
const beyond = `case when rolsuper then 'it is a superuser' when rolbypassrls then 'it has BYPASSRLS'
  when ${makesRoles('pg_roles')} then 'before PostgreSQL 16 its CREATEROLE lets it become other roles'
  when exists (select from pg_class where pg_class.oid::int = any($1) and pg_has_role(pg_roles.oid, relowner, 'member'))
    then 'it owns tables of tenants, or is of the role that does' end`

/** Who may log in so that no policy binds them: people and jobs, one hopes. */
async function findLogins(
  client: ClientBase,
  { tables, roles, plan }: Protection,
): Promise<Finding[]> {
  const known = [...roles.map(({ name }) => name), ...plan.staff]
  const { rows } = await client.query<{ role: string; why: string }>(
    `select rolname as role, ${beyond} as why from pg_roles
     where rolcanlogin and ${beyond} is not null and not rolname = any($2) order by 1`,
    [tables.map(({ oid }) => oid), known],
  )
  return rows.map(({ role, why }) => ({
    at: role,
    why: `it may log in, and no policy binds it: ${why}`,
    fix: 'let no app know its password; name it under staff in the plan if people use it',
    level: 'note',
  }))
}
