import { sayFreshness, type Obligation, type Param, type Part as PartOfVerdict } from '@kept/page'
import { drawStrip, verdictMark } from './draw.ts'
import { writeEvidence } from './evidence.ts'
import { attribute, directionOf, markup, type Markup } from './markup.ts'
import type { ClaimView, Turn } from './model.ts'
import { sayTerm } from './note.ts'
import { paths } from './paths.ts'
import { crumbs, sayNow, shell, siteFooter } from './shell.ts'
import { runsOf, stripOf } from './strip.ts'
import { writeTable } from './table.ts'
import { sayValue, whenExactly } from './time.ts'
import { capital, connectionsOf, meanings, mostTurns, shownOf, turnsOf } from './verdicts.ts'
import { writeEntry, writeVerification } from './verification.ts'

/** A claim's own page: the sentence, its verdict and why, its past, its evidence, how it is proved. */
export function renderClaim(view: ClaimView): string {
  const { site, at, claim } = view
  const { id, text, heading } = claim.claim
  const shown = shownOf(claim, at)
  const isTold = shown !== 'withheld'
  const term = sayTerm(claim, { timeZone: site.timeZone, at })
  return shell({
    title: `${capital(shown)}: ${text.slice(0, 120)}`,
    script: paths.verifier,
    header: [
      crumbs(site, id),
      markup`\n<h1 class="sentence"${attribute('dir', directionOf(text))}><span class="claim ${shown}">${text}</span></h1>
<p class="ruling">${verdictMark(shown)} ${term}</p>
<p class="fine">${capital(meanings[shown])}.${heading && ` Promised under “${heading}”.`} As of ${sayNow(at, site)}.</p>`,
    ],
    main: [
      isTold && writeWhy(view),
      writePast(view),
      isTold && writeEvidence(view),
      writeProofs(
        claim.claim.obligations,
        isTold && shown === 'unproven' ? connectionsOf(claim) : null,
      ),
      writeLedger(view),
    ],
    footer: siteFooter(site, null),
  })
}

function writeWhy({ site: { timeZone }, claim: { verdict } }: ClaimView): Markup {
  const { parts } = verdict
  if (parts.length < 2) return markup`<p class="measure">${verdict.because}</p>\n`
  const columns = [
    { title: 'verdict', write: (part: PartOfVerdict) => verdictMark(part.verdict) },
    { title: 'about', write: ({ subject }: PartOfVerdict) => subject },
    { title: 'by', write: ({ kind }: PartOfVerdict) => kind },
    { title: 'because', write: withoutSubject },
    {
      title: 'until',
      write: ({ until }: PartOfVerdict) => until !== null && whenExactly(until, timeZone),
    },
  ]
  return markup`<section aria-labelledby="why:"><h2 id="why:">Why</h2>
<p class="fine">The worst of its ${parts.length} parts decides.</p>
${writeTable('Parts of the verdict', columns, parts)}</section>\n`
}

function withoutSubject({ subject, because }: PartOfVerdict): string {
  const lead = `${subject}: `
  return because.startsWith(lead) ? because.slice(lead.length) : because
}

function writePast({ site: { timeZone }, at, claim }: ClaimView): Markup | null {
  const turns = turnsOf(claim, at)
  if (turns.length === 0) return null
  const strip = drawStrip(claim, at, timeZone, 'large')
  const isCut = turns.length >= mostTurns
  return markup`<section aria-labelledby="past:"><h2 id="past:">The last 90 days</h2>
${strip && writeLargeStrip(strip, turns, { timeZone, at })}</section>
<section aria-labelledby="turns:"><h2 id="turns:">Each change of verdict</h2>
${isCut && markup`<p class="fine">The newest ${mostTurns.toLocaleString('en')}; <a href="${paths.changes}">all changes of the page</a> go further back.</p>\n`}${writeTable('Changes of verdict', turnColumns(timeZone), turns.toReversed())}</section>\n`
}

function writeLargeStrip(
  strip: Markup,
  turns: readonly Turn[],
  { timeZone, at }: { timeZone: string; at: number },
): Markup {
  const days = stripOf(turns, at, timeZone)
  const columns = [
    { title: 'from', write: ({ from }: ReturnType<typeof runsOf>[number]) => from.date },
    { title: 'to', write: ({ to }: ReturnType<typeof runsOf>[number]) => to.date },
    { title: 'days', write: (run: ReturnType<typeof runsOf>[number]) => run.days },
    {
      title: 'worst verdict',
      write: ({ verdict }: ReturnType<typeof runsOf>[number]) =>
        verdict ? verdictMark(verdict) : 'no verdict yet',
    },
  ]
  return markup`${strip}
<p class="fine axis" aria-hidden="true"><span>${days[0]!.date}</span><span>${days.at(-1)!.date}</span></p>
<details><summary>The same as a table</summary>
${writeTable('The last 90 days', columns, runsOf(days))}</details>`
}

function turnColumns(timeZone: string) {
  return [
    { title: 'when', write: ({ at }: Turn) => whenExactly(at, timeZone) },
    { title: 'verdict', write: ({ verdict }: Turn) => verdictMark(verdict) },
    { title: 'because', write: ({ because }: Turn) => because },
    { title: 'ledger', write: ({ entry }: Turn) => writeEntry(entry) },
  ]
}

function writeProofs(obligations: readonly Obligation[], connect: string | null): Markup {
  return markup`<section aria-labelledby="how:"><h2 id="how:">How it is proved</h2>
${connect && markup`<p class="measure"><strong>To prove this, connect ${connect}.</strong></p>\n`}${obligations.map(writeProof)}</section>\n`
}

function writeProof({ proof, params }: Obligation): Markup {
  const schema: Readonly<Record<string, Param>> = proof.params
  const said = Object.entries(params).map(([name, value]) => {
    const says = schema[name]?.says ?? 'only these systems'
    return markup`<dt>${name}</dt><dd>${sayValue(value)} <span class="fine">(${says})</span></dd>\n`
  })
  const needs = proof.needs.map(
    (need) =>
      markup`<dt>evidence</dt><dd><span class="mono">${need.kind}</span> about each ${need.of.join(' or ')}: ${sayFreshness(need)}</dd>\n`,
  )
  return markup`<p class="measure">${proof.means}</p>
<dl class="facts"><dt>proof</dt><dd class="mono">${proof.id}</dd>
${said}${needs}</dl>\n`
}

function writeLedger({ site, at, claim }: ClaimView): Markup | null {
  const entry = turnsOf(claim, at).at(-1)?.entry ?? null
  if (entry === null || site.log === null) return null
  return markup`<section aria-labelledby="ledger:"><h2 id="ledger:">In the ledger</h2>
<p class="measure">This verdict is entry ${entry}. Nobody can change or take out an entry without breaking the log’s root, which is signed: whoever keeps a checkpoint of it can tell.</p>
${writeVerification(entry, site)}</section>\n`
}
