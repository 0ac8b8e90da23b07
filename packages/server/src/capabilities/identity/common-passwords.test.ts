import { dictionary } from '@zxcvbn-ts/language-common'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { whyCommon } from './common-passwords.ts'
import { strongPassword } from './probe/strong.ts'

describe('a password that is tried first', () => {
  it.each([
    ['passwordpassword', 'many people have'],
    ['iloveyouiloveyou', 'repeats'],
    ['trustno1trustno1', 'repeats'],
    ['letmein letmein', 'repeats'],
    ['dragon dragon dragon', 'repeats'],
    ['Dragon-dragon-DRAGON', 'repeats'],
    ['p@ssw0rd! p@ssw0rd!', 'repeats'],
    ['dragondragondrag', 'repeats'],
    ['🐴🐎🐄🐴🐎🐄🐴🐎🐄🐴🐎🐄', 'repeats'],
    ['adminadmin12', 'little more than "admin'],
    ['letmein2me.!', 'little more than "letmein'],
    ['iloveyou-qwerty', 'little more than "iloveyou"'],
    ['my dragon dragon', 'little more than "dragon"'],
    ['abcdefghijkl', 'runs along'],
    ['lkjihgfedcba', 'runs along'],
    ['abcdefghijkl abcdefghijkl', 'runs along'],
    ['aabbccddeeff', 'runs along'],
    ['qwertyuiop[]x', 'runs along'],
    ['asdfghjkl;zxc', 'runs along'],
    ['qwertz-123456-x', 'runs along'],
    ['abcd1234efgh', 'runs along'],
    ['!@#$%^&*()_+', 'runs along'],
    ['йцукенгшщзхъ', 'runs along'],
    ['correcthorsebatterystaple', 'many people have'],
    ['Correct Horse Battery Staple', 'many people have'],
    ['correct horse battery staple 1', 'many people have'],
    ['to be or not to be', 'many people have'],
  ])('%s is refused', (password, why) => {
    expect(whyCommon(password, 12)).toContain(why)
  })

  it.each([
    'lantern orbit meadow staple',
    'iloveyou gravel orbit',
    'correct horse under nine rivers',
    'Xk3f-qq9Zv7m',
    '7#Kp!x@2^mW$',
    'qwerty gravel lantern',
    'lantern orbit lantern orbit gravel',
    'пять тихих рек под мостом',
    '東京都の静かな五つの川を渡る',
  ])('%s is taken', (password) => {
    expect(whyCommon(password, 12)).toBeNull()
  })

  it('is never four random words, however they are joined', () => {
    const word = fc.constantFrom(...dictionary['diceware-common'])
    const words = fc.uniqueArray(word, { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(words, fc.constantFrom('', ' ', '-', '.'), (four, between) => {
        expect(whyCommon(four.join(between), 12)).toBeNull()
      }),
      { numRuns: 2000 },
    )
  })

  it('is never what a password manager makes', () => {
    const sign = fc.constantFrom(
      ...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'),
    )
    const signs = fc.uniqueArray(sign, { minLength: 16, maxLength: 24 })
    fc.assert(
      fc.property(signs, (one) => {
        expect(whyCommon(one.join(''), 12)).toBeNull()
      }),
      { numRuns: 2000 },
    )
  })
  it('is never what the probe of sign-ins holds to be good', () => {
    for (let seed = 0; seed < 5000; seed++) {
      expect(whyCommon(strongPassword(`${seed}`, 12), 12)).toBeNull()
    }
  })
})
