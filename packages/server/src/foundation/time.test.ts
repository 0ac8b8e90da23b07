import { expect, it } from 'vitest'
import { movableTime, stillTime, systemTime } from './time.ts'

it('moves forward by hand, on top of its base', () => {
  let base = 1000
  const time = movableTime({ now: () => base }, 50)
  expect(time.now()).toBe(1050)
  time.advance(100)
  base += 1
  expect([time.now(), time.ahead]).toEqual([1151, 150])
})

it.each([-1, Number.NaN])('never moves by %s', (milliseconds) => {
  const time = stillTime(1000)
  expect(() => time.advance(milliseconds)).toThrow(RangeError)
  time.advance(0)
  expect(time.now()).toBe(1000)
})

it('is the machine’s where nobody moves it', () => {
  const before = Date.now()
  expect(systemTime.now()).toBeGreaterThanOrEqual(before)
  expect(systemTime.now()).toBeLessThanOrEqual(Date.now())
})
