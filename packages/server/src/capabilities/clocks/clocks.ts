import { randomUUID } from 'node:crypto'
import { addDuration, type Duration, type Instant } from '@kept/page'
import type { Alarm } from '../../foundation/capability.ts'
import { Failure } from '../../foundation/failure.ts'
import type { Json } from '../../foundation/operation.ts'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { append } from '../ledger/append.ts'
import { alarmsOf } from './alarms.ts'

/** What starts a clock. `subject` is the case: one clock for each owner, kind and subject. */
export interface Start {
  owner: string
  kind: string
  subject: string
  startedAt: Instant
  /** Within what it is promised; null for a relative date that is not known yet. */
  within: Duration | null
  /** What the company aims at, earlier than the promise. */
  target: Duration | null
  /** Months, quarters and years are counted there. */
  timeZone: string
  /** At which fractions of its time somebody is to be told. */
  fractions: readonly number[]
  /** What the page promised at the start. */
  policy: Json
}

export interface Clock {
  id: string
  startedAt: Instant
  targetAt: Instant | null
  dueAt: Instant | null
  stoppedAt: Instant | null
}

interface Row {
  id: string
  started_at: Date
  target_at: Date | null
  due_at: Date | null
  stopped_at: Date | null
}

/** Starts a clock, once: whoever starts it again is handed the one that runs. */
export async function startClock(tx: Transaction, start: Start): Promise<Clock> {
  const { owner, kind, subject, startedAt, within, target, timeZone } = start
  const dueAt = within && addDuration(startedAt, within, timeZone)
  const targetAt = target && addDuration(startedAt, target, timeZone)
  const id = randomUUID()
  const row = await tx.row<Row>`
    insert into clocks.clocks (id, owner, kind, subject, started_at, target_at, due_at, policy)
    values (${id}, ${owner}, ${kind}, ${subject}, ${at(startedAt)}, ${date(targetAt)}, ${date(dueAt)},
      ${json(start.policy)})
    on conflict (owner, kind, subject) do nothing returning *`
  if (!row) return (await findClock(tx, start))!
  await setAlarms(tx, toClock(row), start.fractions)
  await append(tx, 'clocks.start', {
    clock: id,
    owner,
    kind,
    subject,
    startedAt: said(startedAt),
    dueAt: said(dueAt),
    policy: start.policy,
  })
  return toClock(row)
}

export async function findClock(
  tx: Transaction,
  { owner, kind, subject }: Pick<Start, 'owner' | 'kind' | 'subject'>,
): Promise<Clock | null> {
  const row = await tx.row<Row>`
    select * from clocks.clocks where owner = ${owner} and kind = ${kind} and subject = ${subject}`
  return row && toClock(row)
}

/** A clock with what it is about. */
export interface ListedClock extends Clock {
  owner: string
  kind: string
  subject: string
}

/** The clocks that run, the next due first; after them the twenty that stopped last. */
export async function listClocks(tx: Transaction): Promise<ListedClock[]> {
  const rows = await tx.rows<Row & Pick<ListedClock, 'owner' | 'kind' | 'subject'>>`
    (select * from clocks.clocks where stopped_at is null order by due_at nulls last, id limit 500)
    union all
    (select * from clocks.clocks where stopped_at is not null order by stopped_at desc, id limit 20)`
  return rows.map((row) => {
    const { owner, kind, subject } = row
    return { ...toClock(row), owner, kind, subject }
  })
}

/** A relative due date has become known, or turns out to be earlier; it never moves later. */
export async function moveDueEarlier(
  tx: Transaction,
  id: string,
  dueAt: Instant,
  fractions: readonly number[],
): Promise<void> {
  const clock = await lockClock(tx, id)
  if (clock.dueAt !== null && dueAt >= clock.dueAt) return
  await tx.rows`update clocks.clocks set due_at = ${at(dueAt)} where id = ${id}`
  await tx.rows`delete from clocks.alarms
    where clock = ${id} and (raised_at is null or raised_at = 'infinity')`
  await setAlarms(tx, { ...clock, dueAt }, fractions)
  await append(tx, 'clocks.move-earlier', { clock: id, dueAt: said(dueAt) })
}

/** Stops a clock by its proof: the id of the evidence that the duty was done. */
export async function stopClock(
  tx: Transaction,
  id: string,
  { stoppedAt, proof }: { stoppedAt: Instant; proof: string },
): Promise<void> {
  const clock = await lockClock(tx, id)
  if (clock.stoppedAt !== null) return
  await tx.rows`
    update clocks.clocks set stopped_at = ${at(stoppedAt)}, proof = ${proof} where id = ${id}`
  // Its alarms are held back, not raised: they are due again should the clock be reopened.
  await tx.rows`
    update clocks.alarms set raised_at = 'infinity' where clock = ${id} and raised_at is null`
  await append(tx, 'clocks.stop', { clock: id, stoppedAt: said(stoppedAt), proof })
}

/** What was done turns out not to be: the clock runs again towards its original due instant. */
export async function reopenClock(tx: Transaction, id: string, because: string): Promise<void> {
  const clock = await lockClock(tx, id)
  if (clock.stoppedAt === null) return
  await tx.rows`update clocks.clocks set stopped_at = null, proof = null where id = ${id}`
  await tx.rows`
    update clocks.alarms set raised_at = null where clock = ${id} and raised_at = 'infinity'`
  await append(tx, 'clocks.reopen', { clock: id, because })
}

async function lockClock(tx: Transaction, id: string): Promise<Clock> {
  const row = await tx.row<Row>`select * from clocks.clocks where id = ${id} for update`
  if (!row) throw new Failure('not-found', 'there is no such clock')
  return toClock(row)
}

async function setAlarms(
  tx: Transaction,
  { id, startedAt, dueAt, stoppedAt }: Clock,
  fractions: readonly number[],
): Promise<void> {
  if (dueAt === null) return
  const heldBack = stoppedAt === null ? null : 'infinity'
  for (const { fraction, instant } of alarmsOf(startedAt, dueAt, fractions)) {
    await tx.rows`insert into clocks.alarms (clock, fraction, at, raised_at)
      values (${id}, ${fraction}, ${at(instant)}, ${heldBack}) on conflict (clock, fraction) do nothing`
  }
}

/** So that a transaction stays short. */
const mostAtOnce = 100

/** An alarm that its owner could not answer; it is raised again, each time twice as much later. */
export interface Unanswered {
  alarm: Alarm
  failure: Failure
}

interface DueRow {
  clock: string
  fraction: string
  failures: number
  owner: string
  kind: string
  subject: string
  started_at: Date
  due_at: Date
}

/**
 * Raises what has become due, each alarm once and those of a clock in order, late ones too. Of several
 * workers one raises at a time; what it had not committed when it died is raised by the next. One that
 * cannot be answered waits, and holds back only what comes after it on its own clock.
 */
export async function raiseAlarms(
  tx: Transaction,
  handle: (tx: Transaction, alarm: Alarm) => Promise<void>,
): Promise<{ raised: number; unanswered: Unanswered[] }> {
  const unanswered: Unanswered[] = []
  const turn = await tx.row<{ mine: boolean }>`
    select pg_catalog.pg_try_advisory_xact_lock(7102603) as mine`
  if (!turn!.mine) return { raised: 0, unanswered }
  const due = await tx.rows<DueRow>`
    select a.clock, a.fraction, a.failures, c.owner, c.kind, c.subject, c.started_at, c.due_at
    from clocks.alarms a join clocks.clocks c on c.id = a.clock
    where a.raised_at is null and a.at <= ${at(tx.now)} and not exists (
      select from clocks.alarms b where b.clock = a.clock and b.raised_at is null
        and b.fraction <= a.fraction and b.waits_until > ${at(tx.now)})
    order by a.at, a.clock, a.fraction limit ${mostAtOnce} for update of a`
  const held = new Set<string>()
  let raised = 0
  for (const one of due) {
    if (held.has(one.clock)) continue
    const alarm = toAlarm(one)
    const failure = await tx.attempt(async () => {
      await tx.rows`update clocks.alarms set raised_at = ${at(tx.now)}
        where clock = ${one.clock} and fraction = ${one.fraction}`
      await handle(tx, alarm)
    })
    if (failure) {
      held.add(one.clock)
      unanswered.push({ alarm, failure })
      await wait(tx, one)
    } else raised++
  }
  return { raised, unanswered }
}

const longestWait = 3600

async function wait(tx: Transaction, { clock, fraction, failures }: DueRow): Promise<void> {
  const seconds = Math.min(2 ** failures, longestWait)
  await tx.rows`update clocks.alarms
    set failures = failures + 1, waits_until = ${at(tx.now + seconds * 1000)}
    where clock = ${clock} and fraction = ${fraction}`
}

function toAlarm({ clock, owner, kind, subject, fraction, started_at, due_at }: DueRow): Alarm {
  return {
    clock,
    owner,
    kind,
    subject,
    fraction: Number(fraction),
    startedAt: started_at.getTime(),
    dueAt: due_at.getTime(),
  }
}

function toClock(row: Row): Clock {
  return {
    id: row.id,
    startedAt: row.started_at.getTime(),
    targetAt: row.target_at?.getTime() ?? null,
    dueAt: row.due_at?.getTime() ?? null,
    stoppedAt: row.stopped_at?.getTime() ?? null,
  }
}

function date(instant: Instant | null): Date | null {
  return instant === null ? null : at(instant)
}

function said(instant: Instant): string
function said(instant: Instant | null): string | null
function said(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString()
}
