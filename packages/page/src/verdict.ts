import type { Instant } from './duration.ts'

/**
 * Every verdict, best first; the worst part of a claim decides the claim. What only a person says is
 * worse than what a runner saw and must soon see again: a claim that rests on a person's word in any
 * part must say so.
 */
export const verdictNames = [
  'kept',
  'due',
  'attested',
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
  due: 'true now, soon to lapse',
  attested: 'a named person says so, until a date',
  missed: 'true now, but a deadline was missed in the last 90 days',
  stale: 'the last good evidence is too old',
  unproven: 'linked to a proof that no evidence shows yet',
  unprovable: 'nothing measurable in it',
  unbacked: 'a promise without a proof',
  broken: 'false now',
}

/** What a judge says of one thing at one instant. */
export interface Ruling {
  verdict: VerdictName
  because: string
  /** Ids of the evidence that decided. */
  evidence: readonly string[]
}

/** A verdict to come if nothing new is heard. */
export interface Step {
  at: Instant
  verdict: VerdictName
}

/**
 * A verdict changes by time alone, and two readers ask when. One sees "Kept until": the promise
 * lapses then, and that it is called `due` a while before does not lapse it. The other keeps a copy:
 * whatever it holds is good until anything at all would be said differently.
 */
interface Lasting {
  /**
   * When time alone ends what is said: `kept` and `due` together lapse, `attested` and `missed` turn
   * into something else. Null for every other verdict, which has nothing left to lose.
   */
  until: Instant | null
  /** The first instant at which time alone changes anything here, words included; null for never. */
  changes: Instant | null
}

/** One thing that a verdict rests on: one kind of evidence about one subject. */
export interface Part extends Ruling, Lasting {
  kind: string | null
  subject: string | null
  /** What time alone will make of it. */
  ahead: readonly Step[]
}

export interface Verdict extends Lasting {
  verdict: VerdictName
  because: string
  parts: readonly Part[]
}

export function isWorse(a: VerdictName, b: VerdictName): boolean {
  return rank(a) > rank(b)
}

/** Whether the promise stands: a page of nothing else passes a check. */
export function stands(verdict: VerdictName): boolean {
  return verdict === 'kept' || verdict === 'due' || verdict === 'attested'
}

function rank(verdict: VerdictName): number {
  return verdictNames.indexOf(verdict)
}

/** A ruling now, and what time alone makes of it: `rule` is asked again at each turn to come. */
export function foresee(
  now: Instant,
  turns: Iterable<Instant>,
  rule: (at: Instant) => Ruling,
): Ruling & Lasting & { ahead: Step[] } {
  const ruling = rule(now)
  const ahead: Step[] = []
  let changes: Instant | null = null
  let last = ruling
  const coming = [...new Set(turns)].filter((turn) => turn > now && Number.isFinite(turn))
  for (const at of coming.sort((a, b) => a - b)) {
    const next = rule(at)
    if (isSame(next, last)) continue
    changes ??= at
    if (next.verdict !== last.verdict) ahead.push({ at, verdict: next.verdict })
    last = next
  }
  return { ...ruling, until: endOf(ruling.verdict, ahead), changes, ahead }
}

/** A ruling that time alone never changes. */
export function forever(ruling: Ruling): ReturnType<typeof foresee> {
  return { ...ruling, until: null, changes: null, ahead: [] }
}

function isSame(a: Ruling, b: Ruling): boolean {
  return (
    a.verdict === b.verdict && a.because === b.because && a.evidence.join() === b.evidence.join()
  )
}

/** The worst part decides, now and at every instant to come. */
export function combine(parts: readonly Part[]): Verdict {
  let worst: Part | undefined
  for (const part of parts) if (!worst || isWorse(part.verdict, worst.verdict)) worst = part
  if (!worst) throw new Error('a verdict needs at least one part')
  const { verdict } = worst
  const changes = parts.reduce((first, part) => Math.min(first, part.changes ?? Infinity), Infinity)
  // What is missed is said to be true now: whoever only says so must be named all the same.
  const deciding = parts.filter(
    (part) => part.verdict === verdict || (verdict === 'missed' && part.verdict === 'attested'),
  )
  return {
    verdict,
    until: endOf(verdict, aheadOf(parts)),
    changes: changes === Infinity ? null : changes,
    because: sayTogether(deciding),
    parts,
  }
}

/** The verdicts of all parts together, from step to step: counts by rank, so that many parts are cheap. */
function aheadOf(parts: readonly Part[]): Step[] {
  const counts = verdictNames.map((name) => parts.filter((part) => part.verdict === name).length)
  const moves = parts.flatMap((part) =>
    part.ahead.map(({ at, verdict }, i) => ({
      at,
      from: rank(i === 0 ? part.verdict : part.ahead[i - 1]!.verdict),
      to: rank(verdict),
    })),
  )
  moves.sort((a, b) => a.at - b.at)
  const ahead: Step[] = []
  for (const [i, { at, from, to }] of moves.entries()) {
    counts[from]!--
    counts[to]!++
    if (moves[i + 1]?.at === at) continue
    ahead.push({ at, verdict: verdictNames[counts.findLastIndex((count) => count > 0)]! })
  }
  return ahead
}

function endOf(verdict: VerdictName, ahead: readonly Step[]): Instant | null {
  if (!stands(verdict) && verdict !== 'missed') return null
  return ahead.find((step) => standing(step.verdict) !== standing(verdict))?.at ?? null
}

/** `due` is still kept, only not for long. */
function standing(verdict: VerdictName): VerdictName {
  return verdict === 'due' ? 'kept' : verdict
}

function sayTogether(parts: readonly Part[]): string {
  const said = [...new Set(parts.map((part) => part.because))]
  const rest = said.length - 3
  return rest > 0 ? `${said.slice(0, 3).join('; ')}; and ${rest} more` : said.join('; ')
}
