import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { didYouMean, findingAt } from './finding.ts'
import { indexLines } from './place.ts'

describe('didYouMean', () => {
  const known = ['within', 'every', 'min', 'regions', 'provider']
  it.each([
    ['witin', 'within'],
    ['WITHIN', 'within'],
    ['evrey', 'every'],
    ['max', null],
    ['mim', 'min'],
    ['region', 'regions'],
    ['anything', null],
    ['', null],
  ])('%s: %s', (word, near) => {
    expect(didYouMean(word, known)).toBe(near)
  })
  it('finds a word with one letter changed, left out or put in', () => {
    const slip = fc.tuple(fc.constantFrom(...known), fc.nat(), fc.constantFrom('x', ''), fc.nat(1))
    fc.assert(
      fc.property(slip, ([word, where, letter, skip]) => {
        const i = where % word.length
        const typed = word.slice(0, i) + letter + word.slice(i + skip)
        expect(didYouMean(typed, known)).toBe(word)
      }),
    )
  })
  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (word) => {
        const near = didYouMean(word, known)
        expect(near === null || known.includes(near)).toBe(true)
      }),
    )
  })
})

describe('findingAt', () => {
  it('marks a stretch from line to line', () => {
    const lines = indexLines('one\ntwo\nthree')
    const what = { rule: 'systems', level: 'error', message: 'no' } as const
    expect(findingAt(lines, { from: 5, to: 9 }, what)).toEqual({
      ...what,
      line: 2,
      column: 2,
      endLine: 3,
      endColumn: 2,
      suggestion: null,
    })
  })
})
