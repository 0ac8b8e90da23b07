import type { FailureCode, GuardFailure } from '../failure.ts'

/** The HTTP status and title of each failure; what is missing here is the app's own fault: 500. */
const problems: Partial<Record<FailureCode, { status: number; title: string }>> = {
  'not-signed-in': { status: 401, title: 'This needs a known caller' },
  'bad-token': { status: 401, title: 'The token does not hold' },
  'token-expired': { status: 401, title: 'The token has expired' },
  'token-early': { status: 401, title: 'The token is not yet valid' },
  'bad-session': { status: 401, title: 'The session does not hold' },
  'bad-principal': { status: 401, title: 'The caller has no usable identity' },
  'no-tenant': { status: 403, title: 'This caller belongs to no tenant' },
  'not-allowed': { status: 403, title: 'This caller may not do that' },
  'no-grant': { status: 403, title: 'This needs a grant of the tenant' },
  'tenant-contradiction': { status: 403, title: 'The request names another tenant' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'tenant-moved': { status: 503, title: 'This is being moved' },
  cancelled: { status: 503, title: 'The request was given up' },
  'pool-exhausted': { status: 503, title: 'The database has no room for this now' },
  'statement-timeout': { status: 503, title: 'The database took too long' },
  'connection-lost': { status: 503, title: 'The database does not answer' },
  'keys-away': { status: 503, title: 'Nobody can be recognised now' },
  'sessions-away': { status: 503, title: 'Nobody can be recognised now' },
  'not-decidable': { status: 503, title: 'Nothing can be decided now' },
  'bundle-away': { status: 503, title: 'Grants cannot be known now' },
  unrecorded: { status: 503, title: 'This cannot be recorded now' },
}

const ours = { status: 500, title: 'Something went wrong inside' }

export interface Problem {
  status: number
  headers: Record<string, string>
  body: string
}

/**
 * A failure as problem details (RFC 9457). It tells neither the reason nor the fix, which are for the
 * app's log, so that equal codes look alike: another tenant's object and a missing one.
 */
export function toProblem({ code }: GuardFailure): Problem {
  const { status, title } = problems[code] ?? ours
  const body = { type: `https://kept.dev/problems/${code}`, title, status, code }
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(body),
  }
}
