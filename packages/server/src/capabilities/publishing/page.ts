import { markup, type Markup, type Part } from './markup.ts'
import type { PageView, RemovedClaim } from './model.ts'
import { writeNote } from './note.ts'
import { renderProse } from './prose.ts'
import { sayNow, shell, siteFooter, siteTitle } from './shell.ts'
import { writeTally } from './tally.ts'
import { when } from './time.ts'
import { shownOf, tallyOf } from './verdicts.ts'

/** The public page: the prose as written, each promise underlined, its proof beside it. */
export function renderPage(view: PageView): string {
  const { site, at, claims, version } = view
  const { title, body } = renderProse({
    source: view.source,
    claims,
    unlinked: view.unlinked ?? [],
    verdictOf: (claim) => shownOf(claim, at),
    note: (claim, number) => writeNote(claim, number, view),
  })
  return shell({
    title: siteTitle(site),
    listed: true,
    feeds: true,
    header: [
      title ?? markup`<h1>${siteTitle(site)}</h1>`,
      writeTally(tallyOf(claims, at), sayNow(at, site)),
      markup`\n<p class="legend">${sayLegend(view)}</p>`,
    ],
    main: [body, writeRemoved(view.removed, view)],
    footer: siteFooter(site, version),
  })
}

function sayLegend({ claims }: PageView): Part {
  if (claims.length === 0) return 'Nothing on this page is bound to a proof yet.'
  return 'Each underlined sentence is a promise; the margin says whether it holds now, how that is known and until when. Follow a promise to its proof: you can check it without trusting us.'
}

const shownFor = 90 * 86_400_000

/** What was promised and is not any more, for 90 days. */
function writeRemoved(
  removed: readonly RemovedClaim[],
  { site: { timeZone }, at }: PageView,
): Markup | null {
  const recent = removed
    .filter(({ removedAt }) => removedAt <= at && removedAt + shownFor > at)
    .toSorted((a, b) => b.removedAt - a.removedAt)
  if (recent.length === 0) return null
  const lines = recent.map(
    (one) =>
      markup`<li><p class="fine">${when(one.removedAt, timeZone, at)}</p><p class="ask"><s>${one.text}</s></p></li>\n`,
  )
  return markup`<section aria-labelledby="removed:"><h2 id="removed:">No longer promised</h2>
<p class="fine">Taken off this page in the last 90 days.</p>
<ul class="entries">
${lines}</ul></section>`
}
