/** Every way in which policies cannot be used: stable names that callers and tests compare. */
export type FailureCode = 'bad-schema' | 'bad-policy' | 'not-expressible'

/** One objection to a schema or a policy, at its place. */
export interface Finding {
  /** The key under which the text was given, or `schema`. */
  source: string
  /** Lines and columns count from 1, columns in UTF-16 code units; the end is exclusive. */
  line: number
  column: number
  endLine: number
  endColumn: number
  message: string
  suggestion: string | null
}

/** Why policies cannot be read or turned into SQL: a stable code, the reason and the fix. */
export class PolicyFailure extends Error {
  override readonly name = 'PolicyFailure'
  readonly code: FailureCode
  readonly fix: string
  /** All objections, in order of place; none where a policy is sound and only not expressible. */
  readonly findings: readonly Finding[]

  constructor(code: FailureCode, reason: string, fix: string, findings: readonly Finding[] = []) {
    super(`${reason}\n  fix: ${fix}`)
    this.code = code
    this.fix = fix
    this.findings = findings
  }
}
