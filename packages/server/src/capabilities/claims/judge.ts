import { judgePage, type Instant, type Part, type Verdict } from '@kept/page'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { append } from '../ledger/append.ts'
import { readApplied } from './edition.ts'
import { loadEvidence } from './load.ts'

interface Known {
  claim: string
  verdict: string
  because: string
}

/**
 * Judges every claim of the page now, keeps what is said and, for good, each change of a verdict.
 * Judges take turns. Returns how many verdicts changed.
 */
export async function judgeNow(tx: Transaction): Promise<number> {
  await tx.rows`select at from claims.next_judgement for update`
  const applied = await readApplied(tx)
  if (!applied) return 0
  const { page, systems, version } = applied
  const judged = judgePage(page, systems, await loadEvidence(tx, applied), tx.now).claims
  const known = await tx.rows<Known>`select claim, verdict, because from claims.verdicts`
  const before = new Map(known.map((one) => [one.claim, one.verdict]))
  let changed = 0
  let next: Instant | null = null
  for (const { claim, verdict } of judged) {
    if (verdict.changes !== null) next = Math.min(next ?? Infinity, verdict.changes)
    await keep(tx, claim.id, version, verdict)
    if (before.get(claim.id) === verdict.verdict) continue
    await noteChange(tx, claim.id, version, verdict, before.get(claim.id) ?? null)
    changed++
  }
  await tx.rows`update claims.next_judgement set at = ${next === null ? null : at(next)}`
  return changed
}

/** Judges again when time alone has changed something. */
export async function judgeWhenDue(tx: Transaction): Promise<number> {
  const row = await tx.row`
    select 1 from claims.next_judgement where at <= ${at(tx.now)} for update skip locked`
  return row ? judgeNow(tx) : 0
}

async function keep(
  tx: Transaction,
  claim: string,
  version: number,
  { verdict, until, changes, because, parts }: Verdict,
): Promise<void> {
  await tx.rows`
    insert into claims.verdicts (claim, version, judged_at, verdict, until, changes, because, parts)
    values (${claim}, ${version}, ${at(tx.now)}, ${verdict}, ${date(until)}, ${date(changes)},
      ${because}, ${json(parts)})
    on conflict (claim) do update set version = excluded.version, judged_at = excluded.judged_at,
      verdict = excluded.verdict, until = excluded.until, changes = excluded.changes,
      because = excluded.because, parts = excluded.parts`
}

function date(instant: Instant | null): Date | null {
  return instant === null ? null : at(instant)
}

async function noteChange(
  tx: Transaction,
  claim: string,
  version: number,
  { verdict, because, parts }: Verdict,
  was: string | null,
): Promise<void> {
  const evidence = decidedBy(parts, verdict)
  const ticket = await append(tx, 'claims.verdict', {
    claim,
    was,
    verdict,
    because,
    evidence,
    version,
  })
  await tx.rows`
    insert into claims.changes (claim, at, verdict, because, evidence, version, ticket)
    values (${claim}, ${at(tx.now)}, ${verdict}, ${because}, ${evidence}, ${version},
      ${ticket.toString()})`
}

function decidedBy(parts: readonly Part[], verdict: string): string[] {
  return [
    ...new Set(parts.filter((part) => part.verdict === verdict).flatMap((part) => part.evidence)),
  ].slice(0, 50)
}
