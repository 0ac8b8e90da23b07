import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../test/vectors.ts'
import { decodeEntry, encodeEntry, type Json } from './entry.ts'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const refusal = (code: string) => expect.objectContaining({ code })

describe('RFC 8785', () => {
  // The RFC's own example and cyberphone/json-canonicalization, testdata.
  it.each<[string, string]>([
    [
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ],
    [
      '{"\\u20ac":"Euro Sign","1":"One","\\u0080":"Control\\u007f","\\ud83d\\ude02":"Smiley","\\u00f6":"Latin Small Letter O With Diaeresis","\\ufb33":"Hebrew Letter Dalet With Dagesh","</script>":"Browser Challenge"}',
      '{"1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude02":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ],
    ['[-0, 1.0, 1e21, 9007199254740993, 5e-324]', '[0,1,1e+21,9007199254740992,5e-324]'],
  ])('%s', (input, output) => {
    const bytes = encodeEntry(JSON.parse(input) as Json)
    expect(text(bytes)).toBe(output)
    expect(encodeEntry(decodeEntry(bytes))).toEqual(bytes)
  })

  it('gives every JSON value back, and one spelling whatever the order of its keys', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([k, v]) => [k, shuffled(v)]),
      )
    }
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const bytes = encodeEntry(value as Json)
        expect(JSON.parse(text(bytes))).toEqual(JSON.parse(JSON.stringify(value)))
        expect(encodeEntry(decodeEntry(bytes))).toEqual(bytes)
        expect(encodeEntry(shuffled(value) as Json)).toEqual(bytes)
      }),
    )
  })
})

const nested = (depth: number): Json => (depth === 0 ? 1 : [nested(depth - 1)])

describe('what JSON cannot hold', () => {
  const cycle: { me?: unknown } = {}
  cycle.me = cycle
  it.each<[string, unknown, string]>([
    ['NaN', { a: [1, Number.NaN] }, '$.a[1] is NaN'],
    ['infinity', [-Infinity], '$[0] is -Infinity'],
    ['half a surrogate pair', { a: 'x\ud800' }, '$.a has half of a surrogate pair'],
    ['the other half', ['\udc00'], '$[0]'],
    ['half a pair in a name', { '\ud800': 1 }, 'the name of $.\ufffd'],
    ['undefined', { a: undefined }, '$.a is no JSON value but of type undefined'],
    ['nothing at all', undefined, '$ is no JSON value'],
    ['a hole', Object.assign([1], { 2: 2 }), '$[1] is no JSON value'],
    ['a big integer', { a: 1n }, '$.a is no JSON value but of type bigint'],
    ['a function', { a: () => 1 }, '$.a is no JSON value but of type function'],
    ['a symbol', [Symbol('a')], '$[0] is no JSON value but of type symbol'],
    ['a date', { at: new Date(0) }, '$.at is no JSON value but an instance of a class'],
    ['a map', new Map(), '$ is no JSON value but an instance of a class'],
    ['bytes', new Uint8Array(2), '$ is no JSON value but an instance of a class'],
    ['a toJSON', { toJSON: () => 1 }, '$ is no JSON value'],
    ['a list with a toJSON', Object.assign([1], { toJSON: () => 2 }), '$ is no JSON value'],
    ['a cycle', cycle, 'is more than 64 levels deep'],
    ['65 levels', nested(65), 'is more than 64 levels deep'],
  ])('is refused: %s', (_, value, says) => {
    expect(() => encodeEntry(value as Json)).toThrow(refusal('entry-not-json'))
    expect(() => encodeEntry(value as Json)).toThrow(says)
  })
  it('but 64 levels are taken, and a name like __proto__', () => {
    expect(decodeEntry(encodeEntry(nested(64)))).toEqual(nested(64))
    const own = JSON.parse('{"__proto__":1}') as Json
    expect(text(encodeEntry(own))).toBe('{"__proto__":1}')
    expect(decodeEntry(encodeEntry(own))).toEqual(own)
  })
})

describe('decoding', () => {
  it.each([
    ['a space', '{"a": 1}'],
    ['another order', '{"b":1,"a":2}'],
    ['a name twice', '{"a":1,"a":1}'],
    ['another number', '1.0'],
    ['a number that is cut', '9007199254740993'],
    ['an escape', '"\\u0041"'],
    ['minus zero', '-0'],
  ])('refuses %s', (_, spelling) => {
    expect(() => decodeEntry(utf8(spelling))).toThrow(refusal('entry-not-canonical'))
  })
  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', utf8('{a:1}')],
    ['a byte order mark', utf8('\ufeff1')],
    ['other than UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['half a surrogate pair', utf8('"\\ud800"')],
    ['too many levels', utf8('['.repeat(5000) + ']'.repeat(5000))],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeEntry(bytes)).toThrow(refusal('entry-not-json'))
  })
})
