import { countries } from '../countries.ts'
import { didYouMean, findingAt, type Finding } from '../finding.ts'
import type { Claim, Obligation } from '../page.ts'
import { areas, isArea } from '../regions.ts'
import type { Reading } from './reading.ts'

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
            suggestion: areaOf(word.toLowerCase()),
          }),
    ),
  )
}

/** The area that another name of a country means, or the one that is spelled nearly so. */
function areaOf(word: string): string | null {
  const name = word.replaceAll('-', ' ')
  const country = countries.find(({ names }) => names.includes(name))
  return country?.area ?? didYouMean(word, [...areas])
}

function placesOf({ proof, params }: Obligation): string[] {
  return Object.entries(proof.params).flatMap(([name, param]) => {
    const value = params[name]
    return param.type === 'list' && param.areas && Array.isArray(value) ? (value as string[]) : []
  })
}
