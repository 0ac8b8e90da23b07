import { describe, expect, it } from 'vitest'
import { compile } from '../index.ts'
import { formatFor, now, objections } from '../../test/objections.ts'

describe('a page of any kind', () => {
  const page = 'We are ISO 27001:2013 certified.\n\nAll connections always use TLS 1.2.'
  const written = [
    ['a.md', page],
    ['a.txt', page],
    ['a.html', page.replace(/^(.+)$/gm, '<p>$1</p>')],
  ] as const

  it.each(written)('is linted alike: %s', (name, text) => {
    const found = objections(text, formatFor(name))
    expect(found.map(({ rule, line }) => [rule, line])).toEqual([
      ['withdrawn', 1],
      ['too-literal', 3],
    ])
  })

  it('is linted in sentences that are claims, too', () => {
    const linked = '[We hold an ISO 27001:2013 certificate](kept:certificate?standard=iso-27001&edition=2013)'
    expect(objections(linked)).toMatchObject([{ rule: 'withdrawn', column: 13, endColumn: 27 }])
  }) // prettier-ignore

  it('keeps its columns beside letters that grow when they are made small', () => {
    expect(objections('İİİ İstanbul: we are ISO 27001:2013 certified.')).toMatchObject([
      { rule: 'withdrawn', column: 22, endColumn: 36 },
    ])
  })
})

it('finds nothing empty where a certificate is named', () => {
  const unprovable = (text: string) =>
    compile(text, { format: 'text', now }).findings.filter(({ rule }) => rule === 'unprovable')
  const scrutiny = 'awarded after rigorous scrutiny of our systems.'
  expect(unprovable(`Our licences, including GSP, were ${scrutiny}`)).toEqual([])
  expect(unprovable(`Our licences were ${scrutiny}`)).toHaveLength(1)
})

it('calls no disclaimer unprovable, and every assurance', () => {
  const unprovable = (text: string) =>
    compile(text, { format: 'text', now }).findings.filter(({ rule }) => rule === 'unprovable')
  for (const text of [
    'Of course, no system can ever be completely secure, and nothing on this page is a warranty.',
    'No method of transmission is completely secure.',
    'We cannot guarantee the security of your data.',
  ])
    expect(unprovable(text), text).toEqual([])
  for (const text of [
    'Your data is completely secure with us.',
    'We guarantee the security of your data.',
    'Nothing is more important to us than the security of your data.',
  ])
    expect(unprovable(text), text).toHaveLength(1)
})

it('reads twenty thousand objections in a page, and one endless sentence', () => {
  const lines = 'Backups are tested regularly.\n\n'.repeat(20_000)
  const { findings } = compile(lines, { format: 'text', now })
  expect(findings.at(-1)!.message).toMatch(/; and 19899 more that are not listed$/)
  const endless = 'Our staff cannot view data exclusively in Germany within 24 hours of '.repeat(
    10_000,
  )
  expect(compile(endless, { format: 'text', now }).findings).toBeDefined()
})
