import type { Evidence, Instant, Judged, Unlinked, VerdictName } from '@kept/page'

/**
 * What the documents are rendered from: plain data, as the storage hands it out for one reader. Every
 * text in it may be hostile. Instants are milliseconds since 1970.
 */

/** What a reader is told of a claim: its verdict, or that it is withheld for a while. */
export type Shown = VerdictName | 'withheld'

/** Whose page it is. */
export interface Site {
  company: string
  /** Where to report a weakness: a mail address or a URL. */
  contact: string | null
  /** IANA name. */
  timeZone: string
  /** Scheme and host of the public page, without a slash at the end. */
  origin: string
  log: Log | null
}

/** The ledger, as far as a reader needs it to verify an entry. */
export interface Log {
  /** The first line of its checkpoints. */
  origin: string
  /** C2SP signed-note verifier key: `name+id+base64`. */
  key: string
  /** Entries at the newest checkpoint, and its root in base64. */
  size: number
  root: string
}

/** What every document begins with: whose it is and when it was true. */
export interface Dated {
  site: Site
  at: Instant
}

/** A change of a claim's verdict. `entry` is its index in the ledger, null while it waits there. */
export interface Turn {
  at: Instant
  verdict: Shown
  because: string
  entry: number | null
}

/** A claim as it stands. */
export interface PublishedClaim extends Judged {
  /** Oldest first: at least the last 90 days and the turn before them. */
  history: readonly Turn[]
  /** When the newest evidence that decided was observed. */
  seenAt: Instant | null
  /** Set while its verdict is withheld: why and since when it fails is then shown nowhere. */
  withheldUntil: Instant | null
}

/** A claim that is no longer on the page; listed for 90 days. */
export interface RemovedClaim {
  id: string
  text: string
  removedAt: Instant
}

/** The public page. */
export interface PageView extends Dated {
  /** The Markdown as it was applied; the spans of `claims` and `unlinked` are offsets in it. */
  source: string
  version: number
  claims: readonly PublishedClaim[]
  removed: readonly RemovedClaim[]
  /** Promises without a proof, where the page marks them; null where it does not. */
  unlinked: readonly Unlinked[] | null
}

/** Evidence with what a reader asks about it. */
export interface SeenEvidence extends Omit<Evidence, 'note'> {
  /** How the page names the runner: `the CTO`; null for its id. */
  runnerName: string | null
  entry: number | null
}

/** One claim. Evidence is that which this reader may see, newest first. */
export interface ClaimView extends Dated {
  claim: PublishedClaim
  evidence: readonly SeenEvidence[]
}

/** Something that changed: a verdict by itself, or the page by somebody's hand. */
export type Change = VerdictChange | PageChange

interface Changed {
  at: Instant
  entry: number | null
}

export interface VerdictChange extends Changed {
  kind: 'verdict'
  claim: string
  text: string
  /** Null for the first verdict. */
  from: Shown | null
  to: Shown
  because: string
}

export interface PageChange extends Changed {
  kind: 'page'
  /** As the comparison of editions names it: `added`, `weakened`, `system-removed`. */
  change: string
  /** The claim, system or runner. */
  id: string
  says: string
}

/** Newest first. `older` leads to the changes before, where there are any. */
export interface ChangesView extends Dated {
  changes: readonly Change[]
  older: string | null
}

/** Where a subscription by e-mail stands. A token goes back in the form, never in an address. */
export type SubscribeView = Dated &
  (
    | { state: 'unconnected' }
    | { state: 'ask'; address: string; problem: string | null }
    | { state: 'asked'; address: string }
    | { state: 'confirm'; token: string }
    | { state: 'confirmed' }
    | { state: 'end'; token: string }
    | { state: 'ended' }
    | { state: 'expired' }
  )

/** A request that failed, as RFC 9457 tells it. */
export interface ProblemView {
  site: Pick<Site, 'company'> | null
  status: number
  title: string
  detail: string | null
  fix: string | null
  /** The id of the request, to quote when asking for help. */
  request: string | null
}

/** One promise of the specification, as the demo keeps it. */
export interface PromiseRow {
  /** `A1`. */
  id: string
  promise: string
  /** The claim on the company's page; null where the sentence is not on it any more. */
  claim: string | null
  /** Ids of its proofs. */
  proofs: readonly string[]
  verdict: Shown
  /** What is missing for it, or null. */
  missing: string | null
}

/** Sites are absolute: each company has a Kept of its own. */
export interface PromisesView {
  at: Instant
  companies: readonly { name: string; origin: string; rows: readonly PromiseRow[] }[]
}

/** How many claims there are of each verdict. */
export type Tally = Partial<Record<Shown, number>>

/** Something that a newcomer can do on the tour page. */
export interface Act {
  id: string
  title: string
  says: string
  /** Where its form is posted. */
  action: string
  button: string
  hidden: Readonly<Record<string, string>>
  /** The sentence to watch. */
  watch: { text: string; href: string; verdict: Shown } | null
  /** What came of it last. */
  outcome: { at: Instant; says: string } | null
}

/** The tour of the demo. `at` is its clock, which runs ahead of the real one by `ahead` milliseconds. */
export interface TourView {
  at: Instant
  ahead: number
  /** Of the script that shows what collectors find while they look. */
  script: string
  /** Whether something was done a moment ago, so that they do. */
  looking: boolean
  companies: readonly { name: string; origin: string; tally: Tally }[]
  acts: readonly Act[]
  /** What happened last, newest first. */
  happened: readonly { at: Instant; says: string; href: string | null; verdict: Shown | null }[]
}

/** What feeds, badge and security.txt are made of. */
export interface FeedView extends Dated {
  version: number
  claims: readonly PublishedClaim[]
  removed: readonly RemovedClaim[]
}
