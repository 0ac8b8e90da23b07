import { randomBytes } from 'node:crypto'
import { cannotLook } from '../../../foundation/look.ts'
import type { Answer } from '../../../outside/request.ts'
import type { More, Service } from '../../../outside/service.ts'
import { nextCode, type LookTime } from './codes.ts'
import type { Step } from './document.ts'
import { parse, type User, type Vouched } from './users.ts'

export type Variables = Record<string, string>

/** Somebody with a browser of their own, which follows no redirect by itself. */
export interface Visitor {
  /** What steps may say: of the user, and what they took. Never told in a note. */
  variables: Variables
  /** Asks once. A step without a variable that nobody took is not sent: null. */
  send(step: Step): Promise<Answer | null>
  /** Goes through steps in order, and stops at the first that is refused. */
  walk(steps: readonly Step[]): Promise<Refusal | null>
  /** The same with all that must not be refused. */
  must(steps: readonly Step[], what: string): Promise<void>
  /**
   * Goes to an address of the app as a link or a form of another site leads there, and on as the app says. Hands
   * back the last answer of the app's own.
   */
  go(address: string, form: Readonly<Record<string, string>> | null): Promise<Answer>
  /** Another browser that knows the same. */
  another(): Visitor
}

/** What did not go on; the path is as the document has it, without what stands for the names. */
export interface Refusal {
  step: Step
  /** Null when it lacks a variable, since an earlier answer did not say it. */
  status: number | null
}

export interface Visiting {
  service: Service
  time: LookTime
  user: User | Vouched | null
  /** Who sends the steps that say `as: owner`. */
  owner?: Visitor | 'self'
}

/** What an app's limits on strangers may make one look wait for, in milliseconds. */
const longestWait = 61_000

export function openVisitor(visiting: Visiting, known: Variables = {}): Visitor {
  const { service, time, user, owner } = visiting
  const { totp, ...texts } = user ?? {}
  const variables: Variables = { unique: unguessable(), ...texts, ...known }
  const jar: Jar = new Map()

  async function send(step: Step): Promise<Answer | null> {
    if (step.as === 'owner' && owner !== 'self') {
      if (!owner) throw cannotLook(`${say(step)} is the owner's, who is not signed in here`)
      return await sendAsOwner(owner, step)
    }
    if (needsCode(step)) {
      if (totp === undefined)
        throw cannotLook(`${say(step)} needs a code, and its user has no "totp"`)
      variables['code'] = await nextCode(totp, time)
    }
    if (namesOf(step).some((name) => variables[name] === undefined)) return null
    const answer = await ask(step)
    keepCookies(jar, answer)
    take(step, answer, variables)
    return answer
  }

  /** By the owner's own browser; what is known here goes before what the owner is called. */
  async function sendAsOwner(by: Visitor, step: Step): Promise<Answer | null> {
    const before = { ...by.variables }
    Object.assign(by.variables, variables)
    const answer = await by.send(step)
    for (const name of Object.keys(step.take ?? {})) {
      const value = by.variables[name]
      if (value === undefined) delete variables[name]
      else variables[name] = value
    }
    for (const name of Object.keys(by.variables)) delete by.variables[name]
    Object.assign(by.variables, before)
    return answer
  }

  async function ask(step: Step): Promise<Answer> {
    const { method, path, more } = fill(step, variables)
    const cookie = cookiesOf(jar, () => true)
    const headers = {
      origin: new URL(service.base).origin,
      ...more.headers,
      ...(cookie && { cookie }),
    }
    const answer = await askPatiently(method, path, { ...more, headers, called: step.path })
    if (answer.status >= 500)
      throw cannotLook(`${say(step)} came to nothing (status ${answer.status})`)
    return answer
  }

  /** Comes later once, if that is asked for. */
  async function askPatiently(
    method: string,
    path: string,
    asking: More & { called: string },
  ): Promise<Answer> {
    const answer = await service.ask(null, method, path, asking)
    if (answer.status !== 429) return answer
    const wait = Number(answer.headers['retry-after'] ?? Number.NaN) * 1000
    if (wait >= 0 && wait <= longestWait) {
      await time.pause(wait + 500)
      const again = await service.ask(null, method, path, asking)
      if (again.status !== 429) return again
    }
    throw cannotLook(`${method} ${asking.called} asks to come later (429)`)
  }

  async function go(
    address: string,
    form: Readonly<Record<string, string>> | null,
  ): Promise<Answer> {
    let [at, posted] = [new URL(address), form]
    for (let hop = 0; ; hop++) {
      const method = posted === null ? 'GET' : 'POST'
      const path = at.href.slice(service.base.length)
      const cookie = cookiesOf(jar, ({ sameSite }) =>
        method === 'GET' ? sameSite !== 'strict' : sameSite === null || sameSite === 'none',
      )
      const answer = await askPatiently(method, path, {
        headers: {
          accept: 'text/html,*/*',
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
          ...(cookie && { cookie }),
          ...(posted !== null && {
            origin: 'null',
            'content-type': 'application/x-www-form-urlencoded',
          }),
        },
        ...(posted !== null && { body: new URLSearchParams(posted).toString() }),
        // The rest of it may hold a code.
        called: at.pathname,
      })
      keepCookies(jar, answer)
      const { location } = answer.headers
      const next = location === undefined ? null : URL.parse(location, at.href)
      const leads = answer.status >= 300 && answer.status < 400 && next !== null
      if (!leads || hop >= 10 || !isWithin(next, service.base)) return answer
      // 307 and 308 have a form posted again.
      if (answer.status < 307) posted = null
      at = next
    }
  }

  async function walk(steps: readonly Step[]): Promise<Refusal | null> {
    for (const step of steps) {
      const answer = await send(step)
      if (answer === null || answer.status >= 400)
        return { step, status: answer === null ? null : answer.status }
    }
    return null
  }

  return {
    variables,
    send,
    walk,
    async must(steps, what) {
      const refusal = await walk(steps)
      if (refusal) throw cannotLook(`${what}: ${sayRefusal(refusal)}`)
    },
    async go(address, form) {
      if (isWithin(new URL(address), service.base)) return await go(address, form)
      throw cannotLook(`${new URL(address).origin} is not the app at ${service.base}`)
    },
    another: () => openVisitor(visiting, { ...variables }),
  }
}

export function unguessable(): string {
  return randomBytes(9).toString('hex')
}

export function say({ method, path }: Step): string {
  return `${method} ${path}`
}

export function sayRefusal({ step, status }: Refusal): string {
  const why =
    status === null
      ? 'lacks what an earlier answer should have said'
      : `answers with status ${status}`
  return `${say(step)} ${why}`
}

const hole = /\{(\w+)\}/g

export function namesOf(step: Step): string[] {
  const { path, headers, body, form } = step
  const said = JSON.stringify([path, headers, body, form])
  return [...said.matchAll(hole)].map(([, name]) => name!)
}

function needsCode(step: Step): boolean {
  return namesOf(step).includes('code')
}

function fill(step: Step, variables: Variables) {
  const put = (text: string) => text.replaceAll(hole, (_, name: string) => variables[name]!)
  const path = step.path.replaceAll(hole, (_, name: string) => encodeURIComponent(variables[name]!))
  const each = (texts: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, put(text)]))
  const { method, body, form } = step
  const content =
    form !== undefined
      ? {
          type: 'application/x-www-form-urlencoded',
          text: new URLSearchParams(each(form)).toString(),
        }
      : body !== undefined
        ? { type: 'application/json', text: JSON.stringify(fillIn(body, put)) }
        : null
  const headers = { ...each(step.headers), ...(content && { 'content-type': content.type }) }
  return { method, path, more: { headers, ...(content && { body: content.text }) } }
}

function fillIn(value: unknown, put: (text: string) => string): unknown {
  if (typeof value === 'string') return put(value)
  if (Array.isArray(value)) return value.map((one) => fillIn(one, put))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fillIn(one, put)]))
}

interface Cookie {
  value: string
  /** What it says of SameSite, in small letters; null for nothing. */
  sameSite: string | null
}
type Jar = Map<string, Cookie>

function cookiesOf(jar: Jar, goes: (cookie: Cookie) => boolean): string {
  return [...jar]
    .filter(([, cookie]) => goes(cookie))
    .map(([name, { value }]) => `${name}=${value}`)
    .join('; ')
}

function isWithin(url: URL, base: string): boolean {
  return url.href === base || url.href.startsWith(`${base}/`) || url.href.startsWith(`${base}?`)
}

function keepCookies(jar: Jar, { headers }: Answer): void {
  for (const one of headers['set-cookie'] ?? []) {
    const [pair = '', ...attributes] = one.split(';')
    const name = pair.slice(0, pair.indexOf('=')).trim()
    const value = pair.slice(pair.indexOf('=') + 1).trim()
    const isOver = attributes.some(
      (said) =>
        /^\s*max-age=(?:0|-\d+)\s*$/i.test(said) || /^\s*expires=.*\b19[67]\d\b/i.test(said),
    )
    if (value === '' || isOver) jar.delete(name)
    else {
      const [, sameSite = null] = /;\s*samesite=(\w+)/i.exec(one) ?? []
      jar.set(name, { value, sameSite: sameSite?.toLowerCase() ?? null })
    }
  }
}

/** What an answer does not have is not known then, whatever was known before. */
function take({ take: taking = {} }: Step, answer: Answer, variables: Variables): void {
  for (const [name, said] of Object.entries(taking)) {
    const { from, after } = typeof said === 'string' ? { from: said, after: null } : said
    const found = valueAt(answer, from)
    const at = found === null || after === null ? 0 : found.indexOf(after)
    if (found === null || at < 0) delete variables[name]
    else variables[name] = after === null ? found : found.slice(at + after.length)
  }
}

/** What lies at `header:location`, or at a JSON pointer (RFC 6901) of the body. */
export function valueAt({ headers, body }: Answer, from: string): string | null {
  const found = from.startsWith('header:')
    ? headers[from.slice('header:'.length).toLowerCase()]
    : at(parse(body), from)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null
}

export function at(value: unknown, pointer: string): unknown {
  const parts = pointer.split('/').slice(1)
  return parts.reduce<unknown>((within, part) => {
    if (within === null || typeof within !== 'object') return undefined
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    return Object.hasOwn(within, key) ? (within as Record<string, unknown>)[key] : undefined
  }, value)
}
