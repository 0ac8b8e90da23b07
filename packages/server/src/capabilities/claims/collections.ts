import { maySpeak, type Measure, type Outcome, type System, type Systems } from '@kept/page'
import type { Collector } from '../../foundation/capability.ts'
import { Failure } from '../../foundation/failure.ts'
import { enqueue } from '../../foundation/jobs.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { needApplied, readApplied } from './edition.ts'
import { receive } from './evidence.ts'
import { skew } from './judge.ts'

/** Every collector there is, asked when needed: the capabilities that own them come later. */
export type CollectorList = () => readonly Collector[]

interface Arranged {
  kind: string
  subject: string
  runner: string
}

/** Which collector looks at what, and as which runner; without a runner that may speak, nothing does. */
function arrange(systems: Systems, collectors: readonly Collector[]): Arranged[] {
  return collectors.flatMap(({ kind, of }) =>
    systems.subjects
      .filter(({ type }) => of.includes(type))
      .flatMap((subject) => {
        const runner = systems.runners.find(
          (one) =>
            one.holder === 'collector' && one.key === null && maySpeak(one, kind, subject.id),
        )
        return runner ? [{ kind, subject: subject.id, runner: runner.id }] : []
      }),
  )
}

/** Brings the schedule in line with the systems: what is new is looked at now. */
export async function arrangeCollections(
  tx: Transaction,
  collectors: CollectorList,
): Promise<void> {
  const applied = await readApplied(tx)
  const wanted = applied ? arrange(applied.systems, collectors()) : []
  const [kinds, subjects, runners] = columns(wanted)
  await tx.rows`
    delete from claims.collections where (kind, subject, runner) not in
      (select * from unnest(${kinds}::text[], ${subjects}::text[], ${runners}::text[]))`
  await tx.rows`
    insert into claims.collections (kind, subject, runner, next_at)
    select *, ${at(tx.now)} from unnest(${kinds}::text[], ${subjects}::text[], ${runners}::text[])
    on conflict (kind, subject) do nothing`
}

function columns(list: readonly Arranged[]): [string[], string[], string[]] {
  return [
    list.map(({ kind }) => kind),
    list.map(({ subject }) => subject),
    list.map(({ runner }) => runner),
  ]
}

/**
 * Sends out the looks that are due, each as a job in this transaction, and sets the next of each. Of
 * two workers one takes a look and the other passes over it. What was sent out by a clock that was far
 * ahead is due as well.
 */
export async function sendOut(tx: Transaction, collectors: CollectorList): Promise<number> {
  const every = new Map(collectors().map((one) => [one.kind, one.every]))
  const due = await tx.rows<{ kind: string; subject: string }>`
    select kind, subject from claims.collections
    where next_at <= ${at(tx.now)} or started_at > ${at(tx.now + skew)}
    order by next_at limit 200 for update skip locked`
  for (const { kind, subject } of due) {
    const next = at(tx.now + (every.get(kind) ?? 3600) * 1000)
    await tx.rows`update claims.collections set next_at = ${next}, started_at = ${at(tx.now)}
      where kind = ${kind} and subject = ${subject}`
    await enqueue(tx, 'claims.collect', { kind, subject }, `claims.collect ${kind} ${subject}`)
  }
  return due.length
}

/** Makes looks due now: all of them, or those of a kind or at a system. */
export async function hurry(
  tx: Transaction,
  what: { kind?: string | undefined; subject?: string | undefined },
): Promise<number> {
  const rows = await tx.rows`
    update claims.collections set next_at = ${at(tx.now)}
    where (${what.kind ?? null}::text is null or kind = ${what.kind ?? null})
      and (${what.subject ?? null}::text is null or subject = ${what.subject ?? null})
    returning kind`
  return rows.length
}

/** What a collector needs to know before it looks. */
export async function prepareLook(
  tx: Transaction,
  { kind, subject }: { kind: string; subject: string },
): Promise<{ system: System; systems: readonly System[]; page: string; contact: string | null }> {
  const { source, page, systems } = await needApplied(tx)
  const system = systems.subjects.find(({ id }) => id === subject)
  if (!system) throw new Failure('not-found', `no system ${subject} for ${kind} any more`)
  return { system, systems: systems.subjects, page: source, contact: page.contact }
}

/** Keeps what a collector saw, as evidence of the runner it looked as. */
export async function keepLook(
  tx: Transaction,
  look: {
    id: string
    kind: string
    subject: string
    outcome: Outcome
    measured: Readonly<Record<string, Measure>>
    note?: string | undefined
    observedAt: number
  },
): Promise<void> {
  const row = await tx.row<{ runner: string }>`
    update claims.collections set seen_at = ${at(tx.now)}, outcome = ${look.outcome},
      note = ${look.note ?? null}
    where kind = ${look.kind} and subject = ${look.subject} returning runner`
  // The page may have changed while the collector looked.
  if (row) await receive(tx, row.runner, [look])
}

/** What collectors look at and as which runner, when they last looked and what came of it. */
export async function listLooks(tx: Transaction) {
  const rows = await tx.rows<{
    kind: string
    subject: string
    runner: string
    next_at: Date
    seen_at: Date | null
    outcome: Outcome | null
    note: string | null
  }>`select kind, subject, runner, next_at, seen_at, outcome, note from claims.collections
    order by kind, subject`
  return rows.map((row) => ({
    kind: row.kind,
    subject: row.subject,
    runner: row.runner,
    nextAt: row.next_at.toISOString(),
    seenAt: row.seen_at?.toISOString() ?? null,
    outcome: row.outcome,
    note: row.note,
  }))
}
