import type { Claim, Instant, Part, Verdict, VerdictName } from '@kept/page'
import { parseCheckpoint, parseNote } from '@kept/ledger'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { needApplied, type Applied } from '../claims/edition.ts'
import { evidenceBehind } from '../claims/evidence.ts'
import { judgeOverdue } from '../claims/judge.ts'
import { readCheckpoint } from '../ledger/read.ts'
import { mostTurns, removedFor } from './verdicts.ts'
import type {
  Change,
  ChangesView,
  ClaimView,
  FeedView,
  Log,
  PageView,
  PublishedClaim,
  RemovedClaim,
  SeenEvidence,
  Site,
  Turn,
} from './model.ts'

/** What of a publication does not change from reader to reader. */
export interface Publication {
  origin: string
  log: { origin: string; key: string }
  /** Whether mails can be sent. */
  mails: boolean
}

const day = 86_400_000
/** Days of history that a strip shows, and one more for what held before. */
const shownDays = 92

/** Whose page it is, and the ledger as its newest checkpoint has it. */
export async function viewSite(
  tx: Transaction,
  { page }: Applied,
  { origin, log }: Publication,
): Promise<Site> {
  return {
    company: page.company ?? new URL(origin).host,
    contact: page.contact,
    timeZone: page.timeZone,
    origin,
    log: await viewLog(tx, log),
  }
}

async function viewLog(tx: Transaction, log: Publication['log']): Promise<Log | null> {
  const note = await readCheckpoint(tx)
  if (note === null) return null
  const { size, root } = parseCheckpoint(parseNote(note).text)
  return { ...log, size, root: Buffer.from(root).toString('base64') }
}

interface VerdictRow {
  claim: string
  verdict: VerdictName
  until: Date | null
  changes: Date | null
  because: string
  parts: Part[]
  seen_at: Date | null
}

const unjudged: Verdict = {
  verdict: 'unproven',
  because: 'not judged yet',
  until: null,
  changes: null,
  parts: [],
}

/** Claims as they stand, in the order of the page, with what changed since a time, or ever. */
async function viewClaims(
  tx: Transaction,
  applied: Applied,
  claims: readonly Claim[],
  since: Instant | null,
): Promise<PublishedClaim[]> {
  const ids = claims.map(({ id }) => id)
  const verdicts = await tx.rows<VerdictRow>`
    select v.*, (select min(seen) from (
        -- Of what the verdict rests on the part that was seen longest ago.
        select max(e.observed_at) as seen
        from jsonb_array_elements(v.parts) with ordinality as p (part, n)
        cross join lateral jsonb_array_elements_text(part -> 'evidence') as used (id)
        join claims.evidence e
          on e.id = used.id and e.kind = part ->> 'kind' and e.subject = part ->> 'subject'
        where part ->> 'verdict' = v.verdict group by n) as seen) as seen_at
    from claims.verdicts v where v.claim = any(${ids})`
  const turns = await tx.rows<TurnRow>`
    select c.claim, c.at, c.verdict, c.because, l.index
    from claims.changes c left join ledger.entries l on l.ticket = c.ticket
    where c.claim = any(${ids}) and c.seq >= coalesce((select max(b.seq) from claims.changes b
        where b.claim = c.claim and b.at < ${since === null ? null : at(since)}), 0)
      and c.seq >= coalesce((select b.seq from claims.changes b
        where b.claim = c.claim order by b.seq desc offset ${mostTurns - 1} limit 1), 0)
    order by c.seq`
  const overdue = await judgeOverdue(tx, applied)
  const byClaim = new Map(verdicts.map((row) => [row.claim, row]))
  const history = Map.groupBy(turns, ({ claim }) => claim)
  return claims.map((claim) => {
    const row = byClaim.get(claim.id)
    return {
      claim,
      verdict: row ? (overdue?.get(claim.id) ?? toVerdict(row)) : unjudged,
      history: (history.get(claim.id) ?? []).map(toTurn),
      seenAt: row?.seen_at?.getTime() ?? null,
      withheldUntil: null,
    }
  })
}

interface TurnRow {
  claim: string
  at: Date
  verdict: VerdictName
  because: string
  index: string | null
}

function toTurn({ at, verdict, because, index }: TurnRow): Turn {
  return { at: at.getTime(), verdict, because, entry: toIndex(index) }
}

function toIndex(index: string | null): number | null {
  return index === null ? null : Number(index)
}

function toVerdict({ verdict, because, until, changes, parts }: VerdictRow): Verdict {
  return {
    verdict,
    because,
    parts,
    until: until?.getTime() ?? null,
    changes: changes?.getTime() ?? null,
  }
}

async function viewRemoved(tx: Transaction): Promise<RemovedClaim[]> {
  const rows = await tx.rows<{ claim: string; text: string; removed_at: Date }>`
    select claim, text, removed_at from claims.removed
    where removed_at > ${at(tx.now - removedFor)} order by removed_at desc`
  return rows.map(({ claim, text, removed_at }) => ({
    id: claim,
    text,
    removedAt: removed_at.getTime(),
  }))
}

export async function viewPage(tx: Transaction, publication: Publication): Promise<PageView> {
  const applied = await needApplied(tx)
  return {
    site: await viewSite(tx, applied, publication),
    at: tx.now,
    source: applied.source,
    version: applied.version,
    claims: await viewClaims(tx, applied, applied.page.claims, tx.now - shownDays * day),
    removed: await viewRemoved(tx),
    unlinked: null,
  }
}

export async function viewFeed(tx: Transaction, publication: Publication): Promise<FeedView> {
  const { site, at: now, version, claims, removed } = await viewPage(tx, publication)
  return { site, at: now, version, claims, removed }
}

export async function viewClaim(
  tx: Transaction,
  publication: Publication,
  id: string,
): Promise<ClaimView> {
  const applied = await needApplied(tx)
  const claim = applied.page.claims.find((one) => one.id === id)
  if (!claim) throw new Failure('not-found', `there is no claim "${id}" on the page`)
  const [published] = await viewClaims(tx, applied, [claim], null)
  return {
    site: await viewSite(tx, applied, publication),
    at: tx.now,
    claim: published!,
    evidence: await viewEvidence(tx, applied, published!),
  }
}

/** The newest evidence of each kind and system that a claim rests on. */
async function viewEvidence(
  tx: Transaction,
  { systems }: Applied,
  { claim, verdict }: PublishedClaim,
): Promise<SeenEvidence[]> {
  const names = new Map(systems.runners.map(({ id, name }) => [id, name]))
  const evidence = await evidenceBehind(tx, claim, verdict.parts)
  return evidence.map((one) => ({ ...one, runnerName: names.get(one.runner) ?? null }))
}

const pageful = 100

/** What changed, newest first; `before` is where the page before ended. */
export async function viewChanges(
  tx: Transaction,
  publication: Publication,
  before: string | undefined,
): Promise<ChangesView> {
  const applied = await needApplied(tx)
  const end = before === undefined ? null : at(readCursor(before))
  const rows = await tx.rows<VerdictChangeRow>`
    select c.seq, c.claim, c.at, c.verdict, c.because, l.index,
      (select b.verdict from claims.changes b where b.claim = c.claim and b.seq < c.seq
        order by b.seq desc limit 1) as was
    from claims.changes c left join ledger.entries l on l.ticket = c.ticket
    where ${end}::timestamptz is null or c.at < ${end} order by c.seq desc limit ${pageful}`
  const versions = await tx.rows<VersionRow>`
    select v.version, v.changes, v.applied_at, l.index
    from claims.versions v left join ledger.entries l on l.ticket = v.ticket
    where ${end}::timestamptz is null or v.applied_at < ${end}
    order by v.version desc limit ${pageful}`
  const texts = await readTexts(tx, applied)
  const all = [
    ...rows.map((row) => toVerdictChange(row, texts)),
    ...versions.flatMap(toPageChanges),
  ].sort((a, b) => b.at - a.at)
  const shown = all.slice(
    0,
    Math.max(pageful, all.findLastIndex((one) => one.at === all[pageful - 1]?.at) + 1),
  )
  const last = shown.at(-1)
  return {
    site: await viewSite(tx, applied, publication),
    at: tx.now,
    changes: shown,
    older: last && all.length > shown.length ? new Date(last.at).toISOString() : null,
  }
}

function readCursor(text: string): number {
  const instant = Date.parse(text)
  if (Number.isNaN(instant)) throw new Failure('bad-input', '/before: this is no cursor')
  return instant
}

interface VerdictChangeRow extends TurnRow {
  was: VerdictName | null
}

interface VersionRow {
  version: number
  changes: { kind: string; id: string; says: string }[]
  applied_at: Date
  index: string | null
}

function toVerdictChange(row: VerdictChangeRow, texts: ReadonlyMap<string, string>): Change {
  return {
    kind: 'verdict',
    at: row.at.getTime(),
    entry: toIndex(row.index),
    claim: row.claim,
    text: texts.get(row.claim) ?? row.claim,
    from: row.was,
    to: row.verdict,
    because: row.because,
  }
}

/** Systems are not published: that some changed is told, not which. */
function toPageChanges({ version, changes, applied_at, index }: VersionRow): Change[] {
  const told = changes.filter(({ kind }) => !/^(?:system|runner|secret)-/.test(kind))
  const hidden = changes.length - told.length
  const says = `${hidden} ${hidden === 1 ? 'change' : 'changes'} of the systems and runners behind the page`
  const rest = hidden > 0 && version > 1 ? [{ kind: 'systems-changed', id: '', says }] : []
  return [...told, ...rest].map((one) => ({
    kind: 'page',
    at: applied_at.getTime(),
    entry: toIndex(index),
    change: one.kind,
    id: one.id,
    says: one.says,
  }))
}

/** The words of each claim, of those that are gone too. */
async function readTexts(tx: Transaction, { page }: Applied): Promise<Map<string, string>> {
  const removed = await tx.rows<{ claim: string; text: string }>`
    select distinct on (claim) claim, text from claims.removed order by claim, version desc`
  return new Map([
    ...removed.map(({ claim, text }) => [claim, text] as const),
    ...page.claims.map(({ id, text }) => [id, text] as const),
  ])
}
