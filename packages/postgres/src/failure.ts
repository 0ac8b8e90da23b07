/** Stable names of what can go wrong; a caller and a test compare these, never the text. */
export type FailureCode =
  | 'account-missing'
  | 'already-owned'
  | 'bad-option'
  | 'bad-setting'
  | 'directory-foreign'
  | 'directory-unreachable'
  | 'disk-full'
  | 'locale'
  | 'memory'
  | 'not-a-cluster'
  | 'not-answering'
  | 'other-major-version'
  | 'password-mismatch'
  | 'path-too-long'
  | 'port-taken'
  | 'programs-missing'
  | 'programs-unusable'
  | 'role-protected'
  | 'start-failed'
  | 'start-timeout'
  | 'template-in-use'

/** Why a cluster cannot do what was asked: a stable code, the place, the reason, and the fix. */
export class PostgresFailure extends Error {
  readonly code: FailureCode
  readonly place: string
  readonly fix: string

  constructor(code: FailureCode, place: string, reason: string, fix: string) {
    super(`${place}: ${reason}; ${fix}`)
    this.name = 'PostgresFailure'
    this.code = code
    this.place = place
    this.fix = fix
  }
}

/** The `code` of an error of Node or of PostgreSQL, or undefined. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
