import { cpuUsage } from 'node:process'
import { describe, expect, it } from 'vitest'
import { compile } from '../src/index.ts'
import { readHtml } from '../src/read/html.ts'
import { readMarkdown } from '../src/read/markdown.ts'
import { readText } from '../src/read/text.ts'

/** What begins something in Markdown, ends it, or nearly does. */
const markdown = [
  '[', '](', '](kept:', '[a](', '![a](', '[a](kept:backup', '[a](b ', '[a](b (', '[a](b "', '[a](<b', '[a][',
  '[a]()', '[a] ', '[a](b)', '[*a](b)', '*[a](b', '[[a]](kept:backup) ', '[aN](kept:backup) ', '![', '[^a] ',
  '[^a]: [x](kept:backup)\n\n', '[a]: b\n', '[a]: b "\n', '*a ', 'a* ', '**a', 'a**b*', '*a b** ', '*a _b c* d_ ',
  '[*a](b) c* ', '~~~a b~~ ', 'a_b_', '&amp;]', '&amp; a* ', '`', '`a``', '<', '<a ', '<a:b ', '<a b="', '<!--',
  '<?', '<!A', '<![CDATA[', '<a@b', '<br>', 'www.a.b ', 'www.a.b', 'http://a.b/)', 'a@b.c ', 'a@', '-a@b-_', ' ',
  '  \na', '\\', '\\\n', '\t', '\n', 'a\n', '> ', '> a\n', '- ', '- a\n', '- > ', '1) ', '- - a\n', '# a\n', 'a\n-\n',
  '|', '| a | b |\n', '|-|\n', '```\n', '    a\n', '<div>\n', '<b>', '. ', ')', '"',
] // prettier-ignore
const html = [
  '<', '<p>', '<div>', '<b>', '<a href="kept:x">', '</a>', '<td>', '<table>', '<ul><li>', '<!--', '<?', '&a', '<h1>',
  '<pre>', '<pre>a</pre>', '<xmp><a ', '<xmp><!--', '<a b="', '</', '<i><b>', '<span>a</span> ', '<td colspan=1000>a',
] // prettier-ignore
const text = ['- a\n', 'a\n', 'A\n\n', '1. a\n', ' ', '. ', 'a, ', '(a) ']

const few = 6000
/** Four times as much takes four times as long; sixteen times is what grows with the square. */
const mostGrowth = 9
/** In milliseconds of this process: below it, other things than the page are measured. */
const least = 60

function cost(read: () => unknown): number {
  const before = cpuUsage()
  read()
  const { user, system } = cpuUsage(before)
  return (user + system) / 1000
}

function growth(read: (page: string) => unknown, fragment: string): number {
  const page = (times: number) => `Before.\n\n${fragment.repeat(times)} x`
  const [small, large] = [page(few), page(4 * few)]
  const attempt = () =>
    cost(() => read(large)) /
    Math.max(
      least,
      cost(() => read(small)),
    )
  // A busy machine makes one of them slow, and not three.
  let best = attempt()
  for (let tries = 0; tries < 2 && best > mostGrowth; tries++) best = Math.min(best, attempt())
  return best
}

describe('the time to read a page grows with its length', { timeout: 90_000 }, () => {
  it.each(markdown)('of %j', (fragment) => {
    expect(growth(readMarkdown, fragment)).toBeLessThan(mostGrowth)
  })
  it.each(html)('of HTML: %j', (fragment) => {
    expect(growth(readHtml, fragment)).toBeLessThan(mostGrowth)
  })
  it.each(text)('of text: %j', (fragment) => {
    expect(growth(readText, fragment)).toBeLessThan(mostGrowth)
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
