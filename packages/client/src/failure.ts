import type { components } from './api.ts'

export type Problem = components['schemas']['Problem']

/**
 * Why a call came to nothing. `code` is the server's own (RFC 9457, and stable), or `unreachable`
 * when nobody answered and `not-kept` when what answered is no Kept. `fix` may be empty.
 */
export class ClientFailure extends Error {
  override readonly name = 'ClientFailure'
  readonly code: Problem['code'] | 'unreachable' | 'not-kept'
  readonly fix: string
  /** HTTP status; null when nobody answered. */
  readonly status: number | null
  readonly problem: Problem | null

  constructor(
    code: ClientFailure['code'],
    message: string,
    more: { fix?: string; status?: number; problem?: Problem; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause })
    this.code = code
    this.fix = more.fix ?? more.problem?.fix ?? ''
    this.status = more.status ?? null
    this.problem = more.problem ?? null
  }
}

/** A refusal that is a problem in its own words; anything else by its status. */
export async function readRefusal(response: Response): Promise<ClientFailure> {
  const { status } = response
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null
  if (typeof problem?.detail === 'string' && typeof problem.code === 'string') {
    return new ClientFailure(problem.code, problem.detail, { status, problem: problem as Problem })
  }
  return new ClientFailure('not-kept', `it answers with status ${status}, which no Kept does`, {
    status,
    fix: 'check the address',
  })
}

/** Why nobody answered, in words. */
export function explainSilence(error: unknown): ClientFailure {
  const { cause, name, message } = error as Error & { cause?: { code?: string; message?: string } }
  if (name === 'TimeoutError') {
    const fix = 'see that it runs, and try again'
    return new ClientFailure('unreachable', 'it does not answer within a minute', {
      fix,
      cause: error,
    })
  }
  const code = cause?.code ?? cause?.message ?? message
  const isTls = /CERT|TLS|SSL|SIGNATURE|ALTNAME/i.test(code)
  const fix = isTls
    ? 'if its certificate is of an authority of your own, set NODE_EXTRA_CA_CERTS to its file'
    : 'see that it runs there: `kept up` prints its address'
  return new ClientFailure('unreachable', `it cannot be reached (${code})`, { fix, cause: error })
}
