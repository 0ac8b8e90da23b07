import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attribute, directionOf, escapeText, Markup, markup } from './markup.ts'

const dangerous = fc.string({
  unit: fc.constantFrom(
    '<', '>', '&', '"', "'", '\0', '\x1b', '\n', '\u202e', '\u2066', '\ud800', '\udc00', '\ufeff', '\u{e0041}', '�',
    'a', 'é', '😀', '&lt;', '</script>', ']]>', '\x85', '\ufffe',
  ),
}) // prettier-ignore

function unescape(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => named[name]!)
}

describe('escaping', () => {
  it('leaves nothing of a text that opens a tag, ends an attribute or hides itself', () => {
    fc.assert(
      fc.property(dangerous, (text) => {
        const escaped = escapeText(text)
        expect(escaped).not.toMatch(/[<>"']/)
        expect(escaped).not.toMatch(/&(?!(?:lt|gt|quot|#39|amp);)/)
        expect(escaped).not.toMatch(
          /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/,
        )
        expect(escaped.isWellFormed()).toBe(true)
      }),
    )
  })

  it('loses no text that is harmless', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('<', '&', '"', 'a', 'é', '😀', 'م', '\u200f', '\u200d', ' '),
        }),
        (text) => {
          expect(unescape(escapeText(text))).toBe(text)
        },
      ),
    )
  })

  it('shows what would not be seen by its code point', () => {
    expect(escapeText('a\u202eb\0\ud800')).toBe('a⟨U+202E⟩b⟨U+0000⟩⟨U+D800⟩')
  })
})

describe('a template', () => {
  it('escapes what it is given and keeps what is markup', () => {
    expect(
      markup`<p>${'<b>'}${markup`<i>${1}</i>`}${null}${false}${['&', new Markup('<br>')]}</p>`.text,
    ).toBe('<p>&lt;b&gt;<i>1</i>&amp;<br></p>')
    expect(markup`<p${attribute('dir', null)}${attribute('id', '"')}>`.text).toBe('<p id="&quot;">')
  })
})

describe('the direction of a text', () => {
  it('is that of its first letter', () => {
    expect(directionOf('1. نحن HTML')).toBe('rtl')
    expect(directionOf('שלום')).toBe('rtl')
    expect(directionOf('HTML نحن')).toBeNull()
    expect(directionOf('123')).toBeNull()
  })
})
