import { describe, expect, it } from 'vitest'
import { compile, draft, type Format } from '../src/index.ts'
import { readHtml } from '../src/read/html.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

/** So much that whatever grows with the square of a page's length does not end before the test is given up. */
const size = 150_000
const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length))
const row = (cells: number) => `|${' we back up all data daily |'.repeat(cells)}\n`
const table = (cells: number, rows: number) =>
  `${row(cells)}|${' --- |'.repeat(cells)}\n${row(cells).repeat(rows)}`

const long: readonly [name: string, page: string, format?: Format][] = [
  ['a table of 50 by 50 cells', table(50, 50)],
  ['a table of 800 columns', table(800, 4)],
  ['a row of 5000 cells', table(5000, 1)],
  ['an HTML row without end', `<table><tr>${fill('<td>we log ')}`, readHtml],
  ['a sentence of providers', fill('we use AWS, Heroku, ')],
  ['a sentence of clauses', fill('we encrypt data and '), 'text'],
  ['a sentence of figures', fill('RTO: 4 hours, '), readHtml],
  ['commas', fill(', ')],
  ['semicolons', fill('a; ')],
  ['full stops', fill('.')],
  ['links', fill('[a](https://b.example) ')],
  ['stars', fill('*a ')],
  ['opening brackets', fill('[')],
  ['claims without beginning', fill('](kept:')],
  ['claims around brackets', fill('[a [b]](kept:backup?every=1d) ')],
  ['a long line above a list', `${'We keep data in a place and '.repeat(3000)}:\n\n${'- here\n'.repeat(5000)}`],
  ['images in images', `${'!['.repeat(20_000)}a${'](b)'.repeat(20_000)}`],
  ['one sentence again and again', fill('All data is backed up every 24 hours. ')],
] // prettier-ignore

/** Ample for a busy machine, and far too little for what grows with the square. */
const timeout = 90_000

describe('a long page', { timeout }, () => {
  it.each(long)('of %s ends', (_name, page, format) => {
    expect(
      compile(page, { format: format ?? 'markdown', now }).claims.length,
    ).toBeGreaterThanOrEqual(0)
    expect(draft(page, { format: format ?? 'markdown' }).markdown).not.toBe('')
  })
})

describe('a page of very many findings', { timeout }, () => {
  it('tells how many', () => {
    const page = '\u202Ex\n\n'.repeat(130_000)
    const { findings } = compile(page, { format: 'text', now })
    expect(findings.at(-1)!.message).toMatch(/; and 129899 more that are not listed$/)
  })
})

describe('a sentence without end', () => {
  const promise = 'We encrypt all data at rest'
  const unread = (page: string) =>
    compile(page, { format: 'markdown', now }).findings.filter(({ rule }) => rule === 'unreadable')

  it('is not read for promises, and a warning says so at its place', () => {
    const page = `# Data\n\nOf it: ${`${promise}, and `.repeat(80)}more.\n`
    expect(draft(page, { format: 'markdown' }).claims).toEqual([])
    expect(unread(page)).toMatchObject([{ level: 'warning', line: 3, column: 1 }])
  })

  it('is any but one of a sensible length', () => {
    const page = `# Data\n\n${`${promise}, and `.repeat(20)}more.\n`
    expect(draft(page, { format: 'markdown' }).claims.length).toBeGreaterThan(0)
    expect(unread(page)).toEqual([])
  })
})

describe('a page that nests', { timeout }, () => {
  const errors = (page: string, format: Format = 'markdown') =>
    compile(page, { format, now }).findings.filter(({ level }) => level === 'error')
  const deep: readonly (readonly [string, string])[] = [
    ['10,000 block quotes', `Before.\n\n${'>'.repeat(10_000)} [a](kept:backup?every=1d)\n`],
    ['20,000 marks of emphasis', `Before.\n\n${'*'.repeat(20_000)}a${'*'.repeat(20_000)}\n`],
    ['20,000 words that each begin emphasis', `Before.\n\n${'*a '.repeat(20_000)}b${'*'.repeat(20_000)}\n`],
    ['two kinds of emphasis', `Before.\n\n${'*a _b '.repeat(10_000)}c${'_ *'.repeat(10_000)}\n`],
    ['500 lists', `Before.\n\n${Array.from({ length: 500 }, (_each, i) => `${'  '.repeat(i)}- a\n`).join('')}`],
  ] // prettier-ignore

  it.each(deep)('%s has an error where it becomes too deep', (_, page) => {
    const [first] = errors(page)
    expect(first).toMatchObject({ rule: 'unreadable', message: expect.stringMatching(/deep/) })
    expect(first!.line).toBeGreaterThanOrEqual(3)
    expect(draft(page, { format: 'markdown' }).markdown).toBe(page)
  })

  it('is read down to a depth that people write', () => {
    const quotes = `${'> '.repeat(40)}[We back up all data daily](kept:backup?every=1d#a)\n`
    expect(errors(quotes)).toEqual([])
    expect(compile(quotes, { format: 'markdown', now }).claims).toHaveLength(1)
    expect(errors('**Bold** and *thin*, _so_ and ~~so~~. '.repeat(2000))).toEqual([])
  })

  it('is read at any depth where HTML nests', () => {
    const page = `${'<div>'.repeat(100_000)}<p>We back up all data daily.`
    expect(errors(page, readHtml)).toEqual([])
    expect(draft(page, { format: readHtml }).claims).toHaveLength(1)
  })

  it('is read up to so many blocks, and says where it stops', () => {
    const cells = `| ${'a | '.repeat(20)}\n`
    const page = `${cells}|${'---|'.repeat(20)}\n${cells.repeat(10_010)}\n[We back up all data daily](kept:backup?every=1d#a)\n`
    const { claims, findings } = compile(page, { format: 'markdown', now })
    expect(claims).toEqual([])
    expect(findings).toMatchObject([{ rule: 'unreadable', level: 'error', line: 10_003 }])
  })
})
