import { hash } from 'node:crypto'
import { SAML } from '@node-saml/node-saml'
import type { Document, Element } from '@xmldom/xmldom'
import { Failure } from '../../../foundation/failure.ts'
import { addressesOf } from './addresses.ts'
import { openChecks, stop, type Asserted, type Checks } from './checks.ts'
import type { SamlConnection } from './connections.ts'
import { isMultiFactor } from './factors.ts'
import { childrenOf, elementsOf, escapeXml, parseXml } from './metadata.ts'
import { spell } from './oidc.ts'

export const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'
export const assertions = 'urn:oasis:names:tc:SAML:2.0:assertion'
export const signatures = 'http://www.w3.org/2000/09/xmldsig#'
const encryption = 'http://www.w3.org/2001/04/xmlenc#'

/** Milliseconds by which clocks may differ, and that an assertion may be old. */
export const skew = 120_000
export const oldest = 10 * 60_000

function openSaml(origin: string, { id, config }: SamlConnection, more: object = {}): SAML {
  const { entityId, consumer } = addressesOf(origin, id)
  return new SAML({
    idpCert: config.certificates,
    issuer: entityId,
    callbackUrl: consumer,
    entryPoint: config.address,
    // Either will do, and one there must be: what it covers is all that is read.
    wantAssertionsSigned: false,
    wantAuthnResponseSigned: false,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    // Held against our own time and names below.
    audience: false,
    acceptedClockSkewMs: -1,
    ...more,
  })
}

/** Where a browser is sent to sign in; `request` is the id that the answer must name. */
export async function addressToSignIn(
  origin: string,
  connection: SamlConnection,
  request: string,
): Promise<string> {
  const saml = openSaml(origin, connection, { generateUniqueId: () => request })
  return await saml.getAuthorizeUrlAsync('', undefined, {})
}

/** What a provider is told of us. */
export function describeUs(origin: string, { id, config }: SamlConnection): string {
  const { entityId, consumer, logout } = addressesOf(origin, id)
  const key = `<ds:KeyInfo xmlns:ds="${signatures}"><ds:X509Data><ds:X509Certificate>${config.encryption}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
  const ciphers = ['aes256-gcm', 'aes128-gcm'].map(
    (one) => `<EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#${one}"/>`,
  )
  const bindings = ['HTTP-Redirect', 'HTTP-POST'].map(
    (one) =>
      `<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${one}" Location="${escapeXml(logout)}"/>`,
  )
  return `<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escapeXml(entityId)}">
  <SPSSODescriptor protocolSupportEnumeration="${protocol}" AuthnRequestsSigned="false" WantAssertionsSigned="true">
    <KeyDescriptor use="signing">${key}</KeyDescriptor>
    <KeyDescriptor use="encryption">${key}${ciphers.join('')}</KeyDescriptor>
    ${bindings.join('\n    ')}
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>
    <AssertionConsumerService index="1" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${escapeXml(consumer)}"/>
  </SPSSODescriptor>
</EntityDescriptor>
`
}

export interface SamlAnswer {
  checks: Checks
  asserted: Asserted | null
  /** The request that it says it answers: unproved unless all checks passed. */
  request: string | null
  /** By what the assertion is known when it comes again, and until when it could. */
  assertion: Buffer | null
  endsAt: number
  sent: Record<string, unknown>
}

interface Posted {
  encoded: string
  /** PEM of the key for encrypted assertions. */
  privateKey: string
  now: number
}

/** Reads a response: its form before anything of it is believed, then the signature, then what was signed. */
export async function readResponse(
  origin: string,
  connection: SamlConnection,
  { encoded, privateKey, now }: Posted,
): Promise<SamlAnswer> {
  const checks = openChecks()
  const answer: SamlAnswer = {
    checks,
    asserted: null,
    request: null,
    assertion: null,
    endsAt: now,
    sent: {},
  }
  try {
    const response = readOutline(checks, encoded)
    answer.request = response.getAttribute('InResponseTo')
    const { consumer, entityId } = addressesOf(origin, connection.id)
    const xml = await openAssertion(
      checks,
      openSaml(origin, connection, { decryptionPvk: privateKey }),
      encoded,
    )
    const signed = parseSigned(checks, xml)
    answer.sent = describe(signed)
    answer.assertion = hash('sha256', signed.getAttribute('ID') ?? '', 'buffer')
    mustSucceed(checks, response)
    mustBeOf(checks, { response, signed, issuer: connection.config.entityId })
    mustBeForUs(checks, { response, signed, consumer, entityId })
    answer.endsAt = mustBeNow(checks, signed, { now, consumer, request: answer.request })
    answer.asserted = readSubject(checks, signed, answer.sent)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
  return answer
}

/**
 * What a response must look like before a signature is looked for. Nobody needs comments, entities, a second
 * assertion or a signature elsewhere, but who wants to show us one thing and have another checked.
 */
function readOutline(checks: Checks, encoded: string): Element {
  const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(encoded)
  const xml = Buffer.from(encoded, 'base64').toString('utf8')
  if (!isBase64 || xml.includes('\uFFFD')) throw stop(checks, 'form', 'it is no XML in base64')
  if (xml.includes('<!')) {
    throw stop(
      checks,
      'form',
      'it has a DOCTYPE, comment or CDATA section, which no provider needs',
    )
  }
  if (/<\?(?!xml\s)/.test(xml)) throw stop(checks, 'form', 'it has a processing instruction')
  const document = parse(checks, xml)
  const root = document.documentElement!
  const all = [...document.getElementsByTagName('*')]
  const named = (name: string) => all.filter(({ localName }) => localName === name)
  const held = [...named('Assertion'), ...named('EncryptedAssertion')]
  const isWhole =
    root.localName === 'Response' &&
    root.namespaceURI === protocol &&
    named('Response').length === 1 &&
    held.length === 1 &&
    held[0]!.parentNode === root &&
    held[0]!.namespaceURI === assertions
  if (!isWhole) {
    throw stop(checks, 'form', 'it is no response with one assertion right in it, and no other')
  }
  const places = new Set<unknown>([root, held[0]])
  const signed = named('Signature')
  const isPlain =
    signed.every((one) => one.namespaceURI === signatures && places.has(one.parentNode)) &&
    new Set(signed.map(({ parentNode }) => parentNode)).size === signed.length &&
    named('Object').length === 0
  if (!isPlain) throw stop(checks, 'form', 'it has a signature where none belongs')
  const ids = all.flatMap((one) =>
    ['ID', 'Id', 'id'].map((name) => one.getAttribute(name)).filter((id) => id !== null),
  )
  if (new Set(ids).size !== ids.length) throw stop(checks, 'form', 'two parts of it have one id')
  checks.note('form', true, 'it is one response with one assertion')
  mustBeStrong(checks, all)
  return root
}

export function parse(checks: Checks, xml: string): Document {
  try {
    return parseXml(xml)
  } catch {
    throw stop(checks, 'form', 'it is no well-formed XML')
  }
}

/** What may be signed and sealed by: SHA-1, keys that both sides know, and padding that tells are not. */
const strong: Record<string, RegExp> = {
  SignatureMethod: /^http:\/\/www\.w3\.org\/2001\/04\/xmldsig-more#rsa-sha(?:256|384|512)$/,
  DigestMethod: /^http:\/\/www\.w3\.org\/2001\/04\/(?:xmlenc#sha(?:256|512)|xmldsig-more#sha384)$/,
  CanonicalizationMethod: /^http:\/\/www\.w3\.org\/2001\/10\/xml-exc-c14n#$/,
  Transform:
    /^http:\/\/www\.w3\.org\/(?:2000\/09\/xmldsig#enveloped-signature|2001\/10\/xml-exc-c14n#)$/,
  EncryptionMethod:
    /^http:\/\/www\.w3\.org\/(?:2009\/xmlenc11#aes(?:128|192|256)-gcm|2001\/04\/xmlenc#rsa-oaep-mgf1p|2009\/xmlenc11#rsa-oaep)$/,
}

export function mustBeStrong(checks: Checks, all: readonly Element[]): void {
  for (const element of all) {
    const { localName } = element
    const allowed = strong[localName ?? '']
    const algorithm = element.getAttribute('Algorithm') ?? 'none'
    // SHA-1 inside RSA-OAEP is not weak, and what providers use.
    const isInOaep =
      localName === 'DigestMethod' && element.parentNode?.localName === 'EncryptionMethod'
    if (!allowed || isInOaep || allowed.test(algorithm)) continue
    const check = element.namespaceURI === encryption ? 'encryption' : 'signature'
    throw stop(
      checks,
      check,
      `${algorithm} is not taken: sign with RSA and SHA-256, encrypt with AES-GCM`,
    )
  }
}

/** The assertion out of what a signature covers: nothing beside it is read. */
async function openAssertion(checks: Checks, saml: SAML, encoded: string): Promise<string> {
  try {
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: encoded })
    const xml = profile?.getAssertionXml?.()
    if (xml === undefined) throw new Error('there is no assertion')
    return xml
  } catch (error) {
    const { message } = error as Error
    // The library reads instants before it hands anything over.
    if (/NotOnOrAfter|NotBefore|IssueInstant/.test(message))
      throw stop(checks, 'time', `an instant in it cannot be read (${message.slice(0, 200)})`)
    const isSealed = /decrypt|Encrypted/i.test(message)
    throw stop(
      checks,
      isSealed ? 'encryption' : 'signature',
      isSealed
        ? 'the encrypted assertion cannot be opened, or is not signed'
        : `no signature by a certificate of this connection holds (${message.slice(0, 200)})`,
    )
  }
}

function parseSigned(checks: Checks, xml: string): Element {
  // What was encrypted is seen here first.
  if (xml.includes('<!')) throw stop(checks, 'form', 'the assertion has a comment or a DOCTYPE')
  const root = parse(checks, xml).documentElement!
  const isAlone =
    root.localName === 'Assertion' &&
    root.namespaceURI === assertions &&
    elementsOf(root, assertions, 'Assertion').length === 0 &&
    root.getAttribute('Version') === '2.0' &&
    (root.getAttribute('ID') ?? '') !== ''
  if (!isAlone) throw stop(checks, 'form', 'what was signed is no single assertion of SAML 2.0')
  checks.note('signature', true, 'it is signed by a certificate of this connection')
  return root
}

export function mustSucceed(checks: Checks, response: Element): void {
  const codes = childrenOf(response, protocol, 'Status').flatMap((one) =>
    childrenOf(one, protocol, 'StatusCode'),
  )
  const [code] = codes.map((one) => one.getAttribute('Value') ?? '')
  const isSuccess = codes.length === 1 && code === 'urn:oasis:names:tc:SAML:2.0:status:Success'
  checks.note(
    'status',
    isSuccess,
    isSuccess ? 'the provider says that it succeeded' : `the provider says ${code || 'no status'}`,
  )
}

interface Both {
  response: Element
  signed: Element
}

function mustBeOf(checks: Checks, { response, signed, issuer }: Both & { issuer: string }): void {
  const said = [
    ...childrenOf(response, assertions, 'Issuer'),
    ...childrenOf(signed, assertions, 'Issuer'),
  ].map(textOf)
  const isIn = childrenOf(signed, assertions, 'Issuer').length === 1
  const isRight = isIn && said.every((one) => one === issuer)
  checks.note(
    'issuer',
    isRight,
    isRight ? `it is of ${issuer}` : `it is of ${said.join(' and ') || 'nobody'}, not ${issuer}`,
  )
}

function mustBeForUs(
  checks: Checks,
  { response, signed, consumer, entityId }: Both & { consumer: string; entityId: string },
): void {
  const destination = response.getAttribute('Destination')
  checks.note(
    'destination',
    destination === consumer,
    destination === consumer
      ? 'it was sent to our address'
      : `it was sent to ${destination ?? 'no address (Destination)'}, not ${consumer}`,
  )
  const restrictions = childrenOf(signed, assertions, 'Conditions').flatMap((one) =>
    childrenOf(one, assertions, 'AudienceRestriction'),
  )
  const audiences = restrictions.map((one) => childrenOf(one, assertions, 'Audience').map(textOf))
  const isOurs = audiences.length > 0 && audiences.every((one) => one.includes(entityId))
  checks.note(
    'audience',
    isOurs,
    isOurs
      ? 'it is for us'
      : `it is for ${audiences.flat().join(', ') || 'nobody (AudienceRestriction)'}, not ${entityId}`,
  )
}

/** Until when it holds; nobody can use it later, so that it need not be remembered longer. */
function mustBeNow(
  checks: Checks,
  signed: Element,
  { now, consumer, request }: { now: number; consumer: string; request: string | null },
): number {
  const conditions = childrenOf(signed, assertions, 'Conditions')
  const confirmed = childrenOf(signed, assertions, 'Subject')
    .flatMap((one) => childrenOf(one, assertions, 'SubjectConfirmation'))
    .filter((one) => one.getAttribute('Method') === 'urn:oasis:names:tc:SAML:2.0:cm:bearer')
    .flatMap((one) => childrenOf(one, assertions, 'SubjectConfirmationData'))
  const ours = confirmed.filter((one) => one.getAttribute('Recipient') === consumer)
  checks.note(
    'destination',
    ours.length > 0,
    ours.length > 0
      ? 'its subject was confirmed to our address'
      : `its subject was confirmed to no ${consumer} (SubjectConfirmationData, Recipient)`,
  )
  const answers = ours.filter(
    (one) => request !== null && one.getAttribute('InResponseTo') === request,
  )
  checks.note(
    'request',
    answers.length > 0,
    answers.length > 0
      ? 'it answers a request, and names it'
      : 'it does not answer a request of ours (InResponseTo); a sign-in begins here, not at the provider',
  )
  const statements = childrenOf(signed, assertions, 'AuthnStatement')
  const from = [...conditions, ...answers].map((one) => instantOf(one, 'NotBefore'))
  const until = [
    ...conditions.map((one) => instantOf(one, 'NotOnOrAfter')),
    ...statements.map((one) => instantOf(one, 'SessionNotOnOrAfter')),
    // Of a bearer it must be said (SAML profiles, section 4.1.4.2).
    ...answers.map((one) => instantOf(one, 'NotOnOrAfter') ?? Number.NaN),
  ]
  const issued = instantOf(signed, 'IssueInstant') ?? Number.NaN
  const isNow =
    from.every((one) => one === null || one <= now + skew) &&
    until.every((one) => one === null || one > now - skew) &&
    issued <= now + skew &&
    issued > now - oldest - skew &&
    statements.length === 1 &&
    conditions.length === 1
  checks.note(
    'time',
    isNow,
    isNow
      ? `it holds now, ${said(now)}`
      : `it does not hold at ${said(now)}: it was made at ${said(issued)}; clocks may differ by 2 minutes, and it may be 10 minutes old`,
  )
  return Math.min(now + oldest + skew, ...until.filter((one) => one !== null)) + 2 * skew
}

function said(instant: number): string {
  return Number.isNaN(instant) ? 'no time' : new Date(instant).toISOString()
}

/** An instant that an attribute says; null where there is none, NaN where it is none. */
export function instantOf(element: Element, name: string): number | null {
  const said = element.getAttribute(name)
  if (said === null) return null
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(said)
  return isInstant ? Date.parse(said) : Number.NaN
}

/** Names of the attribute that an address comes in, as providers spell it. */
const emailNames = new Set([
  'email',
  'mail',
  'emailaddress',
  'urn:oid:0.9.2342.19200300.100.1.3',
  'urn:oid:1.2.840.113549.1.9.1',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
])
const nameNames = new Set([
  'name',
  'displayname',
  'urn:oid:2.16.840.1.113730.3.1.241',
  'http://schemas.microsoft.com/identity/claims/displayname',
])
const methodNames = new Set(['http://schemas.microsoft.com/claims/authnmethodsreferences'])

function readSubject(
  checks: Checks,
  signed: Element,
  sent: Record<string, unknown>,
): Asserted | null {
  const names = childrenOf(signed, assertions, 'Subject').flatMap((one) =>
    childrenOf(one, assertions, 'NameID'),
  )
  const format = names[0]?.getAttribute('Format') ?? ''
  const subject = names.length === 1 ? textOf(names[0]!) : ''
  const isLasting = subject !== '' && subject.length <= 1024 && !format.endsWith(':transient')
  checks.note(
    'subject',
    isLasting,
    isLasting
      ? 'it names somebody, by a name that stays (NameID)'
      : 'it names nobody by a name that stays: the NameID is missing or transient',
  )
  const attributes = attributesOf(signed)
  const valuesOf = (wanted: ReadonlySet<string>) =>
    attributes.filter(({ name }) => wanted.has(name.toLowerCase())).flatMap(({ values }) => values)
  const isAddress = format.endsWith(':emailAddress')
  const addresses = new Set(
    [...valuesOf(emailNames), ...(isAddress ? [subject] : [])].map((one) => spell(one)),
  )
  const [email = null] = addresses
  const isOne = addresses.size === 1 && email !== null
  checks.note(
    'email',
    isOne,
    isOne
      ? 'it says one address'
      : addresses.size === 0
        ? 'it says no address: send an attribute email, or a NameID of that format'
        : 'it says more than one address, or one that is not in plain letters',
  )
  const classes = elementsOf(signed, assertions, 'AuthnContextClassRef').map(textOf)
  if (!isLasting || !isOne) return null
  const [name = ''] = valuesOf(nameNames)
  const [statement] = childrenOf(signed, assertions, 'AuthnStatement')
  const began = {
    format: names[0]!.getAttribute('Format'),
    index: statement?.getAttribute('SessionIndex') ?? null,
  }
  const isMultiple = isMultiFactor(valuesOf(methodNames), classes)
  return { subject, email, name, isMultiple, began, sent }
}

function attributesOf(signed: Element): { name: string; values: string[] }[] {
  return childrenOf(signed, assertions, 'AttributeStatement')
    .flatMap((one) => childrenOf(one, assertions, 'Attribute'))
    .map((one) => ({
      name: one.getAttribute('Name') ?? '',
      values: childrenOf(one, assertions, 'AttributeValue').map(textOf),
    }))
}

/** What it says, as whoever connects the provider wants to see it. */
function describe(signed: Element): Record<string, unknown> {
  const [name] = elementsOf(signed, assertions, 'NameID')
  const attributes = attributesOf(signed).map(({ name: one, values }) => [
    one,
    values.length === 1 ? values[0] : values,
  ])
  return {
    nameId: name ? textOf(name) : null,
    nameIdFormat: name?.getAttribute('Format') ?? null,
    issuer: childrenOf(signed, assertions, 'Issuer').map(textOf)[0] ?? null,
    authenticated: elementsOf(signed, assertions, 'AuthnContextClassRef').map(textOf),
    attributes: Object.fromEntries(attributes) as Record<string, unknown>,
  }
}

/** All of it: a library that stopped at a comment would read another name than was signed. */
export function textOf(element: Element): string {
  return (element.textContent ?? '').trim()
}
