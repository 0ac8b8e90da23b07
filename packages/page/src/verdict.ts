import type { Instant } from './duration.ts'

/** Every verdict, best first; the worst part of a claim decides the claim. */
export const verdictNames = [
  'kept',
  'attested',
  'due',
  'missed',
  'stale',
  'unproven',
  'unprovable',
  'unbacked',
  'broken',
] as const

export type VerdictName = (typeof verdictNames)[number]

/** What a verdict means, as one tells a reader. */
export const verdictMeanings: Record<VerdictName, string> = {
  kept: 'true now, by evidence that a runner made',
  attested: 'a named person says so, until a date',
  due: 'true now, soon to lapse',
  missed: 'true now, but a deadline was missed in the last 90 days',
  stale: 'the last good evidence is too old',
  unproven: 'linked to a proof that has no evidence yet',
  unprovable: 'nothing measurable in it',
  unbacked: 'a promise without a proof',
  broken: 'false now',
}

/** One thing that a verdict rests on: one kind of evidence about one subject. */
export interface Part {
  verdict: VerdictName
  /** When time alone would change the verdict; null when it would not. */
  until: Instant | null
  because: string
  kind: string | null
  subject: string | null
  /** Ids of the evidence that decided. */
  evidence: readonly string[]
}

export interface Verdict {
  verdict: VerdictName
  /** When time alone would change the verdict; null when it would not. */
  until: Instant | null
  because: string
  parts: readonly Part[]
}

export function isWorse(a: VerdictName, b: VerdictName): boolean {
  return verdictNames.indexOf(a) > verdictNames.indexOf(b)
}

/**
 * The worst part decides. A part that would only matter after another has already spoilt the whole
 * does not move `until`: what is broken stays broken however the rest decays.
 */
export function combine(parts: readonly Part[]): Verdict {
  let worst: Part | undefined
  for (const part of parts) if (!worst || isWorse(part.verdict, worst.verdict)) worst = part
  if (!worst) throw new Error('a verdict needs at least one part')
  const deciding = parts.filter((part) => part.verdict === worst.verdict)
  return {
    verdict: worst.verdict,
    until: isPassing(worst.verdict) ? earliest(parts) : null,
    because: sayTogether(deciding),
    parts,
  }
}

/** Verdicts that time can still spoil. */
function isPassing(verdict: VerdictName): boolean {
  return verdict === 'kept' || verdict === 'attested' || verdict === 'due' || verdict === 'missed'
}

function earliest(parts: readonly Part[]): Instant | null {
  const ends = parts.flatMap((part) => (part.until === null ? [] : [part.until]))
  return ends.length ? Math.min(...ends) : null
}

function sayTogether(parts: readonly Part[]): string {
  const said = [...new Set(parts.map((part) => part.because))]
  const rest = said.length - 3
  return rest > 0 ? `${said.slice(0, 3).join('; ')}; and ${rest} more` : said.join('; ')
}
