import { addDuration } from '@kept/page'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noon, testKept, type TestKept } from '../../../test/kept.ts'
import type { Alarm } from '../../foundation/capability.ts'
import { operation } from '../../foundation/operation.ts'
import type { MovableTime } from '../../foundation/time.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { alarmsOf } from './alarms.ts'
import {
  findClock,
  moveDueEarlier,
  raiseAlarms,
  reopenClock,
  startClock,
  stopClock,
  type Start,
} from './clocks.ts'

const hour = 3_600_000
const hours = (count: number) => ({ months: 0, seconds: count * 3600 })

/** A time that a test sets, backwards too. */
let now = noon
const time: MovableTime = {
  now: () => now,
  ahead: 0,
  advance: (milliseconds) => void (now += milliseconds),
}

let kept: TestKept
beforeAll(async () => {
  kept = await testKept({ time })
  await kept.as.superuser.query(`create schema tests;
    create table tests.raised (seq int generated always as identity, subject text, fraction numeric);
    grant usage on schema tests to test_kept_server;
    grant select, insert on tests.raised to test_kept_server`)
})
afterAll(() => kept.stop())

/** Every test begins with no clock and no alarm. */
beforeEach(async () => {
  now = noon
  await kept.as.superuser.query(
    'truncate clocks.clocks, clocks.alarms, tests.raised, ledger.outbox',
  )
})

function within<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
  const once = operation({
    action: 'tests.run',
    says: 'Runs what a test says',
    input: z.strictObject({}),
    output: z.custom<T>(),
    run,
  })
  return kept.ask('worker', once, {})
}

const start = (subject: string, more: Partial<Start> = {}) =>
  within((tx) =>
    startClock(tx, {
      owner: 'tests',
      kind: 'notice',
      subject,
      startedAt: now,
      within: hours(24),
      target: hours(12),
      timeZone: 'Europe/Berlin',
      fractions: [0.5],
      policy: { within: '24h' },
      ...more,
    }),
  )
const find = (subject: string) =>
  within((tx) => findClock(tx, { owner: 'tests', kind: 'notice', subject }))
/** Raises as a worker does, until nothing is due; what is handled is written in the same transaction. */
async function raise(before: (tx: Transaction, nth: number) => unknown = () => {}) {
  const once = () =>
    within((tx) => {
      let nth = 0
      return raiseAlarms(tx, async (tx, { subject, fraction }) => {
        await tx.rows`insert into tests.raised (subject, fraction) values (${subject}, ${fraction})`
        await before(tx, nth++)
      })
    })
  while ((await once()).raised > 0);
}
const raised = async () => {
  const { rows } = await kept.as.superuser.query<{ said: string }>(
    `select subject || ' ' || fraction as said from tests.raised order by seq`,
  )
  return rows.map(({ said }) => said)
}
const entries = async () => {
  const { rows } = await kept.as.superuser.query<{ body: Buffer }>(
    'select body from ledger.outbox order by ticket',
  )
  return rows.map(({ body }) => (JSON.parse(body.toString()) as { action: string }).action)
}

describe('a clock', () => {
  it('knows its target and its due instant when it starts', async () => {
    expect(await start('a')).toMatchObject({
      startedAt: noon,
      targetAt: noon + 12 * hour,
      dueAt: noon + 24 * hour,
      stoppedAt: null,
    })
  })

  it('starts once: whoever starts it again is handed the one that runs', async () => {
    const first = await start('a')
    now += hour
    expect(await start('a', { within: hours(1), policy: { within: '1h' } })).toEqual(first)
    const both = await Promise.all([start('b'), start('b')])
    expect(both[0]).toEqual(both[1])
    expect(await entries()).toEqual(['clocks.start', 'clocks.start'])
  })

  it('stops by its proof, once, and runs again to the same due instant', async () => {
    const { id, dueAt } = await start('a')
    now += hour
    await within((tx) => stopClock(tx, id, { stoppedAt: now, proof: 'evidence 1' }))
    await within((tx) => stopClock(tx, id, { stoppedAt: now + 1, proof: 'evidence 2' }))
    expect(await find('a')).toMatchObject({ stoppedAt: now })
    await within((tx) => reopenClock(tx, id, 'the mail bounced'))
    await within((tx) => reopenClock(tx, id, 'it bounced again'))
    expect(await find('a')).toMatchObject({ stoppedAt: null, dueAt })
    expect(await entries()).toEqual(['clocks.start', 'clocks.stop', 'clocks.reopen'])
  })

  it('learns a relative due date later, and moves it earlier, never later', async () => {
    const { id } = await start('a', { within: null, target: null })
    const move = (dueAt: number) => within((tx) => moveDueEarlier(tx, id, dueAt, [0.5]))
    const due = async () => (await find('a'))!.dueAt
    await move(noon + 10 * hour)
    expect(await due()).toBe(noon + 10 * hour)
    await move(noon + 8 * hour)
    await move(noon + 9 * hour)
    expect(await due()).toBe(noon + 8 * hour)
    expect(await entries()).toEqual(['clocks.start', 'clocks.move-earlier', 'clocks.move-earlier'])
    now = noon + 8 * hour
    await raise()
    expect(await raised()).toEqual(['a 0.5', 'a 1'])
  })

  it('cannot be stopped that was never started', async () => {
    const stop = within((tx) =>
      stopClock(tx, '00000000-0000-4000-8000-000000000000', { stoppedAt: now, proof: 'x' }),
    )
    await expect(stop).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('is frozen, for a superuser too', () => {
  const update = (set: string) => kept.as.superuser.query(`update clocks.clocks set ${set}`)

  it.each([
    `started_at = started_at + interval '1 hour'`,
    `started_at = started_at - interval '1 hour'`,
    `policy = '{}'`,
    `subject = 'other'`,
    `due_at = due_at + interval '1 second'`,
    `due_at = null`,
    `target_at = target_at + interval '1 second'`,
    `target_at = null`,
  ])('%s', async (set) => {
    await start('a')
    await expect(update(set)).rejects.toMatchObject({ code: '23000' })
  })

  it('but an earlier due instant is taken', async () => {
    await start('a')
    await update(
      `due_at = due_at - interval '1 second', target_at = target_at - interval '1 second'`,
    )
    expect((await find('a'))!.dueAt).toBe(noon + 24 * hour - 1000)
  })

  it('is not stopped without a proof, nor before it started, nor removed by the server', async () => {
    await start('a')
    await expect(update('stopped_at = started_at')).rejects.toMatchObject({ code: '23514' })
    await expect(
      update(`stopped_at = started_at - interval '1 s', proof = 'x'`),
    ).rejects.toMatchObject({ code: '23514' })
    await expect(kept.as.server.query('delete from clocks.clocks')).rejects.toMatchObject({
      code: '42501',
    })
    await update(`stopped_at = started_at, proof = 'x'`)
    expect(await find('a')).toMatchObject({ stoppedAt: noon })
  })
})

describe('alarms', () => {
  it('are raised when their fraction has passed, not before, and once', async () => {
    await start('a', { fractions: [0.5, 0.75] })
    now = noon + 12 * hour - 1
    await raise()
    expect(await raised()).toEqual([])
    now = noon + 12 * hour
    await raise()
    await raise()
    expect(await raised()).toEqual(['a 0.5'])
    now = noon + 24 * hour
    await raise()
    expect(await raised()).toEqual(['a 0.5', 'a 0.75', 'a 1'])
  })

  it('are raised once with several workers at once', async () => {
    for (let i = 0; i < 30; i++) await start(`clock ${i}`, { fractions: [0.25, 0.5, 0.75] })
    now = noon + 24 * hour
    await Promise.all([raise(), raise(), raise()])
    await raise()
    const all = await raised()
    expect(all).toHaveLength(120)
    expect(new Set(all).size).toBe(120)
  })

  it('come in order after a long death, and none is lost', async () => {
    await start('slow', { within: hours(100), fractions: [0.5] })
    await start('fast', { within: hours(10), target: null, fractions: [0.9] })
    now = noon + 1000 * hour
    await raise()
    expect(await raised()).toEqual(['fast 0.9', 'fast 1', 'slow 0.5', 'slow 1'])
  })

  it('that a worker had not committed when it died are raised by the next', async () => {
    await start('a', { fractions: [0.25, 0.5] })
    now = noon + 24 * hour
    const dying = raise((tx, nth) =>
      nth === 1 ? tx.rows`select pg_terminate_backend(pg_backend_pid())` : null,
    )
    await expect(dying).rejects.toMatchObject({ code: 'database-away' })
    expect(await raised()).toEqual([])
    await raise()
    expect(await raised()).toEqual(['a 0.25', 'a 0.5', 'a 1'])
  })

  it('that cannot be answered wait, and hold back no other clock', async () => {
    await start('bad', { fractions: [0.25, 0.5] })
    await start('good')
    now = noon + 24 * hour
    let isMended = false
    const handle = async (tx: Transaction, { subject, fraction }: Alarm) => {
      await tx.rows`insert into tests.raised (subject, fraction) values (${subject}, ${fraction})`
      if (subject === 'bad' && !isMended) await tx.rows`select 1 / 0`
    }
    const once = () => within((tx) => raiseAlarms(tx, handle))

    const { unanswered } = await once()
    expect(unanswered).toMatchObject([{ alarm: { subject: 'bad', fraction: 0.25 } }])
    expect(unanswered[0]!.failure.code).toBe('internal')
    expect(await raised()).toEqual(['good 0.5', 'good 1'])
    expect(await once()).toEqual({ raised: 0, unanswered: [] })

    now += 1000
    expect((await once()).unanswered).toHaveLength(1)
    now += 1000
    expect((await once()).unanswered, 'the second wait is longer').toHaveLength(0)
    isMended = true
    now += 1000
    await once()
    expect(await raised()).toEqual(['good 0.5', 'good 1', 'bad 0.25', 'bad 0.5', 'bad 1'])
  })

  it('of a clock that stopped are silent, and due again when it is reopened', async () => {
    const { id } = await start('a')
    now = noon + hour
    await within((tx) => stopClock(tx, id, { stoppedAt: now, proof: 'accepted' }))
    now = noon + 48 * hour
    await raise()
    expect(await raised()).toEqual([])
    await within((tx) => reopenClock(tx, id, 'bounced'))
    await raise()
    expect(await raised()).toEqual(['a 0.5', 'a 1'])
  })

  it('are not raised twice, nor early, when the machine’s clock is set back', async () => {
    await start('a')
    now = noon + 12 * hour
    await raise()
    now = noon - 100 * hour
    await raise()
    now = noon + 12 * hour
    await raise()
    expect(await raised()).toEqual(['a 0.5'])
    now = noon + 24 * hour
    await raise()
    expect(await raised()).toEqual(['a 0.5', 'a 1'])
  })
})

describe('wall time', () => {
  it.each([
    [
      'a day over the change to summer time has 24 hours',
      '2026-03-28T12:00:00+01:00',
      hours(24),
      '2026-03-29T13:00:00+02:00',
    ],
    [
      'a month over it ends at the same hour of the day',
      '2026-03-15T12:00:00+01:00',
      { months: 1, seconds: 0 },
      '2026-04-15T12:00:00+02:00',
    ],
    [
      'a month after 31 January is the end of February',
      '2027-01-31T09:00:00+01:00',
      { months: 1, seconds: 0 },
      '2027-02-28T09:00:00+01:00',
    ],
    [
      'in a leap year its 29th',
      '2028-01-31T09:00:00+01:00',
      { months: 1, seconds: 0 },
      '2028-02-29T09:00:00+01:00',
    ],
    [
      'a quarter after 30 November too',
      '2026-11-30T09:00:00+01:00',
      { months: 3, seconds: 0 },
      '2027-02-28T09:00:00+01:00',
    ],
    [
      'an hour that does not exist is passed over',
      '2026-02-28T02:30:00+01:00',
      { months: 1, seconds: 0 },
      '2026-03-28T02:30:00+01:00',
    ],
    [
      'a month that ends in the hour that is there twice takes the first',
      '2026-09-25T02:30:00+02:00',
      { months: 1, seconds: 0 },
      '2026-10-25T02:30:00+02:00',
    ],
  ])('%s', async (subject, from, within, due) => {
    const startedAt = Date.parse(from)
    const clock = await start(subject, { startedAt, within, target: null })
    expect(clock.dueAt).toBe(Date.parse(due))
  })
})

/** What a clock is, without a database: to compare with. */
interface Model {
  subject: string
  id: string
  startedAt: number
  dueAt: number
  stopped: boolean
  /** Fractions that were raised. */
  raised: Set<number>
}

type Command =
  | { do: 'start'; within: number; fractions: number[] }
  | { do: 'stop' | 'reopen'; which: number }
  | { do: 'earlier'; which: number; by: number }
  | { do: 'advance'; by: number }
  | { do: 'raise'; killedAt: number | null; workers: number }

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant('start' as const),
    within: fc.integer({ min: 1, max: 48 }),
    fractions: fc.subarray([0.25, 0.5, 0.75]),
  }),
  fc.record({ do: fc.constantFrom('stop' as const, 'reopen' as const), which: fc.nat(4) }),
  fc.record({
    do: fc.constant('earlier' as const),
    which: fc.nat(4),
    by: fc.integer({ min: -2, max: 10 }),
  }),
  fc.record({ do: fc.constant('advance' as const), by: fc.integer({ min: 0, max: 20 }) }),
  fc.record({
    do: fc.constant('raise' as const),
    killedAt: fc.option(fc.nat(3), { nil: null }),
    workers: fc.integer({ min: 1, max: 3 }),
  }),
)

const fractionsAgain = [0.25, 0.5, 0.75]

describe('any history of clocks', () => {
  /** Which alarms a model has still to raise now, in order. */
  const due = (models: readonly Model[], fractions: ReadonlyMap<string, number[]>) =>
    models
      .filter(({ stopped }) => !stopped)
      .flatMap((model) =>
        alarmsOf(model.startedAt, model.dueAt, fractions.get(model.subject)!)
          .filter(({ fraction, instant }) => instant <= now && !model.raised.has(fraction))
          .map(({ fraction }) => `${model.subject} ${fraction}`),
      )

  it('raises what a model raises, killed or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 25 }), async (commands) => {
        now = noon
        await kept.as.superuser.query('truncate clocks.clocks, clocks.alarms, tests.raised')
        const models: Model[] = []
        const fractions = new Map<string, number[]>()
        const seen: string[] = []
        for (const one of commands) {
          const model = 'which' in one ? models[one.which % Math.max(1, models.length)] : undefined
          if ('which' in one && !model) continue
          switch (one.do) {
            case 'start': {
              const subject = `c${models.length}`
              const { id } = await start(subject, {
                within: hours(one.within),
                target: null,
                fractions: one.fractions,
              })
              fractions.set(subject, one.fractions)
              const dueAt = now + one.within * hour
              models.push({ subject, id, startedAt: now, dueAt, stopped: false, raised: new Set() })
              break
            }
            case 'stop':
              await within((tx) => stopClock(tx, model!.id, { stoppedAt: now, proof: 'x' }))
              model!.stopped = true
              break
            case 'reopen':
              await within((tx) => reopenClock(tx, model!.id, 'because'))
              model!.stopped = false
              break
            case 'earlier': {
              const to = Math.max(model!.startedAt, model!.dueAt - one.by * hour)
              await within((tx) => moveDueEarlier(tx, model!.id, to, fractionsAgain))
              if (to < model!.dueAt) {
                model!.dueAt = to
                fractions.set(model!.subject, fractionsAgain)
              }
              break
            }
            case 'advance':
              now += one.by * hour
              break
            case 'raise': {
              const { killedAt } = one
              const kill = (tx: Transaction, nth: number) =>
                nth === killedAt ? tx.rows`select pg_terminate_backend(pg_backend_pid())` : null
              const workers = Array.from({ length: one.workers }, () => raise(kill))
              const ends = await Promise.allSettled(workers)
              const expected = due(models, fractions)
              const killed = ends.some(({ status }) => status === 'rejected')
              expect(killed).toBe(killedAt !== null && expected.length > killedAt)
              if (killed) await raise()
              // Where one came while another raised, it left the rest to it.
              await raise()
              const all = await raised()
              const fresh = all.slice(seen.length)
              expect(all.slice(0, seen.length)).toEqual(seen)
              expect(fresh.toSorted()).toEqual(expected.toSorted())
              seen.push(...fresh)
              for (const said of fresh) {
                const [subject, fraction] = said.split(' ')
                models.find((one) => one.subject === subject)!.raised.add(Number(fraction))
              }
            }
          }
        }
        for (const { subject, dueAt, stopped } of models) {
          const clock = (await find(subject))!
          expect([clock.dueAt, clock.stoppedAt !== null]).toEqual([dueAt, stopped])
        }
      }),
      { numRuns: 25, verbose: 1 },
    )
  }, 300_000)

  it('counts months on the calendar of the page’s zone, whatever the instant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2034, 0) }),
        fc.integer({ min: 1, max: 24 }),
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Pacific/Chatham', 'UTC'),
        (from, months, timeZone) => {
          const due = addDuration(from, { months, seconds: 0 }, timeZone)
          const length = (due - from) / 86_400_000
          expect(length).toBeGreaterThanOrEqual(28 * months)
          expect(length).toBeLessThanOrEqual(31 * months + 1 / 12)
          expect(addDuration(from, { months: months + 1, seconds: 0 }, timeZone)).toBeGreaterThan(
            due,
          )
        },
      ),
    )
  })
})
