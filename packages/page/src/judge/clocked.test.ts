import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDuration, sayLength, type Instant } from '../duration.ts'
import type { Evidence } from '../evidence.ts'
import type { Clocked } from '../proof.ts'
import { findProof, proofs } from '../proofs/index.ts'
import type { Runner } from '../register.ts'
import { stands } from '../verdict.ts'
import { examine } from './admit.ts'
import { bench, judge } from './judge.ts'
import { Clock } from '../../test/world-clock.ts'
import {
  anyWorld,
  at,
  caseOf,
  collector,
  day,
  evidenceOf,
  exampleWorld,
  hour,
  judgeAt,
  keeping,
  minute,
  noCases,
  person,
  promised,
  subjectsOf,
  workload,
  type Strand,
} from '../../test/world.ts'

const clocked = proofs.filter((proof) => proof.needs.some((need) => need.form === 'clocked'))

describe.each(clocked.map((proof) => [proof.id, proof] as const))('the clock of %s', (_, proof) => {
  /** Tries a law on clocks whose time the page sets. */
  const hold = (law: (clock: Clock, share: number) => void) => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true })
    fc.assert(
      fc.property(anyWorld(proof), share, (world, drawn) => {
        const need = world.strands.find((strand) => strand.role === 'case')!.need as Clocked
        fc.pre(typeof need.within(world.params, need.good as never) === 'object')
        law(new Clock(world), drawn)
      }),
      { numRuns: 40 },
    )
  }

  it('without an event, needs a rehearsal and an intake that is alive', () => {
    const world = exampleWorld(proof)
    const evidence = keeping(world)
    const kept = judgeAt(world, evidence)
    expect(kept.verdict).toBe('kept')
    expect(kept.because).toContain('rehearsed, not yet needed')
    for (const strand of world.strands.filter(({ role }) => role !== 'case')) {
      const { verdict } = judgeAt(
        world,
        evidence.filter(({ kind }) => kind !== strand.kind),
      )
      expect(verdict).toBe('unproven')
      const old = evidence.map((one) =>
        one.kind === strand.kind
          ? { ...one, observedAt: world.now - 2 * strand.period, receivedAt: world.now }
          : one,
      )
      expect(judgeAt(world, old).verdict).toBe('stale')
    }
  })

  it('without an event, is unproven when nobody may report one, or only a person', () => {
    const world = exampleWorld(proof)
    const { kind } = world.strands.find(({ role }) => role === 'case')!
    const kinds = world.strands.map((strand) => strand.kind).filter((one) => one !== kind)
    const verdictBy = (...runners: Runner[]) =>
      judgeAt({ ...world, register: { ...world.register, runners } }, keeping(world)).verdict
    const deaf = { ...collector, kinds }
    expect(verdictBy(collector)).toBe('kept')
    expect(verdictBy(deaf)).toBe('unproven')
    expect(verdictBy(deaf, person)).toBe('unproven')
    expect(verdictBy(deaf, { ...workload, subjects: ['elsewhere'] })).toBe('unproven')
    expect(verdictBy(deaf, { ...workload, kinds: [kind] })).toBe('kept')
  })

  it('is broken by a case that only a person may report', () => {
    const world = exampleWorld(proof, 1)
    const clock = new Clock(world)
    const kinds = world.strands.map(({ kind }) => kind).filter((one) => one !== clock.need.kind)
    const runners = [{ ...collector, kinds }, person]
    const said = (...evidence: Evidence[]) =>
      judgeAt({ ...world, register: { ...world.register, runners } }, [
        ...keeping(world),
        ...evidence,
      ]).verdict
    const fail = clock.open(world.now - hour, { runner: person.id, outcome: 'fail', measured: {} })
    expect(said(fail)).toBe('broken')
    expect(said({ ...fail, outcome: 'inconclusive' })).toBe('unproven')
  })

  it('needs an intake that was never silent too long in 90 days', () => {
    hold(({ world, subject }, share) => {
      const strand = world.strands.find(({ role }) => role === 'intake')!
      const beat = (observedAt: Instant, runner = collector.id) =>
        evidenceOf(world, strand, subject, { observedAt, runner })
      const beats = (from: Instant, to: Instant, step: number, runner?: string) => {
        const heard: Evidence[] = []
        for (let next = from; next < to; next += step) heard.push(beat(next, runner))
        return heard
      }
      const judgeBeats = (evidence: readonly Evidence[], now: Instant) =>
        judgeAt(
          world,
          evidence.filter(({ observedAt }) => observedAt <= now),
          now,
        ).parts.find((part) => part.kind === strand.kind && part.subject === subject)!
      const { now } = world
      const fell = now - 300 * day
      const woke = fell + strand.period + Math.ceil(share * 240 * day)
      const before = [...beats(now - 400 * day, fell, day), beat(fell)]
      const heard = [...before, ...beats(woke, woke + 200 * day, day)]
      const silent = judgeBeats(heard, woke)
      expect(silent.verdict).toBe('missed')
      expect(silent.because).toContain(`silent once in 90 d for ${sayLength(woke - fell)}`)
      expect(judgeBeats(heard, woke + 90 * day - 1).verdict).toBe('missed')
      expect(['kept', 'due']).toContain(judgeBeats(heard, woke + 90 * day).verdict)
      const filled = [...heard, ...beats(fell + day, woke, day, person.id)]
      expect(judgeBeats(filled, woke).verdict).toBe('attested')
      // Controls: never silent, for long and since lately.
      const whole = judgeBeats(beats(now - 400 * day, now, day), now)
      expect(['kept', 'due']).toContain(whole.verdict)
      expect(whole.because).toContain('heard at least every 25h for 90 d')
      const young = judgeBeats(beats(now - 10 * day, now, day), now)
      expect(['kept', 'due']).toContain(young.verdict)
      expect(young.because).toContain('heard at least every 25h since 20')
    })
  })

  it('breaks by time alone when its case is not done', () => {
    hold((clock) => {
      const evidence = [clock.open(clock.start)]
      expect(['kept', 'due']).toContain(clock.verdict(evidence, clock.due - 1))
      expect(clock.verdict(evidence, clock.due)).toBe('broken')
      expect(clock.judge(evidence, clock.start).until).toBe(clock.due)
    })
  })

  it('is kept by a case done in time', () => {
    hold((clock, share) => {
      const done = clock.after(share)
      const evidence = [clock.open(clock.start), clock.done(done)]
      expect(clock.verdict(evidence, done)).toBe('kept')
      expect(clock.judge(evidence, clock.due + 9999 * day).changes).toBe(null)
      expect(clock.verdict([clock.open(clock.start), clock.done(clock.due)], clock.due)).toBe(
        'kept',
      )
    })
  })

  it('shows a case done late for 90 days exactly, whatever passes later', () => {
    hold((clock, share) => {
      const late = clock.due + Math.ceil(share * 60 * day)
      const evidence = [clock.open(clock.start), clock.done(late)]
      expect(clock.verdict(evidence, late - 1)).toBe('broken')
      const times = { startedAt: late, doneAt: late }
      const other = caseOf(clock.need, 'INC-2', times)
      const later = [
        clock.done(clock.after(share), { observedAt: late + day }),
        clock.done(clock.after(share), { observedAt: late + day, runner: person.id }),
        evidenceOf(clock.world, clock.strand, clock.subject, {
          measured: other,
          observedAt: late,
        }),
      ]
      for (const stream of [evidence, [...evidence, ...later]]) {
        expect(clock.verdict(stream, late + day)).toBe('missed')
        expect(clock.verdict(stream, late + 90 * day - 1)).toBe('missed')
        expect(clock.verdict(stream, late + 90 * day)).toBe('kept')
        expect(clock.judge(stream, late + day).until).toBe(late + 90 * day)
      }
    })
  })

  it('never lets the due instant move later, whatever later evidence says', () => {
    const word = fc.record({
      start: fc.double({ min: -1, max: 3, noNaN: true }),
      due: fc.option(fc.double({ min: 0, max: 9, noNaN: true })),
      runner: fc.constantFrom('collector', 'person'),
      outcome: fc.constantFrom('pass' as const, 'fail' as const),
    })
    fc.assert(
      fc.property(anyWorld(proof), fc.array(word), (world, words) => {
        const clock = new Clock(world)
        const first = caseOf(clock.need, 'INC-1', { startedAt: clock.start, dueAt: clock.due })
        const later = words.map(({ start, due, runner, outcome }, i) => {
          const startedAt = clock.after(start)
          const times = due === null ? { startedAt } : { startedAt, dueAt: clock.after(due) }
          const measured = caseOf(clock.need, 'INC-1', times)
          return clock.open(clock.start + i + 1, { measured, runner, outcome })
        })
        const evidence = [clock.open(clock.start, { measured: first }), ...later]
        expect(clock.verdict(evidence, Math.max(clock.due, clock.start + words.length))).toBe(
          'broken',
        )
      }),
    )
  })

  it('lets no evidence outbid the page, unless the clock is older than the promise', () => {
    hold((clock, share) => {
      const dueAt = clock.due + Math.ceil(share * 30 * day)
      const measured = caseOf(clock.need, 'INC-1', { startedAt: clock.start, dueAt })
      const evidence = [clock.open(clock.start, { measured })]
      expect(clock.verdict(evidence, clock.due)).toBe('broken')
      const since = (instant: Instant, now: Instant) => {
        const { register, timeZone, params } = clock.world
        const parts = judge(proof, params, bench(register, evidence, now, timeZone), instant).parts
        return parts.find((part) => part.kind === clock.need.kind)!.verdict
      }
      expect(since(clock.start, clock.due)).toBe('broken')
      expect(['kept', 'due']).toContain(since(clock.start + 1, dueAt - 1))
      expect(since(clock.start + 1, dueAt)).toBe('broken')
    })
  })

  it('is missed by what is told after it was due, whenever that says it was done', () => {
    hold((clock, share) => {
      const done = clock.after(share)
      const told = clock.due + Math.ceil(share * 60 * day)
      const open = clock.open(clock.start)
      const again = clock.done(done, { observedAt: told + day })
      for (const late of [
        clock.done(done, { observedAt: told }),
        clock.done(done, { receivedAt: told }),
        clock.done(done, { receivedAt: told, runner: person.id }),
      ]) {
        expect(clock.verdict([open], told - 1)).toBe('broken')
        expect(clock.verdict([open, late], told)).toBe('missed')
        expect(clock.verdict([open, late, again], told + 90 * day - 1)).toBe('missed')
        const end = late.runner === person.id ? told + 91 * day : told + 90 * day
        expect(clock.verdict([open, late, again], end)).toBe('kept')
      }
      // Told in time, told again later: kept all along.
      const intime = clock.done(done, { receivedAt: clock.due })
      expect(clock.verdict([open, intime], clock.due)).toBe('kept')
      expect(clock.verdict([open, intime, again], told + day)).toBe('kept')
    })
  })

  it('does not fill a silence of its intake by what is received after it', () => {
    hold(({ world, subject }, share) => {
      const strand = world.strands.find(({ role }) => role === 'intake')!
      const { now } = world
      const woke = now - 20 * day
      const silent = 2 + Math.floor(share * 40)
      const judgeBeats = (receivedAt: (observedAt: Instant) => Instant) => {
        const beats = Array.from({ length: 120 }, (_, i) => now - i * day - hour).map(
          (observedAt) =>
            evidenceOf(world, strand, subject, { observedAt, receivedAt: receivedAt(observedAt) }),
        )
        return judgeAt(world, beats).parts.find(
          (part) => part.kind === strand.kind && part.subject === subject,
        )!
      }
      const isSilent = (at: Instant) => at < woke && at > woke - silent * day
      const late = judgeBeats((at) => (isSilent(at) ? now : at))
      expect(late.verdict).toBe('missed')
      expect(late.because).toContain(`silent once in 90 d for ${sayLength((silent + 1) * day)}`)
      expect(judgeBeats((at) => at + hour / 2).verdict).toBe('kept')
    })
  })

  it('reopens at the original due instant, and cannot then be done before', () => {
    hold((clock, share) => {
      const done = clock.after(share)
      const back = clock.due + Math.ceil(share * day)
      const bounce = clock.open(back, { outcome: 'fail' })
      const evidence = [clock.open(clock.start), clock.done(done)]
      expect(clock.verdict(evidence, back)).toBe('kept')
      expect(clock.verdict([...evidence, bounce], back)).toBe('broken')
      // At one instant the failure counts, whatever its name.
      for (const id of ['!', '~']) {
        const tie = clock.done(done, { outcome: 'fail', id })
        expect(clock.verdict([...evidence, tie], clock.due)).toBe('broken')
      }
      const early = clock.open(done, { outcome: 'fail' })
      expect(['kept', 'due']).toContain(clock.verdict([...evidence, early], clock.due - 1))
      expect(clock.verdict([...evidence, early], clock.due)).toBe('broken')
      const again = clock.done(done, { observedAt: back + hour })
      expect(clock.verdict([...evidence, bounce, again], back + hour)).toBe('missed')
    })
  })

  it('is stopped by a person only as attested, and never against a failed proof', () => {
    hold((clock, share) => {
      const open = clock.open(clock.start)
      const done = clock.after(share)
      const said = clock.done(done, { runner: person.id })
      const attested = clock.judge([open, said], done)
      expect(attested.verdict).toBe('attested')
      expect(attested.because).toContain('attested by the CTO')
      const failed = clock.done(clock.start, { outcome: 'fail' })
      expect(clock.verdict([open, failed, said], clock.due)).toBe('broken')
      const proven = clock.done(done)
      expect(clock.verdict([open, failed, proven], clock.due)).toBe('kept')
      const later = clock.done(clock.due + 1, { runner: person.id })
      expect(clock.verdict([open, proven, later], clock.due + 1)).toBe('kept')
      // Told late by a runner: missed, unless a person had said it in time.
      const told = clock.done(done, { observedAt: clock.due + 2 })
      expect(clock.verdict([open, later, told], clock.due + 2)).toBe('missed')
      expect(clock.verdict([open, said, told], clock.due + 2)).toBe('attested')
      expect(clock.verdict([open, said, proven, told], clock.due + 2)).toBe('kept')
      const late = clock.done(clock.due + 2)
      expect(clock.verdict([open, said, late], clock.due + 2)).toBe('missed')
    })
  })

  it('does not let a person erase what a runner saw missed', () => {
    hold((clock, share) => {
      const late = clock.due + Math.ceil(share * day)
      const evidence = [
        clock.open(clock.start),
        clock.done(late),
        clock.open(late + 1),
        clock.done(clock.after(share), { observedAt: late + 2, runner: person.id }),
      ]
      expect(clock.verdict(evidence, late + 2)).toBe('missed')
    })
  })

  it('is not stopped by a pass whose measure is bad, lacking or contradicts itself', () => {
    hold((clock, share) => {
      const { need, start, due } = clock
      const open = clock.open(start)
      const done = clock.after(share)
      const times = { startedAt: start, doneAt: done }
      const stop = (measured: Evidence['measured']) =>
        clock.verdict([open, clock.open(done, { measured })], due)
      expect(stop(caseOf(need, 'INC-1', times))).toBe('kept')
      if (need.bad) expect(stop(caseOf(need, 'INC-1', times, need.bad))).toBe('broken')
      for (const name of Object.keys(need.fields)) {
        if (need.fields[name]!.endsWith('?')) continue
        const { [name]: _, ...lacking } = need.good
        expect(stop(caseOf(need, 'INC-1', times, lacking))).toBe('broken')
        const again = clock.open(done + 1, { measured: caseOf(need, 'INC-1', times, lacking) })
        const twice = [open, clock.done(done), again]
        expect(clock.verdict(twice, due)).toBe('kept')
      }
      expect(stop(caseOf(need, 'INC-1', { startedAt: start, doneAt: start - 1 }))).toBe('broken')
      expect(stop(caseOf(need, 'INC-1', { startedAt: start, doneAt: done + minute }))).toBe(
        'broken',
      )
      expect(stop({ ...caseOf(need, 'INC-1', times), doneAt: 'yesterday' })).toBe('broken')
      const alone = caseOf(need, 'INC-1', { startedAt: start, doneAt: start - 1 })
      expect(clock.verdict([clock.open(start, { measured: alone })], due)).toBe('broken')
    })
  })

  it('is armed by a check that could not run, and neither stopped nor eased by one', () => {
    hold((clock, share) => {
      const unsure = { outcome: 'inconclusive' as const }
      const armed = [clock.open(clock.start, unsure)]
      expect(['kept', 'due']).toContain(clock.verdict(armed, clock.due - 1))
      expect(clock.judge(armed, clock.due - 1).because).toContain('INC-1 is open')
      expect(clock.verdict(armed, clock.due)).toBe('broken')
      const done = clock.after(share)
      const stopped = clock.done(done, unsure)
      expect(clock.verdict([...armed, stopped], clock.due)).toBe('broken')
      expect(clock.verdict([...armed, clock.done(done)], clock.due)).toBe('kept')
      // Nor does it reopen what was done.
      const again = clock.open(done + 1, unsure)
      expect(clock.verdict([...armed, clock.done(done), again], clock.due)).toBe('kept')
      const measured = { ...clock.need.good, case: 'INC-1' }
      const undated = clock.open(clock.start, { ...unsure, measured })
      expect(clock.verdict([undated], clock.due - 1)).toBe('unproven')
      expect(clock.verdict([undated], clock.due)).toBe('broken')
      expect(['kept', 'due']).toContain(
        clock.verdict([undated, clock.open(clock.start)], clock.due - 1),
      )
      expect(clock.verdict([undated, clock.done(done)], clock.due)).toBe('kept')
    })
  })

  it('cannot have been done before a failure said that it was not', () => {
    hold((clock, share) => {
      const seen = clock.due + Math.ceil(share * day)
      const late = clock.done(clock.after(share), { observedAt: seen + hour })
      const fail = clock.open(seen, { outcome: 'fail' })
      const evidence = [clock.open(clock.start), fail, late]
      expect(clock.verdict(evidence, seen + hour)).toBe('missed')
      // In time, a failure before the end takes nothing away.
      const early = clock.open(clock.start, { outcome: 'fail' })
      const done = clock.done(clock.after(share))
      expect(clock.verdict([clock.open(clock.start), early, done], clock.due)).toBe('kept')
      const bound = clock.judge([clock.open(clock.start), fail, late], seen + hour).because
      expect(bound).toContain(sayLength(seen - clock.start))
    })
  })

  it('keeps nothing by an event that is open and names no case', () => {
    const draw = fc.record({
      name: fc.constantFrom(...noCases),
      outcome: fc.constantFrom('pass' as const, 'inconclusive' as const),
      runner: fc.constantFrom(collector.id, person.id),
      isDated: fc.boolean(),
      says: fc.constantFrom('good', 'bad', 'nothing'),
    })
    fc.assert(
      fc.property(anyWorld(proof), draw, (world, { name, outcome, runner, isDated, says }) => {
        const clock = new Clock(world)
        const { need, start } = clock
        const facts = { good: need.good, bad: need.bad ?? need.good, nothing: {} }[says]
        fc.pre(need.within(world.params, facts) !== null)
        const times = isDated ? caseOf(need, name, { startedAt: start }, facts) : { ...facts }
        const measured = name === undefined ? times : { ...times, case: name }
        const word = clock.open(start, { outcome, runner, measured })
        const part = clock.judge([word], start)
        const seen = examine(word, need, world.params as never, subjectsOf(world, need)[0]!)
        const isBad = outcome === 'pass' && seen !== null && seen.objection !== null
        if (outcome === 'pass' && says === 'bad' && need.bad) expect(isBad).toBe(true)
        expect(part.verdict).toBe(isBad ? 'broken' : 'unproven')
        expect(part.because).toContain('names no case')
        // Nor does what is known of other cases say anything of it.
        const other = caseOf(need, 'INC-2', { startedAt: start + 1, doneAt: start + 1 })
        const done = clock.open(start + 1, { measured: other })
        expect(stands(clock.verdict([word, done], start + 1))).toBe(false)
      }),
      { numRuns: 40 },
    )
  })

  it('takes a whole number for the text of it', () => {
    hold((clock, share) => {
      const named = (name: string | number, doneAt?: Instant) =>
        clock.open(doneAt ?? clock.start, {
          measured: caseOf(clock.need, name, {
            startedAt: clock.start,
            ...(doneAt === undefined ? {} : { doneAt }),
          }),
        })
      const done = clock.after(share)
      expect(clock.verdict([named(41)], clock.due)).toBe('broken')
      expect(clock.verdict([named(41), named('41', done)], clock.due)).toBe('kept')
      expect(clock.verdict([named('41'), named(41, done)], clock.due)).toBe('kept')
      expect(clock.verdict([named(41), named(4, done)], clock.due)).toBe('broken')
    })
  })

  it('is repaired, where a failure names no case, only by such an event that is done since', () => {
    hold((clock, share) => {
      const { need, start } = clock
      const seen = clock.after(share)
      const fail = (runner = collector.id) =>
        clock.open(seen, { outcome: 'fail', measured: {}, runner })
      const word = (
        name: string | undefined,
        times: { startedAt: Instant; doneAt?: Instant },
        rest: Partial<Evidence> = {},
      ) =>
        clock.open(Math.max(seen, times.doneAt ?? 0) + 1, {
          measured: caseOf(need, name, times),
          ...rest,
        })
      const now = clock.due + day
      const done = { startedAt: start, doneAt: seen }
      expect(clock.verdict([fail(), word(undefined, done)], now)).toBe('kept')
      const others = [
        word('INC-2', done),
        word('INC-2', { startedAt: start }),
        word(undefined, { startedAt: start }),
        word(undefined, { startedAt: seen + 1, doneAt: seen + 1 }),
        word(undefined, done, { outcome: 'inconclusive' }),
        word(undefined, done, { runner: person.id }),
        ...(need.bad
          ? [word(undefined, done, { measured: caseOf(need, '', done, need.bad) })]
          : []),
      ]
      for (const other of others) {
        expect(clock.verdict([fail(), other], now)).toBe('broken')
      }
      expect(clock.verdict([fail(), ...others], now)).toBe('broken')
      expect(
        clock.verdict([fail(person.id), word(undefined, done, { runner: person.id })], now),
      ).toBe('attested')
      // What is done late was done late, whatever it is called.
      const late = { startedAt: start, doneAt: clock.due + 1 }
      expect(clock.verdict([fail(), word(undefined, late)], now)).toBe('missed')
    })
  })

  it('hears of a case whose start or due date cannot be read', () => {
    hold((clock) => {
      for (const times of [
        {},
        { startedAt: 'soon' },
        { startedAt: at(clock.due), dueAt: 'soon' },
      ]) {
        const measured = { ...clock.need.good, case: 'INC-1', ...times }
        const end = addDuration(
          clock.start,
          promised(clock.need, clock.world.params),
          clock.world.timeZone,
        )
        for (const outcome of ['pass', 'fail', 'inconclusive'] as const) {
          const word = clock.open(clock.start, { measured, outcome })
          expect(clock.verdict([word], end)).toBe('broken')
          // It may have been due before: until somebody says when it began, nobody knows.
          expect(clock.verdict([word], clock.start)).toBe('unproven')
          const dated = clock.open(clock.start + 1)
          expect(['kept', 'due']).toContain(clock.verdict([word, dated], clock.start + 1))
        }
      }
    })
  })
})

describe('practice', () => {
  const proof = findProof('incident.team')!
  const world = exampleWorld(proof, 1)
  const clock = new Clock(world)
  const [intake, rehearsal] = ['intake', 'rehearsal'].map((role) =>
    world.strands.find((strand) => strand.role === role)!,
  ) as [Strand, Strand]
  const drill = (observedAt: Instant, outcome: Evidence['outcome']) =>
    evidenceOf(world, rehearsal, clock.subject, { observedAt, outcome })
  const verdict = (...evidence: Evidence[]) =>
    judgeAt(world, [evidenceOf(world, intake, clock.subject), ...evidence]).verdict
  const real = (doneAt: Instant, rest: Partial<Evidence> = {}) =>
    clock.done(doneAt, {
      measured: caseOf(clock.need, 'INC-1', { startedAt: doneAt - hour, doneAt }),
      ...rest,
    })
  const then = world.now - day

  it('is a case done in time as well as a rehearsal', () => {
    expect(verdict(real(then))).toBe('kept')
    expect(verdict(real(then, { runner: person.id }))).toBe('attested')
  })
  it('is no case done late', () => {
    const late = { startedAt: then - 25 * hour, doneAt: then }
    expect(verdict(real(then, { measured: caseOf(clock.need, 'INC-1', late) }))).toBe('unproven')
  })
  it('fails by a rehearsal that failed after the last real case, or at the same instant', () => {
    expect(verdict(real(then), drill(then + 1, 'fail'))).toBe('broken')
    expect(verdict(real(then), drill(then, 'fail'))).toBe('broken')
    expect(verdict(drill(then - 1, 'fail'), real(then))).toBe('kept')
    expect(verdict(drill(then - 1, 'fail'), real(then, { runner: person.id }))).toBe('broken')
  })
})
