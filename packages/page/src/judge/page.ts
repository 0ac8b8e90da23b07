import { formatAddress } from '../address.ts'
import type { Instant } from '../duration.ts'
import type { Told } from '../evidence.ts'
import type { Claim, Judgement, Page } from '../page.ts'
import type { Register } from '../register.ts'
import { combine, forever, type Verdict } from '../verdict.ts'
import { bench, judge, type Bench } from './judge.ts'

/** Judges every claim of a page at one instant; the worst proof decides a claim. */
export function judgePage(
  page: Page,
  register: Register,
  evidence: Iterable<Told>,
  at: Instant,
): Judgement {
  const seat = bench(register, evidence, at, page.timeZone)
  // Claims that promise the same share one verdict: a long page with many systems repeats itself.
  const known = new Map<string, Verdict>()
  const claims = page.claims.map((claim) => {
    const promise = claim.faulty ?? formatAddress(claim.obligations, null)
    const verdict = known.get(promise) ?? judgeClaim(claim, seat)
    known.set(promise, verdict)
    return { claim, verdict }
  })
  return { at, claims, uncounted: seat.admitted.uncounted }
}

/** A claim with an error is not judged by what is left of it: nobody knows what it promises. */
function judgeClaim(claim: Claim, seat: Bench): Verdict {
  if (claim.faulty !== null) {
    const because = `it has an error, so nothing proves it: ${claim.faulty}`
    const unbacked = forever({ verdict: 'unbacked', because, evidence: [] })
    return combine([{ ...unbacked, kind: null, subject: null }])
  }
  return combine(claim.obligations.flatMap(({ proof, params }) => judge(proof, params, seat).parts))
}
