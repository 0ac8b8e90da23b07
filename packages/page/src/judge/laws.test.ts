import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Evidence, Measure, Told } from '../evidence.ts'
import { proofs } from '../proofs/index.ts'
import type { Need, Proof } from '../proof.ts'
import { maySpeak, type Runner } from '../register.ts'
import { isWorse, stands, type Verdict } from '../verdict.ts'
import { examine } from './admit.ts'
import { selectSubjects } from './judge.ts'
import {
  anyCollision,
  anyRoster,
  anyStream,
  anyWorld,
  caseOf,
  day,
  evidenceOf,
  exampleWorld,
  isMeasuring,
  judgeAt,
  keeping,
  lately,
  nearlyKeeping,
  person,
  speakers,
  strangers,
  subjectsOf,
  type World,
} from '../../test/world.ts'

/** Runs a law on many worlds of one proof, each with evidence drawn for it. */
function hold<T>(
  proof: Proof,
  draw: (world: World) => fc.Arbitrary<T>,
  law: (world: World, drawn: T) => void,
  numRuns = 30,
): void {
  const drawn = anyWorld(proof).chain((world) => draw(world).map((one) => ({ world, one })))
  fc.assert(
    fc.property(drawn, ({ world, one }) => {
      law(world, one)
    }),
    { numRuns },
  )
}

const personsLast = (a: Runner, b: Runner) =>
  Number(a.holder === 'person') - Number(b.holder === 'person')
type Facts = Need['good']

/** Good evidence with some of its fields changed, by what they are. */
function change({ good, fields }: Need, change: (type: string, value: Measure) => Measure): Facts {
  return Object.fromEntries(
    Object.entries(good).map(([name, value]) => [name, change(fields[name]!, value)]),
  )
}

const isText = (value: Measure) => typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)
const dateAt = (date: string) => (type: string, value: Measure) =>
  type.startsWith('instant') ? `${date}T00:00:00Z` : isText(value) ? date : value

/** Evidence that says nothing, or what cannot be, and objects to nothing. */
const hollow: Record<string, (need: Need) => Facts> = {
  'nothing counted': (need) => change(need, (_, value) => (typeof value === 'number' ? 0 : value)),
  'nothing listed': (need) => change(need, (_, value) => (Array.isArray(value) ? [] : value)),
  'half a thing': (need) =>
    change(need, (type, value) => (/^(?:count|some)/.test(type) ? 0.5 : value)),
  'more than there is': (need) =>
    change(need, (_, value) => (typeof value === 'number' ? 1e300 : value)),
  'a date long gone': (need) => change(need, dateAt('1970-01-01')),
  'a date that never comes': (need) => change(need, dateAt('9999-12-31')),
}

/** Where zero is what is promised, or something else was looked at. */
const zeroIsThePromise = new Map([
  ['nothing counted environment.grant-factors', 'a probe without a second factor was refused'],
  ['nothing counted service.human-reads', '`covers` says whose reads are on record'],
  [
    'nothing counted desk.report-outcomes',
    'the clock beside it wants practice and a living intake',
  ],
  ['nothing counted service.pentest', 'a test may find nothing'],
  ['nothing counted service.scan', 'a scan may find nothing'],
  ['nothing counted database.connections', 'a plain connection was tried and refused'],
  ['nothing counted service.address-lists', 'that there are none is what is promised'],
  ['nothing counted monitor.outlier-test', 'the seeded outlier alerted, at once'],
])

const just = (world: World) => fc.constant(world)
const isKept = ({ verdict }: Verdict) => verdict === 'kept' || verdict === 'due'
/** All that is said, without when it will be said otherwise. */
const words = ({ verdict, until, because, parts }: Verdict) => ({
  verdict,
  until,
  because,
  parts: parts.map((part) => [part.verdict, part.until, part.because, part.evidence]),
})
const isSameWord = (a: Evidence, b: Evidence) =>
  a.outcome === b.outcome &&
  Object.is(a.observedAt, b.observedAt) &&
  isDeepStrictEqual(a.measured, b.measured)
const isCase = ({ strands }: World, kind: string) =>
  strands.some((strand) => strand.role === 'case' && strand.kind === kind)
const isEmpty = ({ subjects, missing }: ReturnType<typeof selectSubjects>) =>
  subjects.length === 0 || missing.length > 0
/** All that a reader acts on: everything but the words. */
const core = ({ verdict, until, parts }: Verdict) => ({
  verdict,
  until,
  parts: parts.map((part) => [part.verdict, part.until, part.kind, part.subject]),
})

describe.each(proofs.map((proof) => [proof.id, proof] as const))('%s', (_, proof) => {
  /** The best verdict there is; what nothing measures is attested at most. */
  const isSaid = proof.needs.some((need) => need.said)
  const best = isSaid ? 'attested' : 'kept'

  it('is kept by its good evidence (control of all that follows)', () => {
    hold(proof, just, (world) => expect(judgeAt(world, keeping(world)).verdict).toBe(best))
  })

  it('is renewed by nothing inconclusive', () => {
    hold(
      proof,
      (world) => fc.tuple(nearlyKeeping(world), anyStream(world)),
      (world, [evidence, more]) => {
        const silent = more.map((one) => ({ ...one, outcome: 'inconclusive' as const }))
        const [told, then] = [judgeAt(world, evidence), judgeAt(world, [...evidence, ...silent])]
        // What speaks of an event starts its clock, and nobody knows of which where it names none.
        const isArming = silent.some(({ kind }) => isCase(world, kind))
        if (isArming) expect(isWorse(told.verdict, then.verdict)).toBe(false)
        else expect(core(then)).toEqual(core(told))
        expect(isKept(judgeAt(world, silent))).toBe(false)
      },
    )
  })

  it('is broken by a later or simultaneous failure, and repaired by no person', () => {
    hold(
      proof,
      () =>
        fc.record({
          pick: fc.nat(),
          by: fc.constantFrom(...speakers),
          after: fc.nat(1),
          // Neither its name nor when it came decides between two of one instant.
          id: fc.constantFrom('!', '~'),
          transit: fc.nat(1),
        }),
      (world, { pick, by, after, id, transit }) => {
        const evidence = keeping(world)
        const strand = world.strands[pick % world.strands.length]!
        const subjects = subjectsOf(world, strand.need)
        const about = subjects[pick % subjects.length]!.id
        const tell = (step: number, rest: Partial<Evidence>) => {
          const observedAt = lately(world, strand) + step
          return evidenceOf(world, strand, about, { observedAt, ...rest })
        }
        const told = { outcome: 'fail' as const, runner: by.id, measured: {} }
        const fail = { ...tell(after, { ...told, id }) }
        const passed = evidence.map((one) => ({ ...one, receivedAt: one.receivedAt + transit }))
        expect(judgeAt(world, [...passed, fail]).verdict).toBe('broken')
        // What names no case repairs what names none either: one event, done since.
        const seen = lately(world, strand)
        const times = { startedAt: seen, doneAt: seen, dueAt: world.now + 400 * day }
        const measured = strand.role === 'case' ? caseOf(strand.need, undefined, times) : undefined
        const mend = (runner: string) => tell(after + 1, { runner, ...(measured && { measured }) })
        expect(judgeAt(world, [...evidence, fail, mend('workload')]).verdict).toBe(best)
        const said = judgeAt(world, [...evidence, fail, mend(person.id)])
        if (by === person || isSaid) return
        expect(said.verdict).toBe('broken')
        // Nor does a person take over a runner's failure by reporting one, then a pass.
        const same = tell(after, { ...told, runner: person.id })
        const taken = [...evidence, fail, same, mend(person.id)]
        expect(judgeAt(world, taken).verdict).toBe('broken')
      },
    )
  })

  it('needs every subject', () => {
    hold(proof, just, (world) => {
      const evidence = keeping(world)
      for (const { kind, subject } of evidence) {
        const without = evidence.filter((one) => one.kind !== kind || one.subject !== subject)
        expect(judgeAt(world, without).verdict).toBe('unproven')
      }
    })
  })

  it('is unproven by a register without its subjects, whatever was said', () => {
    hold(proof, nearlyKeeping, (world, evidence) => {
      const { register } = world
      const empty = { ...world, register: { ...register, subjects: [] } }
      expect(judgeAt(empty, evidence).verdict).toBe('unproven')
      for (const { of } of proof.needs) {
        const subjects = register.subjects.filter((one) => !of.includes(one.type))
        const lacking = judgeAt({ ...world, register: { ...register, subjects } }, evidence)
        expect(lacking.parts.some((part) => part.verdict === 'unproven')).toBe(true)
        expect(isWorse('unproven', lacking.verdict)).toBe(false)
      }
    })
  })

  it('is not kept by systems or evidence that cannot be read whole', () => {
    hold(
      proof,
      (world) =>
        fc.tuple(nearlyKeeping(world), fc.nat(), fc.constantFrom('', 'kind', 'subject', 'both')),
      (world, [evidence, pick, known]) => {
        const { register } = world
        const spoilt = { ...world, register: { ...register, unread: ['line 3: it is amiss'] } }
        const strand = world.strands[pick % world.strands.length]!
        const subjects = subjectsOf(world, strand.need)
        const unread: Told = {
          unread: 'line 3: it is amiss',
          kind: ['kind', 'both'].includes(known) ? strand.kind : null,
          subject: ['subject', 'both'].includes(known)
            ? subjects[pick % subjects.length]!.id
            : null,
        }
        const told = judgeAt(world, evidence)
        for (const said of [judgeAt(spoilt, evidence), judgeAt(world, [...evidence, unread])]) {
          expect(isWorse('unproven', said.verdict)).toBe(false)
          expect(said.verdict).toBe(isWorse(told.verdict, 'unproven') ? told.verdict : 'unproven')
          expect(said.parts.some((part) => part.because.includes('line 3'))).toBe(true)
        }
        const other: Told = { unread: 'line 3', kind: strand.kind, subject: 'elsewhere' }
        expect(judgeAt(world, [...evidence, other])).toEqual(told)
      },
    )
  })

  it('does not get better by one subject more', () => {
    hold(proof, nearlyKeeping, (world, evidence) => {
      const { register } = world
      for (const one of register.subjects) {
        const subjects = register.subjects.filter((other) => other !== one)
        const fewer = { ...world, register: { ...register, subjects } }
        if (proof.needs.some((need) => isEmpty(selectSubjects(need, world.params, fewer.register))))
          continue
        const [less, more] = [judgeAt(fewer, evidence), judgeAt(world, evidence)]
        expect(isWorse(less.verdict, more.verdict)).toBe(false)
      }
    })
  })

  it('is unproven by a word of on= that means no system', () => {
    hold(proof, just, (world) => {
      const judgeOn = (on: string[]) =>
        judgeAt({ ...world, params: { ...world.params, on } }, keeping(world)).verdict
      expect(judgeOn(['production'])).toBe(best)
      expect(judgeOn(['prodution'])).toBe('unproven')
      expect(judgeOn(['production', 'stagin'])).toBe('unproven')
    })
  })

  it('is kept only where runners that are no persons may speak of all of it', () => {
    hold(proof, anyRoster, (world, runners) => {
      const heard = { ...world, register: { ...world.register, runners } }
      const speakersOf = (kind: string, subject: string) =>
        runners.filter((runner) => maySpeak(runner, kind, subject)).toSorted(personsLast)
      const evidence = keeping(world).map((one) => {
        const [runner] = speakersOf(one.kind, one.subject)
        return { ...one, runner: runner?.id ?? 'nobody' }
      })
      const isHeard = world.strands.every(({ need, kind }) =>
        subjectsOf(world, need).every(({ id }) =>
          speakersOf(kind, id).some(({ holder }) => holder !== 'person'),
        ),
      )
      expect(isKept(judgeAt(heard, evidence))).toBe(isHeard && !isSaid)
    })
  })

  it('is never kept by a person’s word', () => {
    hold(proof, nearlyKeeping, (world, evidence) => {
      const said = evidence.map((one) => ({ ...one, runner: person.id }))
      expect(isKept(judgeAt(world, said))).toBe(false)
      if (!isKept(judgeAt(world, evidence))) return
      const proven = evidence.filter((one) => one.runner !== person.id)
      expect(isKept(judgeAt(world, proven))).toBe(true)
    })
  })

  it('is attested when any part rests on a person’s word', () => {
    hold(
      proof,
      () => fc.nat(),
      (world, pick) => {
        const evidence = keeping(world)
        const last = evidence[pick % evidence.length]!
        const mixed = evidence.map((one) => (one === last ? { ...one, runner: person.id } : one))
        const { verdict, because, parts } = judgeAt(world, mixed)
        expect(verdict).toBe('attested')
        expect(because).toContain('attested by')
        expect(parts.some((part) => part.because.includes('attested by the CTO'))).toBe(true)
      },
    )
  })

  it('does not hear the future, the unregistered, or those registered for something else', () => {
    hold(
      proof,
      (world) =>
        fc.tuple(
          nearlyKeeping(world),
          anyStream(world),
          fc.constantFrom(...strangers),
          fc.integer({ min: 1, max: 400 * day }),
          fc.constantFrom('stranger', 'observed', 'received'),
        ),
      (world, [evidence, more, stranger, ahead, why]) => {
        const { now } = world
        const changes: Record<typeof why, (one: Evidence) => Partial<Evidence>> = {
          stranger: () => ({ runner: stranger }),
          observed: () => ({ observedAt: now + ahead, receivedAt: now + ahead }),
          received: () => ({ receivedAt: now + ahead }),
        }
        const noise = more.map((one) => ({ ...one, ...changes[why](one) }))
        expect(judgeAt(world, [...noise, ...evidence])).toEqual(judgeAt(world, evidence))
      },
    )
  })

  it('is not kept by evidence whose times contradict each other, and learns nothing from it', () => {
    hold(
      proof,
      (world) =>
        fc.tuple(
          nearlyKeeping(world),
          anyStream(world),
          fc.integer({ min: 1, max: 400 * day }),
          fc.constantFrom('backwards', 'ahead', 'no-time'),
        ),
      (world, [evidence, more, ahead, why]) => {
        const { now } = world
        const noTime = [NaN, -Infinity, -9e15, 0.5][ahead % 4]!
        const changes: Record<typeof why, (one: Evidence) => Partial<Evidence>> = {
          backwards: (one) => ({ receivedAt: one.observedAt - ahead }),
          ahead: () => ({ observedAt: now + ahead, receivedAt: now }),
          'no-time': () => ({ observedAt: noTime, receivedAt: noTime }),
        }
        const noise = more.map((one) => ({ ...one, ...changes[why](one) }))
        const told = judgeAt(world, evidence)
        const said = judgeAt(world, [...noise, ...evidence])
        if (noise.length === 0) return
        expect(said.verdict).toBe(isWorse(told.verdict, 'unproven') ? told.verdict : 'unproven')
        // Of a stranger it says as little as anything else.
        const strange = noise.map((one) => ({ ...one, runner: strangers[ahead % 3]! }))
        expect(judgeAt(world, [...strange, ...evidence])).toEqual(told)
      },
    )
  })

  it('minds neither other subjects nor repetition nor order', () => {
    hold(
      proof,
      (world) => {
        const shuffled = nearlyKeeping(world).chain((one) =>
          fc.tuple(fc.constant(one), fc.shuffledSubarray(one, { minLength: one.length })),
        )
        return fc.tuple(shuffled, anyStream(world), fc.constantFrom('elsewhere', '', '__proto__'))
      },
      (world, [[evidence, shuffled], more, elsewhere]) => {
        const other = more.map((one) => ({ ...one, subject: elsewhere }))
        const again = structuredClone(evidence)
        const expected = judgeAt(world, evidence)
        expect(judgeAt(world, [...shuffled, ...other, ...again])).toEqual(expected)
      },
    )
  })

  it('lets nobody take a failure back under its own id', () => {
    hold(proof, anyStream, (world, evidence) => {
      const { now } = world
      const pass = { outcome: 'pass' as const, observedAt: now, receivedAt: now }
      const passes = evidence.map((one) => ({ ...one, ...pass }))
      const fails = evidence.map((one) => ({ ...one, outcome: 'fail' as const }))
      const expected = judgeAt(world, fails)
      const said = judgeAt(world, [...passes, ...fails])
      expect(judgeAt(world, [...fails, ...passes])).toEqual(said)
      expect(said.verdict).toBe(expected.verdict)
      expect(said.parts).toEqual(expect.arrayContaining([...expected.parts]))
    })
  })

  it('is not kept by an id that stands for different words, whichever of them came first', () => {
    const draw = (world: World) =>
      anyCollision(world).chain((stream) =>
        fc.tuple(
          fc.constant(stream),
          fc.shuffledSubarray(stream, { minLength: stream.length }),
          fc.nat(),
        ),
      )
    hold(proof, draw, (world, [stream, shuffled, pick]) => {
      const said = judgeAt(world, stream)
      expect(judgeAt(world, shuffled)).toEqual(said)
      // Words are the same whatever the order of their fields, and whenever they are received again.
      const again = stream.map((one) => ({
        ...one,
        receivedAt: Math.min(world.now, one.receivedAt + (pick % day)),
        measured: Object.fromEntries(Object.entries(one.measured).toReversed()),
      }))
      expect(judgeAt(world, [...again, ...stream])).toEqual(said)
      const keys = new Map<string, Evidence[]>()
      for (const one of stream) {
        const key = [one.runner, one.kind, one.subject, one.id].join()
        keys.set(key, [...(keys.get(key) ?? []), one])
      }
      const isDouble = [...keys.values()].some((all) =>
        all.some((one) => !isSameWord(one, all[0]!)),
      )
      if (!isDouble) return
      expect(isWorse('unproven', said.verdict)).toBe(false)
      // Nothing amiss is lost; which of two of one instant speaks last may hang on their ids.
      const apart = stream.map((one, i) => ({ ...one, id: `${i}` }))
      const isTied = new Set(stream.map((one) => one.observedAt)).size < stream.length
      if (!isTied && stream.every(({ outcome }) => outcome !== 'fail')) {
        expect(isWorse(judgeAt(world, apart).verdict, said.verdict)).toBe(false)
      }
    })
  })

  it('says that there was no event only where nobody spoke of one', () => {
    hold(proof, nearlyKeeping, (world, evidence) => {
      for (const part of judgeAt(world, evidence).parts) {
        if (!part.because.includes('no event yet')) continue
        const told = evidence.filter(
          ({ kind, subject }) => kind === part.kind && subject === part.subject,
        )
        expect(told).toEqual([])
      }
    })
  })

  it('is not kept by a pass that lacks, or mismeasures, what is promised', () => {
    hold(
      proof,
      () => fc.constantFrom(NaN, Infinity, -1, '', null, {}),
      (world, strange) => {
        for (const strand of world.strands.filter(isMeasuring)) {
          if (strand.role === 'case') continue
          const { need } = strand
          const needed = Object.keys(need.fields).filter(
            (name) => !need.fields[name]!.endsWith('?'),
          )
          for (const name of [
            ...needed,
            ...(need.requires?.(world.params, subjectsOf(world, need)[0]!) ?? []),
          ]) {
            const { [name]: _, ...lacking } = need.good
            for (const measured of [lacking, { ...lacking, [name]: strange as never }]) {
              const evidence = keeping(world).map((one) =>
                one.kind === need.kind ? { ...one, measured } : one,
              )
              expect(judgeAt(world, evidence).verdict).toBe('unproven')
            }
          }
        }
      },
    )
  })

  it.each(Object.entries(hollow))(
    'is not kept by what measures nothing real: %s',
    (name, spoil) => {
      hold(proof, just, (world) => {
        for (const strand of world.strands.filter(isMeasuring)) {
          const { need, kind } = strand
          const measured = spoil(need)
          if (zeroIsThePromise.has(`${name} ${kind}`)) continue
          if (JSON.stringify(measured) === JSON.stringify(need.good)) continue
          if (strand.role === 'case') {
            const startedAt = world.now - 300 * day
            const told = caseOf(
              need,
              'A',
              { startedAt, doneAt: startedAt, dueAt: startedAt },
              measured,
            )
            const subject = subjectsOf(world, need)[0]!.id
            const done = evidenceOf(world, strand, subject, { measured: told })
            expect(stands(judgeAt(world, [...keeping(world), done]).verdict), kind).toBe(false)
            continue
          }
          const evidence = keeping(world).map((one) =>
            one.kind === kind ? { ...one, measured } : one,
          )
          expect(stands(judgeAt(world, evidence).verdict), kind).toBe(false)
        }
      })
    },
  )

  it('is not kept for ever by any evidence', () => {
    hold(proof, nearlyKeeping, (world, evidence) => {
      const longest = Math.max(5 * 366 * day, ...world.strands.map((one) => 2 * one.period))
      expect(isKept(judgeAt(world, evidence, world.now + longest))).toBe(false)
    })
  })

  it('reads the same until it changes, and lapses when it says', () => {
    hold(
      proof,
      (world) =>
        fc.tuple(nearlyKeeping(world), fc.array(fc.double({ min: 0, max: 1, noNaN: true }))),
      (world, [evidence, shares]) => {
        const { now } = world
        const said = judgeAt(world, evidence)
        const far = now + 200 * 366 * day
        const end = said.changes ?? far
        for (const share of [...shares, 1]) {
          const then = Math.min(end - 1, Math.floor(now + share * (end - now)))
          expect(judgeAt(world, evidence, then)).toEqual(said)
        }
        if (said.changes !== null) {
          expect(said.changes).toBeGreaterThan(now)
          expect(words(judgeAt(world, evidence, said.changes))).not.toEqual(words(said))
        }
        const passing = isKept(said) || ['attested', 'missed'].includes(said.verdict)
        expect(said.until === null).toBe(!passing)
        if (said.until === null) return
        const same = (then: Verdict) =>
          isKept(said) ? isKept(then) : then.verdict === said.verdict
        for (const share of shares) {
          const then = Math.min(said.until - 1, Math.floor(now + share * (said.until - now)))
          expect(same(judgeAt(world, evidence, then))).toBe(true)
        }
        expect(same(judgeAt(world, evidence, said.until - 1))).toBe(true)
        expect(same(judgeAt(world, evidence, said.until))).toBe(false)
      },
    )
  })
})

describe('where zero is the promise', () => {
  it.each([...zeroIsThePromise])('%s: %s', (key) => {
    const [name, kind] = [key.slice(0, key.lastIndexOf(' ')), key.slice(key.lastIndexOf(' ') + 1)]
    const proof = proofs.find(({ needs }) => needs.some((need) => need.kind === kind))!
    const need = proof.needs.find((one) => one.kind === kind)!
    const params = exampleWorld(proof).params as never
    const look = { measured: hollow[name]!(need), observedAt: 0 }
    const told = examine(look, need, params, {} as never)
    const evidence = keeping(exampleWorld(proof)).map((one) =>
      one.kind === kind ? { ...one, measured: hollow[name]!(need) } : one,
    )
    expect(told).toMatchObject({ objection: null })
    expect(judgeAt(exampleWorld(proof), evidence).verdict).toBe('kept')
  })
})
