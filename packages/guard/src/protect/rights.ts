import type { ClientBase } from 'pg'
import type { LeakyView } from './bypasses.ts'
import type { Table } from './catalog.ts'
import { isOwned, type Decision, type Decisions } from './decision.ts'
import { quote } from './sql.ts'
import { isSettled, type Step, type Work } from './work.ts'

/** A right on a table that the app has by a grant to itself, to a role it may become, or to everybody. */
export interface Right {
  table: number
  /** `public` for everybody; quoted where it must be. */
  grantee: string
  right: string
}

export interface Rights {
  tables: readonly Right[]
  /** Who may make temporary tables, of those that a grant to it or to everybody lets. */
  temporary: readonly string[]
  /** Roles of the app that have no right on any of the tables, as one has that was made elsewhere. */
  bare: readonly string[]
}

/** What grants give to these roles, on a whole table or on some of its columns. */
export async function readRights(
  client: ClientBase,
  roles: readonly number[],
  owned: readonly number[],
): Promise<Rights> {
  const { rows: tables } = await client.query<Right>(
    `select distinct pg_class.oid::int as table, case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as grantee,
       lower(privilege_type) as right
     from pg_class, lateral (select grantee, privilege_type from aclexplode(relacl)
       union all select grantee, privilege_type from pg_attribute, aclexplode(attacl)
       where attrelid = pg_class.oid and not attisdropped) as given
     where relkind in ('r', 'p', 'f') and grantee <> relowner
       and case grantee when 0 then true else exists (select from unnest($1::int[]) as role
         where pg_has_role(role::oid, grantee, 'member')) end`,
    [roles],
  )
  const { rows: temporary } = await client.query<{ grantee: string }>(
    `select distinct case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as grantee
     from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
     where datname = current_database() and privilege_type = 'TEMPORARY' and grantee <> datdba
       and case grantee when 0 then true else exists (select from unnest($1::int[]) as role
         where pg_has_role(role::oid, grantee, 'member')) end order by 1`,
    [roles],
  )
  const { rows: bare } = await client.query<{ name: string }>(
    `select rolname as name from pg_roles where oid::int = any($1) and not exists (
       select from unnest($2::int[]) as owned where has_any_column_privilege(pg_roles.oid, owned::oid,
         'select, insert, update') or has_table_privilege(pg_roles.oid, owned::oid, 'delete'))`,
    [roles, owned],
  )
  return {
    tables,
    bare: bare.map(({ name }) => name),
    temporary: temporary.map(({ grantee }) => grantee),
  }
}

/** Rights that ask no policy, or let the app make what acts for others. */
const beyond = ['truncate', 'references', 'trigger', 'maintain']
const writing = ['insert', 'update', 'delete', ...beyond]

/** What roles of the app get that are not there yet, or have no right on any table. */
export interface Grants {
  missing: readonly string[]
  bare: readonly string[]
  owned: readonly Table[]
  read: readonly Table[]
  written: readonly Table[]
  schemas: readonly string[]
}

/** Null where each role has its rights. */
export function grantsOf(work: Work, rights: Rights): Grants | null {
  const { plan, catalog } = work
  const missing = plan.appRoles.filter((name) => !catalog.roles.some((role) => role.name === name))
  const bare = plan.appRoles.filter((name) => rights.bare.includes(name))
  if (missing.length + bare.length === 0) return null
  const decided = [...work.decisions.values()].filter((one) => isSettled(work, one))
  const tablesOf = (isOne: (one: Decision) => boolean) =>
    decided.filter(isOne).map(({ table }) => table)
  const owned = tablesOf(isOwned)
  const read = tablesOf(({ kind }) => kind === 'shared')
  const written = tablesOf(({ kind }) => kind === 'written')
  const schemas = [...new Set([...owned, ...read, ...written].map(({ schema }) => schema))]
  return { missing, bare, owned, read, written, schemas }
}

/** The app keeps what policies bind, and loses the rest. */
export function rightSteps(work: Work, rights: Rights, arriving: Grants | null): Step[] {
  const { catalog, decisions } = work
  return [
    ...(arriving ? makeRoles(work, arriving) : []),
    ...bindSteps(work),
    ...[...decisions.values()].flatMap(({ table, kind, asked }) => {
      if (asked || kind === 'open') return []
      const lost = kind === 'shared' ? writing : kind === 'closed' ? ['select', ...writing] : beyond
      return revoking(table, rights, lost, kind)
    }),
    ...(rights.temporary.length > 0
      ? [
          {
            at: `database ${catalog.database}`,
            why: 'a temporary table named as a real one is found in its place; whoever else makes some needs a grant',
            sql: [
              `revoke temporary on database ${quote(catalog.database)} from ${rights.temporary.join(', ')};`,
            ],
          },
        ]
      : []),
  ]
}

/**
 * Roles are of the whole server, and other databases may rest on what they are: only a role of the app
 * that the plan names is changed, and only where the plan says so.
 */
function bindSteps({ plan, catalog, roleDecisions }: Work): Step[] {
  const bypassing = catalog.roles.filter(
    ({ name, bypasses, superuser }) => bypasses && !superuser && plan.appRoles.includes(name),
  )
  return bypassing.flatMap(({ name }) => {
    if (plan.roles[name] !== 'nobypassrls') {
      roleDecisions[name] = 'nobypassrls?'
      return []
    }
    const why = 'no policy binds it, and the plan says to change that, in every database here'
    return [{ at: name, why, sql: [`alter role ${quote(name)} nobypassrls;`] }]
  })
}

/** Why the app loses rights on a table of this kind. */
export const reasons: Readonly<Record<string, string>> = {
  shared: 'it is shared by all tenants, so the app reads it and no more',
  closed: 'it is not for the app',
}

function revoking(
  { oid, id, sql }: Table,
  rights: Rights,
  lost: readonly string[],
  kind: string,
): Step[] {
  const given = rights.tables.filter(({ table, right }) => table === oid && lost.includes(right))
  return [...Map.groupBy(given, ({ grantee }) => grantee)].map(([grantee, own]) => {
    // On a whole table it takes the same rights on its columns too.
    const taken = lost.filter((one) => own.some(({ right }) => right === one)).join(', ')
    const loses = `${taken} from ${grantee}`
    const why = `${reasons[kind] ?? 'these rights ask no policy'}; it takes ${loses}`
    return { at: id, why, loses, sql: [`revoke ${taken} on ${sql} from ${grantee};`] }
  })
}

const list = (tables: readonly Table[]) => tables.map(({ sql }) => sql).join(',\n  ')

/** A role for the app, which owns nothing and is bound by policies. */
export function createRole(name: string): string {
  return `create role ${quote(name)} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication;`
}

function makeRoles(work: Work, grants: Grants): Step[] {
  const { missing, bare } = grants
  return [...missing, ...bare].map((name) => makeRole(work, name, missing.includes(name), grants))
}

/** In one transaction, so that there is no role with half its rights. What is sealed needs the role before. */
function makeRole(
  work: Work,
  name: string,
  isMissing: boolean,
  { owned, read, written, schemas: named }: Grants,
): Step {
  const role = quote(name)
  const schemas = named.map(quote).join(', ')
  const grant = (what: string, tables: readonly Table[]) =>
    tables.length > 0 ? [`grant ${what} on ${list(tables)} to ${role};`] : []
  const statements = [
    ...(isMissing && work.plan.scope === 'plain' ? [createRole(name)] : []),
    ...(schemas === ''
      ? []
      : [
          `grant usage on schema ${schemas} to ${role};`,
          `grant usage on all sequences in schema ${schemas} to ${role};`,
        ]),
    ...grant('select, insert, update, delete', [...owned, ...written]),
    ...grant('select', read),
  ]
  return {
    at: name,
    why: isMissing
      ? 'the app needs a role that owns nothing and is bound by policies; give it a password'
      : 'it has no right on any table of the app',
    sql: [`begin;\n${statements.join('\n')}\ncommit;`],
  }
}

/** Views act with the rights of whoever asks; what cannot do so is taken from the app where the plan says. */
export function viewSteps(
  { plan, decisions, findings }: Work,
  views: readonly LeakyView[],
  arriving: Grants | null,
  grantees: string,
): Step[] {
  const { owned = [], read = [], written = [] } = arriving ?? {}
  const granted = new Set([...owned, ...read, ...written].map(({ oid }) => oid))
  return views.flatMap(({ at, kind, ...view }): Step[] => {
    const closed = view.closed.filter(({ oid }) => !granted.has(oid))
    if (plan.revoke.includes(at)) {
      return [
        {
          at,
          why: 'it shows every tenant, and the plan takes it from the app',
          loses: `all rights from ${grantees}`,
          sql: [`revoke all on ${at} from ${grantees};`],
        },
      ]
    }
    if (kind === 'v' && closed.length === 0) {
      const why =
        'it reads with the rights of its owner; with this, whoever asks needs rights on the tables below it'
      return [{ at, why, sql: [`alter view ${at} set (security_invoker = true);`] }]
    }
    const why =
      kind === 'm' ? 'a materialized view knows no policy' : 'this view has no security_invoker'
    const fix = fixForView(decisions, { at, kind, closed })
    findings.push({ at, why, fix, level: 'error' })
    return []
  })
}

const sayNames = (some: LeakyView['closed']) => some.map(({ name }) => name).join(', ')

function fixForView(decisions: Decisions, { at, kind, closed }: LeakyView): string {
  const revoke = `in the plan, under revoke: ${at}`
  const ofNobody = closed.filter(({ oid }) => decisions.get(oid)?.kind === 'closed')
  if (ofNobody.length > 0) return `${revoke}; or say what else than closed ${sayNames(ofNobody)} is`
  return kind === 'm'
    ? `${revoke}; let the app read the tables themselves`
    : `let the app read ${sayNames(closed)}, which the view needs with security_invoker; or, ${revoke}`
}

export interface Callable {
  at: string
  /** As SQL names it, with the types of its arguments. */
  signature: string
}

/** Functions that the plan takes from the app, which it may still call. */
export async function readRevoked(
  client: ClientBase,
  { revoke }: Work['plan'],
  roles: readonly number[],
): Promise<Callable[]> {
  const { rows } = await client.query<Callable>(
    `select format('%I.%I', nspname, proname) as at, pg_proc.oid::regprocedure::text as signature
     from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
     where format('%I.%I', nspname, proname) = any($1)
       and exists (select from unnest($2::int[]) as role where has_function_privilege(role::oid, pg_proc.oid, 'execute'))
     order by 2`,
    [revoke, roles],
  )
  return rows
}

export function functionSteps(functions: readonly Callable[], grantees: string): Step[] {
  return functions.map(({ at, signature }) => ({
    at,
    why: 'it acts as another role, and the plan takes it from the app',
    loses: `execute from ${grantees}`,
    sql: [`revoke execute on function ${signature} from ${grantees};`],
  }))
}
