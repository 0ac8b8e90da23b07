import { didYouMean, findingAt, type Finding } from '../finding.ts'
import type { Claim, Obligation } from '../page.ts'
import { areas, isArea } from '../regions.ts'
import type { Reading } from './reading.ts'

/** Ways to write a place that are none of ours. */
const others: Record<string, string> = {
  usa: 'us', 'united-states': 'us', 'united-states-of-america': 'us', america: 'us', gb: 'uk', 'great-britain': 'uk',
  'united-kingdom': 'uk', england: 'uk', 'european-union': 'eu', apac: 'asia', emirates: 'uae',
} // prettier-ignore

/** A place of an address that is not known: only a region of exactly that name would lie in it. */
export function unknownAreas({ source }: Reading, claims: readonly Claim[]): Finding[] {
  return claims.flatMap((claim) =>
    claim.obligations.flatMap(placesOf).flatMap((word) =>
      isArea(word)
        ? []
        : findingAt(source.lines, claim.span, {
            rule: 'parameter',
            level: 'warning',
            message: `"${word}" is no place that is known: only a system whose region is called so will lie in it.`,
            suggestion: others[word.toLowerCase()] ?? didYouMean(word.toLowerCase(), [...areas]),
          }),
    ),
  )
}

function placesOf({ proof, params }: Obligation): string[] {
  return Object.entries(proof.params).flatMap(([name, param]) => {
    const value = params[name]
    return param.type === 'list' && param.areas && Array.isArray(value) ? (value as string[]) : []
  })
}
