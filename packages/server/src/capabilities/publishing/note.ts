import { drawStrip, verdictMark } from './draw.ts'
import { attribute, directionOf, markup, type Markup, type Part } from './markup.ts'
import type { Dated, PublishedClaim } from './model.ts'
import { when } from './time.ts'
import { connectionsOf, figureOf, shownOf, turnsOf } from './verdicts.ts'

/** The note in the margin: whether it holds, until when, what was measured, and its last 90 days. */
export function writeNote(
  claim: PublishedClaim,
  number: number | null,
  { site: { timeZone }, at }: Dated,
): Markup {
  const shown = shownOf(claim, at)
  const sup = number !== null && markup`<sup aria-hidden="true">${number}</sup>`
  return markup`<div class="note ${shown}" id="note:${claim.claim.id}">${sup}<div class="term"><span>${verdictMark(shown)} ${sayTerm(claim, { timeZone, at })}</span>${drawStrip(claim, at, timeZone)}</div>${writeFigure(claim, { timeZone, at })}</div>\n`
}

interface Here {
  timeZone: string
  at: number
}

/** Until when it holds, or since when it does not. */
export function sayTerm(claim: PublishedClaim, { timeZone, at }: Here): Part {
  const { verdict, withheldUntil } = claim
  if (shownOf(claim, at) === 'withheld') return ['until ', when(withheldUntil!, timeZone, at)]
  if (verdict.until !== null) return ['until ', when(verdict.until, timeZone, at)]
  const since = turnsOf(claim, at).at(-1)
  const isBad = verdict.verdict === 'broken' || verdict.verdict === 'stale'
  return isBad && since ? ['since ', when(since.at, timeZone, at)] : null
}

function writeFigure(claim: PublishedClaim, { timeZone, at }: Here): Markup | null {
  const { verdict } = claim.verdict
  if (shownOf(claim, at) === 'withheld')
    return markup`<p>found and being mended; told at the latest then</p>`
  if (verdict === 'unproven') return markup`<p>connect ${connectionsOf(claim)}</p>`
  const figure = figureOf(claim)
  const dir = attribute('dir', directionOf(figure))
  const seen = claim.seenAt !== null && markup`; seen ${when(claim.seenAt, timeZone, at)}`
  return markup`<p${dir}><span class="said">${figure}</span>${seen}</p>`
}
