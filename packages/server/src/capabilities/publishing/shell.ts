import type { Instant } from '@kept/page'
import { sprite } from './draw.ts'
import { Markup, markup, type Part } from './markup.ts'
import type { Site } from './model.ts'
import { paths } from './paths.ts'
import { stylesheet } from './stylesheet.ts'
import { sayClock, sayDay, sayZone } from './time.ts'

const style = new Markup(`<style>${stylesheet}</style>`)

// A check mark, so that no browser asks for /favicon.ico.
const icon =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Cpath d=%22M2.5 8.6 6.2 12.4 13.5 3.8%22 fill=%22none%22 stroke=%22%231f6f4a%22 stroke-width=%222.4%22 stroke-linecap=%22round%22/%3E%3C/svg%3E'

export interface Shell {
  title: string
  /** Whether search engines may list it; only what anybody should find. */
  listed?: boolean
  feeds?: boolean
  script?: string
  header: Part
  main: Part
  footer: Part
}

/** A whole HTML document. */
export function shell({ title, listed, feeds, script, header, main, footer }: Shell): string {
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${!listed && markup`<meta name="robots" content="noindex">\n`}<link rel="icon" href="${new Markup(icon)}">
${feeds && feedLinks}${style}${script && markup`\n<script type="module" src="${script}"></script>`}
</head>
<body>
${sprite}
<a class="skip" href="#main:">Skip to the text</a>
<header>
${header}
</header>
<main id="main:">
${main}
</main>
<footer>
${footer}
</footer>
</body>
</html>
`
  return text
}

const feedLinks = markup`<link rel="alternate" type="application/atom+xml" title="Changes" href="${paths.atom}">
<link rel="alternate" type="application/json" title="Verdicts" href="${paths.feed}">
`

/** `Security at Example Inc`, as every document of the site names the page. */
export function siteTitle({ company }: Pick<Site, 'company'>): string {
  return `Security at ${company}`
}

/** The way back to the page. */
export function crumbs(site: Pick<Site, 'company'>, anchor = ''): Markup {
  return markup`<p class="crumbs"><a href="${paths.page}${anchor && `#${anchor}`}">${siteTitle(site)}</a></p>`
}

/** When a document was true, in the page's time zone and in UTC. */
export function sayNow(at: Instant, { timeZone }: Pick<Site, 'timeZone'>): Markup {
  const utc = `${sayClock(at, 'UTC')} UTC`
  const day = sayDay(at, timeZone)
  if (timeZone === 'UTC') return markup`<time datetime="${iso(at)}">${day}, ${utc}</time>`
  const there = sayDay(at, 'UTC') === day ? utc : `${sayDay(at, 'UTC')}, ${utc}`
  return markup`<time datetime="${iso(at)}">${day}, ${sayClock(at, timeZone)}</time> (${there})`
}

function iso(at: Instant): string {
  return new Date(at).toISOString()
}

/** The links and the checkpoint that end every document of a site. */
export function siteFooter(site: Site, version: number | null): Part {
  const { contact, log, timeZone } = site
  return [
    markup`<p>${version !== null && `Page version ${version} · `}<a href="${paths.changes}">what changed</a> · <a href="${paths.subscribe}">subscribe</a> · <a href="${paths.feed}">JSON</a> · <a href="${paths.atom}">Atom</a> · <a href="${paths.securityTxt}">security.txt</a>${contact && markup` · <a href="${contactUrl(contact)}">report a weakness</a>`}</p>\n`,
    timeZone !== 'UTC' &&
      markup`<p>Times are those of ${sayZone(timeZone)}, unless UTC is said.</p>\n`,
    log &&
      markup`<p><a class="mono" href="${paths.checkpoint}">${log.origin} ${log.size} ${log.root}</a><br>The newest checkpoint of the ledger: its name, how many entries it has, and their root hash. Signed with <span class="mono">${log.key}</span></p>`,
  ]
}

/** Where a weakness is reported: RFC 9116 wants a URI. */
export function contactUrl(contact: string): string {
  return /^(?:https:|mailto:)/i.test(contact) ? contact : `mailto:${contact}`
}
