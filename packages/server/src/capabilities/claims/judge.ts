import { judgePage, sayLength, type Instant, type Part, type Verdict } from '@kept/page'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { append } from '../ledger/append.ts'
import { readApplied, type Applied } from './edition.ts'
import { loadEvidence } from './load.ts'

interface Known {
  claim: string
  verdict: string
  version: number
  changes: Date | null
}

/** What came of judging. */
export interface Judging {
  /** How many verdicts changed. */
  changed: number
  /** What an operator should know. */
  troubles: string[]
}

/**
 * Judges every claim now, keeps what is said and, for good, each change of a verdict. Judges take
 * turns, and none goes back behind the one before: its clock may be behind, or it waited for its turn.
 */
export async function judgeNow(tx: Transaction): Promise<Judging> {
  await tx.rows`select at from claims.next_judgement for update`
  const applied = await readApplied(tx)
  if (!applied) return { changed: 0, troubles: [] }
  const { page, systems, version } = applied
  // First: whatever is received from here on leaves a mark of its own.
  await tx.rows`delete from claims.unjudged`
  const { now, troubles } = await timeToJudge(tx)
  const known = await tx.rows<Known>`select claim, verdict, version, changes from claims.verdicts`
  const before = new Map(known.map((one) => [one.claim, one.verdict]))
  let changed = await noteLapses(tx, applied, known, before, now)
  const judged = judgePage(page, systems, await loadEvidence(tx, applied), now).claims
  let next: Instant | null = null
  for (const { claim, verdict } of judged) {
    if (verdict.changes !== null) next = Math.min(next ?? Infinity, verdict.changes)
    await keep(tx, now, claim.id, version, verdict)
    changed += await noteChange(tx, now, claim.id, version, verdict, before)
  }
  await tx.rows`update claims.next_judgement set at = ${next === null ? null : at(next)}`
  return { changed, troubles }
}

/** More than so many instants at which time alone changed something are not gone through one by one. */
const mostLapses = 200

/**
 * Notes what time alone changed since the last judgement, each at its own instant and by what was there
 * then: while nobody judged, the page went stale, and its history must not say that it was kept.
 */
async function noteLapses(
  tx: Transaction,
  applied: Applied,
  known: readonly Known[],
  before: Map<string, string>,
  now: Instant,
): Promise<number> {
  const { page, systems, version } = applied
  const pending = new Map(
    known.flatMap(({ claim, changes, version: judged }) =>
      changes && judged === version ? [[claim, changes.getTime()] as const] : [],
    ),
  )
  let changed = 0
  for (let lapses = 0; lapses < mostLapses; lapses++) {
    const lapse = Math.min(...pending.values())
    if (lapse >= now) break
    const evidence = await loadEvidence(tx, applied, { size: null, receivedBy: lapse })
    for (const { claim, verdict } of judgePage(page, systems, evidence, lapse).claims) {
      if (!pending.has(claim.id)) continue
      if (verdict.changes === null || verdict.changes <= lapse) pending.delete(claim.id)
      else pending.set(claim.id, verdict.changes)
      changed += await noteChange(tx, lapse, claim.id, version, verdict, before)
    }
  }
  return changed
}

/** How far the clocks of two processes may differ, in milliseconds, without anybody being told. */
export const skew = 300_000

/**
 * Now, by the clock that is furthest ahead of those that judged before and those that received what is
 * judged: what one process took must not come from another's future. A clock that was further ahead
 * than clocks may differ was wrong, and is not followed.
 */
async function timeToJudge(tx: Transaction): Promise<{ now: Instant; troubles: string[] }> {
  const row = await tx.row<{ last: Date | null; wrong: Date | null }>`
    select max(at) filter (where at <= ${at(tx.now + skew)}) as last,
      max(at) filter (where at > ${at(tx.now + skew)}) as wrong
    from (select judged_at as at from claims.verdicts union all
      (select received_at from claims.evidence order by seq desc limit 1000)) as times`
  const now = Math.max(tx.now, row?.last?.getTime() ?? tx.now)
  if (!row?.wrong) return { now, troubles: [] }
  const ahead = sayLength(row.wrong.getTime() - tx.now)
  return { now, troubles: [`a process judged or received by a clock ${ahead} ahead of this one`] }
}

/** Judges again when time alone has changed something, or evidence waits that nobody has judged. */
export async function judgeWhenDue(tx: Transaction): Promise<Judging> {
  const row = await tx.row`
    select 1 from claims.next_judgement
    where at <= ${at(tx.now)} or exists (select from claims.unjudged) for update skip locked`
  return row ? judgeNow(tx) : { changed: 0, troubles: [] }
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
  const { now } = await timeToJudge(tx)
  const evidence = await loadEvidence(tx, applied)
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

/** Returns how many changes were noted: none where the verdict is the one that stood before. */
async function noteChange(
  tx: Transaction,
  since: Instant,
  claim: string,
  version: number,
  { verdict, because, parts }: Verdict,
  before: Map<string, string>,
): Promise<0 | 1> {
  const was = before.get(claim) ?? null
  if (was === verdict) return 0
  before.set(claim, verdict)
  const evidence = decidedBy(parts, verdict)
  const ticket = await append(tx, 'claims.verdict', {
    claim,
    was,
    verdict,
    because,
    evidence,
    version,
    since: new Date(since).toISOString(),
  })
  await tx.rows`
    insert into claims.changes (claim, at, verdict, because, evidence, version, ticket)
    values (${claim}, ${at(since)}, ${verdict}, ${because}, ${evidence}, ${version},
      ${ticket.toString()})`
  return 1
}

function decidedBy(parts: readonly Part[], verdict: string): string[] {
  return [
    ...new Set(parts.filter((part) => part.verdict === verdict).flatMap((part) => part.evidence)),
  ].slice(0, 50)
}
