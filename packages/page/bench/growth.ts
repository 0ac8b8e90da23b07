import { cpuUsage } from 'node:process'
import type { Benchmark, Row } from '../../../scripts/measure.ts'
import { draft } from '../src/index.ts'
import { readHtml } from '../src/read/html.ts'
import { readMarkdown } from '../src/read/markdown.ts'
import { readText } from '../src/read/text.ts'
import { html, markdown, pageOf, text } from '../test/endless.ts'

const few = 6000
/** In milliseconds of this process: below it, other things than the page are measured. */
const least = 60

/** Four times as long a page takes four times as long; sixteen times is what grows with its square. */
const benchGrowth: Benchmark = async (say) => {
  const unlinked = 'We treat backups as the crown jewels that they are, and passwords too. '
  return [
    worst('reading Markdown four times as long', markdown, (page) => readMarkdown(page, 0), say),
    worst('reading HTML four times as long', html, readHtml, say),
    worst('reading text four times as long', text, readText, say, 60_000),
    worst('drafting four times as long', [unlinked], (page) => draft(page, { format: 'markdown' }), say, 2000), // prettier-ignore
  ]
}
export default benchGrowth

/** The greatest growth among pages of one fragment each, the least of three tries: the machine may be busy. */
function worst(
  name: string,
  fragments: readonly string[],
  read: (page: string) => unknown,
  say: (progress: string) => void,
  times = few,
): Row {
  say(name)
  let value = 0
  for (const fragment of fragments) {
    const [small, large] = [pageOf(fragment, times), pageOf(fragment, 4 * times)]
    let growth = Infinity
    for (let tries = 0; tries < 3 && growth > Math.max(value, 5); tries++) {
      const base = Math.max(
        least,
        cost(() => read(small)),
      )
      growth = Math.min(growth, cost(() => read(large)) / base)
    }
    if (growth > 7) say(`${growth.toFixed(1)} x of ${JSON.stringify(fragment)}`)
    value = Math.max(value, growth)
  }
  return { name, value, unit: 'x', target: '< 9' }
}

/** Milliseconds of this process alone. */
function cost(read: () => unknown): number {
  const before = cpuUsage()
  read()
  const { user, system } = cpuUsage(before)
  return (user + system) / 1000
}
