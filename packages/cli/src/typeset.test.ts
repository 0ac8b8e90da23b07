import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clean, cleanJson, textWidth, wrap } from './typeset.ts'

const harmful = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const squeeze = (text: string) => text.replaceAll(/\s/g, '')
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))

describe('clean', () => {
  test('shows what would move the cursor or reorder the line', () => {
    expect(clean('a\u001b[31mb')).toBe('a<U+001B>[31mb')
    expect(clean('evil\u202egnp.exe')).toBe('evil<U+202E>gnp.exe')
    expect(clean('\u{e0041}')).toBe('<U+E0041>')
    expect(clean('\ud800')).toBe('<U+D800>')
  })

  test('keeps letters of every script, and the joiners they need', () => {
    for (const text of ['übergröße', 'שלום', 'مرحبا', '日本語', 'می\u200cخواهم', '👩\u200d💻']) {
      expect(clean(text)).toBe(text)
    }
  })

  test('lets nothing harmful through, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(clean(text)).not.toMatch(harmful)
      }),
    )
  })
})

test('JSON is cleaned by escapes that read back to the same value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const json = cleanJson(JSON.stringify(text))
      expect(JSON.parse(json)).toBe(text)
      expect(json).not.toMatch(harmful)
    }),
  )
  expect(cleanJson('"\u202e\u{e0041}"')).toBe(String.raw`"\u202e\udb40\udc41"`)
})

test('width is counted in columns', () => {
  expect(textWidth('abc')).toBe(3)
  expect(textWidth('日本')).toBe(4)
  expect(textWidth('e\u0301')).toBe(1)
  expect(textWidth('🔒')).toBe(2)
})

describe('wrap', () => {
  test('breaks between words and indents what follows', () => {
    expect(wrap('one two three', 9, '- ', '  ')).toEqual(['- one two', '  three'])
  })

  test('breaks a sentence without spaces anywhere', () => {
    expect(wrap('日本語の約束', 6)).toEqual(['日本語', 'の約束'])
  })

  test('never exceeds the width and loses no word', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 20, max: 120 }), (text, width) => {
        const lines = wrap(text, width, '  fix: ', '    ')
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
        expect(squeeze(lines.join(''))).toBe(`fix:${squeeze(clean(text.replace(/\s+/g, ' ')))}`)
      }),
    )
  })
})

test('a lead that is too wide stands alone', () => {
  expect(wrap('one two', 10, 'a-very-long-name.md:1:1: ', '    ')).toEqual([
    'a-very-long-name.md:1:1:',
    '    one',
    '    two',
  ])
})
