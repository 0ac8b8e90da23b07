/**
 * Every way in which Kept refuses or fails, one row each. The code is stable: clients and tests rely
 * on it. `status` is the HTTP status, `title` what RFC 9457 calls the title.
 */
export const failures = {
  'bad-input': { status: 400, title: 'The input is not what this operation takes' },
  'bad-http': { status: 400, title: 'The request is no HTTP' },
  'bad-json': { status: 400, title: 'The body is not JSON' },
  'bad-signature': { status: 401, title: 'The signature does not hold' },
  'not-signed-in': { status: 401, title: 'This needs a known caller' },
  'wrong-credentials': { status: 401, title: 'What was given does not prove who asks' },
  'prove-again': { status: 403, title: 'This needs a factor that was proved just now' },
  'cross-site': { status: 403, title: 'Another site may not ask this' },
  'provider-only': { status: 403, title: 'Its own provider must let this user in' },
  'sign-in-over': { status: 400, title: 'This sign-in was not begun here, or is over' },
  'provider-answer': { status: 401, title: 'What the provider answered does not hold' },
  replayed: { status: 401, title: 'This answer of a provider was used before' },
  'foreign-address': { status: 403, title: 'The address is in no domain that is the tenant’s' },
  'taken-out': { status: 403, title: 'This account was taken out' },
  'weak-password': { status: 422, title: 'This password is not taken' },
  'not-allowed': { status: 403, title: 'This caller may not do that' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'wrong-method': { status: 405, title: 'This address takes another method' },
  'too-slow': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'Something else stands in the way' },
  'key-reused': { status: 409, title: 'The idempotency key was used for another request' },
  'too-large': { status: 413, title: 'The body is too large' },
  'not-acceptable': { status: 422, title: 'The page or file cannot be accepted' },
  'outside-regions': { status: 409, title: 'The page promises that nothing lies there' },
  'not-reviewed': { status: 409, title: 'Nobody reviewed it before' },
  'second-person': { status: 409, title: 'This needs a second person' },
  'headers-too-large': { status: 431, title: 'The headers of the request are too large' },
  'too-many': { status: 429, title: 'Too many requests' },
  'cannot-move': { status: 409, title: 'The tenant cannot be moved like this' },
  'not-connected': { status: 409, title: 'Something must be connected first' },
  internal: { status: 500, title: 'Something went wrong inside' },
  'database-away': { status: 503, title: 'The database does not answer' },
  'disk-full': { status: 507, title: 'The disk of the database is full' },
  busy: { status: 503, title: 'This server has too much to read at once' },
  draining: { status: 503, title: 'This server is going down' },
} as const satisfies Record<string, { status: number; title: string }>

export type FailureCode = keyof typeof failures

/** What else a failure tells: where it is, what to do about it, and further facts. */
export interface Detail {
  /** A JSON pointer into the input, or the name of what is wrong. */
  at?: string
  fix?: string
  [fact: string]: unknown
}

/** The one class of failure. `message` is for the caller: no secret and no internals in it. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: FailureCode
  readonly detail: Detail

  constructor(code: FailureCode, message: string, detail: Detail = {}, cause?: unknown) {
    super(message, { cause })
    this.code = code
    this.detail = detail
  }

  get status(): number {
    return failures[this.code].status
  }

  /** Problem details, RFC 9457 section 3. */
  toProblem(instance?: string): Record<string, unknown> {
    const { status, title } = failures[this.code]
    const named = {
      type: `https://kept.dev/problems/${this.code}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      ...(instance === undefined ? {} : { instance }),
    }
    // Further facts come after these, and never in their place.
    return { ...named, ...this.detail, ...named }
  }
}

/** What the database reports, as a failure of ours; anything unknown becomes `internal`. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (isAway(code, message)) {
    const fix = 'try again; if it lasts, see that PostgreSQL runs and can be reached'
    return new Failure('database-away', 'the database does not answer', { fix }, error)
  }
  if (code === '53100' || code === 'ENOSPC') {
    const fix = 'free some space; nothing that was acknowledged is lost'
    return new Failure('disk-full', 'there is no space left for new records', { fix }, error)
  }
  return new Failure('internal', 'something went wrong inside; the log has it', {}, error)
}

/** 57014: a statement took longer than it may. */
const awayCodes =
  /^(?:08\w{3}|57014|57P0[1-3]|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/

function isAway(code: unknown, message: unknown): boolean {
  return (
    (typeof code === 'string' && awayCodes.test(code)) ||
    /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/.test(
      String(message),
    )
  )
}

/** Whether the client gave up on a statement that the database has yet to answer. */
export function isUnanswered(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : error
  return cause instanceof Error && cause.message === 'Query read timeout'
}
