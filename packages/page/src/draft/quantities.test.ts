import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration } from '../duration.ts'
import { daysIn, frequenciesIn, lengthsIn } from './quantities.ts'

const lengths = (text: string) =>
  lengthsIn(text).map(({ target, promise, role }) => {
    const [low, high] = [formatDuration(target), formatDuration(promise)]
    return `${role} ${low === high ? high : `${low}..${high}`}`
  })
const often = (text: string) => frequenciesIn(text).map(({ every }) => formatDuration(every))

describe('lengths of time', () => {
  it.each([
    ['within the hour', ['within 1h']],
    ['closed the same day', ['within 24h']],
    ['on their last working day', ['within 24h']],
    ['after 12 idle hours', ['within 12h']],
    ['following a quarter of an hour of inactivity', ['within 15m']],
    ['in under half an hour', ['within 30m']],
    ['within thirty (30) days', ['within 30d']],
    ['a fortnight', ['plain 2w']],
    ['at least 90 days', ['least 90d']],
    ['one to two days', ['plain 24h..48h']],
    [
      'We aim at 2 hours and commit to 4, and lose 30 minutes at most',
      ['within 2h..4h', 'within 30m'],
    ],
    ['24 hours a day', []],
    ['the second ones', []],
  ])('%s', (text, said) => {
    expect(lengths(text)).toEqual(said)
  })

  it.each([
    ['within 2 working days', true],
    ['within two business hours', true],
    ['within 2 days', false],
  ])('%s counts business days: %s', (text, business) => {
    expect(lengthsIn(text)).toMatchObject([{ role: 'within', business }])
  })

  it('are read back as they were written', () => {
    const unit = fc.constantFrom(['minutes', 60], ['hours', 3600], ['days', 86_400], ['weeks', 604_800])
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 90 }), unit, (count, [name, seconds]) => {
        const [one] = lengthsIn(`We do it within ${count} ${name} of the event.`)
        expect(one).toMatchObject({ role: 'within', promise: { months: 0, seconds: count * seconds } })
      }),
    )
  }) // prettier-ignore
})

describe('frequencies', () => {
  it.each([
    ['every night', ['24h']],
    ['every Monday', ['1w']],
    ['each spring', ['1y']],
    ['twice per annum', ['6mo']],
    ['4x a year', ['3mo']],
    ['thrice a year', ['4mo']],
    ['once in every calendar year', ['1y']],
    ['every six (6) months', ['6mo']],
    ['at intervals of no more than four hours', ['4h']],
    ['semi-annually', ['6mo']],
    ['overnight', ['24h']],
    ['every January', ['1y']],
    ['each March and each September', ['6mo']],
    ['every January and every March', []],
    ['in March and in September', []],
    ['99.9 % per month', []],
    ['600 requests per minute', []],
  ])('%s', (text, said) => {
    expect(often(text)).toEqual(said)
  })
})

describe('days', () => {
  it.each([
    ['until 14 March 2026', ['2026-03-14']],
    ['by March 14th, 2026', ['2026-03-14']],
    ['on 2026-02-30', []],
    ['in June 2027', ['2027-06-30']],
  ])('%s', (text, said) => {
    expect(daysIn(text).map(({ date }) => date)).toEqual(said)
  })
})
