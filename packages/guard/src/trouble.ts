import { BatchError } from './batch.ts'
import { GuardFailure } from './failure.ts'

export interface Reported {
  code?: string
  /** Which function of PostgreSQL reports it. */
  routine?: string
  message?: string
  detail?: string
}

/** What `pg` or the database reported, without the batch around it. */
export function causeOf(error: unknown): Reported {
  return (error instanceof BatchError ? error.cause : error) as Reported
}

const lost =
  /^(?:08(?!P01)\w{3}|57P0[1-5]|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/
const lostText =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed)/

export function isLost(error: unknown): boolean {
  const { code = '', message = '' } = causeOf(error)
  return lost.test(code) || lostText.test(message)
}

/** Whether the client gave up on a statement that the database has yet to answer. */
export function isUnanswered(error: unknown): boolean {
  return causeOf(error).message === 'Query read timeout'
}

/** A statement that SQL which ran before threw away; an injected EXECUTE of none is reported by others. */
export function isPoisoned(error: unknown): boolean {
  const { code, routine } = causeOf(error)
  return code === '26000' && routine === 'exec_bind_message'
}

/** A seal that came too late, as when a clock was set. */
export function isExpired(error: unknown): boolean {
  return causeOf(error).code === 'KG003'
}

/** What ends a scope, as a failure of ours; what an app's own statement did wrong stays as `pg` says it. */
export function explain(error: unknown): unknown {
  if (error instanceof GuardFailure) return error
  const cause = causeOf(error)
  if (isPoisoned(error)) return poisoned(cause)
  if (isLost(error)) {
    const fix = 'nothing was kept; try again, and see that PostgreSQL runs and can be reached'
    return new GuardFailure(
      'connection-lost',
      'the connection to the database was lost',
      fix,
      cause,
    )
  }
  if (cause.code === '57014' || isUnanswered(error)) {
    const fix = 'make it quicker or allow it more time (statement_timeout of the pool)'
    return new GuardFailure(
      'statement-timeout',
      'a statement took longer than it may, or was cancelled',
      fix,
      cause,
    )
  }
  return cause.code === 'KG001' || isExpired(cause) ? refused(cause) : cause
}

export function poisoned(cause?: unknown): GuardFailure {
  return new GuardFailure(
    'connection-poisoned',
    'SQL on this connection replaced or removed a prepared statement; it was closed',
    'look for injected SQL; with a pooler between app and database set `pooler: true`',
    cause,
  )
}

function refused(cause: Reported): GuardFailure {
  return isExpired(cause)
    ? new GuardFailure(
        'seal-refused',
        'the seal of this scope had expired when its transaction began',
        'see that neither clock jumps, and that the database answers within 2 seconds',
        cause,
      )
    : new GuardFailure(
        'seal-refused',
        'the database does not accept the seal of this scope',
        'set `pooler: true` if a pooler is between app and database; else see that kept.key holds this key (addKey)',
        cause,
      )
}

/** What waiting for a connection ended in. */
export function explainConnect(error: unknown): GuardFailure {
  const { code, message = '' } = causeOf(error)
  if (code === '53300' || message.startsWith('timeout exceeded when trying to connect')) {
    const fix = 'try again; make the pool larger, or the scopes shorter'
    return new GuardFailure('pool-exhausted', 'no connection became free in time', fix, error)
  }
  const fix = 'try again, and see that PostgreSQL runs and lets this role in'
  return new GuardFailure(
    'connection-lost',
    'no connection to the database could be made',
    fix,
    error,
  )
}
