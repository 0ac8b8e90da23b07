import type { Source } from '../compile.ts'
import type { Instant } from '../duration.ts'
import { findingAt, type Finding } from '../finding.ts'
import type { Claim, Unlinked } from '../page.ts'
import { blankCells } from './blank-cells.ts'
import { blank } from './blank.ts'
import { cipher } from './cipher.ts'
import { claimFigures } from './claim-figures.ts'
import { deletion } from './deletion.ts'
import { direction } from './direction.ts'
import { disagreement, type Promised } from './disagreement.ts'
import { expired } from './expired.ts'
import { fixDeadlines } from './fix-deadlines.ts'
import { leaves } from './leaves.ts'
import { logKeeping } from './log-keeping.ts'
import { mechanism } from './mechanism.ts'
import { noNumber } from './no-number.ts'
import { notACertificate } from './not-a-certificate.ts'
import { providerStatus } from './provider-status.ts'
import { range } from './ranges.ts'
import { readPage, type Lint } from './reading.ts'
import { staffAccess } from './staff-access.ts'
import { thirdParty } from './third-party.ts'
import { tooLiteral } from './too-literal.ts'
import { tooLong } from './too-long.ts'
import { undefinedStart } from './undefined-start.ts'
import { unknownAreas } from './unknown-areas.ts'
import { lintUnlinked } from './unlinked.ts'
import { whereabouts } from './whereabouts.ts'
import { withdrawn } from './withdrawn.ts'

const lints: readonly Lint[] = [
  cipher,
  staffAccess,
  fixDeadlines,
  whereabouts,
  deletion,
  logKeeping,
  expired,
  withdrawn,
  thirdParty,
  leaves,
  mechanism,
  tooLiteral,
  tooLong,
  blank,
  blankCells,
  direction,
  noNumber,
  range,
  undefinedStart,
  providerStatus,
  notACertificate,
]

/** No page promises more that a reader could compare. */
const mostCompared = 20_000

/** Reads the prose of a page as a careful reader would, without any running system. */
export function lint(
  source: Source,
  claims: readonly Claim[],
  now: Instant,
): { findings: Finding[]; unlinked: Unlinked[] } {
  const page = readPage(source, now)
  const promises: Promised[] = claims.filter(({ faulty }) => faulty === null).slice(0, mostCompared)
  const unlinked = lintUnlinked(source, (one) => {
    if (promises.length < mostCompared) promises.push({ ...one, isOpen: true })
  })
  promises.sort((a, b) => a.span.from - b.span.from)
  const open = unlinked.map(({ verdict, span, because, suggestion }) =>
    findingAt(source.lines, span, {
      rule: verdict,
      level: 'warning',
      message: because,
      suggestion,
    }),
  )
  const found = [
    ...lints.flatMap((rule) => rule(page)),
    ...claimFigures(page, claims),
    ...unknownAreas(page, claims),
    ...disagreement(page, promises),
  ]
  return { findings: [...found, ...open], unlinked }
}
