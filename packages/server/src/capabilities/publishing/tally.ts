import { shape } from './draw.ts'
import { markup, type Markup, type Part } from './markup.ts'
import type { Shown, Tally } from './model.ts'
import { shownVerdicts } from './verdicts.ts'

/** Shown even at zero: what is good is worth little without how much is not. */
const always: ReadonlySet<Shown> = new Set(['kept', 'broken'])

/** How many claims there are of each verdict; `beside` is what stands at the end of the line. */
export function writeTally(tally: Tally, beside: Part): Markup {
  const counts = shownVerdicts
    .filter((verdict) => tally[verdict] || always.has(verdict))
    .map(
      (verdict) =>
        markup`<li class="${verdict}"><span class="v">${shape(verdict)}<b>${tally[verdict] ?? 0}</b></span> ${verdict}</li>\n`,
    )
  return markup`<ul class="tally" aria-label="Promises by verdict">
${counts}${beside && markup`<li class="when">${beside}</li>`}
</ul>`
}
