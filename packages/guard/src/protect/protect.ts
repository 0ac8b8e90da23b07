import type { ClientBase } from 'pg'
import { GuardFailure } from '../failure.ts'
import { findLeakyViews } from './bypasses.ts'
import { readCatalog, type Catalog } from './catalog.ts'
import { columnSteps } from './columns.ts'
import { decide } from './decide.ts'
import { isOwned, undecided, type Decision, type Decisions, type Tenant } from './decision.ts'
import { findUnboundDeputies } from './deputies.ts'
import { openFindings, roleFindings, rowFindings } from './findings.ts'
import { fixFor } from './fixes.ts'
import { foreignKeySteps } from './foreign-keys.ts'
import { indexSteps } from './indexes.ts'
import { readSealing, sealSteps } from './installing.ts'
import { findMistakenKeys, findMistakes } from './mistakes.ts'
import type { Plan } from './plan.ts'
import { findFaults } from './policies.ts'
import {
  functionSteps,
  grantsOf,
  readRevoked,
  readRights,
  rightSteps,
  viewSteps,
} from './rights.ts'
import { rowSecuritySteps } from './row-security.ts'
import { readRows, type RowFacts } from './rows.ts'
import { quote } from './sql.ts'
import {
  everybody,
  findAppRoles,
  findGuises,
  readTenantTables,
  type AppRole,
  type Scoping,
  type TenantTable,
} from './tenant-tables.ts'
import { findTenant, sayTenant } from './tenant.ts'
import { uniqueSteps } from './unique.ts'
import { isSettled, type Finding, type Step, type Work } from './work.ts'

/** What separates the tenants of a database, what is still to do, and what needs a person. */
export interface Protection {
  catalog: Catalog
  tenant: Tenant
  /** What was given, completed by what was found. */
  plan: Plan
  decisions: readonly Decision[]
  scoping: Scoping
  tables: readonly TenantTable[]
  roles: readonly AppRole[]
  rows: RowFacts
  steps: readonly Step[]
  findings: readonly Finding[]
}

/** `security_invoker` and a list of columns in ON DELETE SET NULL came with 15. */
const oldest = 150_000

/**
 * Reads a database and plans what it lacks. Changes nothing. The plan holds what a person said; the rest
 * is found. Runs in a transaction of the caller's.
 *
 * @throws GuardFailure `tenant-unclear`, `bad-plan`, `unsupported`
 */
export async function protect(client: ClientBase, given: Plan): Promise<Protection> {
  const catalog = await readCatalog(client)
  if (catalog.version < oldest) {
    throw new GuardFailure(
      'unsupported',
      `this is PostgreSQL ${Math.floor(catalog.version / 10_000)}`,
      'move to 15 or later',
    )
  }
  await findMistakes(client, catalog, given)
  const tenant = findTenant(catalog, given.tenant, given.column)
  const decisions = decide(catalog, tenant, given.tables)
  const scoping = scopingOf(given, tenant)
  const tables = await readTenantTables(client, keysOf(decisions))
  const logins = await findAppRoles(client, scoping, tables)
  const isSuperuser = ({ oid }: AppRole) =>
    catalog.roles.some((role) => role.oid === oid && role.superuser)
  // Who is bound by nothing is not taken for the app unless a person says so.
  const roles = given.appRoles.length > 0 ? logins : logins.filter((one) => !isSuperuser(one))
  const plan = complete(given, tenant, decisions, roles)
  const oids = roles.map(({ oid }) => oid)
  const sealing = plan.scope === 'sealed' ? await readSealing(client, plan, oids) : null
  const faults = await findFaults(client, scoping, tables, oids)
  const owned = tables.map(({ oid }) => oid)
  const work: Work = {
    catalog,
    tenant,
    plan,
    decisions,
    rows: await readRows(client, catalog, tenant, decisions),
    roles,
    faults: new Map(faults.map(({ table, why }) => [table, why])),
    permitting: new Set(faults.flatMap(({ table, permits }) => (permits ? [table] : []))),
    made: [],
    taken: namesOf(catalog),
    findings: [],
    unique: {},
    roleDecisions: {},
  }
  // What everybody may, a role may too that is not made yet.
  const guises = [everybody, ...(await findGuises(client, oids))]
  const rights = await readRights(client, guises, owned)
  const arriving = grantsOf(work, rights)
  const grantees = ['public', ...plan.appRoles.map(quote)].join(', ')
  const waiting = new Set(
    [...decisions.values()].filter((one) => !isSettled(work, one)).map(({ table }) => table.id),
  )
  const schemas = arriving?.schemas ?? []
  const views = await findLeakyViews(client, owned, guises, schemas)
  const planned = [
    ...(sealing ? sealSteps(sealing, plan) : []),
    ...columnSteps(work),
    ...foreignKeySteps(work),
    ...uniqueSteps(work),
    ...indexSteps(work),
    ...rowSecuritySteps(work),
    ...viewSteps(work, views, arriving, grantees),
    ...functionSteps(await readRevoked(client, plan, guises), grantees),
    ...rightSteps(work, rights, arriving),
  ]
  findMistakenKeys(catalog, plan, Object.keys(work.unique))
  // What nobody has confirmed is not done.
  const steps = planned.filter(({ at }) => !waiting.has(at))
  const findings = [
    ...work.findings,
    ...rowFindings(work),
    ...roleFindings(
      work,
      logins.filter((one) => !roles.includes(one)).map(({ name }) => name),
    ),
    ...(sealing?.faults ?? [])
      .filter(({ at }) => !steps.some((step) => step.at === at))
      .map(({ at, why }) => ({ at, why, fix: fixFor(why), level: 'error' as const })),
    ...(await findUnboundDeputies(client, guises, schemas))
      .filter(({ at }) => !plan.revoke.includes(at))
      .map((hole) => ({ ...hole, fix: fixFor(hole.why), level: 'error' as const })),
    ...openFindings(work),
  ]
  return {
    catalog,
    tenant,
    plan: {
      ...plan,
      roles: { ...work.roleDecisions, ...plan.roles },
      unique: { ...work.unique, ...plan.unique },
    },
    decisions: [...decisions.values()],
    scoping,
    tables,
    roles,
    rows: work.rows,
    steps,
    findings,
  }
}

function scopingOf({ scope, setting, appRoles }: Plan, { column }: Tenant): Scoping {
  return {
    column,
    setting: scope === 'sealed' ? 'kept.tenant' : setting,
    roles: appRoles,
    fix: 'let the app log in as a role of its own, and name that with --app-role',
  }
}

function keysOf(decisions: Decisions): { oid: number; column: string }[] {
  return [...decisions.values()].flatMap((one) =>
    isOwned(one) ? [{ oid: one.table.oid, column: one.column }] : [],
  )
}

/** The plan as it would be written: each table with its decision, found or given. */
function complete(
  given: Plan,
  tenant: Tenant,
  decisions: Decisions,
  roles: readonly AppRole[],
): Plan {
  const tables = [...decisions.values()]
    .filter(({ table }) => table.parents.length === 0)
    .map(({ table, said, asked }) => [
      table.id,
      asked && said !== undecided && !said.endsWith('?') ? `${said}?` : said,
    ])
  return {
    ...given,
    tenant: sayTenant(tenant),
    column: tenant.column,
    appRoles: given.appRoles.length > 0 ? given.appRoles : roles.map(({ name }) => name),
    tables: Object.fromEntries(tables) as Plan['tables'],
  }
}

function namesOf({ names }: Catalog): Map<string, Set<string>> {
  return new Map([...names].map(([schema, own]) => [schema, new Set(own)]))
}
