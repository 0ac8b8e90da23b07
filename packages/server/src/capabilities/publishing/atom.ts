import { markup, type Markup } from './markup.ts'
import type { Change, ChangesView } from './model.ts'
import { paths } from './paths.ts'
import { siteTitle } from './shell.ts'
import { toIso } from './time.ts'
import { capital } from './verdicts.ts'

/** Changes as an Atom feed, RFC 4287. An entry of the ledger that is still to come has no id yet, so it waits. */
export function toAtom({ site, at, changes }: ChangesView): string {
  const { origin } = site
  const settled = changes.filter(({ entry }) => entry !== null)
  const updated = settled.reduce((last, change) => Math.max(last, change.at), -Infinity)
  const { text } = markup`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>${origin}${paths.atom}</id>
<title>${siteTitle(site)}: what changed</title>
<updated>${toIso(Number.isFinite(updated) ? updated : at)}</updated>
<author><name>${site.company}</name><uri>${origin}${paths.page}</uri></author>
<link rel="self" type="application/atom+xml" href="${origin}${paths.atom}"/>
<link rel="alternate" type="text/html" href="${origin}${paths.changes}"/>
${settled.map((change) => writeEntry(change, origin))}</feed>
`
  return text
}

function writeEntry(change: Change, origin: string): Markup {
  const { title, summary, href } = describe(change)
  return markup`<entry>
<id>${origin}${paths.proof(change.entry!)}</id>
<title>${title}</title>
<updated>${toIso(change.at)}</updated>
<published>${toIso(change.at)}</published>
<link rel="alternate" type="text/html" href="${origin}${href}"/>
<summary>${summary}</summary>
<category term="${change.kind === 'verdict' ? change.to : change.change}"/>
</entry>
`
}

function describe(change: Change): { title: string; summary: string; href: string } {
  if (change.kind === 'page') {
    const { id, says } = change
    return { title: `${capital(change.change)}: ${id}`, summary: says, href: paths.changes }
  }
  const { claim, text, from, to, because } = change
  const before = from === null ? '' : ` (${from} before)`
  return {
    title: `${capital(to)}: ${text}`,
    summary: `${because}${before}`,
    href: paths.claim(claim),
  }
}
