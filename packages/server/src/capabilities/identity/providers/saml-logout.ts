import { createSign, hash, verify, X509Certificate } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Element } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { Failure } from '../../../foundation/failure.ts'
import { addressesOf } from './addresses.ts'
import { openChecks, stop, type Checks } from './checks.ts'
import type { SamlConnection } from './connections.ts'
import { childrenOf, escapeXml } from './metadata.ts'
import {
  assertions,
  instantOf,
  mustBeStrong,
  mustSucceed,
  oldest,
  parse,
  protocol,
  signatures,
  skew,
  textOf,
} from './saml.ts'

type Kind = 'request' | 'response'

/** What a browser brought of the provider: in its address as it was sent, or in a form. */
export interface Brought {
  query?: string | undefined
  SAMLRequest?: string | undefined
  SAMLResponse?: string | undefined
  RelayState?: string | undefined
}

export interface LogoutMessage {
  kind: Kind
  id: string
  /** Known again by this, until then. */
  digest: Buffer
  endsAt: number
  /** Whose sessions end, as the provider names them; none named are all. */
  nameId: string
  indexes: string[]
  inResponseTo: string
  relay: string | null
}

/**
 * Reads what a provider says of a logout, signed by a key of this connection: XML with a signature in it by
 * POST, one over the address by HTTP-Redirect (SAML bindings, sections 3.4.4.1 and 3.5). Only what is signed is
 * read.
 */
export function readLogout(
  origin: string,
  connection: SamlConnection,
  { brought, now }: { brought: Brought; now: number },
): { checks: Checks; message: LogoutMessage | null } {
  const checks = openChecks()
  try {
    const { kind, xml, relay } =
      brought.query === undefined
        ? openForm(checks, connection, brought)
        : openAddress(checks, connection, brought.query)
    const root = readRoot(checks, xml, kind)
    mustBeOf(checks, root, connection.config.entityId)
    mustBeForUs(checks, root, addressesOf(origin, connection.id).logout)
    const endsAt = mustBeNow(checks, root, now)
    const id = root.getAttribute('ID')!
    const nameId = kind === 'request' ? readName(checks, root) : ''
    if (kind === 'response') mustSucceed(checks, root)
    return {
      checks,
      message: {
        kind,
        id,
        digest: hash('sha256', `logout ${id}`, 'buffer'),
        endsAt,
        nameId,
        indexes: childrenOf(root, protocol, 'SessionIndex').map(textOf),
        inResponseTo: root.getAttribute('InResponseTo') ?? '',
        relay,
      },
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { checks, message: null }
  }
}

interface Opened {
  kind: Kind
  xml: string
  relay: string | null
}

function openForm(
  checks: Checks,
  { config }: SamlConnection,
  { SAMLRequest, SAMLResponse, RelayState }: Brought,
): Opened {
  const [kind, encoded] = chooseOne(checks, SAMLRequest, SAMLResponse)
  const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(encoded)
  const xml = Buffer.from(encoded, 'base64').toString('utf8')
  if (!isBase64 || xml.includes('\uFFFD')) throw stop(checks, 'form', 'it is no XML in base64')
  const root = readRoot(checks, xml, kind)
  const [signature, ...more] = childrenOf(root, signatures, 'Signature')
  if (!signature || more.length > 0)
    throw stop(checks, 'signature', 'it has no signature of its own')
  const signed = config.certificates.map((one) => readSigned(xml, signature, one)).find(Boolean)
  if (!signed) throw unsigned(checks)
  checks.note('signature', true, 'it is signed by a certificate of this connection')
  return { kind, xml: signed, relay: RelayState ?? null }
}

/** What a signature by this certificate covers, if it holds and covers the whole message. */
function readSigned(xml: string, signature: Element, certificate: string): string | null {
  try {
    const publicCert = new X509Certificate(Buffer.from(certificate, 'base64')).toString()
    const signer = new SignedXml({ publicCert, getCertFromKeyInfo: () => null })
    signer.loadSignature(signature)
    if (!signer.checkSignature(xml)) return null
    const covered = signer.getSignedReferences()
    return covered.length === 1 ? covered[0]! : null
  } catch {
    return null
  }
}

const algorithms = new Map(
  ['256', '384', '512'].map((size) => [
    `http://www.w3.org/2001/04/xmldsig-more#rsa-sha${size}`,
    `RSA-SHA${size}`,
  ]),
)
const deflated = 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE'
/** What a message inflates to at most. */
const largest = 64 * 1024

/** The signature is over the address as it was sent, since each sender escapes it in its own way. */
function openAddress(checks: Checks, { config }: SamlConnection, query: string): Opened {
  const pairs = query.split('&').map((pair) => [pair.split('=', 1)[0]!, pair] as const)
  const only = (name: string) => {
    const [first, ...more] = pairs.filter(([one]) => one === name).map(([, pair]) => pair)
    if (more.length > 0) throw stop(checks, 'form', `it says ${name} twice`)
    return first
  }
  const valueOf = (name: string) => decode(checks, only(name)?.slice(name.length + 1))
  const [kind, encoded] = chooseOne(checks, valueOf('SAMLRequest'), valueOf('SAMLResponse'))
  if ((valueOf('SAMLEncoding') ?? deflated) !== deflated) {
    throw stop(checks, 'form', 'it is encoded otherwise than by DEFLATE')
  }
  const algorithm = algorithms.get(valueOf('SigAlg') ?? '')
  const signature = Buffer.from(valueOf('Signature') ?? '', 'base64')
  const names = [kind === 'request' ? 'SAMLRequest' : 'SAMLResponse', 'RelayState', 'SigAlg']
  const covered = Buffer.from(names.flatMap((name) => only(name) ?? []).join('&'))
  const isSigned =
    algorithm !== undefined &&
    config.certificates.some((one) => {
      const { publicKey } = new X509Certificate(Buffer.from(one, 'base64'))
      return verify(algorithm, covered, publicKey, signature)
    })
  if (!isSigned) throw unsigned(checks)
  checks.note('signature', true, 'it is signed by a certificate of this connection')
  const xml = inflate(checks, encoded)
  const root = readRoot(checks, xml, kind)
  if (childrenOf(root, signatures, 'Signature').length > 0) {
    throw stop(checks, 'form', 'it has a signature where none belongs')
  }
  return { kind, xml, relay: valueOf('RelayState') ?? null }
}

function decode(checks: Checks, value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    throw stop(checks, 'form', 'its address cannot be read')
  }
}

function inflate(checks: Checks, encoded: string): string {
  try {
    const bytes = inflateRawSync(Buffer.from(encoded, 'base64'), { maxOutputLength: largest })
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw stop(checks, 'form', 'it is no deflated XML')
  }
}

function chooseOne(
  checks: Checks,
  request: string | undefined,
  response: string | undefined,
): [Kind, string] {
  if (request !== undefined && response === undefined) return ['request', request]
  if (response !== undefined && request === undefined) return ['response', response]
  throw stop(checks, 'form', 'it is not one request or one response')
}

function unsigned(checks: Checks): Failure {
  return stop(
    checks,
    'signature',
    'no signature by a certificate of this connection holds: sign with RSA and SHA-256',
  )
}

/** Nobody needs comments, entities or a second message in it, but who wants to have another one checked. */
function readRoot(checks: Checks, xml: string, kind: Kind): Element {
  if (xml.includes('<!') || /<\?(?!xml\s)/.test(xml)) {
    throw stop(checks, 'form', 'it has a DOCTYPE, comment, CDATA section or processing instruction')
  }
  const document = parse(checks, xml)
  const root = document.documentElement!
  const all = [...document.getElementsByTagName('*')]
  const ids = all.flatMap((one) =>
    ['ID', 'Id', 'id'].map((name) => one.getAttribute(name)).filter((id) => id !== null),
  )
  const signed = all.filter(({ localName }) => localName === 'Signature')
  const isWhole =
    root.localName === (kind === 'request' ? 'LogoutRequest' : 'LogoutResponse') &&
    root.namespaceURI === protocol &&
    root.getAttribute('Version') === '2.0' &&
    (root.getAttribute('ID') ?? '') !== '' &&
    new Set(ids).size === ids.length &&
    signed.every((one) => one.parentNode === root) &&
    !all.some(({ localName }) => localName === 'Object')
  if (!isWhole) throw stop(checks, 'form', `it is no single Logout${kind} of SAML 2.0`)
  mustBeStrong(checks, all)
  return root
}

function mustBeOf(checks: Checks, root: Element, issuer: string): void {
  const said = childrenOf(root, assertions, 'Issuer').map(textOf)
  const isRight = said.length === 1 && said[0] === issuer
  const whose = said.join(' and ') || 'nobody'
  checks.note(
    'issuer',
    isRight,
    isRight ? `it is of ${issuer}` : `it is of ${whose}, not ${issuer}`,
  )
}

function mustBeForUs(checks: Checks, root: Element, address: string): void {
  const said = root.getAttribute('Destination')
  const isOurs = said === address
  const where = said ?? 'no address (Destination)'
  const why = isOurs ? 'it was sent to our address' : `it was sent to ${where}, not ${address}`
  checks.note('destination', isOurs, why)
}

/** Until when it could come again. */
function mustBeNow(checks: Checks, root: Element, now: number): number {
  const issued = instantOf(root, 'IssueInstant') ?? Number.NaN
  const until = instantOf(root, 'NotOnOrAfter')
  const isNow =
    issued <= now + skew && issued > now - oldest - skew && (until === null || until > now - skew)
  checks.note('time', isNow, isNow ? 'it holds now' : 'it does not hold now')
  return now + oldest + 3 * skew
}

function readName(checks: Checks, root: Element): string {
  const names = childrenOf(root, assertions, 'NameID').map(textOf)
  const [name = ''] = names
  const isOne = names.length === 1 && name !== ''
  checks.note('subject', isOne, isOne ? 'it names somebody (NameID)' : 'it names nobody (NameID)')
  return name
}

interface Written {
  id: string
  now: number
  privateKey: string
}

/** Where a browser goes to end its session at the provider; null for one that has no address for that. */
export function addressToSignOut(
  origin: string,
  { id: connection, config }: SamlConnection,
  more: Written & { nameId: string; format: string | null; index: string | null },
): string | null {
  if (config.logout === null) return null
  const { nameId, format, index } = more
  const named = format === null ? '' : ` Format="${escapeXml(format)}"`
  const inside =
    `<saml:NameID${named}>${escapeXml(nameId)}</saml:NameID>` +
    (index === null ? '' : `<samlp:SessionIndex>${escapeXml(index)}</samlp:SessionIndex>`)
  const { entityId } = addressesOf(origin, connection)
  const xml = write('LogoutRequest', { ...more, to: config.logout, from: entityId, inside })
  return sign(config.logout, [['SAMLRequest', xml]], more.privateKey)
}

/** Where a browser goes on to tell the provider that it was done; null where there is no address for that. */
export function addressToAnswer(
  origin: string,
  { id: connection, config }: SamlConnection,
  more: Written & { answers: string; relay: string | null },
): string | null {
  const to = config.logoutAnswers ?? config.logout
  if (to === null) return null
  const inside = `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`
  const { entityId } = addressesOf(origin, connection)
  const xml = write('LogoutResponse', { ...more, to, from: entityId, inside })
  const relay = more.relay === null ? [] : [['RelayState', more.relay] as const]
  return sign(to, [['SAMLResponse', xml], ...relay], more.privateKey)
}

function write(
  name: 'LogoutRequest' | 'LogoutResponse',
  said: { id: string; now: number; to: string; from: string; inside: string; answers?: string },
): string {
  const { id, now, to, from, inside, answers } = said
  const answering = answers === undefined ? '' : ` InResponseTo="${escapeXml(answers)}"`
  return `<samlp:${name} xmlns:samlp="${protocol}" xmlns:saml="${assertions}" ID="${id}" Version="2.0" IssueInstant="${new Date(now).toISOString()}" Destination="${escapeXml(to)}"${answering}><saml:Issuer>${escapeXml(from)}</saml:Issuer>${inside}</samlp:${name}>`
}

function sign(to: string, pairs: readonly (readonly [string, string])[], key: string): string {
  const [algorithm] = [...algorithms.keys()]
  const said = pairs.map(([name, value]) =>
    name === 'RelayState' ? [name, value] : [name, deflateRawSync(value).toString('base64')],
  )
  const covered = [...said, ['SigAlg', algorithm!]]
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`)
    .join('&')
  const signature = createSign('RSA-SHA256').update(covered).sign(key, 'base64')
  const mark = to.includes('?') ? '&' : '?'
  return `${to}${mark}${covered}&Signature=${encodeURIComponent(signature)}`
}
