import type { Source } from '../compile.ts'
import type { Instant } from '../duration.ts'
import type { Finding } from '../finding.ts'
import type { Claim, Unlinked } from '../page.ts'

/** Reads the prose of a page as a careful reader would, without any running system. */
export function lint(
  _source: Source,
  _claims: readonly Claim[],
  _now: Instant,
): { findings: Finding[]; unlinked: Unlinked[] } {
  return { findings: [], unlinked: [] }
}
