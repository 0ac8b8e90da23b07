import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDuration, readDuration, type Instant } from '../duration.ts'
import type { Evidence } from '../evidence.ts'
import type { Repeated } from '../proof.ts'
import { findProof, proofs } from '../proofs/index.ts'
import type { Part } from '../verdict.ts'
import {
  anyWorld,
  day,
  evidenceOf,
  exampleWorld,
  judgeAt,
  person,
  subjectsOf,
  type Strand,
  type World,
} from '../../test/world.ts'

const repeated = proofs.filter((proof) =>
  // What is dated by itself has laws of its own, below.
  proof.needs.some((need) => need.form === 'repeated' && !need.said && !need.day),
)

/** One duty of a world. */
class Duty {
  readonly world: World
  readonly strand: Strand
  readonly subject: string
  constructor(world: World) {
    this.world = world
    this.strand = world.strands.find((strand) => strand.role === 'duty')!
    this.subject = subjectsOf(world, this.strand.need)[0]!.id
  }
  due(last: Instant): Instant {
    const every = (this.strand.need as Repeated).every(this.world.params)
    return addDuration(last, every, this.world.timeZone)
  }
  done(observedAt: Instant, runner = 'collector'): Evidence {
    return evidenceOf(this.world, this.strand, this.subject, { observedAt, runner })
  }
  judge(times: readonly (Instant | Evidence)[], now: Instant): Part {
    const evidence = times.map((one) => (typeof one === 'number' ? this.done(one) : one))
    return judgeAt(this.world, evidence, now).parts.find(
      (part) => part.kind === this.strand.kind && part.subject === this.subject,
    )!
  }
  verdict(times: readonly (Instant | Evidence)[], now: Instant): Part['verdict'] {
    return this.judge(times, now).verdict
  }
}

describe.each(repeated.map((proof) => [proof.id, proof] as const))('the duty of %s', (_, proof) => {
  const hold = (law: (duty: Duty, share: number) => void) => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true })
    fc.assert(
      fc.property(anyWorld(proof), share, ({ params, ...world }, drawn) => {
        // A quota has laws of its own, below.
        const { 'per-year': _, ...rest } = params
        law(new Duty({ ...world, params: rest }), drawn)
      }),
      { numRuns: 40 },
    )
  }

  it('is broken from the due instant on, by time alone', () => {
    hold((duty) => {
      const first = duty.world.now
      const due = duty.due(first)
      expect(duty.judge([first], first).until).toBe(due)
      expect(duty.verdict([first], due - 1)).toBe('due')
      expect(duty.verdict([first], due)).toBe('broken')
      expect(duty.verdict([first], due + 999 * day)).toBe('broken')
    })
  })

  it('shows a duty done late for 90 days exactly, whatever passes later, then is kept', () => {
    hold((duty, share) => {
      const first = duty.world.now
      const late = duty.due(first) + Math.ceil(share * 100 * day)
      expect(duty.verdict([first], late - 1)).toBe('broken')
      const end = late + 90 * day
      const step = Math.max(0.4 * duty.strand.period, day / 4)
      fc.pre(duty.strand.period > day / 2)
      const later: Instant[] = []
      for (let next = late + step; next <= end; next += step) later.push(Math.floor(next))
      expect(duty.verdict([first, late], late)).toBe('missed')
      expect(duty.verdict([first, late, ...later], end - 1)).toBe('missed')
      expect(duty.verdict([first, late, ...later], end)).toBe('kept')
    })
  })

  it('is missed by no duty done exactly in time', () => {
    hold((duty) => {
      const times = [duty.world.now]
      for (let i = 0; i < 4; i++) times.push(duty.due(times.at(-1)!))
      expect(duty.verdict(times, times.at(-1)!)).toBe('kept')
      const [one, two] = times as [Instant, Instant]
      expect(duty.verdict([one, two + 1], two + 1)).toBe('missed')
    })
  })

  it('is missed by what is told after it was due, and holds from when it was done', () => {
    hold((duty, share) => {
      const first = duty.world.now
      const done = Math.floor(first + share * (duty.due(first) - first))
      fc.pre(duty.due(done) > duty.due(first) + 1)
      const told = duty.due(first) + 1
      const late = { ...duty.done(done), receivedAt: told }
      expect(duty.verdict([first], told - 1)).toBe('broken')
      expect(duty.verdict([first, late], told)).toBe('missed')
      expect(duty.judge([first, late], told).because).toContain('proven')
      expect(duty.verdict([first, late], duty.due(done))).toBe('broken')
      const next = duty.due(done)
      const end = told + 90 * day
      expect(duty.verdict([first, late, next], Math.min(next, end - 1))).toBe('missed')
      if (next > end) expect(['kept', 'due']).toContain(duty.verdict([first, late], end))
      // Told in time, or by another in time; or with no record that it was late for.
      const intime = { ...duty.done(done), receivedAt: told - 1 }
      expect(['kept', 'due']).toContain(duty.verdict([first, intime], told))
      const other = { ...duty.done(done), receivedAt: done }
      expect(['kept', 'due']).toContain(duty.verdict([first, late, other], told))
      const history = [{ ...duty.done(first), receivedAt: told }, late]
      expect(['kept', 'due']).toContain(duty.verdict(history, told))
    })
  })

  it('is attested while a person’s word fills a gap', () => {
    hold((duty, share) => {
      fc.pre(duty.strand.period > day / 2)
      const first = duty.world.now
      const said = Math.floor(first + share * (duty.due(first) - first))
      // At the end of a month both may fall due at once.
      fc.pre(duty.due(said) > duty.due(first) + 1)
      const last = duty.due(said) - 1
      const stream = [first, duty.done(said, person.id), last]
      expect(duty.verdict(stream, last)).toBe('attested')
      expect(duty.verdict([first, last], last)).toBe('missed')
      const later: Instant[] = []
      for (let next = last; next < last + 90 * day; next += 0.4 * duty.strand.period)
        later.push(Math.floor(next))
      expect(duty.verdict([...stream, ...later], last + 90 * day - 1)).toBe('attested')
      expect(duty.verdict([...stream, ...later], last + 90 * day)).toBe('kept')
    })
  })
})

describe('months on the calendar of the page', () => {
  const pentest = (every: string, timeZone: string, params = {}) =>
    new Duty({
      ...exampleWorld(findProof('pentest')!, 1),
      params: { every: readDuration(every)!, ...params },
      timeZone,
    })
  it.each([
    ['2mo', 'UTC', '2025-12-31T10:00:00Z', '2026-02-28T10:00:00Z'],
    ['2mo', 'UTC', '2027-12-31T10:00:00Z', '2028-02-29T10:00:00Z'],
    ['1y', 'UTC', '2028-02-29T10:00:00Z', '2029-02-28T10:00:00Z'],
    ['1q', 'UTC', '2026-11-30T00:00:00Z', '2027-02-28T00:00:00Z'],
    // The clocks go forward on 8 March 2026 at 02:00: ten in the morning stays ten in the morning.
    ['1mo', 'America/New_York', '2026-02-15T10:00:00-05:00', '2026-03-15T10:00:00-04:00'],
    // An hour that does not exist that night is read an hour later.
    ['1mo', 'America/New_York', '2026-02-08T02:30:00-05:00', '2026-03-08T03:30:00-04:00'],
    // An hour that comes twice is the first of the two.
    ['1mo', 'America/New_York', '2026-10-01T01:30:00-04:00', '2026-11-01T01:30:00-04:00'],
    ['30d', 'America/New_York', '2026-02-15T10:00:00-05:00', '2026-03-17T11:00:00-04:00'],
    // Still 31 January in India when the day before is not over in London.
    ['1mo', 'Asia/Kolkata', '2026-01-30T20:00:00Z', '2026-02-27T20:00:00Z'],
    ['1mo', 'UTC', '2026-01-30T20:00:00Z', '2026-02-28T20:00:00Z'],
    ['2mo', 'Pacific/Chatham', '2026-02-15T10:00:00+13:45', '2026-04-15T10:00:00+12:45'],
  ])('%s in %s after %s is %s', (every, timeZone, last, due) => {
    const duty = pentest(every, timeZone)
    expect(duty.judge([Date.parse(last)], Date.parse(last)).until).toBe(Date.parse(due))
  })
})

describe('so many in a calendar year', () => {
  const duty = (timeZone: string) =>
    new Duty({
      ...exampleWorld(findProof('pentest')!, 1),
      params: { every: readDuration('2y')!, 'per-year': 2 },
      timeZone,
    })
  const on = (text: string) => Date.parse(text)

  it('does not judge the year in which the record begins', () => {
    const times = [on('2024-06-01T00:00:00Z')]
    expect(duty('UTC').verdict(times, on('2024-12-31T23:59:59Z'))).toBe('kept')
    expect(duty('UTC').verdict(times, on('2025-01-01T00:00:00Z'))).toBe('kept')
  })
  it('is due in the last weeks of a year that is short, and missed for 90 days after', () => {
    const times = [on('2024-06-01T00:00:00Z'), on('2025-03-01T00:00:00Z')]
    const { judge } = { judge: (now: string) => duty('UTC').judge(times, on(now)) }
    expect(judge('2025-11-01T00:00:00Z').verdict).toBe('kept')
    expect(judge('2025-11-01T00:00:00Z').until).toBe(on('2026-01-01T00:00:00Z'))
    expect(judge('2025-12-31T23:59:59Z').verdict).toBe('due')
    const missed = judge('2026-01-01T00:00:00Z')
    expect(missed.verdict).toBe('missed')
    expect(missed.because).toContain('1 in 2025, promised 2')
    expect(missed.until).toBe(on('2026-04-01T00:00:00Z'))
    expect(judge('2026-03-31T23:59:59Z').verdict).toBe('missed')
    expect(judge('2026-04-01T00:00:00Z').verdict).toBe('kept')
    expect(judge('2027-01-01T00:00:00Z').verdict).toBe('missed')
  })
  it('counts a year by the zone of the page', () => {
    // New Year's Eve in New York is New Year's Day on Chatham.
    const eve = on('2025-12-31T20:00:00-05:00')
    const times = [on('2024-06-01T00:00:00Z'), on('2025-03-01T00:00:00Z'), eve]
    expect(duty('America/New_York').verdict(times, on('2026-01-02T12:00:00Z'))).toBe('kept')
    expect(duty('Pacific/Chatham').verdict(times, on('2026-01-02T12:00:00Z'))).toBe('missed')
    const start = on('2026-01-01T00:00:00+13:45')
    const short = times.slice(0, 2)
    expect(duty('Pacific/Chatham').verdict(short, start - 1)).toBe('due')
    expect(duty('Pacific/Chatham').verdict(short, start)).toBe('missed')
  })
  it('is not filled by one test told twice', () => {
    const first = [on('2024-06-01T00:00:00Z'), on('2025-03-01T00:00:00Z')]
    const test = duty('UTC').done(on('2025-03-01T00:00:00Z'))
    const later = on('2026-01-10T00:00:00Z')
    expect(duty('UTC').verdict([first[0]!, test, { ...test }, later], later)).toBe('missed')
  })
  it('is not filled by a test that the page is told of after it', () => {
    const first = [on('2024-06-01T00:00:00Z'), on('2025-03-01T00:00:00Z')]
    const later = on('2026-01-10T00:00:00Z')
    const told = { ...duty('UTC').done(on('2025-05-01T00:00:00Z')), receivedAt: later }
    expect(duty('UTC').verdict([...first, told], later)).toBe('missed')
    const intime = { ...told, receivedAt: on('2026-01-01T00:00:00Z') }
    expect(duty('UTC').verdict([...first, intime], later)).toBe('kept')
    const history = [...first.map((at) => duty('UTC').done(at)), told]
    const all = history.map((one) => ({ ...one, receivedAt: later }))
    expect(duty('UTC').verdict(all, later)).toBe('kept')
  })
  it('is not filled by a person’s word', () => {
    const first = [on('2024-06-01T00:00:00Z'), on('2025-03-01T00:00:00Z')]
    const said = duty('UTC').done(on('2025-05-01T00:00:00Z'), person.id)
    const later = on('2026-01-10T00:00:00Z')
    expect(duty('UTC').verdict([...first, later], later)).toBe('missed')
    expect(duty('UTC').verdict([...first, said, later], later)).toBe('attested')
    expect(duty('UTC').verdict([...first, on('2025-05-01T00:00:00Z'), later], later)).toBe('kept')
  })
})

describe('the same told again', () => {
  const on = (text: string) => Date.parse(text)
  const duty = new Duty({
    ...exampleWorld(findProof('pentest')!, 1),
    params: { every: readDuration('1y')!, 'per-year': 2 },
  })
  const test = (day: string, report: string | null, id: string) => ({
    ...duty.done(on(`${day}T10:00:00Z`)),
    id,
    measured: { ...duty.strand.need.good, ...(report !== null && { report }) },
  })
  const first = test('2024-06-01', 'A', '1')
  const last = test('2026-01-05', 'Z', '9')

  it.each<[string, Evidence[], Part['verdict']]>([
    ['two tests (control)', [test('2025-03-01', 'B', '2'), test('2025-03-01', 'C', '3')], 'kept'],
    ['two days (control)', [test('2025-03-01', null, '2'), test('2025-04-01', null, '3')], 'kept'],
    ['one instant', [test('2025-03-01', null, '2'), test('2025-03-01', null, '3')], 'missed'],
    ['one report', [test('2025-03-01', 'B', '2'), test('2025-04-01', 'B', '3')], 'missed'],
    ['one day', [test('2025-03-01', 'B', '2'), test('2025-03-01', null, '3')], 'missed'],
  ])('under two ids counts as what it is: %s', (_, tests, verdict) => {
    expect(duty.verdict([first, ...tests, last], last.observedAt)).toBe(verdict)
  })

  it('renews nothing', () => {
    const again = test('2026-12-01', 'Z', '10')
    const late = on('2027-01-06T00:00:00Z')
    expect(duty.verdict([first, last, again], late)).toBe('broken')
    expect(duty.verdict([first, last, { ...again, measured: first.measured }], late)).toBe('broken')
    expect(duty.verdict([first, last, test('2026-12-01', 'Y', '10')], late)).not.toBe('broken')
  })
})

describe('a report', () => {
  const duty = new Duty(exampleWorld(findProof('pentest.report')!, 1))
  const seen = (dated: string, at: string) => ({
    ...duty.done(Date.parse(at)),
    measured: { title: 'Report', dated },
  })

  it('is as old as its date, however lately it was seen', () => {
    const now = Date.parse('2026-11-20T12:00:00Z')
    const judge = (dated: string) => duty.judge([seen(dated, '2026-11-20T11:00:00Z')], now)
    expect(judge('2026-11-02').verdict).toBe('kept')
    expect(judge('2026-11-02').until).toBe(Date.parse('2027-11-02T00:00:00Z'))
    expect(judge('2025-11-20').verdict).toBe('broken')
    expect(judge('2025-11-20').because).toContain('last done 2025-11-20')
    expect(judge('2026-11-21').verdict).toBe('unproven')
    expect(judge('9999-12-31').verdict).toBe('unproven')
    expect(judge('November').verdict).toBe('broken')
  })
})

describe('what nothing measures', () => {
  const duty = new Duty(exampleWorld(findProof('attested')!, 1))
  const { now } = duty.world
  const due = duty.due(now)
  it('is attested, whoever carries it, until it must be said again', () => {
    for (const runner of ['collector', 'workload', person.id]) {
      const said = duty.judge([duty.done(now, runner)], now)
      expect([said.verdict, said.until]).toEqual(['attested', due])
      expect(duty.verdict([duty.done(now, runner)], due)).toBe('broken')
      expect(duty.verdict([now, duty.done(due + 1, runner)], due + 1)).toBe('missed')
    }
  })
})

describe('what was tried and failed', () => {
  const duty = new Duty(exampleWorld(findProof('redeploy')!, 1))
  const { now } = duty.world
  const tried = (days: number, seconds: number) => ({
    ...duty.done(now - days * day),
    measured: { seconds },
  })

  it('was due all the same, so that a stricter promise is never kept the better', () => {
    const failed = tried(112, 90_000)
    const done = tried(9, 300)
    expect(duty.verdict([tried(112, 300), done], now)).toBe('missed')
    expect(duty.verdict([failed, done], now)).toBe('missed')
    expect(duty.verdict([failed, tried(40, 300), done], now)).toBe('kept')
    expect(duty.verdict([done], now)).toBe('kept')
  })
})

describe('lateness', () => {
  it('is counted, and the latest one said', () => {
    const duty = new Duty(exampleWorld(findProof('backup')!, 1))
    const { now } = duty.world
    const times = [80, 60, 50, 49, 20, 19, 18, 17.5].map((days) => now - days * day)
    const part = duty.judge(times, now - 17 * day)
    expect(part.verdict).toBe('missed')
    expect(part.because).toContain('missed 3 times, last done 28 d late')
  })
})
