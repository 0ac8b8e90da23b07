import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexLines } from './place.ts'

const text = fc
  .array(fc.constantFrom('\r\n', '\n', '\r', 'a', '😀', '\u2028', ''))
  .map((all) => all.join(''))

describe('indexLines', () => {
  it('finds the place of every offset, as one who reads line by line would', () => {
    fc.assert(
      fc.property(text, (drawn) => {
        const lines = indexLines(drawn)
        const whole = drawn.split(/\r\n|\r|\n/)
        expect(lines.count).toBe(whole.length)
        for (const [i, line] of whole.entries()) {
          const start = lines.start(i + 1)
          expect(lines.place(start)).toEqual({ line: i + 1, column: 1 })
          expect(drawn.slice(start, start + line.length)).toBe(line)
          expect(lines.place(start + line.length)).toEqual({ line: i + 1, column: line.length + 1 })
        }
      }),
    )
  })
  it('counts columns in UTF-16 units and lines after CR, LF and CRLF', () => {
    const lines = indexLines('a\r\n😀b\rc\n')
    expect(lines.place(5)).toEqual({ line: 2, column: 3 })
    expect(lines.place(7)).toEqual({ line: 3, column: 1 })
    expect(lines.count).toBe(4)
  })
})
