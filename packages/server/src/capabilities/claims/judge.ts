import { judgePage, sayLength, type Claim, type Instant, type Part, type Verdict } from '@kept/page'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { append } from '../ledger/append.ts'
import { readApplied, type Applied } from './edition.ts'
import { loadEvidence, whole, type Cut, type Step } from './load.ts'

interface Known {
  claim: string
  verdict: string
  version: number
  judged_at: Date
  changes: Date | null
}

/** What came of judging. */
export interface Judging {
  /** How many verdicts changed. */
  changed: number
  /** Whether more waits to be judged. */
  more: boolean
  /** What an operator should know. */
  troubles: string[]
}

const nothing: Judging = { changed: 0, more: false, troubles: [] }

/**
 * Judges every claim now, keeps what is said and, for good, each change of a verdict. Judges take
 * turns, and none goes back behind the one before: its clock may be behind, or it waited for its turn.
 */
export async function judgeNow(tx: Transaction): Promise<Judging> {
  await tx.rows`select at from claims.next_judgement for update`
  const applied = await readApplied(tx)
  if (!applied) return nothing
  // First: whatever is received from here on leaves a mark of its own.
  const steps = await takeSteps(tx)
  const more = steps.length === mostSteps
  const { now, troubles } = await timeToJudge(tx)
  const past = await goThrough(tx, applied, steps, now, more)
  const judged =
    more && past.last ? past.last : await judgeAt(tx, applied, { time: now, cut: upTo(now) })
  let { changed } = past
  const ahead = steps.map(({ receivedAt }) => receivedAt).filter((received) => received > now)
  let next: Instant | null = ahead.length > 0 ? Math.min(...ahead) : null
  for (const { claim, verdict } of judged.claims) {
    if (verdict.changes !== null) next = Math.min(next ?? Infinity, verdict.changes)
    await keep(tx, judged.time, claim.id, applied.version, verdict)
    changed += await noteChange(tx, judged.time, claim.id, applied.version, verdict, past.before)
  }
  await tx.rows`update claims.next_judgement set at = ${next === null ? null : at(next)}`
  return { changed, more, troubles }
}

/** An instant, and what was there to judge by then. */
interface Moment {
  time: Instant
  cut: Cut
}

interface Judged {
  time: Instant
  claims: readonly { claim: Claim; verdict: Verdict }[]
}

/** What others receive while this is judged is not there yet: it must not hide what was. */
function upTo(now: Instant): Cut {
  return { ...whole, receivedBy: now }
}

async function judgeAt(tx: Transaction, applied: Applied, { time, cut }: Moment): Promise<Judged> {
  const evidence = await loadEvidence(tx, applied, cut)
  return { time, claims: judgePage(applied.page, applied.systems, evidence, time).claims }
}

/** So many are gone through in one transaction; the next takes up the rest. */
const mostSteps = 200

async function takeSteps(tx: Transaction): Promise<Step[]> {
  const rows = await tx.rows<{ received_at: Date | number; observed_at: Date | number }>`
    delete from claims.unjudged where mark in
      (select mark from claims.unjudged order by received_at, observed_at limit ${mostSteps})
    returning received_at, observed_at`
  return rows
    .map((row) => ({ receivedAt: Number(row.received_at), observedAt: Number(row.observed_at) }))
    .sort((a, b) => a.receivedAt - b.receivedAt || a.observedAt - b.observedAt)
}

/** More than so many instants at which time alone changed something are not gone through one by one. */
const mostLapses = 200

/** Whatever was received so long ago, in milliseconds, might as well have been received now. */
const justNow = 5000

/**
 * Notes what changed since the last judgement, each at its own instant and by what was there then: what
 * was received, word by word, and what time alone changed. While nobody judged, the page was broken or
 * went stale, and its history must not say that it was kept.
 */
async function goThrough(
  tx: Transaction,
  applied: Applied,
  steps: readonly Step[],
  now: Instant,
  more: boolean,
): Promise<{ changed: number; before: Map<string, string>; last: Judged | null }> {
  const { version, appliedAt } = applied
  const known = await tx.rows<Known>`select * from claims.verdicts`
  const before = new Map(known.map((one) => [one.claim, one.verdict]))
  const judgedBy = Math.max(-Infinity, ...known.map((one) => one.judged_at.getTime()))
  const pending = new Map(
    known.flatMap(({ claim, changes, version: judged }) =>
      changes && judged === version ? [[claim, changes.getTime()] as const] : [],
    ),
  )
  const queue = steps.filter(({ receivedAt }) => receivedAt <= now)
  let [changed, lapses] = [0, 0]
  let last: Judged | null = null
  for (;;) {
    const lapse = lapses < mostLapses ? Math.min(...pending.values()) : Infinity
    const [step] = queue
    const isStep = step !== undefined && step.receivedAt <= lapse
    if (!isStep && lapse >= now) break
    if (isStep && !more && queue.length === 1 && now - step.receivedAt <= justNow) break
    if (isStep) queue.shift()
    else lapses++
    // What was written late was received before: nothing that was judged already is taken back.
    const receivedBy = Math.max(judgedBy, isStep ? step.receivedAt : lapse)
    const time = Math.max(appliedAt, receivedBy)
    const cut = { ...upTo(receivedBy), step: isStep ? step : null }
    last = await judgeAt(tx, applied, { time, cut })
    for (const { claim, verdict } of last.claims) {
      // By time alone nothing changes of what was never judged.
      if (!isStep && !pending.has(claim.id)) continue
      if (verdict.changes === null || verdict.changes <= time) pending.delete(claim.id)
      else pending.set(claim.id, verdict.changes)
      changed += await noteChange(tx, time, claim.id, version, verdict, before)
    }
  }
  return { changed, before, last }
}

/** How far the clocks of two processes may differ, in milliseconds, without anybody being told. */
export const skew = 300_000

/**
 * Now, by the clock that is furthest ahead of those that judged before and those that received what is
 * judged: what one process took must not come from another's future. A clock that was further ahead
 * than clocks may differ was wrong, and is not followed.
 */
export async function timeToJudge(tx: Transaction): Promise<{ now: Instant; troubles: string[] }> {
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
  return row ? judgeNow(tx) : nothing
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
  const { claims } = await judgeAt(tx, applied, { time: now, cut: upTo(now) })
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
