import type { Source } from '../compile.ts'
import type { Instant } from '../duration.ts'
import { findingAt, type Finding } from '../finding.ts'
import type { Claim, Unlinked } from '../page.ts'
import { lintUnlinked } from './unlinked.ts'

/** Reads the prose of a page as a careful reader would, without any running system. */
export function lint(
  source: Source,
  _claims: readonly Claim[],
  _now: Instant,
): { findings: Finding[]; unlinked: Unlinked[] } {
  const unlinked = lintUnlinked(source)
  const findings = unlinked.map(({ verdict, span, because, suggestion }) =>
    findingAt(source.lines, span, {
      rule: verdict,
      level: 'warning',
      message: because,
      suggestion,
    }),
  )
  return { findings, unlinked }
}
