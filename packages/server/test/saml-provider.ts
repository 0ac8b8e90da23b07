import { createSign, randomBytes } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'
import { encrypt } from 'xml-encryption'
import { makeEncryptionKey } from '../src/capabilities/identity/providers/encryption.ts'

/** A SAML identity provider: reads a request as a browser brings it, and signs a response. */
export interface SamlProvider {
  entityId: string
  metadata: string
  /** What the browser is to post, base64. */
  respond(address: string, more?: Partial<Saying>): Promise<string>
  /** The same as XML. */
  write(address: string, more?: Partial<Saying>): Promise<string>
  sign(xml: string, id: string): string
  /** A message of a logout as a browser brings it by HTTP-Redirect: a query, signed. */
  signQuery(
    name: 'SAMLRequest' | 'SAMLResponse',
    xml: string,
    more?: { relay?: string; algorithm?: string; escape?: (text: string) => string },
  ): string
}

export interface Saying {
  now: number
  nameId: string
  format: string
  attributes: Record<string, string>
  context: string
  sessionIndex: string | null
  /** What is signed. */
  signs: 'assertion' | 'response' | 'both' | 'none'
  audience: string
  destination: string
  recipient: string
  inResponseTo: string
  issuer: string
  status: string
  /** How long it holds, in milliseconds. */
  holds: number
  assertionId: string
  /** Changes the assertion or response before it is signed, or the whole after it. */
  assertion: (xml: string) => string
  before: (xml: string) => string
  after: (xml: string) => string
  algorithm: string
  digest: string
  /** PEM of a certificate to encrypt the assertion for. */
  encryptFor: string | null
  encryption: string
}

export async function openSamlProvider(
  entityId: string,
  clock: () => number,
  logoutAt = 'https://provider.test/slo?from=kept',
): Promise<SamlProvider> {
  const { certificate, privateKey } = await makeEncryptionKey('https://provider.test', clock())

  function signWith(
    xml: string,
    id: string,
    { algorithm, digest }: Pick<Saying, 'algorithm' | 'digest'>,
  ): string {
    const signer = new SignedXml({
      privateKey,
      publicCert: `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----`,
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

  async function write(address: string, more: Partial<Saying> = {}): Promise<string> {
    const asked = readRequest(address)
    const said: Saying = {
      now: clock(),
      nameId: 'u-1',
      format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      attributes: { email: 'ada@acme.test', displayName: 'Ada' },
      context: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
      sessionIndex: null,
      signs: 'assertion',
      audience: asked.issuer,
      destination: asked.consumer,
      recipient: asked.consumer,
      inResponseTo: asked.id,
      issuer: entityId,
      status: 'urn:oasis:names:tc:SAML:2.0:status:Success',
      holds: 300_000,
      assertionId: `_a${randomBytes(8).toString('hex')}`,
      assertion: (xml) => xml,
      before: (xml) => xml,
      after: (xml) => xml,
      algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
      encryptFor: null,
      encryption: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      ...more,
    }
    const responseId = `_r${randomBytes(8).toString('hex')}`
    let assertion = said.assertion(writeAssertion(said))
    if (said.signs === 'assertion' || said.signs === 'both')
      assertion = signWith(assertion, said.assertionId, said)
    if (said.encryptFor !== null) assertion = await seal(assertion, said)
    let xml = said.before(
      `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${responseId}" Version="2.0" IssueInstant="${iso(said.now)}" Destination="${said.destination}" InResponseTo="${said.inResponseTo}"><saml:Issuer>${said.issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${said.status}"/></samlp:Status>${assertion}</samlp:Response>`,
    )
    if (said.signs === 'response' || said.signs === 'both') xml = signWith(xml, responseId, said)
    return said.after(xml)
  }

  return {
    entityId,
    metadata: `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${logoutAt}"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://provider.test/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>`,
    write,
    sign: (xml, id) =>
      signWith(xml, id, {
        algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
      }),
    signQuery(
      name,
      xml,
      {
        relay,
        algorithm = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        escape = encodeURIComponent,
      } = {},
    ) {
      const message = deflateRawSync(xml).toString('base64')
      const pairs = [
        [name, message],
        ...(relay === undefined ? [] : [['RelayState', relay]]),
        ['SigAlg', algorithm],
      ]
      const covered = pairs.map(([one, value]) => `${one}=${escape(value!)}`).join('&')
      const hash = algorithm.endsWith('sha1') ? 'RSA-SHA1' : 'RSA-SHA256'
      const signature = createSign(hash).update(covered).sign(privateKey, 'base64')
      return `${covered}&Signature=${escape(signature)}`
    },
    respond: async (address, more) => Buffer.from(await write(address, more)).toString('base64'),
  }
}

function iso(instant: number): string {
  return new Date(instant).toISOString()
}

/** What a browser brings in the address that it was sent to. */
export function readRequest(address: string): { id: string; consumer: string; issuer: string } {
  const encoded = new URL(address).searchParams.get('SAMLRequest')!
  const xml = inflateRawSync(Buffer.from(encoded, 'base64')).toString('utf8')
  const of = (pattern: RegExp) => pattern.exec(xml)![1]!
  return {
    id: of(/ ID="([^"]+)"/),
    consumer: of(/AssertionConsumerServiceURL="([^"]+)"/),
    issuer: of(/Issuer[^>]*>([^<]+)</),
  }
}

function writeAssertion(said: Saying): string {
  const until = iso(said.now + said.holds)
  const attributes = Object.entries(said.attributes).map(
    ([name, value]) =>
      `<saml:Attribute Name="${name}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`,
  )
  return `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${said.assertionId}" Version="2.0" IssueInstant="${iso(said.now)}"><saml:Issuer>${said.issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${said.format}">${said.nameId}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${said.recipient}" InResponseTo="${said.inResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${iso(said.now)}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${said.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${iso(said.now)}"${said.sessionIndex === null ? '' : ` SessionIndex="${said.sessionIndex}"`}><saml:AuthnContext><saml:AuthnContextClassRef>${said.context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement></saml:Assertion>`
}

async function seal(assertion: string, { encryptFor, encryption }: Saying): Promise<string> {
  const sealed = Promise.withResolvers<string>()
  encrypt(
    assertion,
    {
      rsa_pub: encryptFor!,
      pem: encryptFor!,
      encryptionAlgorithm: encryption,
      keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
    } as never,
    (error: Error | null, result: string) =>
      error ? sealed.reject(error) : sealed.resolve(result),
  )
  return `<saml:EncryptedAssertion>${await sealed.promise}</saml:EncryptedAssertion>`
}
