/** Test support: pages of one promise, and evidence about it of any kind and order. */
import type { Claim, Evidence, Page } from '@kept/page'
import * as fc from 'fast-check'
import {
  day,
  evidenceOf,
  speakers,
  strangers,
  subjectsOf,
  type Strand,
  type World,
} from '../../page/test/world.ts'
import type { Edition } from '../src/capabilities/claims/changes.ts'

/** A page with one claim, which is the promise of a world. */
export function editionOf({ proof, params, register, timeZone }: World): Edition {
  const claim = {
    id: 'claim',
    text: 'We keep it',
    obligations: [{ proof, params }],
    faulty: null,
  } as unknown as Claim
  const page = { claims: [claim], timeZone } as unknown as Page
  return {
    source: '',
    page,
    systems: {
      subjects: register.subjects.map((one) => ({ ...one, address: null, secret: null })),
      runners: register.runners.map((one) => ({ ...one, key: null })),
      unread: register.unread,
    },
  }
}

/** A run of words about one strand: some of a kind in a row, as a broken collector makes them. */
export interface Streak {
  strand: number
  subject: number
  runner: number
  outcome: Evidence['outcome']
  says: 'good' | 'bad' | 'nothing' | 'half'
  count: number
  /** Days before now that the last of them was seen, and between one and the next. */
  before: number
  apart: number
  case: string | number | null
  isDone: boolean
}

export const streak: fc.Arbitrary<Streak> = fc.record({
  strand: fc.nat(5),
  subject: fc.nat(3),
  runner: fc.nat(speakers.length + strangers.length - 1),
  outcome: fc.constantFrom('pass', 'pass', 'fail', 'inconclusive'),
  says: fc.constantFrom('good', 'good', 'bad', 'nothing', 'half'),
  count: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 28, max: 65 })),
  before: fc.oneof(fc.constantFrom(0, 1, 30, 90, 365), fc.integer({ min: 0, max: 1500 })),
  apart: fc.constantFrom(0, 0.01, 1, 31, 100),
  case: fc.constantFrom(null, '', 'A', 'B', 'C', 41),
  isDone: fc.boolean(),
})

export function tell(world: World, streaks: readonly Streak[]): Evidence[] {
  const runners = [...speakers.map(({ id }) => id), ...strangers]
  return streaks.flatMap((one) => {
    const strand = world.strands[one.strand % world.strands.length]!
    const subjects = subjectsOf(world, strand.need)
    const subject = subjects[one.subject % subjects.length]!.id
    return Array.from({ length: one.count }, (_, i) => {
      const observedAt = Math.floor(world.now - (one.before + i * one.apart) * day)
      const measured = measuredOf(strand, one, observedAt)
      const { outcome } = one
      const runner = runners[one.runner]!
      return evidenceOf(world, strand, subject, { observedAt, measured, outcome, runner })
    })
  })
}

function at(instant: number): string {
  return new Date(instant).toISOString()
}

function measuredOf(strand: Strand, one: Streak, observedAt: number): Evidence['measured'] {
  const { good, bad } = strand.need
  const isOwn = strand.kind === strand.need.kind
  const own = isOwn ? good : {}
  const facts =
    one.says === 'good'
      ? own
      : one.says === 'bad'
        ? ((isOwn ? bad : null) ?? {})
        : one.says === 'half'
          ? Object.fromEntries(Object.entries(own).slice(1))
          : {}
  if (strand.role !== 'case' || one.case === null) return facts
  return {
    ...facts,
    case: one.case,
    startedAt: at(observedAt - day),
    ...(one.isDone ? { doneAt: at(observedAt) } : {}),
  }
}
