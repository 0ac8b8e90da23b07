import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine, foresee, forever, isWorse, stands, verdictNames, type Part } from './verdict.ts'

const name = fc.constantFrom(...verdictNames)

/** A part with any verdicts to come, as a judge would foresee them. */
const part = fc
  .tuple(
    name,
    fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
    fc.infiniteStream(name),
  )
  .map(([first, instants, names]): Part => {
    const turns = instants.toSorted((a, b) => a - b)
    const verdicts = [first, ...turns.map(() => names.next().value)]
    const ruling = foresee(0, turns, (at) => {
      const verdict = verdicts[turns.filter((turn) => turn <= at).length]!
      return { verdict, because: verdict, evidence: [] }
    })
    return { ...ruling, kind: 'a.kind', subject: 'thing' }
  })
const parts = fc.array(part, { minLength: 1, maxLength: 5 })

/** What a part says at an instant to come. */
function verdictAt({ verdict, ahead }: Part, at: number) {
  return ahead.findLast((step) => step.at <= at)?.verdict ?? verdict
}

function worstAt(all: readonly Part[], at: number) {
  return all.map((one) => verdictAt(one, at)).reduce((a, b) => (isWorse(b, a) ? b : a))
}

describe('combine', () => {
  it('is never made better by one part more', () => {
    fc.assert(
      fc.property(parts, part, (some, one) => {
        expect(isWorse(combine(some).verdict, combine([...some, one]).verdict)).toBe(false)
      }),
    )
  })
  it('says the worst of its parts', () => {
    fc.assert(
      fc.property(parts, (all) => {
        expect(combine(all).verdict).toBe(worstAt(all, 0))
      }),
    )
  })
  it('ends when the worst of all parts to come is another, due counting as kept', () => {
    const standing = (verdict: string) => (verdict === 'due' ? 'kept' : verdict)
    fc.assert(
      fc.property(parts, (all) => {
        const { verdict, until } = combine(all)
        const end = [1, 2, 3, 4, 5, 6, 7, 8, 9].find(
          (at) => standing(worstAt(all, at)) !== standing(verdict),
        )
        const lasts = stands(verdict) || verdict === 'missed'
        expect(until).toBe(lasts ? (end ?? null) : null)
      }),
      { numRuns: 1000 },
    )
  })
  it('does not end when two parts change places at one instant', () => {
    const swap = (from: Part['verdict'], to: Part['verdict']): Part => ({
      ...foresee(0, [5], (at) => ({ verdict: at < 5 ? from : to, because: '', evidence: [] })),
      kind: 'a.kind',
      subject: null,
    })
    expect(combine([swap('attested', 'kept'), swap('kept', 'attested')]).until).toBeNull()
  })
  it('changes when the first of its parts does', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const first = Math.min(...all.map((one) => one.changes ?? 99))
        expect(combine(all).changes ?? 99).toBe(first)
      }),
    )
  })
  it('names whoever only says so, even where a miss decides', () => {
    const say = (verdict: Part['verdict'], because: string): Part => ({
      ...forever({ verdict, because, evidence: [] }),
      kind: 'a.kind',
      subject: null,
    })
    const verdict = combine([
      say('missed', 'late'),
      say('attested', 'the CTO says'),
      say('kept', 'x'),
    ])
    expect(verdict.because).toBe('late; the CTO says')
    const four = combine(['a', 'b', 'c', 'd', 'd'].map((because) => say('broken', because)))
    expect(four.because).toBe('a; b; c; and 1 more')
  })
  it('takes a hundred thousand parts', () => {
    const one = { ...fc.sample(part, 1)[0]! }
    expect(() => combine(Array.from({ length: 200_000 }, () => one))).not.toThrow()
  })
})

describe('the order of verdicts', () => {
  it('puts a person’s word below what a runner saw, and above every failing', () => {
    expect(isWorse('attested', 'due')).toBe(true)
    expect(isWorse('missed', 'attested')).toBe(true)
    expect(verdictNames.filter(stands)).toEqual(['kept', 'due', 'attested'])
    for (const verdict of verdictNames) {
      expect(isWorse(verdict, 'kept')).toBe(verdict !== 'kept')
      expect(isWorse('broken', verdict)).toBe(verdict !== 'broken')
    }
  })
})
