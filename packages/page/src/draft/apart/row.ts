/**
 * What a clause speaks of that a proof is not about, however much its words are those of a rule: the
 * papers of others, laptops where databases are meant, incidents where weaknesses are.
 */
export interface Apart {
  proofs: readonly string[]
  /** Looked for in the clause, with what it carries on. */
  spoken: RegExp
  /** What makes the clause speak of the proof's own things as well. */
  unless?: RegExp
  /** Looked for in the whole sentence instead. */
  inSentence?: true
}

/** Other companies, as pages call them. */
export const others = String.raw`(?:vendors?|suppliers?|providers?|partners?|companies|firms?|(?:sub-?)?processors?|(?:sub)?contractors?|consultants?|consultanc(?:y|ies)|auditors?|assessors?|testers?|hosts?|hosters?)`
