import { sayLength } from '@kept/page'
import { verdictMark } from './draw.ts'
import { markup, type Markup, type Part } from './markup.ts'
import type { Act, TourView } from './model.ts'
import { paths } from './paths.ts'
import { shell } from './shell.ts'
import { writeTally } from './tally.ts'
import { whenExactly } from './time.ts'

/** The demo's first page: the companies, what a newcomer can do to them, and what came of it. */
export function renderTour(view: TourView): string {
  return shell({
    title: 'A tour of Kept',
    script: view.script,
    header: markup`<h1>A tour of Kept</h1>
<p class="legend">Three companies, each with a Kept of its own and all of it running on this machine. Do something to one of them and watch its page: within ten seconds the sentence says so. What is kept or broken was measured at systems that run here; what is attested is the word of invented people, signed with keys that this tour made.</p>`,
    main: [
      view.companies.map(writeCompany),
      markup`<section aria-labelledby="acts:"><h2 id="acts:">What you can do</h2>
${view.looking && looking}<ol class="acts">
${view.acts.map(writeAct)}</ol></section>\n`,
      writeHappened(view),
    ],
    footer: markup`<p><a href="${paths.promises}">All promises and what is missing for each</a></p>
<p>The demo’s clock: ${whenExactly(view.at, 'UTC')}${view.ahead > 0 && `, ${sayLength(view.ahead)} ahead`}.</p>`,
  })
}

/** The script goes on for as long as this stands there. */
const looking = markup`<p class="fine" id="looking:" role="status">The collectors are looking. For half a minute this page shows by itself what they find; without JavaScript, <a href="/">look again</a> in ten seconds.</p>\n`

function writeCompany({ name, origin, tally }: TourView['companies'][number], i: number): Markup {
  return markup`<section aria-labelledby="company:${i}"><h2 id="company:${i}"><a href="${origin}/">${name}</a></h2>
${writeTally(tally, markup`<span class="mono">${origin}</span>`)}</section>\n`
}

function writeAct({ id, title, says, action, button, hidden, watch, outcome }: Act): Markup {
  const fields = Object.entries(hidden).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`,
  )
  const sentence: Part =
    watch && markup`<p>${verdictMark(watch.verdict)} <a href="${watch.href}">${watch.text}</a></p>`
  const last: Part =
    outcome && markup`<p class="fine">${whenExactly(outcome.at, 'UTC')}: ${outcome.says}</p>`
  return markup`<li id="act:${id}"><div><h3>${title}</h3><p>${says}</p>${sentence}${last}</div>
<form method="post" action="${action}">${fields}<button>${button}</button></form></li>\n`
}

function writeHappened({ happened }: TourView): Markup {
  const lines = happened.map(({ at, says, href, verdict }) => {
    const text = href === null ? says : markup`<a href="${href}">${says}</a>`
    return markup`<li><p class="fine">${whenExactly(at, 'UTC')}</p><p>${verdict && [verdictMark(verdict), ' ']}${text}</p></li>\n`
  })
  return markup`<section aria-labelledby="happened:"><h2 id="happened:">What happened last</h2>
${happened.length === 0 ? markup`<p class="fine">Nothing yet.</p>` : markup`<ul class="entries">\n${lines}</ul>`}</section>`
}
