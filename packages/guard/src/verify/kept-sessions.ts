import { createHash, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import type { Value } from '@kept/policy'
import { readAddress } from '../address.ts'
import { GuardFailure } from '../failure.ts'
import { provedPrincipal } from '../principal.ts'
import { askKept, away, type Sign } from './ask-kept.ts'
import { readCookie, type Incoming, type Verify } from './incoming.ts'
import { openMemory } from './memory.ts'

/** Where Kept sends browsers back to: the app has one public route there. */
export const returnPath = '/.well-known/kept-sign-in'

/** Whose session it is, as Kept says it. */
export interface KeptSession {
  account: string
  tenant: string
  name: string
  email: string
  role: string
  /** What was proved: password, totp, passkey, recovery, provider, mfa. */
  factors: readonly string[]
  /** Milliseconds since 1970. */
  endsAt: number
}

export interface KeptSessionsOptions {
  /** Of the Kept whose portal people sign in at: `https://kept.example.com`. */
  url: string
  /** The app's id among the services of systems.yaml. */
  app: string
  /** The app's own address, as systems.yaml has it; its cookies are for this host alone. */
  origin: string
  /** Signs a request as the runner that the app's tag `sign-in-runner:` names: `signRequest` of @kept/client. */
  sign: Sign
  /** Milliseconds for which an answer of Kept is good: from 0 to 5000, and 3000 when absent. */
  remember?: number
  /** What policies may compare beyond role and tenant. */
  attrs?: (session: KeptSession) => Record<string, Value>
  /** The address of who asks, where a proxy stands before the app; the connection's own when absent. */
  clientAddress?: (incoming: Incoming) => string | null
}

export interface KeptSessions {
  /** Proves who asks, by the app's cookie or as a bearer of its token. */
  verify: Verify
  /** Sends a browser to sign in to a tenant; afterwards it is at `next`, a path of the app. */
  begin(to: { tenant: string; next?: string }): Response
  /**
   * Answers at `returnPath`: takes the browser's code and hands it a session.
   * @throws GuardFailure `bad-session` for a code that is not this browser's or is over, `sessions-away`
   */
  finish(incoming: Incoming, url: string): Promise<Response>
  /** Signs a browser out, at Kept and in every app; for POST. */
  end(incoming: Incoming): Promise<Response>
}

const form = /^kept_app_[A-Za-z0-9_-]{43}$/
/** How many answers are remembered. */
const most = 10_000
/** Seconds in which somebody signs in. */
const patience = 600

/**
 * Shares the sign-in of Kept's portal: people of the company's tenants sign in there, and the app asks Kept who
 * that is. The app keeps no session and no secret of Kept's; when Kept is away, nobody is let in.
 * @throws GuardFailure `bad-option`
 */
export function openKeptSessions(options: KeptSessionsOptions): KeptSessions {
  const { app, sign, attrs, remember = 3000 } = options
  const kept = readAddress(options.url, 'openKeptSessions: the address of Kept')
  const own = readAddress(options.origin, 'openKeptSessions: the address of the app')
  if (!(remember >= 0 && remember <= 5000)) {
    throw badOption('an answer is remembered for 0 to 5000 milliseconds')
  }
  const isSecure = own.protocol === 'https:'
  const cookie = isSecure ? '__Host-kept-app' : 'kept-app'
  const begun = `${cookie}-sign-in`
  const memory = openMemory<KeptSession | null>({ lasts: remember, most })
  const address = (incoming: Incoming) => {
    const said = (options.clientAddress ?? ((one) => one.address ?? null))(incoming)
    return said !== null && isIP(said) !== 0 ? said : null
  }
  const ask = (path: string, body: Record<string, unknown>) =>
    askKept(new URL(`/api/app-sessions${path}`, kept), body, sign)

  async function look(token: string, from: string | null): Promise<KeptSession | null> {
    const answered = await ask('/check', { token, address: from })
    if ('refused' in answered) throw away(`it refused the app (${answered.refused})`)
    return readSession(answered.output['session'])
  }

  function write(name: string, value: string, lasts: number): string {
    const parts = [`${name}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${lasts}`]
    return [...parts, ...(isSecure ? ['Secure'] : [])].join('; ')
  }

  return {
    async verify(incoming) {
      const token = readToken(incoming, cookie)
      if (token === null) return null
      const from = address(incoming)
      const session = await memory.get(`${digest(token)} ${from}`, () => look(token, from))
      if (!session) throw refuse('Kept knows none by that token, or it is over')
      const { account: id, tenant, role } = session
      const more = attrs ? { attrs: attrs(session) } : {}
      return provedPrincipal({ id, tenant, roles: [role], ...more }, 'session of Kept')
    },
    begin({ tenant, next = '/' }) {
      const verifier = randomBytes(32).toString('base64url')
      const there = new URL(`/api/apps/${encodeURIComponent(app)}/enter`, kept)
      there.searchParams.set('tenant', tenant)
      there.searchParams.set('challenge', digest(verifier))
      const path = Buffer.from(ownPath(next, own)).toString('base64url')
      return send(there.href, [write(begun, `${verifier}.${path}`, patience)])
    },
    async finish(incoming, url) {
      const code = new URL(url, own).searchParams.get('code') ?? ''
      const [verifier = '', path = ''] = (readCookie(incoming, begun, refuse) ?? '').split('.')
      if (code === '' || verifier === '') throw refuse('this browser began no sign-in')
      const answered = await ask('', { code, verifier, address: address(incoming) })
      if ('refused' in answered) {
        if (answered.refused === 'sign-in-over') throw refuse('its code is over or another’s')
        throw away(`it refused the app (${answered.refused})`)
      }
      const { token, endsAt } = answered.output
      if (typeof token !== 'string' || !form.test(token)) throw away('its answer has no token')
      const lasts = Math.max(0, Math.floor((Number(endsAt) - Date.now()) / 1000))
      const next = ownPath(Buffer.from(path, 'base64url').toString(), own)
      return send(next, [write(cookie, token, lasts), write(begun, '', 0)])
    },
    async end(incoming) {
      const token = readToken(incoming, cookie)
      const answered = token && (await ask('/end', { token, address: address(incoming) }))
      // One that is not there is over: that is all that was wanted.
      if (answered && 'refused' in answered && answered.refused !== 'not-found') {
        throw away(`it refused the app (${answered.refused})`)
      }
      // From wherever it came: what was asked meanwhile may be from before the end.
      if (token !== null) memory.forget(`${digest(token)} `)
      return send('/', [write(cookie, '', 0)])
    },
  }
}

function send(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({
    location,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  for (const one of cookies) headers.append('set-cookie', one)
  return new Response(null, { status: 303, headers })
}

/** The cookie's, or a bearer's; a bearer of another kind is for another verifier. */
function readToken(incoming: Incoming, cookie: string): string | null {
  const bearers = incoming.headers('authorization').filter((one) => /^bearer +kept_app_/i.test(one))
  const brought = readCookie(incoming, cookie, refuse)
  const all = [
    ...bearers.map((one) => one.replace(/^bearer +/i, '')),
    ...(brought ? [brought] : []),
  ]
  const [token, ...more] = all
  if (token === undefined) return null
  if (more.length > 0) throw refuse('it came with two of them')
  if (!form.test(token)) throw refuse('it is none of Kept’s')
  return token
}

/** A path of the app and nothing else: an open redirect would lend its name to anybody. */
function ownPath(next: string, own: URL): string {
  const isPath = /^\/(?![/\\])[\w\-./?=&%#~:@+,;]*$/.test(next)
  const there = isPath ? URL.parse(next, own.href) : null
  const isOwn = there?.origin === own.origin && !there.pathname.startsWith('//')
  return isOwn ? there.pathname + there.search + there.hash : '/'
}

function readSession(said: unknown): KeptSession | null {
  if (said === null) return null
  const { account, tenant, name, email, role, factors, endsAt } = (said ?? {}) as KeptSession
  const isWhole =
    [account, tenant, name, email, role].every((one) => typeof one === 'string') &&
    Array.isArray(factors) &&
    typeof endsAt === 'number'
  if (isWhole) return { account, tenant, name, email, role, factors, endsAt }
  throw away('its answer cannot be read')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function refuse(reason: string): GuardFailure {
  return new GuardFailure('bad-session', `the session is refused: ${reason}`, 'sign in again')
}

function badOption(reason: string): GuardFailure {
  return new GuardFailure('bad-option', `openKeptSessions: ${reason}`, 'see its options')
}
