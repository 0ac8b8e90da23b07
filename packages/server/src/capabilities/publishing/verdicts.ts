import { stands, verdictMeanings, verdictNames } from '@kept/page'
import type { Instant } from '@kept/page'
import type { PublishedClaim, RemovedClaim, Shown, Tally, Turn } from './model.ts'

/** Best first, as a tally counts them. What is withheld is held to be as bad as what is broken. */
export const shownVerdicts: readonly Shown[] = [...verdictNames, 'withheld']

/** What a verdict means, in a few words. */
export const meanings: Record<Shown, string> = {
  ...verdictMeanings,
  withheld: 'not told yet, since it would help an attacker; 30 days at most',
}

/** A word with a capital at its beginning. */
export function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

export function isWorseShown(a: Shown, b: Shown): boolean {
  return shownVerdicts.indexOf(a) > shownVerdicts.indexOf(b)
}

/** What a reader is told of a claim. */
export function shownOf(claim: PublishedClaim, at: Instant): Shown {
  return isWithheld(claim, at) ? 'withheld' : claim.verdict.verdict
}

function isWithheld({ withheldUntil }: PublishedClaim, at: Instant): boolean {
  return withheldUntil !== null && withheldUntil > at
}

/** So many of a claim's turns are shown at once. */
export const mostTurns = 1000

/** Its turns as they may be told: what came after the claim last stood is withheld with it. */
export function turnsOf(claim: PublishedClaim, at: Instant): readonly Turn[] {
  const { history } = claim
  if (!isWithheld(claim, at)) return history
  const last = history.findLastIndex(({ verdict }) => verdict !== 'withheld' && stands(verdict))
  const fall = history[last + 1]
  if (!fall) return history
  return [
    ...history.slice(0, last + 1),
    { at: fall.at, verdict: 'withheld', because: meanings.withheld, entry: fall.entry },
  ]
}

export function tallyOf(claims: readonly PublishedClaim[], at: Instant): Tally {
  const tally: Tally = {}
  for (const claim of claims) {
    const shown = shownOf(claim, at)
    tally[shown] = (tally[shown] ?? 0) + 1
  }
  return tally
}

/**
 * What was measured, as the margin says it: the reasons of the parts that decide, without the names
 * of the company's systems, each once. At most two; the claim's own page has them all.
 */
export function figureOf({ verdict }: PublishedClaim): string {
  const deciding = verdict.parts.filter((part) => part.verdict === verdict.verdict)
  const figures = deciding.map(({ because, subject }) =>
    subject !== null && because.startsWith(`${subject}: `)
      ? because.slice(subject.length + 2)
      : because,
  )
  const said = [...new Set(figures)]
  const rest = said.length - 2
  return `${said.slice(0, 2).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
}

/** What to connect for the proofs of a claim. */
export function connectionsOf({ claim }: PublishedClaim): string {
  return [...new Set(claim.obligations.map(({ proof }) => proof.connect))].join('; ')
}

/** How long a removed claim stays listed. */
export const removedFor = 90 * 86_400_000

/**
 * The first instant at which anything said of these claims changes by time alone; null for never.
 * Whatever is cached is good until then.
 */
export function validUntil(
  claims: readonly PublishedClaim[],
  at: Instant,
  removed: readonly RemovedClaim[] = [],
): Instant | null {
  const turns = [
    ...claims.flatMap(({ verdict, withheldUntil }) => [verdict.changes, withheldUntil]),
    ...removed.map(({ removedAt }) => removedAt + removedFor),
  ]
  const coming = turns.filter((turn) => turn !== null && turn > at) as Instant[]
  return coming.length > 0 ? coming.reduce((a, b) => Math.min(a, b)) : null
}
