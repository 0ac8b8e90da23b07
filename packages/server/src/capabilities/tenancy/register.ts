import { Failure, type FailureCode } from '../../foundation/failure.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { needApplied } from '../claims/edition.ts'
import { databaseOf, readClusters, registerCluster, wasReviewed, type Place } from './clusters.ts'
import { findElsewhere, promisesAbout } from './regions.ts'
import { readPlacements, type Placed } from './tenants.ts'

/** What collectors hold the databases against. */
export interface Register {
  clusters: (Place & { reviewed: boolean })[]
  placed: Placed[]
}

export async function readRegister(tx: Transaction): Promise<Register> {
  const clusters = (await readClusters(tx)).map((one) => ({ ...one, reviewed: wasReviewed(one) }))
  return { clusters, placed: await readPlacements(tx) }
}

export interface Trial {
  /** How many promises say where this database may lie. */
  promises: number
  /** Whether one like it was refused in a region outside each of them, and would not be where it lies. */
  refused: boolean
  /** Whether it is registered in a region that the page, as it is now, promises nothing lies in. */
  outside: boolean
}

/** Tries to register a cluster outside the promised regions. Nothing of it stays, whatever comes of it. */
export async function tryElsewhere(tx: Transaction, cluster: string): Promise<Trial> {
  const applied = await needApplied(tx)
  const system = databaseOf(applied, cluster)
  const promised = promisesAbout(applied, system)
  const own = (await readClusters(tx)).find((one) => one.cluster === cluster)
  const provider = own?.provider ?? system.provider ?? 'elsewhere'
  const codes: FailureCode[] = []
  for (const { regions } of promised) {
    const region = findElsewhere(regions)
    if (region !== null) codes.push(await tryRegion(tx, { cluster, provider, region }))
  }
  const control = own ? await tryRegion(tx, own) : null
  const isRefused = codes.length > 0 && codes.every((code) => code === 'outside-regions')
  return {
    promises: promised.length,
    refused: isRefused && control !== null && control !== 'outside-regions',
    outside: control === 'outside-regions',
  }
}

/** By what it was refused; `internal` when it was not. */
async function tryRegion(tx: Transaction, place: Place): Promise<FailureCode> {
  const failure = await tx.attempt(async () => {
    await registerCluster(tx, { ...place, createdAt: tx.now })
    throw new Failure('internal', 'it was taken')
  })
  return failure!.code
}
