import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Shown } from './model.ts'
import { runsOf, sayStrip, stripLength, stripOf } from './strip.ts'
import { isWorseShown, shownVerdicts } from './verdicts.ts'

const at = (text: string) => Date.parse(text)
const turn = (text: string, verdict: Shown) => ({ at: at(text), verdict })
const noon = at('2026-11-20T12:00:00Z')

function dayOf(strip: ReturnType<typeof stripOf>, date: string): Shown | null | undefined {
  return strip.find((day) => day.date === date)?.verdict
}

describe('the strip', () => {
  it('has 90 days, today the last, and none before the first verdict', () => {
    const strip = stripOf([turn('2026-11-01T10:00:00Z', 'kept')], noon, 'UTC')
    expect(strip).toHaveLength(stripLength)
    expect([strip[0]!.date, strip.at(-1)!.date]).toEqual(['2026-08-23', '2026-11-20'])
    expect(dayOf(strip, '2026-10-31')).toBeNull()
    expect(dayOf(strip, '2026-11-01')).toBe('kept')
    expect(dayOf(strip, '2026-11-20')).toBe('kept')
    expect(stripOf([], noon, 'UTC').every(({ verdict }) => verdict === null)).toBe(true)
  })

  it('shows the worst of each day, in whatever order the turns come', () => {
    const turns = [
      turn('2026-11-10T09:00:00Z', 'kept'),
      turn('2026-11-09T23:00:00Z', 'broken'),
      turn('2026-10-01T00:00:00Z', 'kept'),
    ]
    const strip = stripOf(turns, noon, 'UTC')
    expect(dayOf(strip, '2026-11-08')).toBe('kept')
    expect(dayOf(strip, '2026-11-09')).toBe('broken')
    expect(dayOf(strip, '2026-11-10')).toBe('broken')
    expect(dayOf(strip, '2026-11-11')).toBe('kept')
  })

  it('knows nothing of what is still to come', () => {
    const turns = [turn('2026-11-01T00:00:00Z', 'kept'), turn('2026-11-20T12:00:01Z', 'broken')]
    expect(dayOf(stripOf(turns, noon, 'UTC'), '2026-11-20')).toBe('kept')
    expect(dayOf(stripOf(turns, noon + 1000, 'UTC'), '2026-11-20')).toBe('broken')
  })

  it('counts days of the page’s time zone, through daylight saving', () => {
    // In Berlin 25 October 2026 has 25 hours: it ends at 23:00 UTC, and began at 22:00 UTC.
    const broken = [
      turn('2026-10-01T00:00:00Z', 'kept'),
      turn('2026-10-25T22:30:00Z', 'broken'),
      turn('2026-10-25T22:59:59Z', 'kept'),
    ]
    const berlin = stripOf(broken, noon, 'Europe/Berlin')
    expect(dayOf(berlin, '2026-10-25')).toBe('broken')
    expect(dayOf(berlin, '2026-10-26')).toBe('kept')
    const kolkata = stripOf(broken, noon, 'Asia/Kolkata')
    expect(dayOf(kolkata, '2026-10-25')).toBe('kept')
    expect(dayOf(kolkata, '2026-10-26')).toBe('broken')
    // In Beirut 29 March 2026 begins at 01:00, which is 22:00 UTC the day before.
    const spring = [
      turn('2026-03-01T00:00:00Z', 'kept'),
      turn('2026-03-28T21:59:00Z', 'broken'),
      turn('2026-03-28T22:00:00Z', 'kept'),
    ]
    const beirut = stripOf(spring, at('2026-04-10T12:00:00Z'), 'Asia/Beirut')
    expect(dayOf(beirut, '2026-03-28')).toBe('broken')
    expect(dayOf(beirut, '2026-03-29')).toBe('kept')
    expect(new Set(beirut.map(({ date }) => date)).size).toBe(stripLength)
  })

  it('never shows a day better than what held in it', () => {
    const turns = fc.array(
      fc.record({
        at: fc.integer({ min: noon - 120 * 86_400_000, max: noon }),
        verdict: fc.constantFrom(...shownVerdicts),
      }),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(
        turns,
        fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata'),
        (turns, zone) => {
          const unique = [...new Map(turns.map((one) => [one.at, one])).values()]
          const strip = stripOf(unique, noon, zone)
          const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
          for (const one of unique) {
            const shown = dayOf(strip, format.format(one.at))
            if (shown === undefined) continue
            expect(shown).not.toBeNull()
            expect(isWorseShown(one.verdict, shown!)).toBe(false)
          }
        },
      ),
    )
  })

  it('is said in words and in runs', () => {
    const strip = stripOf(
      [turn('2026-01-01T00:00:00Z', 'kept'), turn('2026-11-20T01:00:00Z', 'broken')],
      noon,
      'UTC',
    )
    expect(sayStrip(strip)).toBe('The last 90 days: kept on 89, broken on 1')
    expect(runsOf(strip).map(({ days, verdict }) => [days, verdict])).toEqual([
      [89, 'kept'],
      [1, 'broken'],
    ])
  })
})
