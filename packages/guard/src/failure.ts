/** Every way in which the guard refuses or fails: stable names that callers and tests compare. */
export type FailureCode =
  | 'bad-option'
  | 'bad-principal'
  | 'bad-query'
  | 'not-allowed'
  | 'scope-finished'
  | 'scope-in-use'
  | 'scope-nested'
  | 'scope-ended'
  | 'seal-refused'
  | 'tenant-moved'
  | 'cancelled'
  | 'pool-exhausted'
  | 'statement-timeout'
  | 'connection-lost'
  | 'connection-poisoned'
  | 'commit-unknown'
  | 'unsafe-role'
  | 'not-installed'
  | 'tenant-unclear'
  | 'bad-plan'
  | 'undecided'
  | 'unsupported'
  | 'cannot-connect'
  | 'lacks-right'
  | 'step-failed'
  | 'not-signed-in'
  | 'bad-token'
  | 'token-expired'
  | 'token-early'
  | 'bad-session'
  | 'keys-away'
  | 'sessions-away'
  | 'no-tenant'
  | 'tenant-contradiction'
  | 'not-found'
  | 'not-decidable'
  | 'no-grant'
  | 'bad-bundle'
  | 'bundle-away'
  | 'unnamed-rows'
  | 'unrecorded'
  | 'bad-record'

/** Why the guard did not do what was asked: a stable code, the reason and the fix. No secret is in it. */
export class GuardFailure extends Error {
  override readonly name = 'GuardFailure'
  readonly code: FailureCode
  readonly fix: string

  constructor(code: FailureCode, reason: string, fix: string, cause?: unknown) {
    super(`${reason}; ${fix}`, { cause })
    this.code = code
    this.fix = fix
  }
}
