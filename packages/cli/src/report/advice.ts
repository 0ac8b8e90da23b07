import type { Part } from '@kept/page'
import { sayInstant, sayProof, type Entry } from './report.ts'

/** What to do about an entry; null when nothing is to be done. */
export function adviseOn(entry: Entry): string | null {
  const deciding = entry.parts.find((part) => part.verdict === entry.verdict)
  switch (entry.verdict) {
    case 'broken':
      return `make it true again; newer passing ${sayEvidence(deciding)} then clears it`
    case 'stale':
      return `check again: fresh ${sayEvidence(deciding)} renews it`
    case 'due':
      return `renew it in time with new ${sayEvidence(deciding)}`
    case 'missed':
      return entry.until === null
        ? 'keep the next deadline; a miss is shown for 90 days'
        : `keep the next deadline; this miss is shown until ${sayInstant(entry.until)}`
    case 'unproven': {
      const ids = (sayProof(entry) ?? '').split(';')
      return `${ids.map((id) => `\`kept explain ${id}\``).join(' and ')} says what proves it`
    }
    case 'unbacked':
      // It is linked, and the error in its link stands among the findings with its own fix.
      if (entry.id !== null) return 'mend the error, which is listed below'
      return entry.suggestion ?? 'link it to a proof, or drop it; `kept proofs` lists the proofs'
    case 'unprovable':
      return entry.suggestion ?? 'promise something that can be measured, or drop it'
    default:
      return null
  }
}

function sayEvidence(part: Part | undefined): string {
  if (!part?.kind) return 'evidence'
  const evidence = `evidence of ${part.kind}`
  return part.subject === null ? evidence : `${evidence} about ${part.subject}`
}
