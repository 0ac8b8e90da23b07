import {
  sayFreshness,
  type Claim,
  type Instant,
  type Part,
  type Verdict,
  type VerdictName,
} from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { needApplied, type Applied } from './edition.ts'
import { evidenceBehind } from './evidence.ts'
import { judgeOverdue } from './judge.ts'

/** A claim of the page with its verdict as it is now. Instants are RFC 3339. */
export interface ShownClaim {
  id: string
  text: string
  heading: string
  proofs: string[]
  verdict: VerdictName
  until: string | null
  because: string
  judgedAt: string | null
  /** When time alone next changes anything that is said here. */
  changes: string | null
}

interface VerdictRow {
  claim: string
  verdict: VerdictName
  until: Date | null
  changes: Date | null
  because: string
  judged_at: Date
  parts: Part[]
}

/** Every claim of the page, in its order. */
export async function listClaims(tx: Transaction): Promise<ShownClaim[]> {
  const applied = await needApplied(tx)
  const verdicts = await readVerdicts(tx, applied)
  return applied.page.claims.map((claim) => toShown(claim, verdicts.get(claim.id)))
}

async function readVerdicts(tx: Transaction, applied: Applied): Promise<Map<string, VerdictRow>> {
  const rows = await tx.rows<VerdictRow>`select * from claims.verdicts`
  const overdue = await judgeOverdue(tx, applied)
  return new Map(
    rows.map((row) => {
      const now = overdue?.get(row.claim)
      return [row.claim, now ? { ...row, ...toColumns(now), judged_at: at(tx.now) } : row]
    }),
  )
}

function date(instant: Instant | null): Date | null {
  return instant === null ? null : at(instant)
}

function toColumns({ verdict, because, parts, until, changes }: Verdict) {
  return { verdict, because, parts: [...parts], until: date(until), changes: date(changes) }
}

function toShown(claim: Claim, row: VerdictRow | undefined): ShownClaim {
  return {
    id: claim.id,
    text: claim.text,
    heading: claim.heading,
    proofs: claim.obligations.map(({ proof }) => proof.id),
    verdict: row?.verdict ?? 'unproven',
    until: row?.until?.toISOString() ?? null,
    because: row?.because ?? 'not judged yet',
    judgedAt: row?.judged_at.toISOString() ?? null,
    changes: row?.changes?.toISOString() ?? null,
  }
}

/** One claim with all that its verdict rests on. */
export async function showClaim(tx: Transaction, id: string) {
  const applied = await needApplied(tx)
  const claim = applied.page.claims.find((one) => one.id === id)
  if (!claim) throw new Failure('not-found', `there is no claim "${id}" on the page`)
  const row = (await readVerdicts(tx, applied)).get(id)
  return {
    ...toShown(claim, row),
    parts: row?.parts ?? [],
    means: claim.obligations.map(({ proof }) => ({
      proof: proof.id,
      means: proof.means,
      freshness: proof.needs.map((need) => ({ kind: need.kind, says: sayFreshness(need) })),
      connect: proof.connect,
    })),
    evidence: await evidenceBehind(tx, claim, row?.parts ?? []),
    history: await history(tx, id),
  }
}

/** Each change of a claim's verdict, newest first. */
export async function history(tx: Transaction, claim: string) {
  const rows = await tx.rows<{
    at: Date
    verdict: VerdictName
    because: string
    version: number
    index: string | null
  }>`
    select c.at, c.verdict, c.because, c.version, l.index
    from claims.changes c left join ledger.entries l on l.ticket = c.ticket
    where c.claim = ${claim} order by c.seq desc limit 500`
  return rows.map((row) => ({
    at: row.at.toISOString(),
    verdict: row.verdict,
    because: row.because,
    version: row.version,
    entry: row.index === null ? null : Number(row.index),
  }))
}

/** What becomes untrue by time alone within so many days, soonest first. */
export async function foreseeLapses(tx: Transaction, days: number) {
  const claims = await listClaims(tx)
  const end = at(tx.now + days * 86_400_000).toISOString()
  return claims
    .filter((claim) => claim.until !== null && claim.until <= end)
    .sort((a, b) => (a.until! < b.until! ? -1 : 1))
}
