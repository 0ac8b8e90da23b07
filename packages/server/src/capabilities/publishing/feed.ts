import type { Instant } from '@kept/page'
import type { FeedView, PublishedClaim, Shown, Tally } from './model.ts'
import { paths } from './paths.ts'
import { toIso } from './time.ts'
import { figureOf, shownOf, tallyOf, validUntil } from './verdicts.ts'

/** The page for programs. Instants are RFC 3339 in UTC. */
export interface Feed {
  company: string
  page: string
  page_version: number
  time_zone: string
  generated_at: string
  /** Nothing in it changes by time alone before this; null for never. */
  valid_until: string | null
  checkpoint: { origin: string; size: number; root: string; key: string } | null
  tally: Tally
  claims: readonly FeedClaim[]
  removed: readonly { id: string; text: string; removed_at: string }[]
}

export interface FeedClaim {
  id: string
  url: string
  text: string
  heading: string
  verdict: Shown
  /** Null while the verdict is withheld. */
  because: string | null
  figure: string | null
  until: string | null
  changes: string | null
  seen_at: string | null
  withheld_until: string | null
}

/** The JSON feed as an object; the caller writes it out. */
export function toFeed({ site, at, version, claims, removed }: FeedView): Feed {
  const { log } = site
  return {
    company: site.company,
    page: site.origin + paths.page,
    page_version: version,
    time_zone: site.timeZone,
    generated_at: toIso(at),
    valid_until: timeOf(validUntil(claims, at, removed)),
    checkpoint: log && { origin: log.origin, size: log.size, root: log.root, key: log.key },
    tally: tallyOf(claims, at),
    claims: claims.map((claim) => toFeedClaim(claim, site.origin, at)),
    removed: removed.map(({ id, text, removedAt }) => ({ id, text, removed_at: toIso(removedAt) })),
  }
}

function toFeedClaim(claim: PublishedClaim, origin: string, at: Instant): FeedClaim {
  const { id, text, heading } = claim.claim
  const { because, until, changes } = claim.verdict
  const verdict = shownOf(claim, at)
  const isTold = verdict !== 'withheld'
  return {
    id,
    url: origin + paths.claim(id),
    text,
    heading,
    verdict,
    because: isTold ? because : null,
    figure: isTold ? figureOf(claim) : null,
    until: isTold ? timeOf(until) : null,
    changes: isTold ? timeOf(changes) : null,
    seen_at: isTold ? timeOf(claim.seenAt) : null,
    withheld_until: isTold ? null : timeOf(claim.withheldUntil),
  }
}

function timeOf(at: Instant | null): string | null {
  return at === null ? null : toIso(at)
}
