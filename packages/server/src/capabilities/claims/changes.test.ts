import { isWorse, judgePage, proofs, readValue, type Evidence, type Proof } from '@kept/page'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anyWorld,
  exampleWorld,
  keeping,
  paramText,
  type World,
} from '../../../../page/src/judge/world.ts'
import { editionOf, streak, tell } from '../../../test/streaks.ts'
import { compareEditions, weakens, type Edition } from './changes.ts'

const isHarmless = (before: Edition, after: Edition) =>
  !compareEditions(before, after).some(weakens)

/** The same world with another value of one parameter, or without it. */
function withOther(world: World): fc.Arbitrary<World> {
  const names = Object.keys(world.proof.params)
  if (names.length === 0) return fc.constant(world)
  return fc.constantFrom(...names).chain((name) => {
    const param = world.proof.params[name]!
    return fc.option(paramText(param), { nil: null, freq: 8 }).map((text) => {
      const { [name]: _, ...rest } = world.params
      if (text === null) return { ...world, params: rest }
      const reading = readValue(param, text)
      return 'problem' in reading ? world : { ...world, params: { ...rest, [name]: reading.value } }
    })
  })
}

const twoWorlds = (list: readonly Proof[]) =>
  fc
    .constantFrom(...list)
    .chain(anyWorld)
    .chain((world) => fc.tuple(fc.constant(world), withOther(world)))

const judge = ({ page, systems }: Edition, evidence: readonly Evidence[], now: number) =>
  judgePage(page, systems, evidence, now).claims[0]!.verdict.verdict

describe('a change of what is promised', () => {
  it('that is called harmless never makes a verdict better, whatever the evidence', () => {
    let harmless = 0
    let differing = 0
    fc.assert(
      fc.property(
        twoWorlds(proofs),
        fc.array(streak, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        ([before, after], streaks, isKept) => {
          const [old, fresh] = [editionOf(before), editionOf(after)]
          if (!isHarmless(old, fresh)) return
          if (compareEditions(old, fresh).length > 0) harmless++
          const evidence = [...(isKept ? keeping(before) : []), ...tell(before, streaks)]
          const [was, is] = [judge(old, evidence, before.now), judge(fresh, evidence, before.now)]
          if (was !== is) differing++
          expect(isWorse(was, is), `${was} became ${is}`).toBe(false)
        },
      ),
      { numRuns: 4000 },
    )
    // That it spoke of changes, and that some of them mattered.
    expect(harmless).toBeGreaterThan(50)
    expect(differing).toBeGreaterThan(0)
  }, 120_000)

  it('is never harmless both ways', () => {
    fc.assert(
      fc.property(twoWorlds(proofs), ([before, after]) => {
        const [old, fresh] = [editionOf(before), editionOf(after)]
        if (compareEditions(old, fresh).length === 0) return
        expect(isHarmless(old, fresh) && isHarmless(fresh, old)).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('an edition', () => {
  const edition = editionOf(exampleWorld(proofs[0]!))
  const { page, systems } = edition
  const [claim] = page.claims
  const [system] = systems.subjects
  const [runner] = systems.runners
  const other = { ...claim!, id: 'other' }

  it('differs in nothing from itself', () => {
    expect(compareEditions(edition, structuredCloneOf(edition))).toEqual([])
  })

  it.each<[string, boolean, Edition]>([
    ['a claim more', true, { ...edition, page: { ...page, claims: [claim!, other] } }],
    ['a claim less', false, { ...edition, page: { ...page, claims: [] } }],
    ['a claim under another id', false, { ...edition, page: { ...page, claims: [other] } }],
    [
      'other words',
      false,
      { ...edition, page: { ...page, claims: [{ ...claim!, text: 'We try' }] } },
    ],
    [
      'a proof less',
      false,
      { ...edition, page: { ...page, claims: [{ ...claim!, obligations: [] }] } },
    ],
    ['another time zone', false, { ...edition, page: { ...page, timeZone: 'Pacific/Kiritimati' } }],
    [
      'a system more',
      true,
      {
        ...edition,
        systems: { ...systems, subjects: [...systems.subjects, { ...system!, id: 'new' }] },
      },
    ],
    [
      'a system less',
      false,
      { ...edition, systems: { ...systems, subjects: systems.subjects.slice(1) } },
    ],
    [
      'another address of a system',
      false,
      {
        ...edition,
        systems: {
          ...systems,
          subjects: [{ ...system!, address: 'elsewhere.test' }, ...systems.subjects.slice(1)],
        },
      },
    ],
    [
      'a runner more',
      false,
      {
        ...edition,
        systems: { ...systems, runners: [...systems.runners, { ...runner!, id: 'new' }] },
      },
    ],
    [
      'a runner less',
      false,
      { ...edition, systems: { ...systems, runners: systems.runners.slice(1) } },
    ],
    [
      'another key of a runner',
      false,
      {
        ...edition,
        systems: { ...systems, runners: [{ ...runner!, key: 'k' }, ...systems.runners.slice(1)] },
      },
    ],
  ])('with %s is harmless: %s', (_, expected, after) => {
    expect(compareEditions(edition, after)).not.toEqual([])
    expect(isHarmless(edition, after)).toBe(expected)
  })
})

/** Proofs hold functions, which do not matter to a comparison. */
function structuredCloneOf({ source, page, systems }: Edition): Edition {
  return { source, page: { ...page, claims: [...page.claims] }, systems: structuredClone(systems) }
}
