import { X509Certificate } from 'node:crypto'
import { DOMParser, type Document, type Element } from '@xmldom/xmldom'
import { Failure } from '../../../foundation/failure.ts'
import type { SamlConfig } from './connections.ts'

const inMetadata = 'urn:oasis:names:tc:SAML:2.0:metadata'
const inSignatures = 'http://www.w3.org/2000/09/xmldsig#'
const redirect = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'

/** Reads XML that a stranger sent: well formed, and nothing in it declares what it means. */
export function parseXml(xml: string): Document {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw unread('it has a DOCTYPE')
  try {
    return new DOMParser({ onError: giveUp }).parseFromString(xml, 'text/xml')
  } catch (error) {
    throw unread('it is no XML', error)
  }
}

function giveUp(_: string, message: string): never {
  throw new Error(message)
}

function unread(why: string, cause?: unknown): Failure {
  return new Failure('bad-input', `/metadata: ${why}`, {}, cause)
}

/** A text as it stands in an attribute or an element. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** The elements of a name in an element or document, at any depth. */
export function elementsOf(within: Document | Element, space: string, name: string): Element[] {
  return [...within.getElementsByTagNameNS(space, name)]
}

/** Those right below. */
export function childrenOf(parent: Element, space: string, name: string): Element[] {
  return elementsOf(parent, space, name).filter((one) => one.parentNode === parent)
}

/** What a provider says of itself: its name, where users are sent, and by which keys it signs. */
export function readMetadata(xml: string, isNear: boolean): Omit<SamlConfig, 'encryption'> {
  const providers = elementsOf(parseXml(xml), inMetadata, 'IDPSSODescriptor')
  const [provider] = providers
  if (!provider || providers.length > 1) {
    throw unread(`it describes ${providers.length} identity providers, and must describe one`)
  }
  const entity = provider.parentNode as Element | null
  const entityId = entity?.getAttribute('entityID') ?? ''
  if (entity?.localName !== 'EntityDescriptor' || entityId === '' || entityId.length > 1024) {
    throw unread('the identity provider has no entityID')
  }
  const address = addressIn(provider, 'SingleSignOnService', 'Location', isNear)
  if (address === null) throw unread('it names no https address for HTTP-Redirect')
  const certificates = childrenOf(provider, inMetadata, 'KeyDescriptor')
    .filter((one) => one.getAttribute('use') !== 'encryption')
    .flatMap((one) => elementsOf(one, inSignatures, 'X509Certificate'))
    .map((one) => readCertificate(one.textContent ?? ''))
  if (certificates.length === 0) throw unread('it has no certificate to check signatures by')
  return {
    entityId,
    address,
    certificates: [...new Set(certificates)].slice(0, 10),
    logout: addressIn(provider, 'SingleLogoutService', 'Location', isNear),
    logoutAnswers: addressIn(provider, 'SingleLogoutService', 'ResponseLocation', isNear),
  }
}

/** Where a service takes HTTP-Redirect; null where nothing encrypted is named. */
function addressIn(
  provider: Element,
  service: string,
  location: string,
  isNear: boolean,
): string | null {
  const all = childrenOf(provider, inMetadata, service)
  const one = all.find((element) => element.getAttribute('Binding') === redirect)
  const url = URL.parse(one?.getAttribute(location) ?? '')
  return url?.protocol === 'https:' || (isNear && url?.protocol === 'http:') ? url.href : null
}

function readCertificate(text: string): string {
  try {
    const { raw, publicKey } = new X509Certificate(Buffer.from(text, 'base64'))
    const { modulusLength = 0 } = publicKey.asymmetricKeyDetails ?? {}
    if (publicKey.asymmetricKeyType === 'rsa' && modulusLength >= 2048)
      return raw.toString('base64')
  } catch (error) {
    throw unread('a certificate in it cannot be read', error)
  }
  throw unread('a certificate in it is not of an RSA key of 2048 bits or more')
}

/** When the last of the certificates is over: most providers go on signing, and it is time to ask. */
export function endOf(certificates: readonly string[]): number {
  const ends = certificates.map((one) =>
    Date.parse(new X509Certificate(Buffer.from(one, 'base64')).validTo),
  )
  return Math.max(...ends)
}
