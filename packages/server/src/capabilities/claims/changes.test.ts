import {
  compile,
  isWorse,
  judgePage,
  proofs,
  readValue,
  type Evidence,
  type Proof,
} from '@kept/page'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anyWorld,
  exampleWorld,
  keeping,
  paramText,
  type World,
} from '../../../../page/test/world.ts'
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

describe('the prose around claims', () => {
  const text = `# Acme

## Promised

We keep what we say.

### Backups

- [All data is backed up every 24 hours](kept:backup?every=24h#backups).

The following is only planned.

## Not true yet

| What | How |
| --- | --- |
| Keys | [Keys are rotated every year](kept:keys.rotated?every=1y#keys) |
`
  const written = (source: string): Edition => ({
    ...editionOf(exampleWorld(proofs[0]!)),
    source,
    page: compile(source, { format: 'markdown', now: 0 }),
  })
  const changesTo = (after: string) => compareEditions(written(text), written(after))
  const claim = '[All data is backed up every 24 hours](kept:backup?every=24h#backups)'

  it.each([
    ['beside a comment that names a claim', 'We keep what we say.', 'Nothing here is binding <!-- ](kept: -->'],
    ['beside code that names one', 'We keep what we say.', 'None of it is binding, `[x](kept:` says'],
    ['that is gone and named one', 'We keep what we say.', ''],
    ['that strikes a claim out', claim, `~~${claim}~~`],
    ['that quotes a claim', `- ${claim}`, `> ${claim}`],
    ['that makes a claim a task to be done', `- ${claim}`, `- [ ] ${claim}`],
    ['that is no code any more', 'We keep what we say.', '    We keep what we say.'],
    ['with another address of a link', 'We keep what we say.', '[We keep what we say](https://other.example).'],
    ['in the title of a column', '| What | How |', '| What | How it will be |'],
    ['that says a thing twice', 'We keep what we say.', 'We keep what we say. We keep what we say.'],
    ['that a page ends with', 'The following is only planned.', 'The following is only planned. <br>Or not.'],
  ])('waits for a second person %s', (_, from, to) => {
    expect(text).toContain(from)
    const changes = changesTo(text.replace(from, to))
    expect(changes.map(({ kind }) => kind)).toContain('prose-changed')
    expect(changes.some(weakens)).toBe(true)
  })

  it.each([
    ['a sentence', text.replace('\nThe following is only planned.\n', '').replace('We keep', 'The following is only planned.\n\nWe keep')],
    ['a claim to another section', text.replace(`### Backups\n\n- ${claim}.\n`, '') + `\n### Backups\n\n- ${claim}.\n`],
  ])('waits for a second person who sees that it moved: %s', (_, after) => {
    const changes = changesTo(after)
    expect(changes.map(({ kind }) => kind)).toContain('prose-changed')
    expect(changes.at(-1)!.says).toMatch(/^now says here: /)
  })

  it('is shown whole, however long', () => {
    const long = `${'Very '.repeat(300)}well, and nothing of it is binding`
    const said = changesTo(text.replace('We keep what we say', long)).map(({ says }) => says)
    expect(said.join('')).toContain(`${long}.no longer says: We keep what we say.`)
    expect(said.every((one) => one.length <= 500)).toBe(true)
  })

  it.each([
    ['lines that end elsewhere', text.replace('We keep what', 'We keep\nwhat')],
    ['words that are stressed', text.replace('We keep', 'We **keep**')],
    ['a comment', text.replace('We keep', '<!-- to do -->\n\nWe keep')],
  ])('is the same with %s', (_, after) => {
    expect(changesTo(after)).toEqual([])
  })

  it.each([
    ['on a line of its own', text.replace('\nThe following', '- [Staff are trained every year](kept:staff.trained?every=1y#training).\n\nThe following')],
    ['behind another', text.replace('#backups).', '#backups). [Staff are trained every year](kept:staff.trained?every=1y#training).')],
  ])('is the same with a claim more %s, and that is harmless', (_, after) => {
    expect(changesTo(after).map(({ kind }) => kind)).toEqual(['added'])
    expect(changesTo(after).some(weakens)).toBe(false)
  })

  it.each([
    'None of the promises above applies to customers of our free or standard plans',
    'The following no longer holds since 2026-01-01',
    'We keep a page of links',
    'Staff are trained every year, but the promises above are only for paying customers',
    'Staff are trained every year, and what else this page says was written for our old product',
  ])('waits for a second person where a claim more says something else: %s', (words) => {
    for (const address of ['kept:links#more', 'kept:staff.trained?every=1y#more']) {
      const after = text.replace('\nThe following', `- [${words}](${address}).\n\nThe following`)
      expect(changesTo(after).map(({ kind }) => kind)).toEqual(['added-unread'])
      expect(changesTo(after).some(weakens)).toBe(true)
    }
  })
}) // prettier-ignore

/** Proofs hold functions, which do not matter to a comparison. */
function structuredCloneOf({ source, page, systems }: Edition): Edition {
  return { source, page: { ...page, claims: [...page.claims] }, systems: structuredClone(systems) }
}
