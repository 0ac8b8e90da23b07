import type { Finding } from '../finding.ts'
import type { Span } from '../place.ts'
import { object, quote, type Reading, type Said } from './reading.ts'
import { stretchesIn } from './words.ts'

const words = ['log', 'logs', 'logging', 'records']
const keeping =
  /\b(?:kept|keep|keeps|retain\w*|retention|stored?|stores|held|preserved|archived|available)\b/
const ending =
  /\b(?:delet\w*|purg\w*|eras\w*|discard\w*|destroy\w*|removed|rotat\w*|expir\w*|dropped)\b/
/** What kind of log a sentence speaks of: two kinds may well be kept for their own time. */
const kinds =
  /\b(?:audit|access|activity|admin\w*|application|applications?|system|security|server|web|error|debug|database|query|network|flow|firewall|event|events|api|auth\w*|sign-?in|login|change|build|deploy\w*|email|mail|chat|call|customers?|users?|support|raw|aggregat\w*|archiv\w*|hot|online|searchable|backups?|production|staging|test|enterprise|business|premium|free|basic|standard|plans?)\b/g

interface Bound {
  said: Said
  span: Span
  seconds: number
  /** `least`: none is gone before. `most`: none is there after. */
  kind: 'least' | 'most'
  of: string
}

/** Logs that are to be kept for a time, and to be gone before it. */
export function logKeeping(page: Reading): Finding[] {
  const bounds = page.stating(words).flatMap(boundsOf)
  const pairs = bounds.flatMap((least) =>
    least.kind === 'most'
      ? []
      : bounds
          .filter((most) => most.kind === 'most' && most.of === least.of && most.seconds < least.seconds)
          .slice(0, 1)
          .map((most) => [least, most] as const),
  )
  return pairs.slice(0, 3).flatMap(([least, most]) => [
    one(page, least, `Line ${most.said.line} has the same logs gone sooner ("${quote(most.said, most.span)}"), so this cannot be kept.`),
    one(page, most, `Line ${least.said.line} keeps the same logs longer ("${quote(least.said, least.span)}"), so one of the two is not true.`),
  ])
} // prettier-ignore

function one(page: Reading, { said, span }: Bound, message: string): Finding {
  return object(page, said, span, { rule: 'contradiction', level: 'error', message })
}

function boundsOf(said: Said): Bound[] {
  if (!/\blogs?\b/.test(said.text)) return []
  const of = [...new Set(said.text.match(kinds))].toSorted().join(' ')
  return stretchesIn(said.text).flatMap((stretch) => {
    const cue = cueOf(said.text.slice(0, stretch.from))
    if (!cue) return []
    const span = { from: cue.from, to: stretch.to }
    return [{ said, span, seconds: stretch.seconds, kind: cue.kind, of }]
  })
}

const cues: readonly [RegExp, RegExp, Bound['kind']][] = [
  [/\b(?:at least|no less than|not less than|(?:a )?minimum(?: period)? of) $/, keeping, 'least'],
  [/\b(?:at most|no more than|not more than|no longer than|not longer than|up to|(?:a )?maximum(?: period)? of) $/, keeping, 'most'],
  [/\b(?:after|within) $/, ending, 'most'],
] // prettier-ignore

/** What stands before a length says whether it is the least or the most. */
function cueOf(before: string): { from: number; kind: Bound['kind'] } | null {
  for (const [cue, act, kind] of cues) {
    const match = cue.exec(before)
    if (match && act.test(before.slice(-120))) return { from: match.index, kind }
  }
  return null
}
