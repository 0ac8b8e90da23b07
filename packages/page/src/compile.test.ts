import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatFor } from '../test/objections.ts'
import { compile } from './compile.ts'
import { decodePage, formatOf } from './decode.ts'
import { draft } from './draft/draft.ts'
import type { Format } from './page.ts'
import { readDocument } from './read/document.ts'
import { readHtml } from './read/html.ts'

const now = Date.UTC(2026, 10, 20, 12)
const read = (text: string) => compile(text, { format: 'markdown', now })
const errors = (text: string) =>
  read(text)
    .findings.filter((finding) => finding.level === 'error')
    .map(({ rule, line, column, message, suggestion }) => ({
      rule,
      line,
      column,
      message,
      suggestion,
    }))

const bytes = (...values: number[]) => decodePage(new Uint8Array(values))

describe('a claim', () => {
  it('has its place, its text, its heading and its proofs', () => {
    const page = read(
      '# Page\n\n## Incidents\n\nYes: [We **email** you &amp; yours](kept:incident.notice?within=24h#breach).\n',
    )
    expect(page.claims).toMatchObject([
      {
        line: 5,
        column: 6,
        id: 'breach',
        named: true,
        text: 'We email you & yours',
        heading: 'Incidents',
      },
    ])
    expect(page.claims[0]!.obligations[0]!.params).toEqual({
      within: { target: { months: 0, seconds: 86_400 }, promise: { months: 0, seconds: 86_400 } },
    })
  })

  it('may need several proofs, each with its own parameters', () => {
    const page = read(
      '[All encrypted](kept:encryption.at-rest?of=database;encryption.in-transit?min=1.2)',
    )
    expect(page.claims[0]!.obligations.map(({ proof, params }) => [proof.id, params])).toEqual([
      ['encryption.at-rest', { of: ['database'] }],
      ['encryption.in-transit', { min: 1.2 }],
    ])
  })

  it('gets an id from heading and proof where it has none, and a number where that is taken', () => {
    const page = read(
      '## Back up!\n[a](kept:backup) [b](kept:backup) [c](kept:backup#back-up-backup-2)',
    )
    expect(page.claims.map((claim) => claim.id)).toEqual([
      'back-up-backup',
      'back-up-backup-3',
      'back-up-backup-2',
    ])
  })

  it.each([
    ['a list', '- one\n  - [two](kept:backup)', 2, 5],
    ['a quote', '> [two](kept:backup)', 1, 3],
    ['a table', '| a | b |\n|---|---|\n| x | [two](kept:backup) |', 3, 7],
    ['emphasis', '**[two](kept:backup)**', 1, 3],
    ['angle brackets', '[two](<kept:backup>)', 1, 1],
    ['a reference', '[two][r]\n\n[R]: kept:backup', 1, 1],
    ['CRLF lines', 'one\r\n\r\n[two](kept:backup)\r\n', 3, 1],
    ['a byte order mark', '\uFEFF[two](kept:backup)', 1, 1],
    ['right-to-left text', 'שלום [שתיים](kept:backup)', 1, 6],
    ['an address in its text', '[write to a@b.example](kept:backup)', 1, 1],
    ['a bracket pair in its text', '[two [three] four](kept:backup)', 1, 1],
    ['capitals in its scheme', '[two](KEPT:backup)', 1, 1],
  ])('is read in %s', (_, text, line, column) => {
    expect(read(text).claims).toMatchObject([
      { line, column, obligations: [{ proof: { id: 'backup' } }] },
    ])
    expect(errors(text)).toEqual([])
  })

  it.each([
    ['code', '`[two](kept:backup)`'],
    ['a code block', '```\n[two](kept:backup)\n```'],
    ['a comment', '<!-- [two](kept:backup) -->'],
  ])('is not read in %s', (_, text) => {
    expect(read(text).claims).toEqual([])
    expect(errors(text)).toEqual([])
  })
})

describe('what is wrong is said at its place', () => {
  it.each([
    [
      'an unknown proof',
      '[x](kept:incident.notise)',
      { rule: 'unknown-proof', line: 1, column: 10, suggestion: 'incident.notice' },
    ],
    ['no proof', '[x](kept:)', { rule: 'unknown-proof', line: 1 }],
    [
      'an unknown parameter',
      '[x](kept:backup?evry=1d)',
      { rule: 'parameter', column: 17, suggestion: 'every' },
    ],
    [
      'a wrong unit',
      '[x](kept:backup?every=24hours)',
      { rule: 'parameter', column: 23, suggestion: 'every=24h' },
    ],
    ['no unit', '[x](kept:backup?every=24)', { rule: 'parameter', column: 23 }],
    [
      'a number out of range',
      '[x](kept:encryption.in-transit?min=7)',
      { rule: 'parameter', column: 36 },
    ],
    ['an unknown word', '[x](kept:tls.grade?min=Z)', { rule: 'parameter', column: 24 }],
    ['an empty value', '[x](kept:backup?every=)', { rule: 'parameter' }],
    [
      'a missing parameter',
      '[x](kept:residency)',
      { rule: 'parameter', suggestion: 'kept explain residency' },
    ],
    [
      'a promise that demands nothing',
      '[x](kept:recovery)',
      {
        rule: 'parameter',
        column: 10,
        message: 'recovery promises nothing without one of: rto, rpo',
      },
    ],
    ['a parameter twice', '[x](kept:backup?every=1d&every=2d)', { rule: 'parameter' }],
    ['a proof twice', '[x](kept:backup;backup)', { rule: 'address' }],
    [
      'a range that ends before it starts',
      '[x](kept:findings.fixed?critical=4h..2h)',
      { rule: 'parameter' },
    ],
    ['a bad id', '[x](kept:backup#a b)', { rule: 'not-a-link' }],
    ['an odd id', '[x](kept:backup#-)', { rule: 'address' }],
    [
      'an id twice',
      '[x](kept:backup#a)\n\n[y](kept:backup#a)',
      { rule: 'duplicate-id', line: 3, column: 1, suggestion: '#a-2' },
    ],
    ['empty text', 'a [](kept:backup)', { rule: 'empty-text', column: 3 }],
    ['an autolink', '<kept:backup>', { rule: 'empty-text' }],
    [
      'a link in a link',
      '[a [b](kept:backup) c](kept:backup)',
      { rule: 'nested-link', column: 22 },
    ],
    ['an image', '![x](kept:backup)', { rule: 'not-a-link' }],
    ['HTML', '<a href="kept:backup">x</a>', { rule: 'not-a-link' }],
    ['a broken link', '[x](kept:backup', { rule: 'not-a-link' }],
    ['a percent sign that encodes nothing', '[x](kept:contact?address=%zz)', { rule: 'parameter' }],
    ['front matter that is not YAML', '---\ncompany: [a\n---\n', { rule: 'front-matter' }],
    ['front matter without end', '---\ncompany: a\n', { rule: 'front-matter', line: 1 }],
    ['a list for a text', '---\ncompany: [a]\n---\n', { rule: 'front-matter' }],
    [
      'an unknown time zone',
      '---\ntimezone: Mars/Base\n---\n',
      { rule: 'front-matter', line: 2, column: 11 },
    ],
    [
      'aliases that explode',
      `---\na: &a [x,x]\nb: &b [*a,*a]\ncompany: *b\n---\n`,
      { rule: 'front-matter' },
    ],
  ])('%s', (_, text, expected) => {
    const found = errors(text)
    expect(found[0], JSON.stringify(found)).toMatchObject(expected)
  })
})

describe('a page with too much amiss', () => {
  it('is told a hundred times of each thing, and how often more', () => {
    const links = Array.from({ length: 500 }, (_, i) => `[a${i}](kept:nothing)\n`).join('\n')
    const found = errors(`${links}\n[b](kept:backup?evry=1d)\n`)
    const unknown = found.filter(({ rule }) => rule === 'unknown-proof')
    expect(unknown).toHaveLength(101)
    expect(unknown.at(-1)!.message).toMatch(/; and 399 more that are not listed$/)
    expect(found.map(({ rule }) => rule)).toContain('parameter')
  })

  it('is not quoted at length', () => {
    const ones = '1'.repeat(100_000)
    for (const query of [`every=${ones}h`, `${ones}=1h`, `per-year=${ones}`]) {
      const [first] = errors(`[We back up](kept:backup?${query})`)
      expect(first!.message.length).toBeLessThan(300)
    }
  })

  it('says that aliases of front matter are not followed, whatever they are for', () => {
    const text = `---\na: &a [x,x]\nb: &b [*a,*a]\ntitle: *b\n---\n`
    const { findings } = compile(text, { format: 'markdown', now })
    expect(findings).toMatchObject([{ rule: 'front-matter', level: 'warning', line: 3 }])
  })
})

describe('bytes', () => {
  it('that are UTF-8 are a text', () => expect(bytes(0xc3, 0xa4)).toEqual({ text: 'ä' }))
  it('that are not are refused where they stop being one', () => {
    expect(bytes(65, 10, 65, 0xff, 65)).toMatchObject({
      finding: { rule: 'unreadable', line: 2, column: 2 },
    })
  })
  it('that are cut in a character are refused there', () => {
    expect(bytes(65, 0xc3)).toMatchObject({ finding: { line: 1, column: 2 } })
  })
  it('of a binary file are refused', () => {
    expect(bytes(137, 80, 78, 71, 0)).toMatchObject({ finding: { rule: 'unreadable' } })
  })
  it('of UTF-16 are named', () => {
    expect(bytes(0xff, 0xfe, 65, 0)).toMatchObject({
      finding: { message: expect.stringContaining('UTF-16') },
    })
  })
  it('tell their format by the name of their file', () => {
    expect(['a.md', 'a.mdx', 'SECURITY', 'a.HTML', 'a.txt', 'v1.2/a.log'].map(formatOf)).toEqual([
      'markdown',
      'markdown',
      'markdown',
      'html',
      'text',
      'text',
    ])
  })
  it('of a binary file are refused at their line, whatever ends a line', () => {
    const text = new TextEncoder().encode('a\rb\r\nc\nd')
    expect(decodePage(Uint8Array.from([...text, 0]))).toMatchObject({
      finding: { line: 4, column: 2 },
    })
  })
})

describe('a page that is no Markdown has no claims, and says so where it tries', () => {
  const rulesOf = (text: string, format: Format) =>
    compile(text, { format, now }).findings.filter(({ level }) => level === 'error')

  it.each([
    ['a.txt', 'We [back up](kept:backup?every=24h).'],
    ['a.html', '<p>We [back up](kept:backup?every=24h).</p>'],
    ['a.html', '<p>We <a href="kept:backup?every=24h">back up</a>.</p>'],
  ])('%s: %s', (name, text) => {
    const format = formatFor(name)
    expect(rulesOf(text, format)).toMatchObject([{ rule: 'not-a-link', line: 1 }])
    expect(rulesOf(text.replaceAll('kept:', 'https:'), format)).toEqual([])
  })
})

describe('the ends of lines', () => {
  const claim = '[All data is backed up](kept:backup?every=24h#a)'
  const pages = [
    ...['clear-to-go', 'clear', 'perdoo', 'small'].map((name) =>
      readFileSync(join(import.meta.dirname, `../../../examples/${name}/security.md`), 'utf8'),
    ),
    `# S\n\n<p align="center"><img src="x.png"></p>\n\n${claim}.\n`,
    `<details>\n\n${claim}\n\n</details>\n`,
    `| a | b |\n|---|---|\n| x | y | ${claim} |\n| ${claim} | z |\n`,
    `[All\\\ndata](kept:backup#a) and [r][x]\n\n[x]: kept:erase?within=30d#b\n`,
    '---\ncompany: A\n---\n\n```\n' + claim + '\n```\n\n    ' + claim + '\n',
    'We back up all data every day.\n\n| Promise | When |\n|---|---|\n| Backups | Every 24 hours |\n',
  ]

  it.each(pages)('change nothing: %#', (page) => {
    for (const end of ['\r\n', '\r']) {
      const other = page.replaceAll('\n', end)
      const bare = ({ claims, findings, unlinked }: ReturnType<typeof read>) => ({
        claims: claims.map(({ id, text, line, column }) => ({ id, text, line, column })),
        findings,
        unlinked,
      })
      expect(bare(read(other))).toEqual(bare(read(page)))
      expect(readDocument(other)).toEqual(readDocument(page))
      const [drafted, plain] = [
        draft(other, { format: 'markdown' }),
        draft(page, { format: 'markdown' }),
      ]
      expect(drafted.markdown).toBe(plain.markdown.replaceAll('\n', end))
    }
  })

  it('stay each as they are in a draft', () => {
    const text = 'We back up all data every day.\r\nAnd so on.\rThen\nthis.\r\n'
    const { markdown } = draft(text, { format: 'markdown' })
    expect(markdown.replace(/\[(.*?)\]\(kept:.*?\)/, '$1')).toBe(text)
    expect(markdown).toContain('(kept:backup?every=24h')
  })
})

describe('a claim that some readers see and others do not', () => {
  const claim = '[All data is backed up](kept:backup?every=24h#a)'
  it.each([
    ['in HTML', `<div>\n${claim}\n</div>\n`, /in HTML/, 2],
    ['in a footnote', `Text[^1].\n\n[^1]: See ${claim}.\n`, /footnote/, 3],
    ['below a footnote', `Text[^1].\n\n[^1]: Foo\n    ${claim}\n`, /footnote/, 4],
    [
      'in a footnote’s second paragraph',
      `Text[^1].\n\n[^1]: Foo.\n\n    ${claim}\n`,
      /footnote/,
      5,
    ],
    ['that a footnote defines', 'See [^All].\n\n[^All]: kept:backup#a\n', /footnote/, 3],
  ])('is an error %s', (_, page, message, line) => {
    expect(read(page).claims).toEqual([])
    expect(read(page).findings).toMatchObject([{ level: 'error', line }])
    expect(read(page).findings[0]!.message).toMatch(message)
    expect(
      read(page.replace(/kept:/, 'https:')).findings.filter(({ level }) => level === 'error'),
    ).toEqual([])
  })

  it('is none in a comment, and is one beside a footnote', () => {
    expect(read(`Text <!-- ${claim} --> more.`)).toMatchObject({ claims: [], findings: [] })
    expect(
      read(`Text[^1]. ${claim}.\n\n[^1]: Foo.\n\n${claim.replace('#a', '#b')}\n`),
    ).toMatchObject({
      claims: [{ id: 'a' }, { id: 'b' }],
      findings: [],
    })
  })

  it('keeps the break in its text, and a label is folded by Unicode', () => {
    expect(read('[All<br>data](kept:backup#a)').claims).toMatchObject([{ text: 'All data' }])
    expect(read('[\u1E9E]\n\n[SS]: kept:backup#a').claims).toHaveLength(1)
  })
})

it('objects to a claim beyond the last column of a table', () => {
  const table = (row: string) => read(`| a | b |\n|---|---|\n| ${row} |\n`)
  const claim = '[We back up](kept:backup?every=24h)'
  expect(table(`x | ${claim}`)).toMatchObject({ claims: [{ line: 3 }], findings: [] })
  expect(table(`x | y | ${claim}`)).toMatchObject({
    claims: [],
    findings: [{ line: 3, message: expect.stringContaining('last column') as string }],
  })
})

it('says of a space in an address that it ends there', () => {
  const [finding] = compile('[We back up](kept:backup?every=24 h)', {
    format: 'markdown',
    now,
  }).findings
  expect(finding).toMatchObject({
    rule: 'not-a-link',
    message: expect.stringContaining('at a space'),
  })
})

/** Reads, lints and drafts a text in every format; nothing may throw, and a draft of a draft is itself. */
const holds = (text: string) => {
  for (const format of ['markdown', 'text', readHtml] as const) {
    const page = compile(text, { format, now })
    for (const one of [...page.claims, ...page.unlinked, ...page.findings]) {
      expect(one.line).toBeGreaterThan(0)
      expect(one.column).toBeGreaterThan(0)
    }
    const drafted = draft(text, { format })
    expect(draft(drafted.markdown, { format: 'markdown' }).markdown).toBe(drafted.markdown)
  }
}

describe('any text', () => {
  it('compiles and drafts without falling over', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '[',
        ']',
        '](kept:backup?every=1d)',
        '(',
        '**',
        '`',
        '\n',
        '\n\n',
        '- ',
        '> ',
        '| ',
        '<b>',
        '&amp;',
        '---\n',
        '# ',
        'All data is backed up every 24 hours',
        '. ',
        '\\',
      ),
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
        holds,
      ),
      { numRuns: 300 },
    )
  })

  const naughty = join(
    import.meta.dirname,
    '../../../../shared/corpus/09-naughty/strings/blns.json',
  )
  it.skipIf(!existsSync(naughty))('of the list of naughty strings (needs ../shared/corpus)', () => {
    const strings = JSON.parse(readFileSync(naughty, 'utf8')) as string[]
    for (const text of strings) {
      holds(text)
      const claim = `[${text.replace(/[\r\n]+/g, ' ').replace(/[\\[\]`<]/g, '\\$&')}](kept:backup?every=1d#a)`
      expect(read(claim).claims.length, claim).toBeLessThanOrEqual(1)
      const found = errors(`[x](kept:contact?address=${encodeURIComponent(text.toWellFormed())})`)
      expect(found.every((finding) => finding.line === 1)).toBe(true)
    }
  })
})

describe('front matter of other tools', () => {
  const text =
    '---\ntitle: Security\nlayout: page\npermalink: /security/\ndate: 2026-11-20\ntags:\n  - trust\nauthor: !person Ann\ncompany: X\n---\nAll data is backed up every 24 hours.\n'

  it('is fine, and a draft keeps it word for word', () => {
    const page = compile(text, { format: 'markdown', now })
    expect(page.findings.filter(({ rule }) => rule === 'front-matter')).toEqual([])
    expect(page.company).toBe('X')
    const { markdown } = draft(text, { format: 'markdown' })
    expect(markdown.startsWith(text.slice(0, text.indexOf('All data')))).toBe(true)
    const errors = compile(markdown, { format: 'markdown', now }).findings.filter(
      ({ level }) => level === 'error',
    )
    expect(errors).toEqual([])
  })

  it('is in error where a key nearly is one of ours', () => {
    const { findings } = compile('---\ncompani: a\n---\n', { format: 'markdown', now })
    expect(findings).toMatchObject([
      { rule: 'front-matter', level: 'error', line: 2, column: 1, suggestion: 'company' },
    ])
  })
})

it('says of HTML in Markdown that it is not read, where it says something', () => {
  const read = (page: string) => compile(page, { format: 'markdown', now: 0 }).findings
  const [finding, ...more] = read('# T\n\n<div>\n<p>Data is stored only in Germany.</p>\n</div>\n')
  expect(finding).toMatchObject({ rule: 'unreadable', level: 'warning', line: 3, column: 1 })
  expect(more).toEqual([])
  for (const page of ['<div align="center">\n<img src="a.png">\n</div>', '<style>\na { all: unset; color: red }\n</style>', '<br>'])
    expect(read(page)).toEqual([])
}) // prettier-ignore
