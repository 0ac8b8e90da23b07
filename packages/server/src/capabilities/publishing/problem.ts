import { attribute, markup } from './markup.ts'
import type { ProblemView } from './model.ts'
import { crumbs, shell } from './shell.ts'

/** What went wrong, in the same look; `site` is null where not even that could be read. */
export function renderProblem({ site, status, title, detail, fix, request }: ProblemView): string {
  return shell({
    title: `${status} ${title}`,
    header: [site && crumbs(site), markup`<h1${attribute('data-status', status)}>${title}</h1>`],
    main: markup`<div class="measure">${detail && markup`<p>${detail}</p>`}${fix && markup`<p>${fix}</p>`}
${status < 500 && markup`<p><a href="/">To the page with all promises</a></p>`}
${status === 404 && markup`<p>A promise that was taken off the page stays listed at its end for 90 days.</p>`}</div>`,
    footer: markup`<p>Error ${status}${request && markup` · request <span class="mono">${request}</span>`}</p>`,
  })
}
