import { verdictMark } from './draw.ts'
import { markup, type Markup } from './markup.ts'
import type { PromiseRow, PromisesView } from './model.ts'
import { paths } from './paths.ts'
import { shell } from './shell.ts'
import { writeTally } from './tally.ts'
import { whenExactly } from './time.ts'
import type { Tally } from './model.ts'

/** Every promise of the specification, by company: its proof, its verdict now, and what is missing. */
export function renderPromises({ at, companies }: PromisesView): string {
  const count = companies.reduce((sum, { rows }) => sum + rows.length, 0)
  return shell({
    title: `The ${count} promises`,
    header: markup`<p class="crumbs"><a href="${paths.page}">Kept</a></p>
<h1>The ${count} promises</h1>
<p class="legend">What ${companies.length} real security pages promise, and how each promise stands at ${whenExactly(at, 'UTC')}.</p>`,
    main: companies.map(writeCompany),
    footer: markup`<p>Each verdict is that of the company’s own page at this moment; follow it to its evidence.</p>`,
  })
}

function writeCompany(
  { name, origin, rows }: PromisesView['companies'][number],
  i: number,
): Markup {
  const tally: Tally = {}
  for (const { verdict } of rows) tally[verdict] = (tally[verdict] ?? 0) + 1
  const lines = rows.map((row) => writeRow(row, origin))
  return markup`<section aria-labelledby="company:${i}"><h2 id="company:${i}"><a href="${origin}/">${name}</a>: ${rows.length} promises</h2>
${writeTally(tally, null)}
<ul class="entries promises">
${lines}</ul></section>\n`
}

function writeRow(
  { id, promise, claim, proofs, verdict, missing }: PromiseRow,
  origin: string,
): Markup {
  const mark = verdictMark(verdict)
  const link =
    claim === null
      ? mark
      : markup`<a href="${origin}${paths.claim(claim)}">${mark}<span class="unseen"> (${id})</span></a>`
  const by = proofs.length > 0 ? markup`<span class="mono">${proofs.join('; ')}</span>` : 'no proof'
  return markup`<li><p class="fine">${id}</p><div><p class="ask">${promise}</p><p class="fine">${by}${missing && ` · missing: ${missing}`}</p></div><p>${link}</p></li>\n`
}
