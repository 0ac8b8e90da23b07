import { expect, test } from 'vitest'
import { holds, median, paired, type Target } from './measure.ts'

test.each([
  ['< 0.3', 0.3, false],
  ['< 0.3', 0.29, true],
  ['<= 2', 2, true],
  ['>= 2', 2, true],
  ['> 2', 2, false],
  ['>= 0.7', 0.6, false],
] as [Target, number, boolean][])('a target of %s and a value of %d: %o', (target, value, held) => {
  expect(holds({ name: 'x', value, unit: 's', target })).toBe(held)
})

test('a figure without a target neither holds nor fails', () => {
  expect(holds({ name: 'x', value: 1, unit: 's', target: null })).toBe(null)
})

test('the median of an even number lies between the two in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
})

test('paired runs alternate, after a first that does not count', async () => {
  const order: string[] = []
  await paired(
    2,
    () => order.push('a'),
    () => order.push('b'),
  )
  expect(order.join('')).toBe('abbaab')
})
