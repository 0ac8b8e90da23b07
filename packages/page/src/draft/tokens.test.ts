import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Analysis } from './analysis.ts'
import { plain, stemOf, tokenize } from './tokens.ts'

describe('typeset signs', () => {
  it('are read as a keyboard writes them', () => {
    expect(plain('It’s “AES‑256”, 4 h, ≥ 2 and ≤ 3')).toBe('It\'s "AES-256", 4 h, > 2 and < 3')
  })

  it('keep every offset', () => {
    const signs = fc.constantFrom('‑', '’', '“', '\u00A0', '\u202F', '≥', 'é', '😀', 'İ', 'a', ' ')
    fc.assert(
      fc.property(fc.array(signs), (list) => {
        const text = list.join('')
        expect(plain(text)).toHaveLength(text.length)
        const tokens = tokenize(text)
        expect(new Analysis(text).tokens).toEqual(tokens)
      }),
    )
  })
})

describe('stems', () => {
  it('are one for both spellings, and leave short words alone', () => {
    expect(stemOf('authorisation')).toBe(stemOf('authorization'))
    expect(stemOf('behaviour')).toBe(stemOf('behavior'))
    expect(stemOf('our')).not.toBe(stemOf('or'))
  })
})
