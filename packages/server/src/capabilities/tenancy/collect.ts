import { areApart, type System } from '@kept/page'
import type { CollectorContext } from '../../foundation/capability.ts'
import { cannotLook, collector, seen } from '../../foundation/look.ts'
import { loginOf, withDatabase } from '../../outside/postgres.ts'
import { conventionOf } from '../../outside/tenant-tables.ts'
import { tenancyOperations as operations } from './operations.ts'
import { seeSeat } from './region.ts'
import type { Register } from './register.ts'
import { countRows, findTenants } from './rows.ts'
import type { Placed } from './tenants.ts'

const hour = 3600

/** The tenants that a database really has, held against those that the register places there. */
export const placementCollector = collector({
  kind: 'database.placement',
  of: ['database'],
  every: hour,
  timeout: 300,
  async collect(subject, context) {
    const { placed } = await readTenants(context)
    const found = await withDatabase(context, loginOf(subject, context), (client) =>
      findTenants(client, conventionOf(subject)),
    )
    const here = new Map(
      placed
        .filter(({ cluster, moving }) => cluster === subject.id || moving === subject.id)
        .map((one) => [one.tenant, one]),
    )
    const strangers = [...found].filter(([tenant]) => !here.has(tenant))
    const living = [...found.keys()].flatMap((tenant) => here.get(tenant) ?? [])
    const own = living.filter(({ canary, cluster }) => !canary && cluster === subject.id)
    const count = (kind: Placed['kind']) => own.filter((one) => one.kind === kind).length
    const sharing = placed.filter(({ kind, canary, cluster }) => {
      return kind === 'shared' && !canary && cluster !== subject.id
    })
    const measured = {
      sharedTenants: count('shared'),
      dedicatedTenants: count('dedicated'),
      sharedElsewhere: sharing.length,
    }
    return seen(measured, sayStrangers(strangers) ?? sayCrowded(own))
  },
})

/** How many and where, and not who: notes stay where a tenant's id could not be erased. */
function sayStrangers(strangers: readonly (readonly [string, string[]])[]): string | null {
  if (strangers.length === 0) return null
  const tables = [...new Set(strangers.flatMap(([, names]) => names))].slice(0, 10).join(', ')
  const [many, have] = strangers.length === 1 ? ['tenant', 'has'] : ['tenants', 'have']
  return `${strangers.length} ${many} that the register does not place here ${have} rows in ${tables}`
}

function sayCrowded(own: readonly Placed[]): string | null {
  const dedicated = own.filter(({ kind }) => kind === 'dedicated').length
  if (dedicated === 0 || own.length === 1) return null
  return `${dedicated} of ${own.length} tenants here should have a database of their own`
}

/** A dedicated tenant's rows are in its own database, and none are in another. */
export const routingCollector = collector({
  kind: 'service.placement-routing',
  of: ['service'],
  every: hour,
  timeout: 300,
  async collect(subject, context) {
    const { placed } = await readTenants(context)
    const tenants = placed.filter(({ kind, moving }) => kind === 'dedicated' && moving === null)
    if (tenants.length === 0) throw cannotLook('no tenant is placed on a database of its own')
    const databases = databasesOf(subject, context)
    const homes = new Set<string>()
    const misrouted: { at: string; rows: number }[] = []
    for (const database of databases) {
      const rows = await withDatabase(context, loginOf(database, context), (client) =>
        countRows(
          client,
          conventionOf(database),
          tenants.map(({ tenant }) => tenant),
        ),
      )
      for (const { tenant, cluster } of tenants) {
        const count = rows.get(tenant)!
        if (count > 0 && cluster === database.id) homes.add(tenant)
        if (count > 0 && cluster !== database.id) misrouted.push({ at: database.id, rows: count })
      }
    }
    const lost = misrouted.reduce((sum, { rows }) => sum + rows, 0)
    if (lost === 0 && homes.size < tenants.length) {
      const without = tenants.length - homes.size
      throw cannotLook(`${without} of ${tenants.length} dedicated tenants have no row to be seen`)
    }
    const places = [...new Set(misrouted.map(({ at }) => at))].join(', ')
    const said = lost > 0 ? `${places}: ${lost} rows of tenants with a database of their own` : null
    return seen({ dedicatedTenants: homes.size, misrouted: lost }, said)
  },
})

/** The databases that a service may have written to: those of its environment. */
function databasesOf({ environment }: System, { subjects }: CollectorContext): System[] {
  return subjects.filter(
    (one) =>
      one.type === 'database' &&
      (environment === null || one.environment === null || one.environment === environment),
  )
}

async function readTenants(context: CollectorContext): Promise<Register> {
  const register = await context.ask(operations.readRegister, {})
  if (register.placed.some(({ canary }) => !canary)) return register
  throw cannotLook('no tenant is registered: `kept tenants add` places each on its cluster')
}

async function readClusters(context: CollectorContext): Promise<Register> {
  const register = await context.ask(operations.readRegister, {})
  if (register.clusters.length > 0) return register
  const fix = '`kept clusters review` and `kept clusters register` do'
  throw cannotLook(`no cluster is registered, so that none elsewhere is refused: ${fix}`)
}

/** Where a database really is, and whether one elsewhere would be refused. */
export const regionCollector = collector({
  kind: 'resource.region',
  of: ['database'],
  every: hour,
  timeout: 60,
  async collect(subject, context) {
    const { clusters } = await readClusters(context)
    const known = clusters.find(({ cluster }) => cluster === subject.id)
    const unregistered = context.subjects.filter(
      ({ id, type }) => type === 'database' && !clusters.some(({ cluster }) => cluster === id),
    )
    const trial = await context.ask(operations.tryElsewhere, { cluster: subject.id })
    const login = loginOf(subject, context)
    const { regions, provider } = await withDatabase(context, login, (client) =>
      seeSeat(client, login),
    )
    const elsewhere = known ? regions.find((one) => areApart(one, known.region)) : undefined
    const objections = [
      trial.promises > 0 && unregistered.length > 0
        ? `not registered as a cluster: ${unregistered.map(({ id }) => id).join(', ')}`
        : null,
      trial.outside ? `it is registered in ${known!.region}, outside the promised regions` : null,
      elsewhere === undefined ? null : `registered in ${known!.region}, seen in ${elsewhere}`,
    ].filter((one) => one !== null)
    if (regions.length === 0 && objections.length === 0) throw cannotLook(unseen)
    const measured = {
      regions,
      ...(provider !== null && { provider }),
      elsewhereRefused: trial.refused && unregistered.length === 0,
    }
    return seen(measured, objections.length > 0 ? objections.join('; ') : null)
  },
})

const unseen =
  'its host name says no region: whoever runs the server writes kept.region into postgresql.conf, or a runner pushes resource.region'

/** The databases at an account's provider, and whether each was reviewed before it was created. */
export const clustersCollector = collector({
  kind: 'account.clusters',
  of: ['account'],
  every: hour,
  timeout: 60,
  async collect(subject, context) {
    const { provider, environment } = subject
    if (provider === null) throw cannotLook(`systems.yaml names no provider of ${subject.id}`)
    const databases = databasesOf({ ...subject, environment }, context).filter(
      (one) => one.provider === provider,
    )
    if (databases.length === 0) throw cannotLook(`systems.yaml has no database at ${provider}`)
    const { clusters } = await readClusters(context)
    const reviewed = (id: string) => clusters.find(({ cluster }) => cluster === id)?.reviewed
    const unreviewed = databases.filter(({ id }) => reviewed(id) !== true)
    const regions = [
      ...databases.flatMap((one) => one.regions),
      ...clusters
        .filter(({ cluster }) => databases.some(({ id }) => id === cluster))
        .map(({ region }) => region),
    ]
    const measured = {
      clusters: databases.length,
      unreviewed: unreviewed.length,
      regions: [...new Set(regions)],
    }
    const said = unreviewed.map(({ id }) =>
      reviewed(id) === undefined ? `${id} is not registered` : `${id} was reviewed too late`,
    )
    return seen(measured, said.length > 0 ? said.join('; ') : null)
  },
})

export const collectors = [placementCollector, routingCollector, regionCollector, clustersCollector]
