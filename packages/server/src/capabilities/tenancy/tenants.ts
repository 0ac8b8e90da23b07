import { randomUUID } from 'node:crypto'
import type { System } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { tagged } from '../../foundation/look.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { needApplied, readApplied } from '../claims/edition.ts'
import { needCluster } from './clusters.ts'

export const kinds = ['shared', 'dedicated'] as const
/** A database of its own, or one with others. */
export type Kind = (typeof kinds)[number]

export interface Placement {
  tenant: string
  cluster: string
  kind: Kind
}

export interface Placed extends Placement {
  /** Where rows of it may be besides, while it moves. */
  moving: string | null
  /** Whether it exists for nothing but being tried: a tag of systems.yaml says so. */
  canary: boolean
}

/** Places tenants that are new. Those placed like this already are passed over; returns how many were not. */
export async function addTenants(
  tx: Transaction,
  { tenants, cluster, kind }: { tenants: readonly string[]; cluster: string; kind: Kind },
): Promise<{ added: number; handles: string[] }> {
  await needCluster(tx, cluster)
  await takeTurn(tx)
  const known = await tx.rows<Placement>`
    select tenant, cluster, kind from tenancy.placements
    where until is null and tenant = any(${tenants})`
  const other = known.find((one) => one.cluster !== cluster || one.kind !== kind)
  if (other) {
    throw new Failure('conflict', `${other.tenant} is placed on ${other.cluster}, ${other.kind}`, {
      fix: 'kept tenants move brings a tenant elsewhere with its rows',
    })
  }
  const fresh = [...new Set(tenants)].filter((one) => !known.some(({ tenant }) => tenant === one))
  const handles: string[] = []
  for (const tenant of fresh) handles.push(await placeTenant(tx, { tenant, cluster, kind }))
  return { added: fresh.length, handles }
}

/** Whoever places tenants takes turns: whether a database is somebody's own is asked before. */
async function takeTurn(tx: Transaction): Promise<void> {
  await tx.rows`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('tenancy', 0))`
}

/** Ends where a tenant was placed and places it anew, by whoever wanted it; returns the handle by which the ledger knows it. */
export async function placeTenant(
  tx: Transaction,
  { tenant, cluster, kind }: Placement,
  by = tx.scope.actor.id,
): Promise<string> {
  await refuseCompany(tx, { tenant, cluster, kind })
  await tx.rows`
    insert into tenancy.tenants (tenant, handle, added_at)
    values (${tenant}, ${randomUUID()}, ${at(tx.now)}) on conflict do nothing`
  await tx.rows`
    update tenancy.placements set until = ${at(tx.now)} where tenant = ${tenant} and until is null`
  await tx.rows`
    insert into tenancy.placements (tenant, cluster, kind, since, by)
    values (${tenant}, ${cluster}, ${kind}, ${at(tx.now)}, ${by})`
  return (await handleOf(tx, tenant))!
}

/** By which the ledger knows a tenant; null for one that nobody placed. */
export async function handleOf(tx: Transaction, tenant: string): Promise<string | null> {
  const row = await tx.row<{ handle: string }>`
    select handle from tenancy.tenants where tenant = ${tenant}`
  return row?.handle ?? null
}

/** A database of one's own has nobody else in it; canaries are nobody. */
export async function refuseCompany(
  tx: Transaction,
  { tenant, cluster, kind }: Placement,
): Promise<void> {
  const others = (await readPlacements(tx)).filter(
    (one) =>
      !one.canary && one.tenant !== tenant && (one.cluster === cluster || one.moving === cluster),
  )
  if (others.length === 0 || (kind === 'shared' && others.every((one) => one.kind === 'shared'))) {
    return
  }
  const why =
    kind === 'shared'
      ? `${cluster} is the own database of a tenant`
      : `${cluster} has ${others.length} other ${others.length === 1 ? 'tenant' : 'tenants'}`
  throw new Failure('conflict', why, { at: 'cluster', fix: 'name another cluster' })
}

/** Says where rows of a tenant may be besides, or null when it moves no more. */
export async function markMoving(
  tx: Transaction,
  tenant: string,
  moving: string | null,
): Promise<void> {
  await tx.rows`update tenancy.tenants set moving = ${moving} where tenant = ${tenant}`
}

/** Forgets a tenant that is none any more, with its history. */
export async function removeTenant(tx: Transaction, tenant: string): Promise<string> {
  const row = await tx.row<{ handle: string; moving: string | null }>`
    select handle, moving from tenancy.tenants where tenant = ${tenant} for update`
  if (!row) throw unknown(tenant)
  if (row.moving) throw new Failure('conflict', `${tenant} is being moved`, { fix: 'wait for it' })
  await tx.rows`delete from tenancy.tenants where tenant = ${tenant}`
  return row.handle
}

export function unknown(tenant: string): Failure {
  return new Failure('not-found', `there is no tenant ${tenant}`, { fix: 'kept tenants add' })
}

/** The canary tenants of systems.yaml, each with the database that names it. */
function canariesOf(subjects: readonly System[]): Map<string, string> {
  const databases = subjects.filter(({ type }) => type === 'database')
  return new Map(
    databases.flatMap((system) => tagged(system, 'canary').map((id) => [id, system.id] as const)),
  )
}

/** Where every tenant is now. A canary that nobody placed is where systems.yaml names it. */
export async function readPlacements(tx: Transaction): Promise<Placed[]> {
  const applied = await readApplied(tx)
  const canaries = canariesOf(applied?.systems.subjects ?? [])
  const rows = await tx.rows<Placement & { moving: string | null }>`
    select p.tenant, p.cluster, p.kind, t.moving
    from tenancy.placements p join tenancy.tenants t using (tenant) where p.until is null`
  const placed = rows.map((row) => ({ ...row, canary: canaries.has(row.tenant) }))
  const known = new Set(rows.map(({ tenant }) => tenant))
  const tagged = [...canaries].filter(([tenant]) => !known.has(tenant))
  return [
    ...placed,
    ...tagged.map(([tenant, cluster]) => {
      return { tenant, cluster, kind: 'shared', moving: null, canary: true } as const
    }),
  ]
}

export async function needPlacement(tx: Transaction, tenant: string): Promise<Placed> {
  const placed = (await readPlacements(tx)).find((one) => one.tenant === tenant)
  if (placed) return placed
  throw unknown(tenant)
}

export interface ListedTenant extends Placed {
  since: string | null
}

/** Tenants in order of their ids, canaries of systems.yaml too; `next` is the `after` of what follows. */
export async function listTenants(
  tx: Transaction,
  { cluster, after, limit }: { cluster?: string | undefined; after: string; limit: number },
): Promise<{ tenants: ListedTenant[]; next: string | null }> {
  await needApplied(tx)
  const since = await tx.rows<{ tenant: string; since: Date }>`
    select tenant, since from tenancy.placements where until is null`
  const instants = new Map(since.map((row) => [row.tenant, row.since.toISOString()]))
  const all = (await readPlacements(tx))
    .filter((one) => one.tenant > after && (cluster === undefined || one.cluster === cluster))
    .toSorted((one, other) => (one.tenant < other.tenant ? -1 : 1))
  const tenants = all
    .slice(0, limit)
    .map((one) => ({ ...one, since: instants.get(one.tenant) ?? null }))
  return { tenants, next: all.length > limit ? tenants.at(-1)!.tenant : null }
}

/** Where a tenant is and was, newest first. */
export async function showTenant(tx: Transaction, tenant: string) {
  const placed = await needPlacement(tx, tenant)
  const history = await tx.rows<Placement & { since: Date; until: Date | null; by: string }>`
    select cluster, kind, since, until, by from tenancy.placements
    where tenant = ${tenant} order by seq desc`
  return {
    ...placed,
    history: history.map(({ cluster, kind, since, until, by }) => ({
      cluster,
      kind,
      since: since.toISOString(),
      until: until?.toISOString() ?? null,
      by,
    })),
  }
}
