import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from './json.ts'

const bytes = (text: string) => Buffer.from(text)
const nested = (depth: number, open: string, close: string) =>
  bytes(open.repeat(depth) + '1' + close.repeat(depth))
const refused = { code: 'bad-json' }
const attempt = (input: Uint8Array) => {
  try {
    return { value: parseJson(input) }
  } catch (error) {
    return error
  }
}

describe('the body of a stranger', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (text) => {
        expect(parseJson(bytes(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('may be 64 levels deep and not 65, with %s', (open, close) => {
    expect(attempt(nested(64, open, close))).toHaveProperty('value')
    expect(attempt(nested(65, open, close))).toMatchObject(refused)
    expect(attempt(nested(1_000_000, open, close))).toMatchObject(refused)
  })

  it('counts no bracket that is part of a text', () => {
    const text = JSON.stringify({ a: '['.repeat(1000), '[[{"': '\\"[[[[{', b: '"[' })
    expect(parseJson(bytes(text))).toEqual(JSON.parse(text))
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('[', '{', '"', '\\', 'a') }), (said) => {
        expect(parseJson(bytes(JSON.stringify([said])))).toEqual([said])
      }),
    )
  })

  it('finds the depth after any text', () => {
    fc.assert(
      fc.property(fc.string(), (said) => {
        const text = `[${JSON.stringify(said)},${'['.repeat(64)}${']'.repeat(64)}]`
        expect(attempt(bytes(text))).toMatchObject(refused)
      }),
    )
  })

  it.each([
    ['not UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['a lone surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['empty', Buffer.alloc(0)],
    ['cut off', bytes('{"a":')],
    ['a comment', bytes('{} // x')],
  ])('is refused when it is %s', (_, input) => {
    expect(attempt(input)).toMatchObject(refused)
  })
})
