import type { CollectorContext } from '../../../foundation/capability.ts'
import { cannotLook } from '../../../foundation/look.ts'
import type { Route } from '../../../foundation/operation.ts'
import { findPlace } from '../../../outside/reach.ts'
import { request, type Answer } from '../../../outside/request.ts'
import type { Canary } from './canary.ts'

export type Asked = Pick<Route, 'method' | 'path'>

export interface Probed {
  tried: number
  /** What was not refused, and how it was answered. */
  open: string[]
}

/** By which somebody who proved a password alone would give themselves a second factor. */
const enrolments: readonly (Asked & { body?: object })[] = [
  { method: 'POST', path: '/api/account/totp' },
  { method: 'POST', path: '/api/account/passkeys/begin' },
  { method: 'PUT', path: '/api/account/password', body: { password: 'one that is long enough' } },
]

/**
 * Signs in at a running Kept by a password alone, as the canary, and asks for everything that is the staff's. A
 * refusal counts only of this Kept, which alone knows the canary's account, and while the session lives.
 */
export async function tryWithoutFactor(
  context: CollectorContext,
  origin: string,
  canary: Canary,
  routes: readonly Asked[],
): Promise<Probed> {
  const ask = await openServer(context, origin)
  const { email, password } = canary
  const signedIn = await ask({ method: 'POST', path: '/api/sign-in' }, '', { email, password })
  const cookie = cookieOf(signedIn)
  if (signedIn.status !== 200 || cookie === null) {
    throw cannotLook(`the canary cannot sign in at ${origin}: status ${signedIn.status}`)
  }
  const open = (await mustLive(ask, cookie, canary, origin)) ? [] : ['nothing is asked after it']
  for (const route of routes) {
    const answer = await ask(route, cookie)
    if (answer.status === 429 || answer.status >= 500) throw unanswered(route, answer)
    if (!isRefusal(answer)) open.push(say(route, answer))
  }
  for (const { body, ...route } of enrolments) {
    const answer = await ask(route, cookie, body)
    if (answer.status === 429 || answer.status >= 500) throw unanswered(route, answer)
    if (answer.status !== 401 && answer.status !== 403) open.push(say(route, answer))
  }
  await mustLive(ask, cookie, canary, origin)
  return { tried: routes.length + enrolments.length, open }
}

/** Of a sign-in that lacks something: where it lacks nothing, the canary is refused as who it is. */
function isRefusal({ status, body }: Answer): boolean {
  return status === 401 && codeOf(body) === 'not-signed-in'
}

function say({ method, path }: Asked, { status }: Answer): string {
  return `${method} ${path} (${status})`
}

function unanswered(route: Asked, answer: Answer): Error {
  return cannotLook(`it is not known whether this is refused: ${say(route, answer)}`)
}

type Ask = (route: Asked, cookie: string, body?: object) => Promise<Answer>

/** Whether the session still lacks something. A server that does not know the canary is another. */
async function mustLive(
  ask: Ask,
  cookie: string,
  { account }: Canary,
  origin: string,
): Promise<boolean> {
  const { status, body } = await ask({ method: 'GET', path: '/api/session' }, cookie)
  const session = read(body) as { account?: unknown; needs?: unknown }
  if (status === 200 && session.account === account && Array.isArray(session.needs)) {
    return session.needs.length > 0
  }
  throw cannotLook(`${origin} does not know the session that it began: is it this Kept?`)
}

async function openServer(context: CollectorContext, origin: string): Promise<Ask> {
  const base = new URL(origin)
  const port = Number(base.port || (base.protocol === 'https:' ? 443 : 80))
  const place = await findPlace(context, base.hostname, port)
  return async ({ method, path }, cookie, body = {}) => {
    const hasBody = method !== 'GET' && method !== 'DELETE'
    const url = new URL(path.replaceAll(/\{\w+\}/g, nobody), base)
    const answer = await request(context, place, url, {
      method,
      headers: {
        accept: 'application/json',
        ...(cookie !== '' && { cookie }),
        ...(hasBody && { 'content-type': 'application/json' }),
      },
      ...(hasBody && { body: JSON.stringify(body) }),
    })
    if ('status' in answer) return answer
    throw cannotLook(`${base.origin} does not answer (${answer.code})`)
  }
}

/** What no row is called, so that nothing is done even where it is not refused. */
const nobody = '00000000-0000-0000-0000-000000000000'

function cookieOf({ headers }: Answer): string | null {
  const pair = headers['set-cookie']?.[0]?.split(';')[0]
  return pair === undefined || pair.endsWith('=') ? null : pair
}

function codeOf(body: string): unknown {
  return (read(body) as { code?: unknown }).code
}

function read(body: string): object {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
