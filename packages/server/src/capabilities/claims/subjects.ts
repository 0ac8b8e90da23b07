import type { Transaction } from '../../foundation/transaction.ts'
import { needApplied } from './edition.ts'
import { newestAbout } from './evidence.ts'

/** The systems of the register in its order, each with what was last seen of it. Secrets stay inside. */
export async function listSubjects(tx: Transaction) {
  const { systems } = await needApplied(tx)
  const newest = await newestAbout(
    tx,
    systems.subjects.map(({ id }) => id),
  )
  const bySubject = Map.groupBy(newest, ({ subject }) => subject)
  return systems.subjects.map(({ id, type, provider, environment, regions, tags }) => ({
    id,
    type,
    provider,
    environment,
    regions,
    tags,
    evidence: bySubject.get(id) ?? [],
  }))
}
