/** Something that does not hold. */
export interface Finding {
  place: string
  says: string
}

export interface Verification {
  findings: readonly Finding[]
  /** What was verified, in words. */
  said: readonly string[]
  /** What remains to be trusted. */
  trusted: readonly string[]
}

/** What the reader brings along. */
export interface Brought {
  /** The log's key from elsewhere. */
  key: string | null
  /** Signed notes that were kept or mailed before. */
  earlier: readonly string[]
}
