import { describe, expect, it } from 'vitest'
import { compile } from '../src/index.ts'
import { readHtml } from '../src/read/html.ts'
import { readMarkdown } from '../src/read/markdown.ts'
import { readText } from '../src/read/text.ts'
import { html, markdown, pageOf, text } from './endless.ts'

/** What takes the square of a page's length ends here by the limit of a test; `bench growth` measures. */
const many = 50_000

describe('a page of one fragment without end is read to its end', { timeout: 120_000 }, () => {
  const marked = (fragment: string) => readMarkdown(pageOf(fragment, many), 0).blocks
  it.each(markdown)('of %j', (fragment) => {
    expect(marked(fragment)[0]!.text).toMatch(/^Before/)
  })
  it.each(html)('of HTML: %j', (fragment) => {
    expect(readHtml(pageOf(fragment, many)).blocks[0]!.text).toMatch(/^Before/)
  })
  it.each(text)('of text: %j', (fragment) => {
    expect(readText(pageOf(fragment, many)).blocks[0]!.text).toMatch(/^Before/)
  })
})

describe('claims in one sentence without end', { timeout: 90_000 }, () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  const claims = Array.from({ length: 20_000 }, (_, i) => `[a${i}](kept:backup#a${i}) `).join('')

  it('keep so much of it each, and no more', () => {
    const page = compile(claims, { format: 'markdown', now })
    expect(page.claims).toHaveLength(20_000)
    expect(Math.max(...page.claims.map(({ context }) => context.length))).toBeLessThan(1100)
  })

  it('are compared by what stands near them', () => {
    const read = (text: string) => compile(text, { format: 'markdown', now }).claims[0]!.context
    const page = (end: string) => `We [back up all data](kept:backup#a) daily, ${end}.`
    expect(read(page('unless asked'))).toBe('We back up all data daily, unless asked.')
  })
})

describe('a paragraph of very many marks that end nothing', () => {
  it('has an error where they are no longer read', () => {
    const { findings } = compile('\nStars: a* '.repeat(1200), { format: 'markdown', now: 0 })
    const first = findings.find(({ rule, level }) => rule === 'unreadable' && level === 'error')
    expect(first).toMatchObject({ line: 1002 })
    expect(first!.message).toMatch(/more than 1000 marks .* write \\\*/)
  })
})
