import { expect, it } from 'vitest'
import { objections } from '../../test/objections.ts'

const found = (regions: string) =>
  objections(`[All data lies there](kept:residency?regions=${regions}#a).`)

it.each([
  'us',
  'eu',
  'eea',
  'ireland',
  'frankfurt',
  'europe',
  'us-east',
  'eu-west-1',
  'EU',
  'fra1',
])('knows %s', (area) => expect(found(area)).toEqual([]))

it.each([
  ['usa', 'us'],
  ['United-Kingdom', 'uk'],
  ['irland', 'ireland'],
  ['nowhere', null],
])('warns of %s', (area, suggestion) => {
  expect(found(`eu,${area}`)).toMatchObject([{ rule: 'parameter', level: 'warning', suggestion }])
})
