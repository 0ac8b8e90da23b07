import type { Transaction } from '../../foundation/transaction.ts'
import { digest } from './apply.ts'
import type { Change } from './changes.ts'

/** The edition in force as those see it who may change it; version 0 before the first. */
export async function showEdition(tx: Transaction) {
  const row = await tx.row<{
    version: number
    page: string
    systems: string
    applied_at: Date
    by: string[]
  }>`select version, page, systems, applied_at, by from claims.versions order by version desc limit 1`
  if (!row) return { version: 0, appliedAt: null, by: [], page: null, systems: null }
  return {
    version: row.version,
    appliedAt: row.applied_at.toISOString(),
    by: row.by,
    page: digest(row.page),
    systems: digest(row.systems),
  }
}

/** The texts themselves, from which the next edition is written. */
export async function showSource(tx: Transaction) {
  const row = await tx.row<{ version: number; page: string; systems: string }>`
    select version, page, systems from claims.versions order by version desc limit 1`
  return row ?? { version: 0, page: null, systems: null }
}

interface Row {
  id: string
  changes: Change[]
  proposed_at: Date
  proposed_by: string
  approved_by: string[]
}

/** Proposals that can still be applied, oldest first; another version since has overtaken the rest. */
export async function listProposals(tx: Transaction) {
  const rows = await tx.rows<Row>`
    select id, changes, proposed_at, proposed_by, approved_by from claims.proposals
    where ended_at is null and base = (select max(version) from claims.versions)
    order by proposed_at, id`
  return rows.map((row) => ({
    id: row.id,
    proposedAt: row.proposed_at.toISOString(),
    proposedBy: row.proposed_by,
    approvedBy: row.approved_by,
    waitsFor: 2 - row.approved_by.length,
    changes: row.changes,
  }))
}
