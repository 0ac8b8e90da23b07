import { describe, expect, it } from 'vitest'
import { compile, type Format } from '../index.ts'
import { readHtml } from '../read/html.ts'

const found = (page: string, format: Format = 'markdown') =>
  compile(page, { format, now: Date.UTC(2026, 10, 20) })
    .findings.filter(({ rule }) => rule === 'direction')
    .map(({ level, line, column }) => `${level} ${line}:${column}`)

const claim = (text: string) => `[${text}](kept:backup?every=24h#b)`

describe('characters that turn the direction of text', () => {
  it.each([
    ['an override in a claim', claim('We back up all data every \u202E42\u202C hours'), ['error 1:28']],
    ['an isolate in a claim', claim('We back up all data every \u206742\u2069 hours'), ['error 1:28']],
    ['an entity in a claim', claim('We back up all data every &#x202E;42 hours'), ['error 1:28']],
    ['an override around a claim', `\u202E${claim('We back up all data every 42 hours')}`, ['error 1:1']],
    ['an override in prose', 'Reports go to \u202Emoc.elpmaxe@ytiruces', ['warning 1:15']],
    ['an override in a heading', '# A\u202Eb', ['warning 1:4']],
    ['an override among Hebrew', 'שלום \u202Eabc\u202C', ['warning 1:6']],
    ['an embedding that nothing ends', 'שלום \u202Babc', ['warning 1:6']],
  ])('%s', (_, page, findings) => {
    expect(found(`${page}\n`)).toEqual(findings)
  })

  it.each([
    ['Hebrew', claim('אנו מגבים את כל הנתונים כל 24 שעות')],
    ['Arabic with figures', 'نحتفظ بنسخة احتياطية كل 24 ساعة (ISO 27001).'],
    ['a name that Hebrew isolates', claim('אנו משתמשים ב-\u2066AWS\u2069 בלבד')],
    ['marks, which turn nothing', 'Data\u200E is \u200Fthere'],
    ['plain English', claim('We back up all data every 24 hours')],
  ])('%s is fine', (_, page) => {
    expect(found(`${page}\n`)).toEqual([])
  })

  it('are found in text and HTML', () => {
    expect(found('Keys rotate every \u202E09 days', 'text')).toEqual(['warning 1:19'])
    expect(found('<p>Keys rotate every &#8238;09 days</p>', readHtml)).toEqual(['warning 1:22'])
  })
}) // prettier-ignore
