import { shapes } from './draw.ts'
import { Markup, markup } from './markup.ts'
import type { FeedView, Shown, Tally } from './model.ts'
import { shownVerdicts, tallyOf } from './verdicts.ts'

/** Named by its hash in the badge's Content-Security-Policy. */
export const badgeStyle =
  '.t{font:500 13px/1 ui-sans-serif,system-ui,"Segoe UI","Helvetica Neue",Arial,sans-serif;fill:#1c1b19}.g{stroke:#1f6f4a}.b{stroke:#b3261e}.f.g{fill:#1f6f4a}.f.b{fill:#b3261e}@media (prefers-color-scheme:dark){.t{fill:#e9e6df}.g{stroke:#74c79d}.b{stroke:#ff8d83}.f.g{fill:#74c79d}.f.b{fill:#ff8d83}}'

const fine: readonly Shown[] = ['kept', 'due']

/**
 * A picture for other pages: how many promises are kept, of how many, in both themes. Its shape is a
 * check mark only when nothing is broken or withheld.
 */
export function toBadge({ claims, at }: FeedView): string {
  const tally = tallyOf(claims, at)
  const says = sayTally(tally, claims.length)
  const verdict =
    tally.broken || tally.withheld ? 'broken' : claims.length > 0 ? 'kept' : 'unproven'
  // An average digit and letter of the fonts named is 7 units wide at 13.
  const width = 30 + Math.ceil(says.length * 7)
  const { text } =
    markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="24" viewBox="0 0 ${width} 24" role="img" aria-labelledby="badge-title"><title id="badge-title">Security promises: ${says}</title><style>${new Markup(badgeStyle)}</style><path class="${verdict === 'broken' ? 'b' : 'g'}" d="${shapes[verdict].stroke}" transform="translate(4 4)" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/><text class="t" x="26" y="16.5" textLength="${width - 30}" lengthAdjust="spacingAndGlyphs">${says}</text></svg>
`
  return text
}

function sayTally(tally: Tally, all: number): string {
  if (all === 0) return 'no promise yet'
  const standing = fine.reduce((sum, verdict) => sum + (tally[verdict] ?? 0), 0)
  const bad = shownVerdicts
    .filter((verdict) => (verdict === 'broken' || verdict === 'withheld') && tally[verdict])
    .map((verdict) => `, ${tally[verdict]} ${verdict}`)
  return `${standing} of ${all} promises kept${bad.join('')}`
}
