import { randomUUID } from 'node:crypto'
import { areApart, didYouMean, type System } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { needApplied, type Applied } from '../claims/edition.ts'
import { refuseOutside } from './regions.ts'

/** A cluster as it is, or is to be, created. */
export interface Place {
  cluster: string
  provider: string
  region: string
}

export type ClusterState = 'reviewed' | 'registered' | 'gone'

/** Notes who verified which cluster is to be created where; it must not be there yet. */
export async function reviewCluster(
  tx: Transaction,
  { cluster, provider, region }: Place,
): Promise<string> {
  if (await findCluster(tx, cluster)) throw isRegistered(cluster)
  const id = randomUUID()
  await tx.rows`
    insert into tenancy.reviews (id, cluster, provider, region, reviewed_at, reviewed_by)
    values (${id}, ${cluster}, ${provider}, ${region}, ${at(tx.now)}, ${tx.scope.actor.id})`
  return id
}

/**
 * Registers a cluster that was created, and says whether its review came before. Where it lies is asked
 * first: whoever is refused for that learns that nothing else would have helped.
 */
export async function registerCluster(
  tx: Transaction,
  { cluster, provider, region, createdAt }: Place & { createdAt: number },
): Promise<{ isReviewed: boolean }> {
  const applied = await needApplied(tx)
  const system = databaseOf(applied, cluster)
  refuseOutside(applied, { ...system, provider }, region)
  refuseOther(system, provider, region)
  if (await findCluster(tx, cluster)) throw isRegistered(cluster)
  if (createdAt > tx.now) {
    throw new Failure('bad-input', `${cluster} cannot be created in the future`, {
      at: 'createdAt',
      fix: 'register it once it is there',
    })
  }
  const review = await tx.row<{ id: string; reviewed_at: Date }>`
    select id, reviewed_at from tenancy.reviews
    where cluster = ${cluster} and provider = ${provider} and region = ${region}
    order by reviewed_at limit 1`
  if (!review) throw notReviewed(cluster, provider, region)
  await tx.rows`
    insert into tenancy.clusters
      (id, provider, region, review, created_at, registered_at, registered_by)
    values (${cluster}, ${provider}, ${region}, ${review.id}, ${at(createdAt)}, ${at(tx.now)},
      ${tx.scope.actor.id})`
  return { isReviewed: review.reviewed_at.getTime() <= createdAt }
}

export function databaseOf({ systems }: Pick<Applied, 'systems'>, id: string): System {
  const databases = systems.subjects.filter(({ type }) => type === 'database')
  const system = databases.find((one) => one.id === id)
  if (system) return system
  const known = databases.map((one) => one.id)
  const near = didYouMean(id, known)
  throw new Failure('not-found', `systems.yaml has no database ${id}`, {
    at: 'cluster',
    fix: near ? `did you mean ${near}?` : 'name it there first: a cluster is one of its databases',
  })
}

/** What systems.yaml says of the same database must be true of it. */
function refuseOther({ id, regions, ...said }: System, provider: string, region: string): void {
  const isElsewhere = regions.length > 0 && regions.every((one) => areApart(one, region))
  const isOthers = said.provider !== null && said.provider !== provider
  if (!isElsewhere && !isOthers) return
  const where = [isOthers ? `at ${said.provider}` : '', isElsewhere ? `in ${regions.join()}` : '']
  throw new Failure('conflict', `systems.yaml has ${id} ${where.filter(Boolean).join(' ')}`, {
    fix: 'correct whichever is wrong',
  })
}

function isRegistered(cluster: string): Failure {
  return new Failure('conflict', `${cluster} is registered already`, {
    fix: 'give a new cluster an id of its own',
  })
}

function notReviewed(cluster: string, provider: string, region: string): Failure {
  const place = `${provider} in ${region}`
  return new Failure('not-reviewed', `nobody reviewed that ${cluster} is created at ${place}`, {
    fix: `let a person run: kept clusters review ${cluster} --provider ${provider} --region ${region}`,
  })
}

interface Cluster extends Place {
  createdAt: number
  reviewedAt: number
  reviewedBy: string
}

async function findCluster(tx: Transaction, id: string): Promise<Cluster | null> {
  return (await readClusters(tx)).find(({ cluster }) => cluster === id) ?? null
}

/** Whether the review came before the cluster did. */
export function wasReviewed({ createdAt, reviewedAt }: Cluster): boolean {
  return reviewedAt <= createdAt
}

/** The clusters that are registered, each with its review. */
export async function readClusters(tx: Transaction): Promise<Cluster[]> {
  const rows = await tx.rows<{
    id: string
    provider: string
    region: string
    created_at: Date
    reviewed_at: Date
    reviewed_by: string
  }>`select c.id, c.provider, c.region, c.created_at, r.reviewed_at, r.reviewed_by
    from tenancy.clusters c join tenancy.reviews r on r.id = c.review order by c.id`
  return rows.map((row) => ({
    cluster: row.id,
    provider: row.provider,
    region: row.region,
    createdAt: row.created_at.getTime(),
    reviewedAt: row.reviewed_at.getTime(),
    reviewedBy: row.reviewed_by,
  }))
}

/** A registered cluster on which a tenant may be placed as the page is now. */
export async function needCluster(tx: Transaction, id: string): Promise<Cluster> {
  const applied = await needApplied(tx)
  const system = databaseOf(applied, id)
  const cluster = await findCluster(tx, id)
  if (!cluster) {
    throw new Failure('not-found', `the cluster ${id} is not registered`, {
      at: 'cluster',
      fix: 'kept clusters register',
    })
  }
  refuseOutside(applied, { ...system, provider: cluster.provider }, cluster.region)
  return cluster
}

export interface ListedCluster extends Place {
  state: ClusterState
  createdAt: string | null
  reviewedAt: string
  reviewedBy: string
  wasReviewed: boolean
  shared: number
  dedicated: number
}

/** Every cluster that is registered, or was reviewed and is not yet. */
export async function listClusters(tx: Transaction): Promise<ListedCluster[]> {
  const { systems } = await needApplied(tx)
  const counts = await tx.rows<{ cluster: string; shared: number; dedicated: number }>`
    select cluster, (count(*) filter (where kind = 'shared'))::int as shared,
      (count(*) filter (where kind = 'dedicated'))::int as dedicated
    from tenancy.placements where until is null group by cluster`
  const registered = (await readClusters(tx)).map((one): ListedCluster => {
    const isThere = systems.subjects.some(({ id }) => id === one.cluster)
    const { shared = 0, dedicated = 0 } = counts.find((row) => row.cluster === one.cluster) ?? {}
    return {
      ...one,
      state: isThere ? 'registered' : 'gone',
      createdAt: new Date(one.createdAt).toISOString(),
      reviewedAt: new Date(one.reviewedAt).toISOString(),
      wasReviewed: wasReviewed(one),
      shared,
      dedicated,
    }
  })
  return [...registered, ...(await listReviewed(tx))]
}

async function listReviewed(tx: Transaction): Promise<ListedCluster[]> {
  const rows = await tx.rows<Place & { reviewed_at: Date; reviewed_by: string }>`
    select distinct on (cluster, provider, region) cluster, provider, region, reviewed_at, reviewed_by
    from tenancy.reviews where cluster not in (select id from tenancy.clusters)
    order by cluster, provider, region, reviewed_at`
  return rows.map(({ cluster, provider, region, reviewed_at, reviewed_by }) => ({
    cluster,
    provider,
    region,
    state: 'reviewed',
    createdAt: null,
    reviewedAt: reviewed_at.toISOString(),
    reviewedBy: reviewed_by,
    wasReviewed: true,
    shared: 0,
    dedicated: 0,
  }))
}
