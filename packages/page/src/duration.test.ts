import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDuration,
  calendarYear,
  dayEnd,
  durationLength,
  formatDuration,
  isDate,
  isTimeZone,
  readDuration,
  readInstant,
  sayLength,
  yearStart,
} from './duration.ts'

const day = 86_400

describe('readDuration', () => {
  it.each([
    ['15m', 0, 900],
    ['15min', 0, 900],
    ['4h', 0, 14_400],
    ['1d12h', 0, 36 * 3600],
    ['1w', 0, 7 * day],
    ['2mo', 2, 0],
    ['1q', 3, 0],
    ['1y6mo', 18, 0],
    ['1mo1m1s', 1, 61],
    ['PT4H', 0, 14_400],
    ['pt4h', 0, 14_400],
    ['P1Y2M3W4DT5H6M7S', 14, 25 * day + 5 * 3600 + 6 * 60 + 7],
  ])('reads %s', (text, months, seconds) => {
    expect(readDuration(text)).toEqual({ months, seconds })
  })
  it.each([
    '', '4', 'h', '4 h', '0h', '-4h', '4.5h', '4H', '1e3h', 'P', 'PT', 'P4H', 'PT4', '101y', '99999999999s',
    '4hours', '٤h', 'PT4ſ', 'Infinityh', '4h ', ('1s'.repeat(30)),
  ])('refuses "%s"', (text) => {
    expect(readDuration(text)).toBeNull()
  }) // prettier-ignore
  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => readDuration(text)).not.toThrow()
      }),
    )
  })
  it('reads what formatDuration writes', () => {
    const duration = fc
      .record({ months: fc.nat(1199), seconds: fc.nat(100 * day) })
      .filter((one) => durationLength(one) > 0)
    fc.assert(
      fc.property(duration, (one) => {
        expect(readDuration(formatDuration(one))).toEqual(one)
      }),
    )
  })
  it('keeps the order of lengths', () => {
    const lengths = ['59s', '1m', '1h', '1d', '1w', '1mo', '1q', '1y'].map((text) =>
      durationLength(readDuration(text)!),
    )
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b))
  })
})

describe('the calendar', () => {
  const zone = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Chatham')
  const instant = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) })
  it('adds seconds exactly and moves forward by months', () => {
    fc.assert(
      fc.property(instant, fc.nat(100), fc.nat(1e9), zone, (start, months, seconds, timeZone) => {
        expect(addDuration(start, { months: 0, seconds }, timeZone)).toBe(start + seconds * 1000)
        const end = addDuration(start, { months: months + 1, seconds: 0 }, timeZone)
        expect(end).toBeGreaterThan(addDuration(start, { months, seconds: 0 }, timeZone))
        const length = durationLength({ months: months + 1, seconds: 0 })
        expect(Math.abs(end - start - length)).toBeLessThan(4 * day * 1000)
      }),
    )
  })
  it('puts every instant into the year between two beginnings', () => {
    fc.assert(
      fc.property(instant, zone, (at, timeZone) => {
        const year = calendarYear(at, timeZone)
        expect(yearStart(year, timeZone)).toBeLessThanOrEqual(at)
        expect(at).toBeLessThan(yearStart(year + 1, timeZone))
      }),
    )
  })
  it('begins years and ends days by the zone', () => {
    expect(yearStart(2026, 'UTC')).toBe(Date.parse('2026-01-01T00:00:00Z'))
    expect(yearStart(2026, 'Asia/Kolkata')).toBe(Date.parse('2026-01-01T00:00:00+05:30'))
    expect(yearStart(2026, 'Pacific/Chatham')).toBe(Date.parse('2026-01-01T00:00:00+13:45'))
    expect(dayEnd('2022-07-22', 'America/New_York')).toBe(Date.parse('2022-07-23T00:00:00-04:00'))
    // A day of 23 hours, and one of 25.
    expect(dayEnd('2026-03-08', 'America/New_York')).toBe(Date.parse('2026-03-09T00:00:00-04:00'))
    expect(dayEnd('2026-11-01', 'America/New_York')).toBe(Date.parse('2026-11-02T00:00:00-05:00'))
  })
  it('knows a zone only where it can reckon with it', () => {
    for (const name of [
      ...Intl.supportedValuesOf('timeZone'),
      'UTC',
      'utc',
      'Etc/GMT+5',
      '+05:30',
    ]) {
      if (isTimeZone(name)) expect(() => calendarYear(0, name)).not.toThrow()
      else expect(name).toBe('+05:30')
    }
    for (const name of ['', 'Mars', 'Europe/', '__proto__', 'UTC\n'])
      expect(isTimeZone(name)).toBe(false)
  })
})

describe('readInstant', () => {
  it.each([
    ['2026-11-20T12:00:00Z', Date.UTC(2026, 10, 20, 12)],
    ['2026-11-20T12:00Z', Date.UTC(2026, 10, 20, 12)],
    ['2026-11-20T12:00:00.123456789Z', Date.UTC(2026, 10, 20, 12, 0, 0, 123)],
    ['2026-11-20T12:00:00+05:30', Date.UTC(2026, 10, 20, 6, 30)],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
  ])('reads %s', (text, at) => {
    expect(readInstant(text)).toBe(at)
  })
  it.each([
    '', '2026-11-20', '2026-11-20T12:00:00', '2026-02-30T00:00:00Z', '2027-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z', '2026-11-20T24:00:00Z', '2026-11-20T12:60:00Z', '2026-11-20T12:00:60Z',
    '2026-11-20T12:00:00+99:00', '2026-13-01T00:00:00Z', '20261120T120000Z', ' 2026-11-20T12:00:00Z',
    '2026-11-20T12:00:00Z\n', '2026-11-20t12:00:00z', '+002026-11-20T12:00:00Z', 'now',
  ])('refuses "%s"', (text) => {
    expect(readInstant(text)).toBeNull()
  }) // prettier-ignore
  it('reads every instant that JavaScript writes', () => {
    const date = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(253e12) })
    fc.assert(
      fc.property(date, (at) => {
        expect(readInstant(at.toISOString())).toBe(+at)
      }),
    )
  })
})

describe('isDate', () => {
  it('knows a day of the calendar', () => {
    for (const day of ['2022-07-22', '2028-02-29', '0001-01-01']) expect(isDate(day)).toBe(true)
    for (const none of [
      '',
      '2027-02-29',
      '2026-00-01',
      '2026-1-1',
      '2026-07-22T00:00',
      '22.7.2022',
    ])
      expect(isDate(none)).toBe(false)
  })
})

describe('sayLength', () => {
  it.each([
    [0, '0 s'], [999, '1 s'], [41 * 60_000, '41 min'], [22_320_000, '6 h 12 min'],
    [273_600_000, '3 d 4 h'], [86_400_000, '1 d'], [86_401_000, '1 d'], [-5, '0 s'],
  ])('%i: %s', (length, said) => {
    expect(sayLength(length)).toBe(said)
  }) // prettier-ignore
})
