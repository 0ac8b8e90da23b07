import { describe, expect, it } from 'vitest'
import { holds, isTelling, textOf, valuesOf } from './values.ts'

const answer = (body: string, headers: Record<string, string | string[]> = {}) => ({
  status: 200,
  headers: { 'content-type': 'text/plain', ...headers },
  body,
})

describe('the values of an answer', () => {
  it('are the texts and numbers of JSON, without what is short, a date or true for many', () => {
    const body = {
      id: 'INV-2026-17',
      note: 'Paid by Birch & Sons',
      cents: 471_100,
      paid: true,
      lines: [{ count: 3, at: '2026-11-29T10:00:00Z', since: 1_764_410_400 }],
    }
    const values = [...valuesOf(answer(JSON.stringify(body)))]
    expect(values).toEqual(['inv-2026-17', 'paid by birch & sons', '471100'])
  })

  it('are the texts of HTML and the lines of a text, with names within them', () => {
    const html = '<script>let a=12345</script><p>Invoice <b>INV-17</b> of Birch &amp; Sons</p>'
    expect([...valuesOf(answer(html))]).toEqual(['invoice', 'inv-17', 'of birch & sons'])
    expect([...valuesOf(answer('to a@birch.example:\nmore'))]).toEqual([
      'to a@birch.example:',
      'a@birch.example:',
      'more',
    ])
  })

  it('are in headers too, but for those of transport', () => {
    const headers = { etag: '"abc123"', date: 'now and then', 'content-length': '123456' }
    expect([...valuesOf(answer('', headers))]).toEqual(['"abc123"', 'abc123'])
  })

  it.each(['inv-2026-17', 'a@birch.example', '471100', 'birch & sons', 'paid by birch'])(
    '%s tells of one thing',
    (value) => expect(isTelling(value)).toBe(true),
  )
  it.each(['overdue', 'EUR', '4711', 'awaiting-approval', 'not paid'])(
    '%s may be said of many',
    (value) => expect(isTelling(value)).toBe(false),
  )
})

describe('the text of an answer', () => {
  it.each([
    ['as it is', answer('of Birch & Sons')],
    ['in escapes of JSON', answer(String.raw`{"of":"\u0042irch \u0026 Sons"}`)],
    ['in entities of HTML', answer('<p>&#66;irch &amp; Sons</p>')],
    ['in a header', answer('', { 'x-of': 'Birch%20%26%20Sons' })],
    ['in a cookie', answer('', { 'set-cookie': ['of=Birch & Sons; Secure'] })],
  ])('holds a value %s', (_, one) => expect(holds(textOf(one), 'birch & sons')).toBe(true))

  it('holds no value that is a part of another', () => {
    expect(holds(textOf(answer('3124 a-12 12b')), '12')).toBe(false)
    expect(holds(textOf(answer('3124, 12.')), '12')).toBe(true)
  })
})
