import { describe, expect, it } from 'vitest'
import { draft } from '../draft/draft.ts'
import { readHtml } from './html.ts'
import { readMarkdown } from './markdown.ts'
import type { Prose } from './prose.ts'
import { sentencesOf } from './sentences.ts'
import { readText } from './text.ts'

const outline = (prose: Prose) =>
  prose.blocks.map(({ kind, level, text }) => `${kind}${level} ${text}`)

/** Each character of a block must come from where the block says, unless it stands for something else. */
function expectExact(source: string, prose: Prose): void {
  const wrong = prose.blocks.flatMap((block) =>
    Array.from({ length: block.text.length }, (_, i) => i).flatMap((i) => {
      const seen = block.text[i]!
      const written = source[block.at(i)]!
      return seen === written || seen === ' ' || /[&\\]/.test(written)
        ? []
        : [`${seen} is written ${written}`]
    }),
  )
  expect(wrong).toEqual([])
}

describe('plain text', () => {
  const source = [
    'Security at Example', '', 'We keep your data safe and this line is long enough to be wrapped by', 'the mail program it came from.', '',
    'Backups', '', '  • All data is backed up', '    every day.', '  • Copies are encrypted.', '      - in two regions', '',
    '1. Access control', '', 'Access is reviewed. It is logged.', '', '-----', 'Done.',
  ].join('\r\n') // prettier-ignore

  it('has headings, paragraphs and items, and joins wrapped lines', () => {
    expect(outline(readText(source))).toEqual([
      'heading1 Security at Example',
      'paragraph1 We keep your data safe and this line is long enough to be wrapped by the mail program it came from.',
      'heading1 Backups',
      'item1 All data is backed up every day.',
      'item1 Copies are encrypted.',
      'item2 in two regions',
      'heading1 Access control',
      'paragraph1 Access is reviewed. It is logged.',
      'paragraph1 Done.',
    ])
    expectExact(source, readText(source))
  })

  it('tells under which heading and line an item stands', () => {
    const items = readText('Topics\n\nWe do this:\n\n- one\n- two\n').blocks.filter(
      (block) => block.kind === 'item',
    )
    expect(items.map(({ headings, lead }) => [headings, lead?.text])).toEqual([
      [['Topics'], 'We do this:'],
      [['Topics'], 'We do this:'],
    ])
  })
})

describe('HTML', () => {
  const source = `<!doctype html><html><head><title>No</title><style>p{}</style></head><body><nav>Home</nav>
<h1>Security</h1><p>We encrypt <b>all</b> data &amp; keys&nbsp;too.<br>Always.</p><script>var no = 1</script>
<ul><li>one<ul><li>inner <a href="/x">link</a></li></ul></li><li>two</li></ul>
<table><tr><th>RTO</th><td>4 hours</td></tr></table></body></html>`

  it('shows what a reader sees', () => {
    expect(outline(readHtml(source))).toEqual([
      'heading1 Security',
      'paragraph1 We encrypt all data & keys too. Always.',
      'item1 one',
      'item2 inner link',
      'item1 two',
      'cell1 RTO',
      'cell1 4 hours',
    ])
    expectExact(source, readHtml(source))
  })

  it('reads as it is written what an element says is no markup', () => {
    const page = '<p>We keep:</p><xmp>a &amp; <b>c</b> <!-- d</xmp><noframes>Never.</noframes>'
    expect(outline(readHtml(page))).toEqual([
      'paragraph1 We keep:',
      'paragraph1 a &amp; <b>c</b> <!-- d',
    ])
    expectExact(page, readHtml(page))
  })

  it('reads nothing that is hidden', () => {
    const hidden = ['hidden', 'style="color: red; display: none"', 'style="visibility:hidden"']
    for (const attribute of hidden) {
      const page = `<p>We keep:</p><p ${attribute}>Not this.</p><p style="display: block">This.</p>`
      expect(outline(readHtml(page))).toEqual(['paragraph1 We keep:', 'paragraph1 This.'])
    }
  })

  it('leaves out tags that the parser drops, and keeps what only looks like one', () => {
    const page =
      '<html><body>\n<p>All data</span> is <!-- really --> ours, 1 < 2, AT&T &amp; &bogus; too</p>\n</body>\n</html>\n'
    expect(outline(readHtml(page))).toEqual([
      'paragraph1 All data is ours, 1 < 2, AT&T & &bogus; too',
    ])
    expectExact(page, readHtml(page))
    expect(draft(page, { format: readHtml }).markdown).not.toContain('body')
  })

  it('tells which column and row introduce a cell', () => {
    const cells = readHtml(
      '<table><tr><th></th><th>RTO</th></tr><tr><td>App</td><td>4 h</td></tr></table>',
    ).blocks
    expect(cells.map(({ text, lead }) => [text, lead?.text])).toEqual([
      ['RTO', ''],
      ['App', ''],
      ['4 h', 'RTO App'],
    ])
  })

  it('keeps its links', () => {
    const [block] = readHtml(
      '<p>see <a href="https://a.example/?a=1&amp;b=2">our terms</a>.</p>',
    ).blocks
    expect(block!.links).toMatchObject([{ from: 4, to: 13, url: 'https://a.example/?a=1&b=2' }])
  })

  it('leaves out what is struck out, and keeps what was put in its place', () => {
    const page =
      '<p><del>We back up daily.</del></p><p>Kept for <s>90 days</s> <ins>a year</ins>.</p>'
    expect(outline(readHtml(page))).toEqual(['paragraph1 Kept for a year.'])
    expectExact(page, readHtml(page))
  })

  it('may be nested as deep as it likes, broken or empty', () => {
    expect(outline(readHtml(`${'<div><b>'.repeat(400)}x`))).toEqual(['paragraph1 x'])
    expect(outline(readHtml('<p>a<p>b</i></div>'))).toEqual(['paragraph1 a', 'paragraph1 b'])
    expect(outline(readHtml(''))).toEqual([])
  })
})

describe('Markdown', () => {
  it('shows what a reader sees', () => {
    const source =
      '# A *b*\n\nOne\ntwo &lt; \\* `code` ![pic](p.png)\n\n1. x\n   - y\n\n| h | i |\n|---|---|\n| a | b |\n'
    expect(outline(readMarkdown(source))).toEqual([
      'heading1 A b',
      'paragraph1 One two < * code',
      'item1 x',
      'item2 y',
      'cell1 a',
      'cell1 b',
    ])
    expectExact(source, readMarkdown(source))
  })

  it('tells which column and row introduce a cell', () => {
    const cells = readMarkdown('| | RTO |\n|---|---|\n| App | 4 h |\n').blocks
    expect(cells.map(({ text, lead }) => [text, lead?.text])).toEqual([
      ['App', ''],
      ['4 h', 'RTO App'],
    ])
  })
})

describe('what is struck out in Markdown', () => {
  const page =
    '~~We back up daily.~~\n\nKept for ~~90 days~~ a year.\n\n~~[We back up](kept:backup)~~'

  it('is no longer said, but for a claim', () => {
    const { blocks, strays } = readMarkdown(page)
    expect(blocks.map(({ text }) => text)).toEqual(['Kept for a year.', 'We back up'])
    expect([blocks[1]!.links.map(({ url }) => url), strays]).toEqual([['kept:backup'], []])
    expectExact(page, readMarkdown(page))
  })

  it('stays in a draft as it is', () => {
    const { markdown, claims } = draft(page, { format: 'markdown' })
    expect(markdown).toContain('~~We back up daily.~~')
    expect(markdown).toContain('~~90 days~~ a year')
    expect(claims.every(({ text }) => !text.includes('daily'))).toBe(true)
  })
})

describe('sentences', () => {
  it.each([
    ['One. Two! Three?', ['One.', 'Two!', 'Three?']],
    ['Go To! uses it. It works.', ['Go To! uses it.', 'It works.']],
    ['We use tools, e.g. Kept, vs. none. Yes.', ['We use tools, e.g. Kept, vs. none.', 'Yes.']],
    ['A policy for DR. Our systems run.', ['A policy for DR.', 'Our systems run.']],
    ['TLS 1.2 or 1.3. No. 50 on the list.', ['TLS 1.2 or 1.3.', 'No. 50 on the list.']],
    ['He said “yes.” Then he left.', ['He said “yes.”', 'Then he left.']],
    ['Only there. eu-west-1 is in Ireland.', ['Only there.', 'eu-west-1 is in Ireland.']],
  ])('%s', (text, expected) => {
    const [block] = readText(`${text}\n`).blocks
    expect(sentencesOf(block!).map(({ from, to }) => block!.text.slice(from, to))).toEqual(expected)
  })
})
