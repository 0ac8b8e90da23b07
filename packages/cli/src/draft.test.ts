import type { Draft } from '@kept/page'
import { findProof } from '@kept/page'
import { expect, test } from 'vitest'
import { runFake } from '../test/fake-terminal.ts'
import { draftAsJson, draftSummary } from './draft.ts'

const text = 'We back up\u202e daily.\n\nWe care.\n'

const example: Draft = {
  markdown: text,
  claims: [
    {
      line: 1,
      column: 1,
      text: 'We back up daily',
      address: 'kept:backup?every=2mo#backup',
      obligations: [{ proof: findProof('backup')!, params: { every: { months: 2, seconds: 0 } } }],
    },
  ],
  unrecognised: [
    { line: 3, column: 1, text: 'We care.', because: 'nothing can be measured', suggestion: null },
  ],
}

test('the JSON of a draft has the documented shape', () => {
  expect(JSON.parse([...draftAsJson(example)].join(''))).toEqual({
    claims: [
      {
        line: 1,
        column: 1,
        text: 'We back up daily',
        proof: 'backup',
        params: { every: '2mo' },
        address: 'kept:backup?every=2mo#backup',
      },
    ],
    unrecognised: [
      {
        line: 3,
        column: 1,
        text: 'We care.',
        because: 'nothing can be measured',
        suggestion: null,
      },
    ],
  })
})

test('a person is told what was not recognised, and where', () => {
  expect(draftSummary('page.md', example, 80)).toBe(
    'page.md:3:1: unrecognised: We care.\n' +
      '  because: nothing can be measured\n' +
      '1 promise linked, 1 sentence not recognised\n',
  )
})

test('the page goes to the output, or to a file and nowhere else', async () => {
  const piped = await runFake(['draft', 'page.txt'], { 'page.txt': text })
  const filed = await runFake(['draft', 'page.txt', '-o', 'kept.md'], { 'page.txt': text })
  expect(piped.out).toContain('back up\u202e daily')
  expect([filed.code, filed.out]).toEqual([0, ''])
  expect(filed.written.get('kept.md')).toBe(piped.out)
  expect(piped.err).toMatch(/linked, \d+ sentences? not recognised\n$/)
})

test('on a screen the page cannot do harm', async () => {
  const { out } = await runFake(['draft', 'page.txt'], { 'page.txt': text }, { screen: true })
  expect(out).toContain('back up<U+202E> daily')
})

test('a page that takes long says so on a screen, and nowhere else', async () => {
  const page = { 'page.md': `We back up daily.\n\n${'x'.repeat(1_000_000)}` }
  const shown = await runFake(['check', 'page.md'], page, { screen: true })
  expect(shown.err).toMatch(/^page\.md: a page of 1\.0 million .* takes some 6 seconds, and Ctrl-C ends it\n$/)
  expect((await runFake(['check', 'page.md'], page)).err).toBe('')
  expect((await runFake(['check', 'page.md'], { 'page.md': 'We back up daily.' }, { screen: true })).err).toBe('')
}) // prettier-ignore

test.each(['-', 'export', 'export.txt'])('HTML is read as HTML where no name tells: %s', async (name) => {
  const html = '<!DOCTYPE html>\n<html><body><p>We back up daily.</p></body></html>'
  const { out } = await runFake(['draft', name], { [name]: html })
  expect(out).toMatch(/^\[We back up daily\]\(kept:/)
  expect((await runFake(['draft', name], { [name]: 'We write <html> by hand.' })).out).toMatch(/html\\?>/)
}) // prettier-ignore

test('JSON goes to the output and the page to its file', async () => {
  const words = ['draft', 'page.txt', '--json', '-o', 'kept.md']
  const { out, written } = await runFake(words, { 'page.txt': text })
  expect(Object.keys(JSON.parse(out) as object)).toEqual(['claims', 'unrecognised'])
  expect(written.has('kept.md')).toBe(true)
})
