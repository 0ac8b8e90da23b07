import { cannotLook } from '../../../../foundation/look.ts'
import type { Answer } from '../../../../outside/request.ts'
import type { Connection } from '../document.ts'
import type { SignInLook } from '../look.ts'
import { readSamlRequest, type SamlRequest } from '../provider/saml.ts'
import { say, sayRefusal, valueAt, type Visitor } from '../visitor.ts'
import type { Canary } from './canaries.ts'

/** What an app asks of an OpenID provider. */
export interface OidcRequest {
  redirect: string
  state: string | null
  nonce: string | null
  challenge: string | null
  /** Whether the ID token comes by the browser, and not by the token endpoint alone. */
  isInFront: boolean
  wantsCode: boolean
  isPosted: boolean
}

/** What an app asks of a provider, by protocol. */
interface Requests {
  oidc: OidcRequest
  saml: SamlRequest & { consumer: string }
}
export type Kind = keyof Requests

/** A sign-in that was begun at a canary's connection, and has come to its provider. */
export interface BegunOf<K extends Kind> {
  visitor: Visitor
  canary: Canary
  kind: K
  asked: Requests[K]
}
export type Begun = { [K in Kind]: BegunOf<K> }[Kind]

export interface Trying {
  look: SignInLook
  /** As the page calls it. */
  name: string
  connection: Connection
}

/** Begins as somebody with a browser of their own. What does not come to the test provider ends the look. */
export async function begin({ look, name, connection }: Trying, canary: Canary): Promise<Begun> {
  const visitor = look.visit(canary.user)
  const { begin: steps, address } = connection
  const refusal = await visitor.walk(steps.slice(0, -1))
  const last = steps.at(-1)!
  const what = `a sign-in by ${name} of canary ${canary.side}`
  if (refusal) throw cannotLook(`${what}: ${sayRefusal(refusal)}`)
  const answer = await visitor.send(last)
  if (answer === null || answer.status >= 400) {
    throw cannotLook(`${what}: ${sayRefusal({ step: last, status: answer?.status ?? null })}`)
  }
  const sent = address === undefined ? readForm(answer) : readAddress(valueAt(answer, address))
  if (!sent) throw cannotLook(`${what}: ${say(last)} leads to no provider`)
  if (sent.fields.has('SAMLRequest')) {
    const asked = readSamlRequest(sent.fields, sent.binding)
    if (!asked) throw cannotLook(`${what}: its SAMLRequest cannot be read`)
    mustLeadHere(sent.url, `${canary.issuer}/sso`, what)
    const { consumer } = asked
    if (consumer === null) {
      throw cannotLook(`${what}: its request says no AssertionConsumerServiceURL`)
    }
    return { visitor, canary, kind: 'saml', asked: { ...asked, consumer } }
  }
  mustLeadHere(sent.url, `${canary.issuer}/authorize`, what)
  return { visitor, canary, kind: 'oidc', asked: readOidc(sent.fields, canary, what) }
}

interface Sent {
  url: URL
  fields: URLSearchParams
  binding: 'redirect' | 'post'
}

function readAddress(said: string | null): Sent | null {
  const url = said === null ? null : URL.parse(said)
  return url && { url, fields: url.searchParams, binding: 'redirect' }
}

/** A page that posts a request to the provider by itself (SAML bindings, section 3.5). */
function readForm({ body }: Answer): Sent | null {
  const action = /<form\b[^>]*\baction="([^"]+)"/i.exec(body)?.[1]
  const url = action === undefined ? null : URL.parse(unescape(action))
  if (!url) return null
  const fields = new URLSearchParams()
  for (const [input] of body.matchAll(/<input\b[^>]*>/gi)) {
    const name = /\bname="([^"]*)"/i.exec(input)?.[1]
    const value = /\bvalue="([^"]*)"/i.exec(input)?.[1]
    if (name !== undefined && value !== undefined) fields.set(name, unescape(value))
  }
  return { url, fields, binding: 'post' }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
  '#x2F': '/',
  '#43': '+',
  '#x2B': '+',
  '#x3D': '=',
}

function unescape(text: string): string {
  return text.replaceAll(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole)
}

/** Nothing is signed for an app that was told of another provider. */
function mustLeadHere(url: URL, expected: string, what: string): void {
  if (url.origin + url.pathname === expected) return
  throw cannotLook(
    `${what} leads to ${url.origin}${url.pathname}, not to ${expected}: register the test provider there`,
  )
}

function readOidc(fields: URLSearchParams, { clientId }: Canary, what: string): OidcRequest {
  const kinds = (fields.get('response_type') ?? '').split(' ')
  const redirect = fields.get('redirect_uri')
  if (fields.get('client_id') !== clientId || redirect === null) {
    throw cannotLook(`${what} comes as another client than ${clientId}`)
  }
  const challenge = fields.get('code_challenge')
  if (challenge !== null && fields.get('code_challenge_method') !== 'S256') {
    throw cannotLook(`${what} asks for PKCE by another method than S256`)
  }
  const isPosted = fields.get('response_mode') === 'form_post'
  const isInFront = kinds.includes('id_token')
  if (isInFront && !isPosted) {
    throw cannotLook(`${what} wants its ID token behind a #, which takes a browser: form_post does`)
  }
  return {
    redirect,
    state: fields.get('state'),
    nonce: fields.get('nonce'),
    challenge,
    isInFront,
    wantsCode: kinds.includes('code'),
    isPosted,
  }
}
