import { compile } from '../compile.ts'
import { readInstant } from '../duration.ts'
import { readEvidence, type Told } from '../evidence.ts'
import { judgePage } from '../judge/page.ts'
import type { Verdict } from '../verdict.ts'
import type { Bundle, BundledVerdict } from './bundle.ts'

/** Where a bundle's verdicts are not what its own evidence gives. */
export interface Difference {
  at: string
  says: string
}

/** Judges the page of a bundle by its evidence, register and time; what is said otherwise is told. */
export function rejudge(bundle: Bundle): Difference[] {
  const at = readInstant(bundle.at)!
  const { evidence, differences } = evidenceOf(bundle)
  const page = compile(bundle.page.source, { format: 'markdown', now: at })
  const said = new Map(bundle.verdicts.map((one) => [one.claim, one]))
  for (const { claim, verdict } of judgePage(page, bundle.register, evidence, at).claims) {
    const place = `verdict of #${claim.id}`
    const one = said.get(claim.id)
    said.delete(claim.id)
    if (!one) differences.push({ at: place, says: 'the bundle gives none' })
    else differences.push(...compare(one, verdict).map((says) => ({ at: place, says })))
  }
  for (const claim of said.keys()) {
    differences.push({ at: `verdict of #${claim}`, says: 'there is no such claim on the page' })
  }
  return differences
}

function compare(said: BundledVerdict, is: Verdict): string[] {
  if (said.verdict !== is.verdict) {
    return [`it says ${said.verdict}, and its evidence gives ${is.verdict}: ${is.because}`]
  }
  const until = is.until === null ? null : new Date(is.until).toISOString()
  return [
    ...(said.until === until
      ? []
      : [`it says until ${said.until ?? 'no end'}, and its evidence gives ${until ?? 'no end'}`]),
    ...(said.because === is.because
      ? []
      : [`it says "${said.because}", and its evidence gives "${is.because}"`]),
  ]
}

/** The evidence among the entries; one that cannot be read is told, and what it may concern is not kept. */
function evidenceOf({ entries }: Bundle): { evidence: Told[]; differences: Difference[] } {
  const evidence: Told[] = []
  const differences: Difference[] = []
  for (const { index, entry } of entries) {
    if (entry.action !== 'claims.evidence') continue
    const read = readEvidence(JSON.stringify(entry.entry))
    evidence.push(...read.evidence)
    for (const { message } of read.findings) {
      differences.push({ at: `entry ${index}`, says: message })
    }
  }
  return { evidence, differences }
}
