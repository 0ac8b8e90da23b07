import { describe, expect, it } from 'vitest'
import { isMultiFactor } from './factors.ts'

describe('what a provider says that it asked for', () => {
  it.each([
    ...['pwd', 'pin', 'kba', 'hwk', 'swk', 'otp', 'sms', 'tel', 'sc'].map((one) => [one]),
    ...['fpt', 'face', 'iris', 'vbm', 'retina', 'user', 'mca', 'constructor'].map((one) => [one]),
    ['pwd', 'pin', 'kba'],
    ['hwk', 'otp', 'sms'],
    ['face', 'fpt'],
    ['pwd', 'user', 'rba', 'wia'],
    ['hwk', 'hwk'],
    [],
  ])('is one factor: %s %s %s %s', (...amr) => {
    expect(isMultiFactor(amr, [])).toBe(false)
  })

  it.each([['mfa'], ['multipleauthn'], ['phr'], ['pwd', 'otp'], ['pin', 'hwk'], ['face', 'swk']])(
    'is more than one: %s %s',
    (...amr) => {
      expect(isMultiFactor(amr, [])).toBe(true)
    },
  )

  it('is more than one by a class that says so, and not by another or by a method in its place', () => {
    expect(isMultiFactor([], ['phrh'])).toBe(true)
    expect(isMultiFactor(['hwk'], ['https://refeds.org/profile/mfa'])).toBe(true)
    expect(isMultiFactor(['hwk'], ['https://refeds.org/profile/sfa', 'mfa', 1])).toBe(false)
  })
})
