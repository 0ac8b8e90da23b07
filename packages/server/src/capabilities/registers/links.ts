import { isPublic, resolve, type Place, type Way } from '../../outside/reach.ts'
import { Failure } from '../../foundation/failure.ts'
import { isWarning, request, type Answer, type NoAnswer } from '../../outside/request.ts'

/** What became of one link. `unsure` is what may be over in an hour, or lies at our own end. */
export interface Followed {
  url: string
  state: 'alive' | 'dead' | 'unsure'
  why: string
}

const mostRedirects = 5

/**
 * Follows one link as a reader's browser would, with HEAD and, where that is not taken, GET. Each
 * redirect is a stranger's word, so its address is held against our reach again.
 */
export async function follow(way: Way, url: string): Promise<Followed> {
  let at = new URL(url)
  for (let redirects = 0; ; redirects++) {
    const step = await visit(way, at)
    if (typeof step !== 'string') return { url, ...step }
    if (redirects === mostRedirects) {
      return { url, state: 'dead', why: `it redirects more than ${mostRedirects} times` }
    }
    const next = URL.parse(step, at.href)
    if (!next || !/^https?:$/.test(next.protocol)) {
      return { url, state: 'dead', why: 'it redirects to what is no web address' }
    }
    at = next
  }
}

type Step = Omit<Followed, 'url'> | string

async function visit(way: Way, url: URL): Promise<Step> {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const addresses = await find(way, host)
  if (!Array.isArray(addresses)) return addresses
  // In the open a page's reader cannot follow a link to a private network, and we must not.
  if (way.outside.reach === 'any' && !addresses.every(isPublic)) {
    return { state: 'dead', why: `${host} is no public address` }
  }
  let answer: Answer | NoAnswer = { code: 'no address' }
  for (const address of addresses) {
    answer = await ask(way, { host, port, address }, url)
    if ('status' in answer) break
  }
  return 'status' in answer ? read(answer) : readNone(answer)
}

async function find(way: Way, host: string): Promise<string[] | Step> {
  try {
    return await resolve(way, host)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    // Who may only reach its own machine does not know whom others find under a name.
    const isNobody =
      way.outside.reach === 'any' &&
      (error.cause as { code?: string } | undefined)?.code === 'ENOTFOUND'
    return { state: isNobody ? 'dead' : 'unsure', why: error.message }
  }
}

async function ask(way: Way, place: Place, url: URL): Promise<Answer | NoAnswer> {
  const head = await request(way, place, url, { method: 'HEAD' })
  const isTaken = 'status' in head && (head.status < 400 || head.status === 429)
  return isTaken ? head : await request(way, place, url)
}

function read({ status, headers }: Answer): Step {
  if ([301, 302, 303, 307, 308].includes(status) && headers.location) return headers.location
  if (status >= 500 || status === 429 || status === 408) {
    return { state: 'unsure', why: `it answers with status ${status}` }
  }
  // A page behind a sign-in leads somewhere.
  const isAlive = status < 400 || status === 401 || status === 403
  return isAlive
    ? { state: 'alive', why: '' }
    : { state: 'dead', why: `it answers with status ${status}` }
}

function readNone(none: NoAnswer): Step {
  return { state: isWarning(none) ? 'dead' : 'unsure', why: `it does not answer (${none.code})` }
}
