import { judgePage, type Evidence, type Instant, type Part, type Verdict } from '@kept/page'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { append } from '../ledger/append.ts'
import { readApplied, type Applied } from './edition.ts'
import { loadEvidence } from './load.ts'

interface Known {
  claim: string
  verdict: string
  because: string
}

/**
 * Judges every claim of the page now, keeps what is said and, for good, each change of a verdict.
 * Judges take turns, and none goes back behind the one before: its clock may be behind, or it waited
 * for its turn. Returns how many verdicts changed.
 */
export async function judgeNow(tx: Transaction): Promise<number> {
  await tx.rows`select at from claims.next_judgement for update`
  const applied = await readApplied(tx)
  if (!applied) return 0
  const { page, systems, version } = applied
  // First: whatever is received from here on leaves a mark of its own.
  await tx.rows`delete from claims.unjudged`
  const evidence = await loadEvidence(tx, applied)
  const now = await timeToJudge(tx, evidence)
  const judged = judgePage(page, systems, evidence, now).claims
  const known = await tx.rows<Known>`select claim, verdict, because from claims.verdicts`
  const before = new Map(known.map((one) => [one.claim, one.verdict]))
  let changed = 0
  let next: Instant | null = null
  for (const { claim, verdict } of judged) {
    if (verdict.changes !== null) next = Math.min(next ?? Infinity, verdict.changes)
    await keep(tx, now, claim.id, version, verdict)
    if (before.get(claim.id) === verdict.verdict) continue
    await noteChange(tx, now, claim.id, version, verdict, before.get(claim.id) ?? null)
    changed++
  }
  await tx.rows`update claims.next_judgement set at = ${next === null ? null : at(next)}`
  return changed
}

/**
 * Now, by the clock that is furthest ahead of those that judged before and those that received what is
 * judged: what one process took must not come from another's future.
 */
async function timeToJudge(tx: Transaction, evidence: readonly Evidence[]): Promise<Instant> {
  const row = await tx.row<{
    last: Date | null
  }>`select max(judged_at) as last from claims.verdicts`
  const times = [tx.now, row?.last?.getTime() ?? tx.now]
  return evidence.reduce((time, { receivedAt }) => Math.max(time, receivedAt), Math.max(...times))
}

/** Judges again when time alone has changed something, or evidence waits that nobody has judged. */
export async function judgeWhenDue(tx: Transaction): Promise<number> {
  const row = await tx.row`
    select 1 from claims.next_judgement
    where at <= ${at(tx.now)} or exists (select from claims.unjudged) for update skip locked`
  return row ? judgeNow(tx) : 0
}

/**
 * Verdicts as a reader must see them where those that were kept no longer stand, by time alone, by
 * evidence that nobody has judged yet or by a new edition; null where they do. Whoever reads writes
 * nothing: the worker notes the change, and when it is dead the page goes stale all the same.
 */
export async function judgeOverdue(
  tx: Transaction,
  applied: Applied,
): Promise<ReadonlyMap<string, Verdict> | null> {
  const overdue = await tx.row`
    select 1 from claims.next_judgement where at <= ${at(tx.now)}
    union all select 1 from claims.unjudged
    union all select 1 from claims.verdicts where version <> ${applied.version} limit 1`
  if (!overdue) return null
  const evidence = await loadEvidence(tx, applied)
  const now = await timeToJudge(tx, evidence)
  const { claims } = judgePage(applied.page, applied.systems, evidence, now)
  return new Map(claims.map(({ claim, verdict }) => [claim.id, verdict]))
}

async function keep(
  tx: Transaction,
  now: Instant,
  claim: string,
  version: number,
  { verdict, until, changes, because, parts }: Verdict,
): Promise<void> {
  await tx.rows`
    insert into claims.verdicts (claim, version, judged_at, verdict, until, changes, because, parts)
    values (${claim}, ${version}, ${at(now)}, ${verdict}, ${date(until)}, ${date(changes)},
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
  now: Instant,
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
    values (${claim}, ${at(now)}, ${verdict}, ${because}, ${evidence}, ${version},
      ${ticket.toString()})`
}

function decidedBy(parts: readonly Part[], verdict: string): string[] {
  return [
    ...new Set(parts.filter((part) => part.verdict === verdict).flatMap((part) => part.evidence)),
  ].slice(0, 50)
}
