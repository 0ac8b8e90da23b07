import { judgePage, proofs, type Claim, type Evidence, type Page } from '@kept/page'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { testKept, type TestKept } from '../../../test/kept.ts'
import {
  anyWorld,
  day,
  evidenceOf,
  exampleWorld,
  speakers,
  strangers,
  subjectsOf,
  type Strand,
  type World,
} from '../../../../page/src/judge/world.ts'
import { operation } from '../../foundation/operation.ts'
import type { Edition } from './changes.ts'
import { loadEvidence } from './load.ts'

let kept: TestKept
beforeAll(async () => {
  kept = await testKept()
})
afterAll(() => kept.stop())

/** A page with one claim, which is the promise of a world. */
function editionOf({ proof, params, register, timeZone }: World): Edition {
  const claim = { id: 'claim', obligations: [{ proof, params }], faulty: false } as unknown as Claim
  const page = { claims: [claim], timeZone } as unknown as Page
  return {
    page,
    systems: {
      subjects: register.subjects.map((one) => ({ ...one, address: null, secret: null })),
      runners: register.runners.map((one) => ({ ...one, key: null })),
    },
  }
}

/** A run of words about one strand: some of a kind in a row, as a broken collector makes them. */
interface Streak {
  strand: number
  subject: number
  runner: number
  outcome: Evidence['outcome']
  says: 'good' | 'bad' | 'nothing' | 'half'
  count: number
  /** Days before now that the last of them was seen, and between one and the next. */
  before: number
  apart: number
  case: string | null
  isDone: boolean
}

const streak: fc.Arbitrary<Streak> = fc.record({
  strand: fc.nat(5),
  subject: fc.nat(3),
  runner: fc.nat(speakers.length + strangers.length - 1),
  outcome: fc.constantFrom('pass', 'pass', 'fail', 'inconclusive'),
  says: fc.constantFrom('good', 'good', 'bad', 'nothing', 'half'),
  count: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 28, max: 65 })),
  before: fc.oneof(fc.constantFrom(0, 1, 30, 90, 365), fc.integer({ min: 0, max: 1500 })),
  apart: fc.constantFrom(0, 0.01, 1, 31, 100),
  case: fc.constantFrom(null, 'A', 'B', 'C'),
  isDone: fc.boolean(),
})

function tell(world: World, streaks: readonly Streak[]): Evidence[] {
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
  const at = (instant: number) => new Date(instant).toISOString()
  return {
    ...facts,
    case: one.case,
    startedAt: at(observedAt - day),
    ...(one.isDone ? { doneAt: at(observedAt) } : {}),
  }
}

async function keep(evidence: readonly Evidence[]): Promise<void> {
  await kept.as.superuser.query('truncate claims.evidence')
  await kept.as.superuser.query(
    `insert into claims.evidence
       (id, kind, subject, outcome, observed_at, received_at, runner, measured, ticket)
     select e ->> 'id', e ->> 'kind', e ->> 'subject', e ->> 'outcome',
       to_timestamp((e ->> 'observedAt')::numeric / 1000),
       to_timestamp((e ->> 'receivedAt')::numeric / 1000), e ->> 'runner', e -> 'measured', n
     from jsonb_array_elements($1::jsonb) with ordinality as t (e, n)`,
    [JSON.stringify(evidence)],
  )
}

function load(edition: Edition): Promise<Evidence[]> {
  const once = operation({
    action: 'tests.load',
    says: 'Loads evidence',
    actors: ['worker'],
    input: z.strictObject({}),
    output: z.custom<Evidence[]>(),
    run: (tx) => loadEvidence(tx, edition),
  })
  return kept.ask('worker', once, {})
}

const judge = ({ page, systems }: Edition, evidence: readonly Evidence[], now: number) =>
  judgePage(page, systems, evidence, now).claims[0]!.verdict

const world = fc.constantFrom(...proofs).chain(anyWorld)

it('judges by what it loads as by all evidence there is', async () => {
  const seen = new Map<string, number>()
  let left = 0
  await fc.assert(
    fc.asyncProperty(world, fc.array(streak, { maxLength: 8 }), async (world, streaks) => {
      const all = tell(world, streaks)
      await keep(all)
      const edition = editionOf(world)
      const loaded = await load(edition)
      const [whole, bounded] = [judge(edition, all, world.now), judge(edition, loaded, world.now)]
      seen.set(whole.verdict, (seen.get(whole.verdict) ?? 0) + 1)
      left += all.length - loaded.length
      expect(bounded).toEqual(whole)
    }),
    { numRuns: 200 },
  )
  // That it was not only about pages of which nothing is known, nor by loading everything.
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['broken', 'unproven', 'stale']))
  expect(left).toBeGreaterThan(1000)
}, 300_000)

it('reads past words that measured nothing, to a failure that nobody has repaired', async () => {
  const proof = proofs.find(({ id }) => id === 'encryption.in-transit')!
  const world = exampleWorld(proof, 1)
  const nothing = { subject: 0, strand: 0, says: 'nothing', case: null, isDone: false } as const
  const pass = { ...nothing, outcome: 'pass', runner: 0, apart: 0.001 } as const
  const all = tell(world, [
    { ...pass, count: 60, before: 0.1 },
    { ...pass, outcome: 'fail', count: 1, before: 0.5 },
    { ...pass, says: 'good', runner: 1, count: 1, before: 0.9 },
  ])
  await keep(all)
  const edition = editionOf(world)
  const loaded = await load(edition)
  expect(judge(edition, loaded, world.now).verdict).toBe('broken')
  expect(judge(edition, loaded, world.now)).toEqual(judge(edition, all, world.now))
})
