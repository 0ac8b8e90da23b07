import type { Instant } from './duration.ts'
import type { Finding } from './finding.ts'
import type { ProofValues, Proof } from './proof.ts'
import type { Place, Span } from './place.ts'
import type { Prose } from './read/prose.ts'
import type { Uncounted } from './judge/admit.ts'
import type { Verdict } from './verdict.ts'

/**
 * How a page is written. Only Markdown can hold links to proofs; the others are prose. HTML is given
 * by its reader, `readHtml` of `@kept/page/html`: its parser is large, and few pages need it.
 */
export type Format = 'markdown' | 'text' | HtmlReader
export type HtmlReader = (text: string) => Prose

/** One proof of a claim, with the values the page gives it. */
export interface Obligation {
  proof: Proof
  params: ProofValues
}

/** A promise that the page links to its proofs. */
export interface Claim extends Place {
  /** Unique on the page: written after `#`, or derived from heading and proof. */
  id: string
  /** Whether the page writes the id itself; a published claim must. */
  named: boolean
  /** The promise as a reader sees it, white space folded. */
  text: string
  heading: string
  /** What a reader reads with it, and what could take it back: heading, introduction and sentence. */
  context: string
  obligations: readonly Obligation[]
  /** The error by which nobody can say what it promises, with its line; it is then never judged. */
  faulty: string | null
  span: Span
}

/** A sentence without proof: it promises something, or cannot be measured at all. */
export interface Unlinked extends Place {
  verdict: 'unbacked' | 'unprovable'
  text: string
  because: string
  suggestion: string | null
  span: Span
}

/** A compiled page. */
export interface Page {
  company: string | null
  contact: string | null
  timeZone: string
  claims: readonly Claim[]
  unlinked: readonly Unlinked[]
  /** Ordered by place. `unbacked` and `unprovable` sentences are findings too. */
  findings: readonly Finding[]
}

/** A claim with its verdict at one instant. */
export interface Judged {
  claim: Claim
  verdict: Verdict
}

export interface Judgement {
  at: Instant
  claims: readonly Judged[]
  /** Evidence that was read and counts for nothing: whoever made it should know. */
  uncounted: readonly Uncounted[]
}

/** A promise that a draft turned into a link. */
export interface Drafted extends Place {
  text: string
  /** The whole address as written: `kept:incident.notice?within=24h#breach-notice`. */
  address: string
  obligations: readonly Obligation[]
}

/** A sentence that seems to promise something which no rule could bind to a proof. */
export interface Unrecognised extends Place {
  text: string
  because: string
  suggestion: string | null
}

/** A page turned into a Kept page, its prose word for word. */
export interface Draft {
  markdown: string
  claims: readonly Drafted[]
  unrecognised: readonly Unrecognised[]
}
