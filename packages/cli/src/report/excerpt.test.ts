import { describe, expect, test } from 'vitest'
import { textWidth } from '../typeset.ts'
import { excerpt } from './excerpt.ts'
import { toSource } from './source.ts'

/** The excerpt of the first place where a word stands. */
function excerptOf(text: string, word: string, width = 80) {
  const source = toSource('page.md', text)
  const from = text.indexOf(word)
  const start = source.lines.place(from)
  const end = source.lines.place(from + word.length)
  return excerpt(source, { ...start, endLine: end.line, endColumn: end.column }, width)
}

/** What stands above the carets, by columns of the terminal. */
function underlined([shown, marks]: [string, string]): string {
  const from = marks.indexOf('^')
  let [at, under] = [0, '']
  for (const char of shown) {
    if (at >= from && at < marks.length) under += char
    at += textWidth(char)
  }
  return under
}

describe('the caret stands under the stretch', () => {
  test('in a plain line', () => {
    expect(excerptOf('one\ntwo three\n', 'three')).toEqual([
      '    2 | two three',
      '      |     ^^^^^',
    ])
  })

  test.each([
    ['after a tab', '\tone\tpromise here', 'promise'],
    ['after wide characters', '日本語の約束 promise here', 'promise'],
    ['on wide characters', 'this is 日本語 here', '日本語'],
    ['after right-to-left text', 'שלום עולם promise here', 'promise'],
    ['after a combining accent', 'cafe\u0301 promise here', 'promise'],
  ])('%s', (_, text, word) => {
    expect(underlined(excerptOf(text, word))).toBe(word)
  })

  test('after what is shown by its code point', () => {
    const [shown, marks] = excerptOf('a\u202eb promise', 'promise')
    expect(shown).toContain('a<U+202E>b promise')
    expect(marks.indexOf('^')).toBe(shown.indexOf('promise'))
  })

  test('at the end of a line that ends with CR, CRLF or nothing', () => {
    for (const end of ['\r', '\r\n', '\n', '']) {
      expect(excerptOf(`one\npromise${end}`, 'promise')).toEqual([
        '    2 | promise',
        '      | ^^^^^^^',
      ])
    }
  })

  test('once where the stretch is empty', () => {
    const source = toSource('page.md', 'abc')
    const marks = excerpt(source, { line: 1, column: 4, endLine: 1, endColumn: 4 }, 80)[1]
    expect(marks).toBe('      |    ^')
  })

  test('to the end of the first line of a longer stretch', () => {
    expect(excerptOf('a promise\nof two lines', 'promise\nof')[1]).toBe('      |   ^^^^^^^')
  })
})

test('of a long line only the neighbourhood is shown, within the width', () => {
  const text = `${'字'.repeat(5000)} promise ${'x'.repeat(5000)}`
  const [shown, marks] = excerptOf(text, 'promise')
  expect(textWidth(shown)).toBeLessThanOrEqual(80)
  expect(shown).toMatch(/\| ….*promise.*…$/u)
  expect(underlined([shown, marks])).toBe('promise')
})
