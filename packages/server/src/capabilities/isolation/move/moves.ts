import { randomUUID } from 'node:crypto'
import type { System } from '@kept/page'
import { Failure } from '../../../foundation/failure.ts'
import { enqueue } from '../../../foundation/jobs.ts'
import { at, json, type Transaction } from '../../../foundation/transaction.ts'
import { needApplied } from '../../claims/edition.ts'
import { databaseOf, needCluster } from '../../tenancy/clusters.ts'
import {
  handleOf,
  markMoving,
  needPlacement,
  placeTenant,
  readPlacements,
  refuseCompany,
  type Kind,
  type Placement,
} from '../../tenancy/tenants.ts'

/** From the first to the last, in this order; `rolled-back` ends one from any before `cleaning`. */
export const moveStates = [
  'planned',
  'copying',
  'catching-up',
  'switching',
  'cleaning',
  'done',
  'rolled-back',
] as const
export type MoveState = (typeof moveStates)[number]

/** How many rows of a tenant a table has, and a sum over all of them. */
export interface Sum {
  table: string
  rows: number
  checksum: string
}

interface Row {
  id: string
  tenant: string
  source: string
  destination: string
  kind: Kind
  state: MoveState
  cancelled: boolean
  returns: boolean
  started_at: Date
  started_by: string
  ended_at: Date | null
  reason: string | null
  tables: Sum[]
}

const seconds = 1000

/** Plans to bring a tenant to another cluster; the worker carries it out. */
export async function startMove(
  tx: Transaction,
  { tenant, cluster, kind }: { tenant: string; cluster: string; kind: Kind },
): Promise<{ move: string; handle: string; from: string }> {
  const placed = await needPlacement(tx, tenant)
  await needCluster(tx, cluster)
  if (placed.moving) {
    throw new Failure('conflict', `${tenant} is being moved already`, {
      fix: 'wait for that move, or cancel it: kept tenants cancel',
    })
  }
  if (placed.cluster === cluster) {
    throw new Failure('conflict', `${tenant} is on ${cluster}`, { fix: 'name another cluster' })
  }
  await refuseCompany(tx, { tenant, cluster, kind })
  const { systems } = await needApplied(tx)
  for (const id of [placed.cluster, cluster]) {
    if (databaseOf({ systems }, id).secret !== null) continue
    throw new Failure('not-connected', `${id} names no secret in systems.yaml`, {
      fix: 'name one whose role may read and write all rows',
    })
  }
  const handle = (await handleOf(tx, tenant)) ?? (await placeCanary(tx, placed))
  await markMoving(tx, tenant, cluster)
  const move = randomUUID()
  await tx.rows`
    insert into isolation.moves
      (id, tenant, source, destination, kind, state, returns, started_at, started_by, touched_at)
    values (${move}, ${tenant}, ${placed.cluster}, ${cluster}, ${kind}, 'planned',
      exists (select from tenancy.placements where tenant = ${tenant} and cluster = ${cluster}),
      ${at(tx.now)}, ${tx.scope.actor.id}, ${at(tx.now)})`
  await enqueue(tx, 'isolation.move', { move }, `isolation.move ${move}`)
  return { move, handle, from: placed.cluster }
}

/** A canary that nobody placed is where systems.yaml names it. */
async function placeCanary(tx: Transaction, placed: Placement): Promise<string> {
  await needCluster(tx, placed.cluster)
  return await placeTenant(tx, placed)
}

/** What whoever carries a move out needs to know. */
export interface Plan {
  tenant: string
  kind: Kind
  state: MoveState
  /** Why the tenant is to stay where it is, while it still may. */
  refused: string | null
  returns: boolean
  /** Tenants that are nobody, wherever rows of them are. */
  canaries: string[]
  source: System
  destination: System
}

export async function prepareMove(tx: Transaction, move: string): Promise<Plan> {
  const row = await needMove(tx, move)
  const applied = await needApplied(tx)
  await tx.rows`update isolation.moves set touched_at = ${at(tx.now)} where id = ${move}`
  return {
    tenant: row.tenant,
    kind: row.kind,
    state: row.state,
    refused: row.cancelled ? 'it was cancelled' : await findOutside(tx, row.destination),
    returns: row.returns,
    canaries: (await readPlacements(tx)).filter(({ canary }) => canary).map(({ tenant }) => tenant),
    source: databaseOf(applied, row.source),
    destination: databaseOf(applied, row.destination),
  }
}

/** The page may say otherwise by now of where the cluster may lie than when the move was planned. */
async function findOutside(tx: Transaction, cluster: string): Promise<string | null> {
  try {
    await needCluster(tx, cluster)
    return null
  } catch (error) {
    if (error instanceof Failure && error.code === 'outside-regions') return error.message
    throw error
  }
}

async function needMove(tx: Transaction, move: string): Promise<Row> {
  const row = await tx.row<Row>`select * from isolation.moves where id = ${move} for update`
  if (row) return row
  throw new Failure('not-found', 'there is no such move')
}

/** Goes on from one state to the next; of two who carry out one move the second is refused. */
export async function advanceMove(
  tx: Transaction,
  { move, from, to }: { move: string; from: MoveState; to: MoveState },
): Promise<Row> {
  const row = await needMove(tx, move)
  if (row.state !== from) throw new Failure('conflict', `the move is ${row.state} by now`)
  const isOver = to === 'done' || to === 'rolled-back'
  await tx.rows`
    update isolation.moves set state = ${to}, touched_at = ${at(tx.now)},
      ended_at = ${isOver ? at(tx.now) : null} where id = ${move}`
  return { ...row, state: to }
}

/** The destination has it all and the source told so: from here on the tenant is placed there. */
export async function switchMove(
  tx: Transaction,
  { move, tables }: { move: string; tables: readonly Sum[] },
): Promise<{ handle: string; from: string; to: string; rows: number }> {
  const row = await advanceMove(tx, { move, from: 'switching', to: 'cleaning' })
  const { tenant, source, destination, kind } = row
  await tx.rows`update isolation.moves set tables = ${json(tables)} where id = ${move}`
  const handle = await placeTenant(tx, { tenant, cluster: destination, kind }, row.started_by)
  await markMoving(tx, tenant, source)
  const rows = tables.reduce((sum, one) => sum + one.rows, 0)
  return { handle, from: source, to: destination, rows }
}

export async function finishMove(tx: Transaction, move: string): Promise<void> {
  const { tenant } = await advanceMove(tx, { move, from: 'cleaning', to: 'done' })
  await markMoving(tx, tenant, null)
}

/** Nothing of it is left at the destination: the tenant stays where it is. */
export async function rollBackMove(
  tx: Transaction,
  { move, from, reason }: { move: string; from: MoveState; reason: string },
): Promise<void> {
  const { tenant } = await advanceMove(tx, { move, from, to: 'rolled-back' })
  await tx.rows`update isolation.moves set reason = ${reason} where id = ${move}`
  await markMoving(tx, tenant, null)
}

/** Asks that a move be rolled back; once it switched it is too late. */
export async function cancelMove(tx: Transaction, move: string): Promise<void> {
  const { state } = await needMove(tx, move)
  if (['cleaning', 'done', 'rolled-back'].includes(state)) {
    throw new Failure('conflict', `the move is ${state} already`, {
      fix: state === 'rolled-back' ? 'nothing is left to do' : 'move the tenant back',
    })
  }
  await tx.rows`update isolation.moves set cancelled = true where id = ${move}`
  await enqueue(tx, 'isolation.move', { move }, `isolation.move ${move}`)
}

/** Sends moves out again that nobody has carried on for a minute: whoever did was killed. */
export async function resumeMoves(tx: Transaction): Promise<number> {
  const rows = await tx.rows<{ id: string }>`
    update isolation.moves set touched_at = ${at(tx.now)}
    where ended_at is null and touched_at <= ${at(tx.now - 60 * seconds)} returning id`
  for (const { id } of rows) {
    await enqueue(tx, 'isolation.move', { move: id }, `isolation.move ${id}`)
  }
  return rows.length
}

/** Moves, newest first: all of them, or those of a tenant. */
export async function listMoves(tx: Transaction, { tenant }: { tenant?: string | undefined }) {
  const rows = await tx.rows<Row>`
    select * from isolation.moves where (${tenant ?? null}::text is null or tenant = ${tenant ?? null})
    order by seq desc limit 500`
  return rows.map((row) => ({
    id: row.id,
    tenant: row.tenant,
    from: row.source,
    to: row.destination,
    kind: row.kind,
    state: row.state,
    cancelled: row.cancelled,
    startedAt: row.started_at.toISOString(),
    startedBy: row.started_by,
    endedAt: row.ended_at?.toISOString() ?? null,
    reason: row.reason,
    tables: row.tables,
  }))
}
