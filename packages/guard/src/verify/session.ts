import { createHash } from 'node:crypto'
import { GuardFailure } from '../failure.ts'
import { provedPrincipal, type Identity, type Kind } from '../principal.ts'
import { readBearer, readCookie, type Verify } from './incoming.ts'

/** A session as the app's own table has it. */
export interface Session extends Identity {
  kind?: Exclude<Kind, 'job'>
  /** Milliseconds since 1970. */
  until: number
}

/**
 * Finds a session by the SHA-256 of its secret, in hex: the table keeps no secret either, so that whoever
 * reads it can pretend to be nobody.
 */
export type SessionLookup = (hash: string) => Promise<Session | null>

/**
 * Verifies sessions of the app's own: by the cookie of that name, or by a bearer token when none is named.
 * The secret reaches neither the lookup nor a log.
 *
 * The verifier throws GuardFailure `bad-session`, `no-tenant` or `bad-principal`.
 */
export function verifySession(lookup: SessionLookup, { cookie }: { cookie?: string } = {}): Verify {
  return async (incoming, now) => {
    const secret =
      cookie === undefined ? readBearer(incoming, refuse) : readCookie(incoming, cookie, refuse)
    if (secret === null) return null
    const session = await lookup(createHash('sha256').update(secret).digest('hex'))
    if (!session) throw refuse('there is none by that secret')
    if (!(session.until > now)) throw refuse('it is over')
    return provedPrincipal(session, 'session')
  }
}

function refuse(reason: string): GuardFailure {
  return new GuardFailure('bad-session', `the session is refused: ${reason}`, 'sign in again')
}
