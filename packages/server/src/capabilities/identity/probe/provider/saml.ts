import { randomBytes } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'
import { Failure } from '../../../../foundation/failure.ts'
import { elementsOf, parseXml } from '../../providers/metadata.ts'
import type { SigningKey } from './keys.ts'

const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'
const assertions = 'urn:oasis:names:tc:SAML:2.0:assertion'
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'

/** What a service asks of a provider (SAML core, section 3.4.1). */
export interface SamlRequest {
  id: string
  issuer: string
  /** Where it wants the response; null where it leaves that to the metadata. */
  consumer: string | null
  /** The format of the name that it wants. */
  format: string | null
  relayState: string | null
}

/** The fields of HTTP-Redirect, deflated, or of HTTP-POST, which are not (SAML bindings, 3.4 and 3.5). */
export function readSamlRequest(
  fields: URLSearchParams,
  binding: 'redirect' | 'post',
): SamlRequest | null {
  try {
    const bytes = Buffer.from(fields.get('SAMLRequest') ?? '', 'base64')
    const plain = binding === 'post' ? bytes : inflateRawSync(bytes, { maxOutputLength: 100_000 })
    const root = parseXml(plain.toString('utf8')).documentElement
    const id = root?.getAttribute('ID') ?? ''
    const [issuer] = root ? elementsOf(root, assertions, 'Issuer') : []
    if (root?.namespaceURI !== protocol || id === '' || !issuer) return null
    const [policy] = elementsOf(root, protocol, 'NameIDPolicy')
    return {
      id,
      issuer: (issuer.textContent ?? '').trim(),
      consumer: root.getAttribute('AssertionConsumerServiceURL') || null,
      format: policy?.getAttribute('Format') ?? null,
      relayState: fields.get('RelayState'),
    }
  } catch (error) {
    if (error instanceof Failure || error instanceof Error) return null
    throw error
  }
}

/** What an assertion says, and the response around it; texts as they are, not as XML. */
export interface SamlSaying {
  now: number
  issuer: string
  nameId: string
  format: string
  attributes: Readonly<Record<string, string>>
  /** The class of how somebody was authenticated. */
  context: string
  /** Null for every service; one must be said (SAML profiles, section 4.1.4.2). */
  audience: string | null
  recipient: string
  /** Null for no request. */
  inResponseTo: string | null
  /** How long it holds, in milliseconds. */
  holds: number
  assertionId: string
}

export function makeSamlId(): string {
  return `_${randomBytes(16).toString('hex')}`
}

export function writeAssertion(said: SamlSaying): string {
  const [now, until] = [iso(said.now), iso(said.now + said.holds)]
  const attributes = Object.entries(said.attributes).map(
    ([name, value]) =>
      `<saml:Attribute Name="${escape(name)}"><saml:AttributeValue>${escape(value)}</saml:AttributeValue></saml:Attribute>`,
  )
  const audience =
    said.audience === null
      ? ''
      : `<saml:AudienceRestriction><saml:Audience>${escape(said.audience)}</saml:Audience></saml:AudienceRestriction>`
  return [
    `<saml:Assertion xmlns:saml="${assertions}" ID="${said.assertionId}" Version="2.0" IssueInstant="${now}">`,
    `<saml:Issuer>${escape(said.issuer)}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="${escape(said.format)}">${escape(said.nameId)}</saml:NameID>`,
    '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${escape(said.recipient)}"${answers(said.inResponseTo)}/>`,
    '</saml:SubjectConfirmation></saml:Subject>',
    `<saml:Conditions NotBefore="${now}" NotOnOrAfter="${until}">${audience}</saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${now}"><saml:AuthnContext><saml:AuthnContextClassRef>${escape(said.context)}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement></saml:Assertion>`,
  ].join('')
}

function answers(request: string | null): string {
  return request === null ? '' : ` InResponseTo="${escape(request)}"`
}

interface Around {
  now: number
  id: string
  issuer: string
  destination: string
  inResponseTo: string | null
  status?: string
}

/** A response around assertions that are XML already. */
export function writeResponse(
  { now, id, issuer, destination, inResponseTo, status = success }: Around,
  inner: string,
): string {
  return [
    `<samlp:Response xmlns:samlp="${protocol}" xmlns:saml="${assertions}" ID="${id}" Version="2.0" IssueInstant="${iso(now)}" Destination="${escape(destination)}"${answers(inResponseTo)}>`,
    `<saml:Issuer>${escape(issuer)}</saml:Issuer>`,
    `<samlp:Status><samlp:StatusCode Value="${escape(status)}"/></samlp:Status>${inner}</samlp:Response>`,
  ].join('')
}

export const usualAlgorithms = {
  algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
}

/** Signs the element of that id, enveloped, after its issuer. */
export function signXml(
  xml: string,
  id: string,
  { privateKey, certificate }: SigningKey,
  { algorithm, digest } = usualAlgorithms,
): string {
  const signer = new SignedXml({
    privateKey,
    publicCert: toPem(certificate),
    signatureAlgorithm: algorithm,
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  })
  signer.addReference({
    xpath: `//*[@ID="${id}"]`,
    digestAlgorithm: digest,
    transforms: [
      'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
      'http://www.w3.org/2001/10/xml-exc-c14n#',
    ],
  })
  signer.computeSignature(xml, {
    location: { reference: `//*[@ID="${id}"]/*[local-name()="Issuer"]`, action: 'after' },
  })
  return signer.getSignedXml()
}

/** What a service is told of a provider. */
export function writeProviderMetadata(
  { issuer, certificate }: { issuer: string; certificate: string },
  address: string,
): string {
  const bindings = ['HTTP-Redirect', 'HTTP-POST'].map(
    (one) =>
      `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${one}" Location="${escape(address)}"/>`,
  )
  return [
    `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escape(issuer)}">`,
    `<md:IDPSSODescriptor protocolSupportEnumeration="${protocol}">`,
    `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    `${bindings.join('')}</md:IDPSSODescriptor></md:EntityDescriptor>`,
  ].join('')
}

export function toPem(certificate: string): string {
  const lines = certificate.match(/.{1,64}/g)!
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----`
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => entities[sign]!)
}
