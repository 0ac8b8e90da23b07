import type { Instant } from '@kept/page'
import { Markup, markup } from './markup.ts'
import type { PublishedClaim, Shown } from './model.ts'
import { runsOf, sayStrip, stripOf, type Day, type Run } from './strip.ts'
import { capital, shownVerdicts, turnsOf } from './verdicts.ts'

/**
 * The shape of each verdict, drawn in a square of 16 by strokes: fonts differ too much in theirs.
 * `fill` is what is filled.
 */
export const shapes: Record<Shown, { stroke: string; fill?: string }> = {
  kept: { stroke: 'M2.5 8.6 6.2 12.4 13.5 3.8' },
  due: { stroke: 'M8 2a6 6 0 1 0 6 6H8Z', fill: 'M8 2a6 6 0 0 1 6 6H8Z' },
  attested: { stroke: 'M2.5 13.5 3.4 10 11 2.4 13.6 5 6 12.6Z M9.3 4.1 11.9 6.7' },
  missed: { stroke: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2Z', fill: 'M8 2a6 6 0 0 0 0 12Z' },
  stale: {
    stroke:
      'M8 2.2h.01M12.1 3.9h.01M13.8 8h.01M12.1 12.1h.01M8 13.8h.01M3.9 12.1h.01M2.2 8h.01M3.9 3.9h.01',
  },
  unproven: { stroke: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2Z' },
  unprovable: { stroke: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2ZM3.8 12.2 12.2 3.8' },
  unbacked: { stroke: 'M2.8 2.8h10.4v10.4H2.8Z' },
  broken: { stroke: 'M3.2 3.2 12.8 12.8M12.8 3.2 3.2 12.8' },
  withheld: { stroke: '', fill: 'M1 5.2h14v5.6H1Z' },
}

/** All shapes, hidden, for `shape` to point at; ids with a colon cannot be those of a claim. */
export const sprite: Markup = markup`<svg class="sprite" aria-hidden="true" width="0" height="0">${shownVerdicts.map(
  (verdict) => {
    const { stroke, fill } = shapes[verdict]
    return markup`<symbol id="shape:${verdict}" viewBox="0 0 16 16">${
      fill && markup`<path class="full" d="${fill}"/>`
    }${stroke && markup`<path d="${stroke}"/>`}</symbol>`
  },
)}</svg>`

export function shape(verdict: Shown): Markup {
  return markup`<svg class="shape" aria-hidden="true"><use href="#shape:${verdict}"/></svg>`
}

/** A verdict as every document says it: shape, word, colour. */
export function verdictMark(verdict: Shown): Markup {
  return markup`<span class="v ${verdict}">${shape(verdict)}${capital(verdict)}</span>`
}

/** The strip of a claim; in the margin null where it would be empty: nothing was ever proven. */
export function drawStrip(
  claim: PublishedClaim,
  at: Instant,
  timeZone: string,
  size: 'small' | 'large' = 'small',
): Markup | null {
  const days = stripOf(turnsOf(claim, at), at, timeZone)
  const isEmpty = days.every(({ verdict }) => verdict === null || verdict === 'unproven')
  if (isEmpty && size === 'small') return null
  return drawDays(days, size)
}

/** Two units to a day. What is worse than kept stands out by its form: gaps, posts, bars. */
function drawDays(days: readonly Day[], size: 'small' | 'large'): Markup {
  const drawn = new Map<Shown, string>()
  let at = 0
  for (const run of runsOf(days)) {
    if (run.verdict) drawn.set(run.verdict, (drawn.get(run.verdict) ?? '') + drawRun(run, at * 2))
    at += run.days
  }
  const paths = [...drawn].map(([verdict, d]) => markup`<path class="${verdict}" d="${d}"/>`)
  return markup`<svg class="strip ${size}" viewBox="0 0 ${days.length * 2} 12" preserveAspectRatio="none" role="img" aria-label="${sayStrip(days)}">${paths}</svg>`
}

function drawRun({ verdict, days }: Run, x: number): string {
  const each = (draw: (x: number) => string) =>
    Array.from({ length: days }, (_, i) => draw(x + i * 2)).join('')
  switch (verdict) {
    case 'kept':
      return `M${x} 6h${days * 2}`
    case 'attested':
      return `M${x} 4h${days * 2}M${x} 8h${days * 2}`
    case 'due':
      return each((x) => `M${x} 6h1.2`)
    case 'missed':
      return `M${x} 6h${days * 2}${each((x) => `M${x + 1} 6v3`)}`
    case 'stale':
      return each((x) => `M${x + 0.6} 6h.7`)
    case 'broken':
      return each((x) => `M${x + 1} 1v10`)
    case 'withheld':
      return `M${x} 3h${days * 2}v6h-${days * 2}z`
    default:
      return each((x) => `M${x + 0.6} 11h.7`)
  }
}
