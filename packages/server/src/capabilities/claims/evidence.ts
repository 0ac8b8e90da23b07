import { isDeepStrictEqual } from 'node:util'
import {
  didYouMean,
  kindsOf,
  kindsRead,
  maySpeak,
  type Claim,
  type Evidence,
  type Measure,
  type Outcome,
  type Part,
} from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { enqueue } from '../../foundation/jobs.ts'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { append } from '../ledger/append.ts'
import { needApplied } from './edition.ts'

/** What a runner saw, before it is received. */
export interface Sighting {
  id: string
  kind: string
  subject: string
  outcome: Outcome
  observedAt: number
  measured: Readonly<Record<string, Measure>>
  note?: string | undefined
}

/** What was seen earlier is a date that nobody filled in, as 0001-01-01 is, or a clock that was never set. */
const oldest = Date.UTC(2000)

/**
 * Takes evidence from a runner: into the table and into the ledger, together. Sent again with the
 * same words it is taken once; the same id with other words is refused. Returns how many were new.
 */
export async function receive(
  tx: Transaction,
  runner: string,
  sightings: readonly Sighting[],
): Promise<number> {
  const { systems } = await needApplied(tx)
  const speaker = systems.runners.find(({ id }) => id === runner)
  const fresh: Sighting[] = []
  for (const [i, one] of sightings.entries()) {
    if (!kindsRead.has(one.kind)) {
      throw new Failure('bad-input', `/${i}/kind: no proof reads evidence of "${one.kind}"`, {
        fix: 'kept explain PROOF names the kinds it reads',
      })
    }
    if (!speaker || !maySpeak(speaker, one.kind, one.subject)) {
      throw new Failure(
        'not-allowed',
        `${runner} may not speak of ${one.kind} about ${one.subject}`,
        {
          fix: 'register it for that kind and subject in systems.yaml',
        },
      )
    }
    if (!systems.subjects.some(({ id }) => id === one.subject)) {
      const near = didYouMean(
        one.subject,
        systems.subjects.map(({ id }) => id),
      )
      throw new Failure('bad-input', `/${i}/subject: systems.yaml has no system "${one.subject}"`, {
        fix: near ? `did you mean ${near}?` : 'name a system of systems.yaml',
      })
    }
    if (one.observedAt > tx.now) {
      const ahead = Math.ceil((one.observedAt - tx.now) / 1000)
      throw new Failure('bad-input', `/${i}/observedAt: ${ahead} s in the future`, {
        fix: "set the runner's clock",
      })
    }
    if (one.observedAt < oldest) {
      throw new Failure('bad-input', `/${i}/observedAt: before the year 2000`, {
        fix: 'say when it was seen; a date that nobody filled in is none',
      })
    }
    if (await take(tx, runner, one)) fresh.push(one)
  }
  if (fresh.length > 0) {
    await tx.rows`
      insert into claims.unjudged (received_at, observed_at)
      select ${at(tx.now)}, unnest(${stepsOf(fresh)}::timestamptz[])`
    await enqueue(tx, 'claims.judge', {}, 'claims.judge')
  }
  return fresh.length
}

/** Of several words about one thing each is judged in its turn, so that a repair hides no failure; the rest at once. */
function stepsOf(sightings: readonly Sighting[]): (Date | 'infinity')[] {
  const things = Map.groupBy(sightings, ({ kind, subject }) => JSON.stringify([kind, subject]))
  const earlier = [...things.values()].flatMap((words) => {
    const instants = new Set(words.map(({ observedAt }) => observedAt))
    instants.delete(Math.max(...instants))
    return [...instants]
  })
  return [...[...new Set(earlier)].map(at), 'infinity']
}

async function take(tx: Transaction, runner: string, one: Sighting): Promise<boolean> {
  const { id, kind, subject, outcome, observedAt, measured, note } = one
  const known = await tx.row<Row>`
    select * from claims.evidence
    where runner = ${runner} and kind = ${kind} and subject = ${subject} and id = ${id}`
  if (known) {
    if (isSame(known, one)) return false
    throw new Failure('conflict', `${runner} said something else under the id ${id} before`, {
      fix: 'give each piece of evidence an id of its own',
    })
  }
  const ticket = await append(tx, 'claims.evidence', {
    id,
    kind,
    subject,
    outcome,
    observedAt: new Date(observedAt).toISOString(),
    receivedAt: new Date(tx.now).toISOString(),
    runner,
    measured,
  })
  await tx.rows`
    insert into claims.evidence
      (id, kind, subject, outcome, observed_at, received_at, runner, measured, note, ticket)
    values (${id}, ${kind}, ${subject}, ${outcome}, ${at(observedAt)}, ${at(tx.now)}, ${runner},
      ${json(measured)}, ${note ?? null}, ${ticket.toString()})`
  return true
}

function isSame(known: Row, one: Sighting): boolean {
  return (
    known.outcome === one.outcome &&
    known.observed_at.getTime() === one.observedAt &&
    known.note === (one.note ?? null) &&
    isDeepStrictEqual(known.measured, one.measured)
  )
}

export interface Row {
  seq: string
  id: string
  kind: string
  subject: string
  outcome: Outcome
  observed_at: Date
  received_at: Date
  runner: string
  measured: Record<string, Measure>
  note: string | null
  ticket: string
}

export function toEvidence(row: Row): Evidence {
  const { id, kind, subject, outcome, runner, measured } = row
  const [observedAt, receivedAt] = [row.observed_at.getTime(), row.received_at.getTime()]
  return { id, kind, subject, outcome, observedAt, receivedAt, runner, measured }
}

/** A piece of evidence as it is shown, with its place in the ledger once it has one. */
export type Shown = Omit<Evidence, 'note'> & { note: string | null; entry: number | null }

type ShownRow = Row & { index: string | null }

/** A note names hosts, tables and what is open in them: what a stranger has no business with. */
function toShown(tx: Transaction, row: ShownRow): Shown {
  const entry = row.index === null ? null : Number(row.index)
  const note = tx.scope.actor.kind === 'public' ? null : row.note
  return { ...toEvidence(row), note, entry }
}

/** The newest evidence of each kind and system that a claim rests on, so many pieces of each. */
export async function evidenceBehind(
  tx: Transaction,
  { obligations }: Claim,
  parts: readonly Part[],
  each = 10,
): Promise<Shown[]> {
  const kinds = [...new Set(obligations.flatMap(({ proof }) => proof.needs.flatMap(kindsOf)))]
  const subjects = [...new Set(parts.flatMap(({ subject }) => subject ?? []))]
  const rows = await tx.rows<ShownRow>`
    select e.*, l.index from unnest(${kinds}::text[]) as k (kind)
      cross join unnest(${subjects}::text[]) as s (subject)
      cross join lateral (select * from claims.evidence e
        where e.kind = k.kind and e.subject = s.subject
        order by observed_at desc, seq desc limit ${each}) e
      left join ledger.entries l on l.ticket = e.ticket
    order by e.observed_at desc, e.seq desc limit 100`
  return rows.map((row) => toShown(tx, row))
}

/** The newest evidence of every kind about each system. */
export async function newestAbout(tx: Transaction, subjects: readonly string[]): Promise<Shown[]> {
  const rows = await tx.rows<ShownRow>`
    select e.*, l.index from unnest(${[...kindsRead]}::text[]) as k (kind)
      cross join unnest(${[...subjects]}::text[]) as s (subject)
      cross join lateral (select * from claims.evidence e
        where e.kind = k.kind and e.subject = s.subject
        order by observed_at desc, seq desc limit 1) e
      left join ledger.entries l on l.ticket = e.ticket
    order by e.kind`
  return rows.map((row) => toShown(tx, row))
}

/** Evidence, of all or of a system, in the order in which it came in, newest first; `next` is where the next page begins. */
export async function listEvidence(
  tx: Transaction,
  {
    subject,
    before,
    limit,
  }: { subject?: string | undefined; before?: string | undefined; limit: number },
): Promise<{ evidence: Shown[]; next: string | null }> {
  const rows = await tx.rows<ShownRow>`
    select e.*, l.index from claims.evidence e left join ledger.entries l on l.ticket = e.ticket
    where e.seq < coalesce(${before}::bigint, 9223372036854775807)
      and (${subject ?? null}::text is null or e.subject = ${subject ?? null})
    order by e.seq desc limit ${limit + 1}`
  const shown = rows.slice(0, limit)
  return {
    evidence: shown.map((row) => toShown(tx, row)),
    next: rows.length > limit ? shown.at(-1)!.seq : null,
  }
}
