import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, readSource } from '../compile.ts'
import { formatFor } from '../../test/objections.ts'
import type { Format } from '../page.ts'
import { readHtml } from '../read/html.ts'
import { draft } from './draft.ts'

const now = Date.UTC(2026, 10, 20)
const examples = join(import.meta.dirname, '../../../../examples')

/** What a reader sees of a page, without its links. */
const prose = (text: string, format: Format) =>
  readSource(text, format).prose.blocks.map((block) => block.text)

describe('a draft of a page before Kept', () => {
  it.each(['clear-to-go/before.txt', 'clear/before.md', 'perdoo/before.html'])('%s', (name) => {
    const text = readFileSync(join(examples, name), 'utf8')
    const format = formatFor(name)
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

describe('links that Markdown stands in the way of', () => {
  const markdown = (text: string) => draft(text, { format: 'markdown' }).markdown

  it.each([
    ['inline code at its end', 'Passwords are hashed with `bcrypt`', '[Passwords are hashed with `bcrypt`](kept:password.hashed?with=bcrypt'],
    ['strong words at its end', 'Laptops are encrypted with **FileVault**', '[Laptops are encrypted with **FileVault**](kept:devices.encrypted'],
    ['brackets', 'Data is encrypted in transit (TLS 1.2 or better) and at rest (AES-256)', ';encryption.at-rest?with=aes-256'],
  ])('go around %s', (_, text, link) => {
    expect(markdown(`${text}.\n`)).toContain(link)
  }) // prettier-ignore

  it('cost no other link of the paragraph', () => {
    const text = 'We keep logs for 90 days. All `data is* backed` up every 24 hours [here](https://a.example/x_y). Laptops are encrypted.\n'
    const drafted = markdown(text)
    expect(drafted).toContain('[We keep logs for 90 days](kept:')
    expect(drafted).toContain('[Laptops are encrypted](kept:')
    expect(prose(drafted, 'markdown')).toEqual(prose(text, 'markdown'))
  }) // prettier-ignore
})

describe('a flaw of the page', () => {
  const blanks = (text: string, format: Format) =>
    compile(text, { format, now }).findings.filter(({ rule }) => rule === 'blank').length

  it.each([
    ['a.md', 'All [sub-processors]() are listed in public.\n'],
    ['a.md', 'Details are found at [INSERT LINK].\n'],
    ['a.txt', 'The programme is described at [INSERT LINK].\n'],
    ['a.html', '<p>Only the companies on <a href="">our sub-processor list</a> see it.</p>'],
  ])('is still found in the draft of %s: %s', (name, text) => {
    const format = formatFor(name)
    expect(blanks(text, format)).toBe(1)
    expect(blanks(draft(text, { format }).markdown, 'markdown')).toBe(1)
  })

  it('is none where an anchor only names a place', () => {
    const text = '<p>See <a name="x">what we keep of it</a> below.</p>'
    expect(draft(text, { format: readHtml }).markdown).toBe('See what we keep of it below.\n')
  })
})

describe('a table of HTML', () => {
  const html = (rows: string) => draft(`<table>${rows}</table>`, { format: readHtml }).markdown
  const lines = (rows: string) => html(rows).trimEnd().split('\n')
  const backups = '[All data is backed up every 24 hours](kept:backup?every=24h#backup)'

  it.each([
    [
      'stays one, with its titles',
      '<thead><tr><td>Topic</td><td>a | b</td></tr></thead><tr><td>Backups</td><td><p>All data is backed up every 24 hours</p></td></tr>',
      ['| Topic | a \\| b |', '| --- | --- |', `| Backups | ${backups} |`],
    ],
    [
      'has no titles where no tag says so',
      '<tr><td>Passwords</td><td>Letters</td></tr><tr><td>MFA</td><td>All staff use MFA</td></tr>',
      ['|  |  |', '| --- | --- |', '| Passwords | Letters |', '| MFA | [All staff use MFA](kept:mfa.staff#mfa.staff) |'],
    ],
    [
      'keeps an empty cell and one that spans others',
      '<tr><th>A</th><th>B</th><th>C</th></tr><tr><td colspan="2">x</td><td>y</td></tr><tr><td></td><td>z</td></tr>',
      ['| A | B | C |', '| --- | --- | --- |', '| x |  | y |', '|  | z |  |'],
    ],
    [
      'is a list where a cell holds one',
      '<tr><th>A</th><th>B</th></tr><tr><td>x<ul><li>y</li></ul></td><td>z</td></tr>',
      ['- A', '- B', '- x', '- y', '- z'],
    ],
    [
      'is a list where a title promises something, which nobody would find in a row of titles',
      '<tr><th>All data is backed up every 24 hours</th><th>B</th></tr><tr><td>x</td></tr>',
      [`- ${backups}`, '- B', '- x'],
    ],
    [
      'is a list where a cell spans more columns than a table has',
      '<tr><td colspan="1000">x</td><td>y</td></tr>',
      ['- x', '- y'],
    ],
  ])('%s', (_, rows, wanted) => {
    expect(lines(rows)).toEqual(wanted)
    expect(draft(html(rows), { format: 'markdown' }).markdown).toBe(html(rows))
  })
}) // prettier-ignore

describe('wrapped text', () => {
  const wrapped = [
    'The control environment of the company is certified to ISO/IEC 27001 for',
    'the whole of its cloud, and the certificate of today is valid until 14',
    'March 2029. Federated single sign-on is supported through SAML and OpenID',
    'Connect for each customer. Backups of the database are made every 6 hours.',
  ]
  const text = `${wrapped.join('\n')}\n`

  it('is read as sentences, whatever a line begins with', () => {
    expect(prose(text, 'text')).toEqual([wrapped.join(' ')])
    const found = draft(text, { format: 'text' }).claims.map(({ line, address }) => `${line} ${address}`)
    expect(found).toEqual([
      expect.stringMatching(/^1 kept:certificate.*until=2029-03-14/),
      expect.stringMatching(/^3 kept:sso\?with=saml,oidc/),
      expect.stringMatching(/^4 kept:backup\?every=6h/),
    ])
  })

  it('shows the date that has passed', () => {
    const past = text.replace('2029', '2026')
    expect(compile(past, { format: 'text', now }).findings.map(({ rule }) => rule)).toContain('expired')
  })

  it('ends where its writer ended it', () => {
    const short = 'Backups\n\nWe back up all data daily\nLogs are kept for 90 days\nKeys rotate yearly\n'
    expect(prose(short, 'text')).toHaveLength(4)
  })
}) // prettier-ignore

describe('whatever a page says', () => {
  const pieces = fc.constantFrom(
    'We restore a backup each quarter', 'RTO: 4 hours', 'in under 2 hours', 'no more than an hour of work is lost', 'by',
    'Three engineers can reach production', 'capped at fifteen', 'TLS 1.2 or newer', '(AES-256)', '`code`', '**strong**',
    '[link](https://a.example)', '[empty]()', 'critical', 'high within 7 days', 'at least 12 characters', 'every year',
    'within 400 hours', 'sub-processors', '30 days before', 'in Frankfurt', 'ISO 27001', 'and', ', ', '. ', ': ', '\n\n', '\n- ',
    '\n| a | b |\n| --- | --- |\n| RPO | 1 hour |\n\n', '## Do you keep card numbers?\n\n', 'No.', 'Yes, ', '‑', '≥ 2', '’',
  ) // prettier-ignore
  const structural = new Set(['address', 'parameter', 'unknown-proof', 'duplicate-id', 'not-a-link', 'nested-link', 'empty-text']) // prettier-ignore

  it('its draft shows the same, compiles without errors, and is its own draft', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 24 }), (list) => {
        const text = `${list.join(' ')}\n`
        const drafted = draft(text, { format: 'markdown' })
        expect(prose(drafted.markdown, 'markdown')).toEqual(prose(text, 'markdown'))
        const page = compile(drafted.markdown, { format: 'markdown', now })
        expect(page.findings.filter(({ rule }) => structural.has(rule))).toEqual([])
        expect(page.claims).toHaveLength(drafted.claims.length)
        expect(draft(drafted.markdown, { format: 'markdown' }).markdown).toBe(drafted.markdown)
      }),
      { numRuns: 300 },
    )
  })
})

describe('what is not recognised', () => {
  const named = (text: string) =>
    draft(text, { format: 'text' }).unrecognised.map((one) => one.text)

  it('is named where it says a figure', () => {
    const odd = 'The lawn of the office is cut every 2 weeks.'
    expect(named(`${odd}\n\nAll data is backed up every 24 hours.\n`)).toEqual([odd])
  })

  it.each([
    'We plan to cut it every 2 weeks from next year on.',
    'Is it cut every 2 weeks?',
    'The lawn is green.',
  ])('is not named: %s', (text) => {
    expect(named(text)).toEqual([])
  })
})

describe('what is said of a topic and bound to nothing', () => {
  const because = (text: string) =>
    draft(text, { format: 'markdown' }).unrecognised.map((one) => `${one.text} | ${one.because}`)
  const speaks = (text: string, topic: string) =>
    `${text} | it speaks of ${topic}, and no promise was recognised in it`

  it.each([
    ['Our automated scanners comb through the whole platform all the time.', 'vulnerability scans'],
    ['We treat backups as the crown jewels that they are.', 'backups'],
    ['Every weakness goes on one list, and that list is read aloud.', 'weaknesses'],
    ['We aim to answer each security researcher.', 'reports of weaknesses'],
    ['Nobody here casually browses your mail.', 'who sees data'],
    ['Our passwords live in a vault.', 'passwords'],
  ])('is listed with the topic: %s', (text, topic) => {
    expect(because(text)).toEqual([speaks(text, topic)])
  })

  it.each([
    'Do you keep backups in a safe?',
    '## Our backups are wonderful',
    'We plan to move our backups into a safe.',
    'Until last year our backups were on tapes.',
    'Some vendors keep their backups on tapes.',
    'You should keep backups of your own in a safe.',
    'Keep your passwords in a safe.',
    'Our customers keep their own backups.',
    'Google guards its backups with dogs.',
    'No backup is ever completely safe.',
    'Nothing on this page is a warranty for backups.',
    'We have never had a breach.',
    'Read more about backups in our handbook.',
    'We treat backups as follows:',
    '## Roadmap\n\nOur backups go into a safe.',
    'The sky is blue above our office.',
  ])('is not listed: %s', (text) => {
    expect(because(text)).toEqual([])
  })

  it('is not listed where it is bound, here or by hand', () => {
    expect(because('All data is backed up every 24 hours.')).toEqual([])
    expect(because('We know that [backups are like jewels](kept:backup?every=1d#b).')).toEqual([])
  })

  it('is listed beside what is bound in its sentence', () => {
    const text = 'All data is backed up every 24 hours, and each code change is sung by the men of our choir.'
    expect(because(text)).toEqual([
      speaks('each code change is sung by the men of our choir', 'changes of code'),
    ])
  }) // prettier-ignore

  it('is listed once, by the row of its cell and by its question', () => {
    const table = '| What | How |\n| --- | --- |\n| Firewall | Painted on each endpoint |\n| Office | Painted green |'
    expect(because(table)).toEqual([speaks('Painted on each endpoint', 'protections')])
    expect(because('## Do you keep backups?\n\nWe are fond of them.\n')).toEqual([
      speaks('We are fond of them.', 'backups'),
    ])
    expect(because('## Do you keep backups?\n\nNo, never.\n')).toEqual([])
  }) // prettier-ignore

  it('is no finding of a check', () => {
    const page = 'We treat backups as the crown jewels that they are.'
    expect(compile(page, { format: 'markdown', now }).findings).toEqual([])
  })
})

describe('a draft of HTML', () => {
  const drafted = (html: string) => draft(html, { format: readHtml }).markdown

  it('keeps preformatted text as code, in its place and with its fences', () => {
    const page = '<p>We run:</p><pre>  a &lt; b\n```\n[x](kept:sso)</pre><p>The lawn is green.</p>'
    expect(drafted(page)).toBe(
      'We run:\n\n````\n  a < b\n```\n[x](kept:sso)\n````\n\nThe lawn is green.\n',
    )
    expect(drafted('<pre>a</pre>')).toBe('```\na\n```\n')
  })
})

describe('a promise beside another link', () => {
  const bound = (text: string) => draft(text, { format: 'markdown' }).claims.length

  it('is bound where its own text says the figure, and nowhere else', () => {
    expect(bound('We notify customers within [72 hours](/x) of a breach.')).toBe(0)
    expect(bound('We notify customers within 72 [hours](/x) of a breach.')).toBe(0)
    expect(bound('We notify [customers](/x) of a breach within 72 hours.')).toBe(1)
  })
})
