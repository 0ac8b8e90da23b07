import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatFor } from '../objections.ts'
import { score, type Label } from './score.ts'

const pages = ['bullets.md', 'annex.txt', 'faq.html', 'tables.md', 'whitepaper.txt', 'hosting.md']

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')
const scores = pages.map((page) => {
  const labels = JSON.parse(read(page.replace(/\.\w+$/, '.gold.json'))) as Label[]
  return { page, labels, ...score(read(page), formatFor(page), labels) }
})
const sum = (count: (one: (typeof scores)[number]) => number) =>
  scores.reduce((total, one) => total + count(one), 0)

describe('pages in six manners', () => {
  it.each(scores)('$page: $found of $promises found, $made made', ({ found, promises, missed }) => {
    expect(found / promises, missed.join('\n')).toBeGreaterThan(0.85)
  })

  it('are bound to what their sentences promise, and to hardly anything else', () => {
    const recall = sum(({ found }) => found) / sum(({ promises }) => promises)
    const wrong = sum((one) => one.wrong.length) / sum(({ made }) => made)
    console.info(
      `found ${(100 * recall).toFixed(1)} % of the promises; ${(100 * wrong).toFixed(1)} % of the bindings are wrong`,
    )
    expect(recall).toBeGreaterThan(0.95)
    const all = scores.flatMap((one) => one.wrong.map((text) => `${one.page}:${text}`))
    expect(wrong, all.join('\n')).toBeLessThan(0.01)
  })

  it.each(scores)('$page is labelled in the words that stand there', ({ page, labels }) => {
    const lines = read(page).split('\n').length
    expect(labels.filter(({ line, end }) => line < 1 || end < line || end > lines)).toEqual([])
    expect(labels.length).toBeGreaterThan(70)
  })

  it('are scored by a scorer that can fail', () => {
    const label = (is: string[]) => [{ line: 1, end: 1, text: 'All data is backed up daily.', is, also: [] }]
    const one = (is: string[]) => score('All data is backed up daily.', 'text', label(is))
    expect(one(['backup?every=24h'])).toMatchObject({ found: 1, wrong: [] })
    expect(one(['backup?every=1h'])).toMatchObject({ found: 0, wrong: [expect.stringContaining('backup')] })
    expect(one([])).toMatchObject({ promises: 0, wrong: [expect.stringContaining('no promise')] })
    expect(one(['retention?max=30d'])).toMatchObject({ found: 0, wrong: [expect.any(String)] })
  }) // prettier-ignore
})
