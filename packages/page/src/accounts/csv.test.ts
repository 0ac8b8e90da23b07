import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv } from './csv.ts'

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '漢', '"', ',', ';', '\t', '\n', '\r', ' ', '=', '1'),
  maxLength: 8,
})
const table = fc.integer({ min: 2, max: 5 }).chain((width) =>
  fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
    minLength: 1,
    maxLength: 8,
  }),
)

/** Writes every cell in quotes, which takes any text. */
const write = (rows: readonly string[][], separator: string, end: string) =>
  rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(separator)).join(end)

const cellsOf = (text: string) => [...readCsv(text)].map(({ cells }) => cells)

describe('a table', () => {
  it('is read as it was written, whatever is in its cells', () => {
    const separators = fc.constantFrom(',', ';', '\t')
    const ends = fc.constantFrom('\n', '\r\n', '\r')
    fc.assert(
      fc.property(table, separators, ends, fc.boolean(), (rows, separator, end, closed) => {
        // The first line tells what lies between cells, so that it has no line of its own in a cell.
        const plain = [rows[0]!.map((_, i) => `c${i}`), ...rows]
        expect(cellsOf(write(plain, separator, end) + (closed ? end : ''))).toEqual(plain)
      }),
    )
  })

  it('is read as another reader reads it, or refused by both', () => {
    const soup = fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', '\n'), maxLength: 30 })
    fc.assert(
      fc.property(soup, (rest) => {
        const text = `x,y\n${rest}`
        const theirs = attempt(() =>
          parse(text, { delimiter: ',', record_delimiter: ['\n'], skip_empty_lines: true }),
        )
        expect(attempt(() => cellsOf(text))).toEqual(theirs)
      }),
      { numRuns: 2000 },
    )
  })

  it('ends in an answer or a ListError, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('\0', '\ud800', '\uFEFF', '"', ',', '\n', '\r', 'x'),
          maxLength: 60,
        }),
        (text) => {
          expect(() => attempt(() => cellsOf(text))).not.toThrow()
        },
      ),
    )
  })

  it.each([
    ['a,b\n"x,1\n', 'never closed', 2],
    ['a,b\nx"y,1\n', 'a quote stands inside a cell', 2],
    ['a,b\n"x"y,1\n', 'text follows a quote', 2],
    ['a,b\n1,2\n3\n', 'has 1 of 2 cells', 3],
    ['a,b\n"1\n1",2\n1,2,3\n', 'has 3 of 2 cells', 4],
    [`a,b\n${'x'.repeat(20_001)},1\n`, 'longer than 20000', 2],
    [`a,b\n${','.repeat(600)}\n`, 'more than 500 cells', 2],
  ])('%#: refused with its line', (text, why, line) => {
    expect(() => cellsOf(text)).toThrow(
      expect.objectContaining({ line, message: expect.stringContaining(why) as string }),
    )
  })
})

function attempt<T>(read: () => T): T | 'refused' {
  try {
    return read()
  } catch (error) {
    const { name } = error as Error
    if (name === 'ListError' || name === 'Error') return 'refused'
    throw error
  }
}
