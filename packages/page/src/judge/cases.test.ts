import { describe, expect, it } from 'vitest'
import type { Instant } from '../duration.ts'
import { findProof } from '../proofs/index.ts'
import { Clock } from '../../test/world-clock.ts'
import {
  at,
  caseOf,
  collector,
  day,
  exampleWorld,
  hour,
  judgeAt,
  keeping,
  minute,
  person,
  type World,
} from '../../test/world.ts'

describe('findings.fixed', () => {
  const proof = findProof('findings.fixed')!
  const limit = (hours: number) => ({
    target: { months: 0, seconds: hours * 1800 },
    promise: { months: 0, seconds: hours * 3600 },
  })
  const judgeFinding = (
    params: World['params'],
    measured: Record<string, string>,
    hours: number,
  ) => {
    const clock = new Clock({ ...exampleWorld(proof, 1), params })
    const startedAt = clock.world.now - hours * hour
    const seen = caseOf(clock.need, 'F-1', { startedAt }, measured)
    return clock.verdict([clock.open(startedAt, { measured: seen })], clock.world.now)
  }

  it('gives a weakness of unknown severity the shortest time promised', () => {
    const params = { critical: limit(4), low: limit(99), within: limit(50) }
    for (const measured of [{}, { severity: 'sev1' }, { severity: 'Critical' }]) {
      expect(judgeFinding(params, measured, 3.9)).toBe('due')
      expect(judgeFinding(params, measured, 4)).toBe('broken')
    }
    expect(judgeFinding(params, { severity: 'high' }, 4)).toBe('kept')
    expect(judgeFinding(params, { severity: 'high' }, 50)).toBe('broken')
    expect(judgeFinding(params, { severity: 'low' }, 50)).toBe('due')
  })
  it('goes by the severity that is found later, and never by a milder one after that', () => {
    const params = { critical: limit(4), low: limit(99) }
    const clock = new Clock({ ...exampleWorld(proof, 1), params })
    const { now } = clock.world
    const found = (severity: string | null, hours: number, runner = collector.id) => {
      const facts: Record<string, string> = severity === null ? {} : { severity }
      const measured = caseOf(clock.need, 'F-1', { startedAt: now - 9 * hour }, facts)
      return clock.open(now - hours * hour, { measured, runner })
    }
    expect(clock.verdict([found(null, 9)], now)).toBe('broken')
    expect(clock.verdict([found(null, 9), found('low', 8)], now)).toBe('kept')
    expect(clock.verdict([found(null, 9), found('low', 8, person.id)], now)).toBe('broken')
    expect(clock.verdict([found(null, 9), found('low', 8), found('critical', 7)], now)).toBe(
      'broken',
    )
    expect(clock.verdict([found('critical', 9), found('low', 8), found(null, 7)], now)).toBe(
      'broken',
    )
  })
  it('does not judge a weakness the page promises nothing about, even with a due date', () => {
    const past = { severity: 'low', dueAt: at(0) }
    expect(judgeFinding({ critical: limit(4) }, past, 99)).toBe('kept')
    expect(judgeFinding({ low: 'next-test' }, past, 99)).toBe('broken')
  })
  it('keeps nothing by a weakness whose due date nobody gave, open or done', () => {
    const params = { low: 'next-test' } as const
    expect(judgeFinding(params, { severity: 'low' }, 99)).toBe('unproven')
    const clock = new Clock({ ...exampleWorld(proof, 1), params })
    const done = (due: { dueAt?: Instant }, days = 0) => {
      const doneAt = clock.start + day
      const measured = caseOf(
        clock.need,
        'F-1',
        { startedAt: clock.start, doneAt, ...due },
        {
          severity: 'low',
        },
      )
      return clock.verdict([clock.open(doneAt, { measured })], doneAt + days * day)
    }
    expect(done({ dueAt: clock.start + 2 * day })).toBe('kept')
    expect(done({})).toBe('unproven')
    expect(done({}, 89)).toBe('unproven')
    expect(done({}, 90)).toBe('kept')
  })
  it('is not repaired, where a failure names no weakness, by one it promises nothing about', () => {
    const clock = new Clock({ ...exampleWorld(proof, 1), params: { critical: limit(4) } })
    const { now } = clock.world
    const fail = clock.open(now - hour, { outcome: 'fail', measured: { severity: 'critical' } })
    const fixed = (severity: string) =>
      clock.open(now, {
        measured: caseOf(
          clock.need,
          undefined,
          { startedAt: now - 2 * hour, doneAt: now },
          { severity },
        ),
      })
    expect(clock.verdict([fail, fixed('low')], now)).toBe('broken')
    expect(clock.verdict([fail, fixed('critical')], now)).toBe('kept')
    // Of a weakness nobody was promised anything about, nothing is asked.
    const low = clock.open(now, { measured: { severity: 'low' } })
    expect(clock.judge([low], now).because).toContain('no event of this promise yet')
  })
  it('does not take it for practice either', () => {
    const world = { ...exampleWorld(proof, 1), params: { critical: limit(4) } }
    const clock = new Clock(world)
    const practice = (severity: string) => {
      const times = { startedAt: world.now - 2 * hour, doneAt: world.now - hour }
      const measured = caseOf(clock.need, 'F-1', times, { severity })
      const parts = judgeAt(world, [clock.open(world.now, { measured })]).parts
      return parts.find((part) => part.kind === clock.need.rehearsal.kind)!.verdict
    }
    expect(practice('critical')).toBe('kept')
    expect(practice('low')).toBe('unproven')
  })
  it('is due from its target on', () => {
    const params = { critical: limit(4) }
    expect(judgeFinding(params, { severity: 'critical' }, 1.9)).toBe('kept')
    expect(judgeFinding(params, { severity: 'critical' }, 2)).toBe('due')
  })
})

describe('a due date that evidence gives', () => {
  const clock = new Clock({
    ...exampleWorld(findProof('findings.fixed')!, 1),
    params: { low: 'next-test' },
  })
  it.each([
    [1, 'kept'],
    [2, 'kept'],
    [2.01, 'unproven'],
    [170, 'unproven'],
  ])('%d years ahead, is %s', (years, verdict) => {
    const startedAt = clock.world.now - hour
    const dueAt = startedAt + Math.floor(years * 365 * day)
    const measured = caseOf(clock.need, 'F-1', { startedAt, dueAt }, { severity: 'low' })
    expect(clock.verdict([clock.open(startedAt, { measured })], clock.world.now)).toBe(verdict)
  })
})

describe('a report of a researcher', () => {
  const world = exampleWorld(findProof('disclosure.answered')!, 1)
  const clock = new Clock(world)
  const startedAt = world.now - 10 * day
  const answered = (days: number) =>
    clock.done(startedAt + days * day, {
      measured: caseOf(clock.need, 'R-1', { startedAt, doneAt: startedAt + days * day }),
    })

  it('is answered when it is, whenever it is triaged', () => {
    expect(clock.verdict([answered(2)], world.now)).toBe('kept')
    expect(clock.verdict([answered(4)], world.now)).toBe('missed')
  })
  it('is triaged by a promise of its own', () => {
    const judgeWith = (untriaged: number) => {
      const told = keeping(world).map((one) =>
        one.kind === 'desk.report-outcomes'
          ? { ...one, measured: { ...one.measured, untriaged } }
          : one,
      )
      return judgeAt(world, [...told, answered(2)]).verdict
    }
    expect([judgeWith(0), judgeWith(1)]).toEqual(['kept', 'broken'])
  })
})

describe('an erasure', () => {
  const world = exampleWorld(findProof('erase')!, 1)
  const judgeOpen = (startedBy: string | null, params: World['params']) => {
    const clock = new Clock({ ...world, params: { ...world.params, ...params } })
    const startedAt = world.now - 31 * day
    const measured = caseOf(clock.need, 'E-1', { startedAt }, { startedBy })
    return clock.verdict([clock.open(startedAt, { measured })], world.now)
  }
  it.each([
    [{}, 'request', 'broken'],
    [{}, null, 'broken'],
    [{}, 'termination', 'kept'],
    [{}, 'whim', 'broken'],
    [{ after: 'termination' }, 'Termination', 'broken'],
    [{ after: 'termination' }, null, 'broken'],
    [{ after: 'termination' }, 'request', 'kept'],
  ])('promised %j and started by a %s is %s', (params, startedBy, verdict) => {
    expect(judgeOpen(startedBy, params)).toBe(verdict)
  })
})

describe('many cases', () => {
  const clock = new Clock(exampleWorld(findProof('incident.notice')!, 1))
  const past = (name: string, days: number, hours: number) => {
    const startedAt = clock.world.now - days * day
    const doneAt = startedAt + hours * hour
    return clock.done(doneAt, { measured: caseOf(clock.need, name, { startedAt, doneAt }) })
  }
  it('counts the missed among those of the last 90 days', () => {
    const part = clock.judge(
      [
        past('A', 300, 30),
        past('B', 200, 1),
        past('C', 80, 1),
        past('D', 40, 30),
        past('E', 20, 26),
      ],
      clock.world.now,
    )
    expect(part.verdict).toBe('missed')
    expect(part.because).toBe('desk-1: missed 2 of 3 in 90 days; E took 1 d 2 h, promised 1 d')
    expect(part.changes).toBe(clock.world.now - 80 * day + hour + 90 * day)
    expect(part.until).toBe(clock.world.now - 20 * day + 26 * hour + 90 * day)
  })
  it('start when the first word of them has it', () => {
    const startedAt = clock.world.now - 2 * hour
    const word = (start: Instant, observedAt: Instant) =>
      clock.open(observedAt, {
        measured: caseOf(clock.need, 'A', { startedAt: start, doneAt: startedAt + hour }),
      })
    const part = clock.judge(
      [word(startedAt, startedAt + hour), word(startedAt - hour, clock.world.now)],
      clock.world.now,
    )
    expect(part.because).toContain('A in 2 h')
    const later = clock.judge(
      [word(startedAt, startedAt + hour), word(startedAt + 30 * minute, clock.world.now)],
      clock.world.now,
    )
    expect(later.because).toContain('A in 1 h')
  })
  it('is broken by the one that is open too long', () => {
    const open = caseOf(clock.need, 'A', { startedAt: clock.world.now - 2 * day })
    const evidence = [clock.open(clock.world.now - 2 * day, { measured: open }), past('B', 20, 30)]
    expect(clock.verdict(evidence, clock.world.now)).toBe('broken')
  })
})
