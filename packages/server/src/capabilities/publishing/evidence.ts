import type { Measure } from '@kept/page'
import { markup, type Markup, type Part } from './markup.ts'
import type { ClaimView, SeenEvidence } from './model.ts'
import { writeTable } from './table.ts'
import { whenExactly } from './time.ts'
import { writeEntry } from './verification.ts'

/** The evidence behind a claim, newest first. */
export function writeEvidence({ site: { timeZone }, evidence }: ClaimView): Markup {
  const columns = [
    { title: 'observed', write: (one: SeenEvidence) => whenExactly(one.observedAt, timeZone) },
    { title: 'kind', write: ({ kind }: SeenEvidence) => kind },
    { title: 'subject', write: ({ subject }: SeenEvidence) => subject },
    { title: 'outcome', write: ({ outcome }: SeenEvidence) => outcome },
    { title: 'measured', write: writeMeasured },
    { title: 'runner', write: (one: SeenEvidence) => one.runnerName ?? one.runner },
    { title: 'ledger', write: ({ entry }: SeenEvidence) => writeEntry(entry) },
  ]
  return markup`<section aria-labelledby="evidence:"><h2 id="evidence:">Evidence</h2>
${
  evidence.length === 0
    ? markup`<p class="fine">There is none to show.</p>`
    : writeTable('Evidence', columns, evidence)
}</section>\n`
}

function writeMeasured({ measured }: SeenEvidence): Part {
  const lines = Object.entries(measured).map(
    ([name, value]) => `${inWords(name)} ${sayMeasure(value)}`,
  )
  return lines.flatMap((line, i) => (i === 0 ? [line] : [markup`<br>`, line]))
}

/** `lowestAccepted` as `lowest accepted`. */
function inWords(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
}

function sayMeasure(value: Measure): string {
  if (value === null) return 'unknown'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return value.toLocaleString('en').replaceAll(',', ' ')
  return typeof value === 'string' ? value : value.join(', ')
}
