import { judgePage, proofs, type Evidence } from '@kept/page'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { testKept, type TestKept } from '../../../test/kept.ts'
import {
  anyWorld,
  evidenceOf,
  exampleWorld,
  keeping,
  type World,
} from '../../../../page/test/world.ts'
import { editionOf, streak, tell } from '../../../test/streaks.ts'
import { operation } from '../../foundation/operation.ts'
import type { Edition } from './changes.ts'
import { loadEvidence } from './load.ts'

/** Each world has its own, earlier ones too. */
let now = Date.UTC(2026, 10, 20)
let kept: TestKept
beforeAll(async () => {
  kept = await testKept({ time: { now: () => now, ahead: 0, advance: () => undefined } })
})
afterAll(() => kept.stop())

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
    input: z.strictObject({}),
    output: z.custom<Evidence[]>(),
    run: (tx) => loadEvidence(tx, edition),
  })
  return kept.ask('worker', once, {})
}

const judge = ({ page, systems }: Edition, evidence: readonly Evidence[], now: number) =>
  judgePage(page, systems, evidence, now).claims[0]!.verdict

/** What all evidence says and what the loaded says, and how many pieces were not read for it. */
async function judgeBoth(world: World, all: readonly Evidence[]) {
  await keep(all)
  const edition = editionOf(world)
  now = world.now
  const loaded = await load(edition)
  return {
    whole: judge(edition, all, now),
    bounded: judge(edition, loaded, now),
    unread: all.length - loaded.length,
  }
}

const world = fc.constantFrom(...proofs).chain(anyWorld)

it('judges by what it loads as by all evidence there is', async () => {
  const seen = new Map<string, number>()
  let left = 0
  await fc.assert(
    fc.asyncProperty(world, fc.array(streak, { maxLength: 8 }), async (world, streaks) => {
      const all = tell(world, streaks)
      const { whole, bounded, unread } = await judgeBoth(world, all)
      seen.set(whole.verdict, (seen.get(whole.verdict) ?? 0) + 1)
      left += unread
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
  const { whole, bounded } = await judgeBoth(world, all)
  expect(bounded.verdict).toBe('broken')
  expect(bounded).toEqual(whole)
})

it('reads past rehearsals that measured too little, to one that failed', async () => {
  const proof = proofs.find(({ id }) => id === 'incident.notice')!
  const world = exampleWorld(proof, 1)
  const strand = world.strands.find(({ role }) => role === 'rehearsal')!
  const drill = (minutes: number, rest: Partial<Evidence>) => {
    const observedAt = world.now - minutes * 60_000
    return evidenceOf(world, strand, 'desk-1', { observedAt, ...rest })
  }
  const others = keeping(world).filter(({ kind }) => kind !== strand.kind)
  const failed = drill(99, { outcome: 'fail' })
  const vague = Array.from({ length: 40 }, (_, i) => drill(i, { measured: { reached: 100 } }))
  const all = [...others, failed, ...vague]
  const { whole, bounded } = await judgeBoth(world, all)
  expect(bounded.verdict).toBe('broken')
  expect(bounded).toEqual(whole)
})

it.each([
  ['whole', 0, 50, 'kept'],
  ['silent for 30 hours 50 days ago', 30, 50, 'missed'],
  ['silent for 30 hours 50 days ago, and filled in today', 30, 50, 'missed'],
  ['silent for 20 days until 80 days ago, and filled in today', 20 * 24, 80, 'missed'],
  ['silent for 20 days until 95 days ago, and filled in today', 20 * 24, 95, 'kept'],
])(
  'sees a heartbeat that was %s, without reading all of it',
  async (name, silence, ago, verdict) => {
    const proof = proofs.find(({ id }) => id === 'incident.team')!
    const world = exampleWorld(proof, 1)
    const intake = world.strands.find(({ role }) => role === 'intake')!
    const isSilent = (hours: number) => hours > ago * 24 && hours < ago * 24 + silence
    const isFilled = name.endsWith('filled in today')
    const beats = Array.from({ length: 200 * 24 }, (_, hours) => hours)
      .filter((hours) => isFilled || !isSilent(hours))
      .map((hours) => {
        const observedAt = world.now - hours * 3_600_000
        const receivedAt = isSilent(hours) ? world.now : observedAt
        return evidenceOf(world, intake, 'desk-1', { observedAt, receivedAt })
      })
    const all = [...keeping(world).filter(({ kind }) => kind !== intake.kind), ...beats]
    await keep(all)
    const edition = editionOf(world)
    now = world.now
    const loaded = await load(edition)
    expect(loaded.length).toBeLessThan(260)
    expect(judge(edition, loaded, world.now).verdict).toBe(verdict)
    expect(judge(edition, loaded, world.now)).toEqual(judge(edition, all, world.now))
  },
)
