import { verdictMark } from './draw.ts'
import { attribute, directionOf, markup, type Markup } from './markup.ts'
import type { Change, ChangesView, PageChange, VerdictChange } from './model.ts'
import { paths } from './paths.ts'
import { crumbs, shell, siteFooter } from './shell.ts'
import { whenExactly } from './time.ts'

/** What changed, newest first: verdicts by themselves, and the page by somebody's hand. */
export function renderChanges(view: ChangesView): string {
  const { site, changes, older } = view
  const lines = changes.map((change) => writeChange(change, site.timeZone))
  return shell({
    title: `What changed: ${site.company}`,
    feeds: true,
    header: [crumbs(site), markup`<h1>What changed</h1>`],
    main: [
      changes.length === 0
        ? markup`<p>Nothing has changed yet.</p>`
        : markup`<ul class="entries">\n${lines}</ul>`,
      older && markup`<p><a href="${older}" rel="next">Older changes</a></p>`,
    ],
    footer: siteFooter(site, null),
  })
}

function writeChange(change: Change, timeZone: string): Markup {
  const entry =
    change.entry !== null &&
    markup` · <a href="${paths.proof(change.entry)}">entry ${change.entry}</a>`
  const date = markup`<p class="fine">${whenExactly(change.at, timeZone)}</p>`
  const what = change.kind === 'verdict' ? writeVerdictChange(change) : writePageChange(change)
  return markup`<li>${date}<div>${what[0]}<p class="fine">${what[1]}${entry}</p></div></li>\n`
}

function writeVerdictChange({ claim, text, from, to, because }: VerdictChange): [Markup, Markup] {
  const before = from === null ? 'first verdict' : `${from} before`
  const dir = attribute('dir', directionOf(text))
  return [
    markup`<p>${verdictMark(to)} <span class="fine">${before}</span></p><p class="ask"${dir}><a href="${paths.claim(claim)}">${text}</a></p>`,
    markup`${because}`,
  ]
}

function writePageChange({ change, id, says }: PageChange): [Markup, Markup] {
  return [
    markup`<p><strong>${change.replaceAll('-', ' ')}</strong> <span class="fine">${id}</span></p><p class="ask">${says}</p>`,
    markup`the page itself`,
  ]
}
