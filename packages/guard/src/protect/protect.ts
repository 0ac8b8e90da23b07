import type { ClientBase } from 'pg'
import { GuardFailure } from '../failure.ts'
import { findLeakyViews, type LeakyView } from './bypasses.ts'
import { readCatalog, readExtensionTables, type Catalog, type ExtensionTable } from './catalog.ts'
import { columnSteps } from './columns.ts'
import { decide } from './decide.ts'
import {
  closedOf,
  isOwned,
  undecided,
  type Decision,
  type Decisions,
  type Tenant,
} from './decision.ts'
import { findUnboundDeputies } from './deputies.ts'
import {
  extensionFindings,
  openFindings,
  roleFindings,
  rowFindings,
  sharedFindings,
} from './findings.ts'
import { fixFor } from './fixes.ts'
import { foreignKeySteps } from './foreign-keys.ts'
import { heldFindings, readHeld, type Held } from './held.ts'
import { indexSteps } from './indexes.ts'
import { readSealing, sealSteps, type Sealing } from './installing.ts'
import { findMistakenKeys, findMistakes } from './mistakes.ts'
import { findPlaces, placeFindings, placeSteps, type Place } from './places.ts'
import type { Plan } from './plan.ts'
import { findFaults, type Hole } from './policies.ts'
import {
  functionSteps,
  grantsOf,
  readRevoked,
  readRights,
  rightSteps,
  viewSteps,
  type Callable,
  type Grants,
  type Rights,
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
  const tenant = findTenant(catalog, given.tenant, given.column)
  await findMistakes(client, catalog, tenant, given)
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
  const reach = await readReach(client, work, tables)
  const steps = stepsOf(work, reach, sealing)
  const others = logins.filter((one) => !roles.includes(one)).map(({ name }) => name)
  const findings = findingsOf(work, reach, sealing, steps, others)
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

/** What the roles of the app get at, beside what policies bind. */
interface Reach {
  rights: Rights
  arriving: Grants | null
  views: readonly LeakyView[]
  revoked: readonly Callable[]
  deputies: readonly Hole[]
  places: readonly Place[]
  held: readonly Held[]
  extensions: readonly ExtensionTable[]
}

async function readReach(
  client: ClientBase,
  work: Work,
  tables: readonly TenantTable[],
): Promise<Reach> {
  const roles = work.roles.map(({ oid }) => oid)
  const owned = tables.map(({ oid }) => oid)
  // What everybody may, a role may too that is not made yet.
  const guises = [everybody, ...(await findGuises(client, roles))]
  const rights = await readRights(client, guises, owned)
  const arriving = grantsOf(work, rights)
  const schemas = arriving?.schemas ?? []
  const shown = [...owned, ...closedOf(work.decisions.values())]
  return {
    rights,
    arriving,
    views: await findLeakyViews(client, shown, guises, schemas),
    revoked: await readRevoked(client, work.plan, guises),
    deputies: await findUnboundDeputies(client, guises, schemas),
    places: await findPlaces(client, roles),
    held: await readHeld(client, roles),
    extensions: await readExtensionTables(client, guises),
  }
}

function stepsOf(work: Work, reach: Reach, sealing: Sealing | null): Step[] {
  const { catalog, plan, decisions } = work
  const grantees = ['public', ...plan.appRoles.map(quote)].join(', ')
  const steps = [
    ...(sealing ? sealSteps(sealing, plan) : []),
    ...columnSteps(work),
    ...foreignKeySteps(work),
    ...uniqueSteps(work),
    ...indexSteps(work),
    ...rowSecuritySteps(work),
    ...viewSteps(work, reach.views, reach.arriving, grantees),
    ...functionSteps(reach.revoked, grantees),
    ...rightSteps(work, reach.rights, reach.arriving),
    ...placeSteps(reach.places),
  ]
  findMistakenKeys(catalog, plan, Object.keys(work.unique))
  // What nobody has confirmed is not done.
  const waiting = new Set(
    [...decisions.values()].filter((one) => !isSettled(work, one)).map(({ table }) => table.id),
  )
  return steps.filter(({ at }) => !waiting.has(at))
}

/** After the steps, whose making finds what no step mends. */
function findingsOf(
  work: Work,
  { deputies, places, held, extensions }: Reach,
  sealing: Sealing | null,
  steps: readonly Step[],
  superusers: readonly string[],
): Finding[] {
  const faults = (sealing?.faults ?? []).filter(({ at }) => !steps.some((step) => step.at === at))
  const open = deputies.filter(({ at }) => !work.plan.revoke.includes(at))
  return [
    ...work.findings,
    ...rowFindings(work),
    ...roleFindings(work, superusers),
    ...sharedFindings(work),
    ...heldFindings(work, held),
    ...placeFindings(places),
    ...extensionFindings(work, extensions),
    ...[...faults, ...open].map(({ at, why }): Finding => ({
      at,
      why,
      fix: fixFor(why),
      level: 'error',
    })),
    ...openFindings(work),
  ]
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
