import { describe, expect, it } from 'vitest'
import { countries } from './countries.ts'
import { areas, arePlaced, liesIn, regionCodes } from './regions.ts'

describe('liesIn', () => {
  it.each([
    ['eu-west-1', 'ireland'],
    ['EU-WEST-1', 'Dublin'],
    ['eu-west-1', 'eu'],
    ['eu-west-1', 'eea'],
    ['eu-west-1', 'europe'],
    ['eu-west-1', 'eu-west-1'],
    ['us-east-1', 'us-east'],
    ['us-east1', 'us-east'],
    ['us-gov-west-1', 'us'],
    ['norwayeast', 'eea'],
    ['denmarkeast', 'denmark'],
    ['denmark', 'eu'],
    ['iceland', 'eea'],
    ['ap-south-1', 'mumbai'],
    ['ap-south-1', 'india'],
    ['eu-west-2', 'uk'],
    ['on-prem-7', 'on-prem-7'],
  ])('%s lies in %s', (code, area) => {
    expect(liesIn(code, area)).toBe(true)
  })
  it.each([
    ['eu-west-2', 'eu'],
    ['eu-central-2', 'eu'],
    ['eu-central-2', 'eea'],
    ['norwayeast', 'eu'],
    ['iceland', 'eu'],
    ['switzerland', 'eea'],
    ['eu', 'denmark'],
    ['us-east-1', 'us-west'],
    ['us-east-1', 'us-east-2'],
    ['us-east-1', 'us-e'],
    ['us-east-1', 'eu'],
    ['us-east-1', ''],
    ['', 'us'],
    ['us', 'us-east'],
    ['ap-southeast-1', 'ap-south'],
    ['ca-central-1', 'us'],
    ['nowhere-1', 'nowhere'],
    ['nowhere-1', 'europe'],
    ['toString', 'us'],
    ['__proto__', 'us'],
  ])('%s does not lie in %s', (code, area) => {
    expect(liesIn(code, area)).toBe(false)
  })
  it('knows a place for every code, and no area that no code lies in', () => {
    for (const code of regionCodes) {
      expect([...areas].filter((area) => liesIn(code, area)).length).toBeGreaterThan(1)
    }
    for (const area of areas) {
      expect([...regionCodes].some((code) => liesIn(code, area))).toBe(true)
    }
  })
  it('knows every member of the Union, and every country once', () => {
    expect(countries.filter(({ union }) => union === 'eu')).toHaveLength(27)
    expect(countries.filter(({ union }) => union === 'eea')).toHaveLength(3)
    const names = countries.flatMap((country) => country.names)
    expect(new Set(names).size).toBe(names.length)
  })
  it('puts all of the Union into the EEA and into Europe, and nothing of it elsewhere', () => {
    const codes = (area: string) => [...regionCodes].filter((code) => liesIn(code, area))
    expect(codes('eea')).toEqual(expect.arrayContaining(codes('eu')))
    expect(codes('europe')).toEqual(expect.arrayContaining(codes('eea')))
    for (const code of codes('europe')) {
      expect(['us', 'asia', 'north-america'].filter((area) => liesIn(code, area))).toEqual([])
    }
  })
})

describe('arePlaced', () => {
  it.each([
    [['eu-west-1'], ['eu'], true],
    [['eu-central-1a'], ['germany'], true],
    [['us-east-1', 'mars-1'], ['eu'], true],
    [['mars-1'], ['mars-1'], true],
    [['mars-1'], ['eu'], false],
    [['eu-west-1', 'mars-1'], ['eu'], false],
  ])('%j in %j: %s', (codes, wanted, placed) => {
    expect(arePlaced(codes, wanted)).toBe(placed)
  })
})
