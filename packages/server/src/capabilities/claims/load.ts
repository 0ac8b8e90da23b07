import {
  decides,
  maySpeak,
  missedFor,
  selectSubjects,
  type Evidence,
  type Instant,
  type Obligation,
} from '@kept/page'
import { at, type Transaction } from '../../foundation/transaction.ts'
import type { Edition } from './changes.ts'
import { toEvidence, type Row } from './evidence.ts'

/** What of an edition is judged. */
export type Compiled = Omit<Edition, 'source'>

/** What is left out: all that the ledger of a size does not hold, and all that came later. */
export interface Cut {
  size: number | null
  receivedBy: Instant
  /** Of what was received at one instant only so much counts as was observed by another. */
  step: Step | null
}

/** What was received at one instant, as far as it was observed by another. */
export interface Step {
  receivedAt: Instant
  observedAt: Instant
}

export const whole: Cut = { size: null, receivedBy: Infinity, step: null }

/** What one runner says of one thing, and when enough of it was read. */
interface Strand {
  kind: string
  subject: string
  runner: string
  /** Duties and cases are read whole: an open case or a missed year may be old. */
  isWhole: boolean
  /** Whether it is the heartbeat of an intake, which must not have fallen silent. */
  isHeartbeat: boolean
  /** One for each promise about a state: whether a word decides it, so that older ones do not. */
  deciders: ((word: Evidence) => boolean)[]
}

/**
 * The evidence by which every claim of an edition is judged as by all there is: of a state, each
 * runner's newest word and its newest that decides; of heartbeats, those by which a silence would show;
 * of duties and cases, every word.
 */
export async function loadRows(
  tx: Transaction,
  edition: Compiled,
  cut: Cut = whole,
): Promise<Row[]> {
  const strands = strandsOf(edition)
  const rows = await loadWhole(
    tx,
    strands.filter(({ isWhole }) => isWhole),
    cut,
  )
  const beating = strands.filter(({ isHeartbeat }) => isHeartbeat)
  rows.push(...(await loadHeartbeats(tx, beating, cut)))
  let open = strands.filter(({ isWhole }) => !isWhole)
  // Nearly always the newest word decides; what only fails to measure is read past, ever further.
  for (let depth = 1; open.length > 0; depth *= 30) {
    const found = Map.groupBy(await loadNewest(tx, open, depth, cut), keyOf)
    const words = (strand: Strand) => found.get(keyOf(strand)) ?? []
    rows.push(...[...found.values()].flat())
    open = open.filter((strand) => {
      const telling = words(strand).filter(isTelling)
      const said = telling.map(toEvidence)
      return telling.length >= depth && !strand.deciders.every((decider) => said.some(decider))
    })
  }
  return [...new Map(rows.map((row) => [row.seq, row])).values()]
}

export async function loadEvidence(
  tx: Transaction,
  edition: Compiled,
  cut: Cut = whole,
): Promise<Evidence[]> {
  return (await loadRows(tx, edition, cut)).map(toEvidence)
}

function keyOf({ kind, subject, runner }: Pick<Strand, 'kind' | 'subject' | 'runner'>): string {
  return JSON.stringify([kind, subject, runner])
}

/** Everything that a page reads: by kind, by system that it is about, by runner that may speak of it. */
function strandsOf(edition: Compiled): Strand[] {
  const { page, systems } = edition
  const strands = new Map<string, Strand>()
  for (const obligation of page.claims.flatMap(({ obligations }) => obligations)) {
    for (const { kind, subject, decider, isHeartbeat } of readingsOf(obligation, edition)) {
      for (const runner of systems.runners.filter((one) => maySpeak(one, kind, subject))) {
        const what = { kind, subject, runner: runner.id }
        const strand = strands.get(keyOf(what)) ?? { ...what, ...unread, deciders: [] }
        if (isHeartbeat) strand.isHeartbeat = true
        if (decider) strand.deciders.push(decider)
        else strand.isWhole = true
        strands.set(keyOf(what), strand)
      }
    }
  }
  return [...strands.values()]
}

const unread = { isWhole: false, isHeartbeat: false }

interface Read {
  kind: string
  subject: string
  /** Null for what is read whole. */
  decider: ((word: Evidence) => boolean) | null
  isHeartbeat?: true
}

function isTelling({ outcome }: Pick<Evidence, 'outcome'>): boolean {
  return outcome !== 'inconclusive'
}

function readingsOf({ proof, params }: Obligation, { page, systems }: Compiled): Read[] {
  return proof.needs.flatMap((need) =>
    selectSubjects(need, params, systems).subjects.flatMap((system): Read[] => {
      const subject = system.id
      const decider = (word: Evidence) => decides(word, need, params, system, page.timeZone)
      if (need.form === 'repeated') return [{ kind: need.kind, subject, decider: null }]
      if (need.form === 'observed') return [{ kind: need.kind, subject, decider }]
      return [
        { kind: need.kind, subject, decider: null },
        { kind: need.intake.kind, subject, decider: isTelling, isHeartbeat: true },
        { kind: need.rehearsal.kind, subject, decider },
      ]
    }),
  )
}

function columns(strands: readonly Strand[]): [string[], string[], string[]] {
  return [
    strands.map(({ kind }) => kind),
    strands.map(({ subject }) => subject),
    strands.map(({ runner }) => runner),
  ]
}

function loadWhole(tx: Transaction, strands: readonly Strand[], cut: Cut) {
  const [kinds, subjects, runners] = columns(strands)
  const { size, by, onlyAt, seenBy } = bounds(cut)
  return tx.rows<Row>`
    select e.* from unnest(${kinds}::text[], ${subjects}::text[], ${runners}::text[])
        as w (kind, subject, runner)
      join claims.evidence e using (kind, subject, runner)
    where e.received_at <= ${by} and (e.received_at <> ${onlyAt} or e.observed_at <= ${seenBy}) and (${size}::bigint is null
      or exists (select from ledger.entries l where l.ticket = e.ticket and l.index < ${size}))`
}

function bounds({ size, receivedBy, step }: Cut) {
  return {
    size,
    by: instant(receivedBy),
    onlyAt: instant(step?.receivedAt ?? Infinity),
    seenBy: instant(step?.observedAt ?? Infinity),
  }
}

function instant(time: Instant): Date | 'infinity' {
  return time === Infinity ? 'infinity' : at(time)
}

/**
 * The first and the last heartbeat of each day for as long as a silence shows, and the last one that
 * was received before: whoever must beat at least once in a day, as every intake must, was silent only
 * between these. What was received on another day than it was observed counts by itself: it fills no
 * silence, and what came in time beside it must not be hidden by it.
 */
function loadHeartbeats(tx: Transaction, strands: readonly Strand[], cut: Cut) {
  const [kinds, subjects, runners] = columns(strands)
  const { size, by, onlyAt, seenBy } = bounds(cut)
  const since = at(Math.min(cut.receivedBy, tx.now) - missedFor)
  return tx.rows<Row>`
    select e.* from unnest(${kinds}::text[], ${subjects}::text[], ${runners}::text[])
        as w (kind, subject, runner)
      cross join lateral (
        select b.*,
          rank() over (partition by day, told order by observed_at) as nth,
          rank() over (partition by day, told order by observed_at desc) as nth_last
        from (select *, date_trunc('day', observed_at, 'UTC') as day,
            date_trunc('day', received_at, 'UTC') as told
          from claims.evidence
          where kind = w.kind and subject = w.subject and runner = w.runner and outcome = 'pass'
            and received_at <= ${by} and (received_at <> ${onlyAt} or observed_at <= ${seenBy}) and observed_at >= coalesce((select max(observed_at) from claims.evidence
              where kind = w.kind and subject = w.subject and runner = w.runner
                and outcome = 'pass' and received_at < ${since}), '-infinity')) b
      ) e
    where (nth = 1 or nth_last = 1)
      and (${size}::bigint is null or exists (select from ledger.entries l
        where l.ticket = e.ticket and l.index < ${size}))`
}

/** Of each strand the newest word, and the newest so many that are not inconclusive; at one instant all. */
function loadNewest(tx: Transaction, strands: readonly Strand[], depth: number, cut: Cut) {
  const [kinds, subjects, runners] = columns(strands)
  const { size, by, onlyAt, seenBy } = bounds(cut)
  return tx.rows<Row>`
    select e.* from unnest(${kinds}::text[], ${subjects}::text[], ${runners}::text[])
        as w (kind, subject, runner)
      cross join lateral (
        (select * from claims.evidence e
          where e.kind = w.kind and e.subject = w.subject and e.runner = w.runner
            and e.received_at <= ${by} and (e.received_at <> ${onlyAt} or e.observed_at <= ${seenBy}) and (${size}::bigint is null or exists (select from ledger.entries l
              where l.ticket = e.ticket and l.index < ${size}))
          order by observed_at desc fetch first 1 rows with ties)
        union all
        (select * from claims.evidence e
          where e.kind = w.kind and e.subject = w.subject and e.runner = w.runner
            and e.outcome <> 'inconclusive'
            and e.received_at <= ${by} and (e.received_at <> ${onlyAt} or e.observed_at <= ${seenBy}) and (${size}::bigint is null or exists (select from ledger.entries l
              where l.ticket = e.ticket and l.index < ${size}))
          order by observed_at desc fetch first (${depth}) rows with ties)
      ) e`
}
