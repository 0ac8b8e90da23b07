import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compile, readSource } from '../compile.ts'
import { formatOf } from '../decode.ts'
import type { Format } from '../page.ts'
import { draft } from './draft.ts'

const now = Date.UTC(2026, 10, 20)
const examples = join(import.meta.dirname, '../../../../examples')

/** What a reader sees of a page, without its links. */
const prose = (text: string, format: Format) =>
  readSource(text, format).prose.blocks.map((block) => block.text)

describe('a draft of a page before Kept', () => {
  it.each(['clear-to-go/before.txt', 'clear/before.md', 'perdoo/before.html'])('%s', (name) => {
    const text = readFileSync(join(examples, name), 'utf8')
    const format = formatOf(name)
    const { markdown, claims } = draft(text, { format })
    expect(claims.length).toBeGreaterThan(15)
    expect(prose(markdown, 'markdown')).toEqual(prose(text, format))
    const page = compile(markdown, { format: 'markdown', now })
    expect(page.claims).toHaveLength(claims.length)
    expect(page.claims.every((claim) => claim.named)).toBe(true)
    const spoilt = page.findings.filter(({ rule }) =>
      [
        'address',
        'parameter',
        'unknown-proof',
        'duplicate-id',
        'not-a-link',
        'nested-link',
        'empty-text',
      ].includes(rule),
    )
    expect(spoilt).toEqual([])
    expect(draft(markdown, { format: 'markdown' })).toMatchObject({ markdown, claims: [] })
  })
})

describe('a draft of Markdown', () => {
  const markdown = (text: string) => draft(text, { format: 'markdown' }).markdown

  it('changes nothing but the links', () => {
    const text =
      '---\ncompany: X\n---\n# Data\n\n*  All data is backed up every 24 hours,\n   and that is that.\n\n```\nAll data is backed up every 24 hours.\n```\n'
    expect(markdown(text)).toBe(
      '---\ncompany: X\n---\n# Data\n\n*  [All data is backed up every 24 hours](kept:backup?every=24h#data-backup),\n   and that is that.\n\n```\nAll data is backed up every 24 hours.\n```\n',
    )
  })

  it('leaves what is linked already', () => {
    const text = 'We know that [all data is backed up every 24 hours](kept:backup?every=1d#b).\n'
    expect(markdown(text)).toBe(text)
  })

  it('takes no id that a claim has', () => {
    const text = '[x](kept:scan?every=1w#backup)\n\nAll data is backed up every 24 hours.\n'
    expect(markdown(text)).toContain('(kept:backup?every=24h#backup-2)')
  })

  it.each([
    ['another link', 'All data is [backed up](https://a.example) every 24 hours.'],
    ['emphasis that it would cut', '**Know that all data** is backed up every 24 hours.'],
    ['brackets', 'All data [sic] is backed up every 24 hours.'],
    ['an entity', 'All data &amp; files are backed up every 24 hours.'],
    ['a hard break', 'All data is backed  \nup every 24 hours.'],
    ['code', 'All `data` is backed up every 24 hours.'],
  ])('keeps the prose around %s', (_, text) => {
    const drafted = markdown(text)
    expect(prose(drafted, 'markdown')).toEqual(prose(text, 'markdown'))
    expect(
      compile(drafted, { format: 'markdown', now }).findings.filter(
        ({ level }) => level === 'error',
      ),
    ).toEqual([])
    expect(markdown(drafted)).toBe(drafted)
  })
})

describe('a draft of plain text', () => {
  it('writes what Markdown would take for a mark so that it shows', () => {
    const text =
      'Our *page*\n\n# of_things_ [1] <b> & &amp; `x` 2 | 3\n\n1. First\n2. Second\n\n- All data is backed up every 24 hours.\n'
    const { markdown } = draft(text, { format: 'text' })
    expect(prose(markdown, 'markdown')).toEqual(prose(text, 'text'))
    expect(markdown).toContain('1. First\n2. Second')
    expect(markdown).toContain(
      '- [All data is backed up every 24 hours](kept:backup?every=24h#our-page-backup).',
    )
  })

  it('has the places of the text it was made from', () => {
    const { claims } = draft('Data\n\nIt is so.\nAll data is backed up every 24 hours.\n', {
      format: 'text',
    })
    expect(claims).toMatchObject([
      { line: 4, column: 1, text: 'All data is backed up every 24 hours' },
    ])
  })
})

describe('what is not recognised', () => {
  it('is listed with its place and a rewrite', () => {
    const { unrecognised } = draft(
      'We keep your data safe.\n\nAll data is backed up every 24 hours.\n',
      { format: 'text' },
    )
    expect(unrecognised).toMatchObject([
      { line: 1, text: 'We keep your data safe.', suggestion: expect.stringContaining('kept:') },
    ])
  })
})
