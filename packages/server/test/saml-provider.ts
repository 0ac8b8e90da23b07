import { createSign, randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { encrypt } from 'xml-encryption'
import { makeCertifiedKey } from '../src/capabilities/identity/providers/encryption.ts'
import {
  readSamlRequest,
  signXml,
  usualAlgorithms,
  writeAssertion,
  writeProviderMetadata,
  writeResponse,
  type SamlSaying,
} from '../src/capabilities/identity/probe/provider/saml.ts'

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

export interface Saying extends SamlSaying {
  sessionIndex: string | null
  /** What is signed. */
  signs: 'assertion' | 'response' | 'both' | 'none'
  destination: string
  status: string
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
  const key = await makeCertifiedKey('https://provider.test', clock())

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
      ...usualAlgorithms,
      encryptFor: null,
      encryption: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      ...more,
    }
    const responseId = `_r${randomBytes(8).toString('hex')}`
    let assertion = said.assertion(inSession(writeAssertion(said), said.sessionIndex))
    if (said.signs === 'assertion' || said.signs === 'both')
      assertion = signXml(assertion, said.assertionId, key, said)
    if (said.encryptFor !== null) assertion = await seal(assertion, said)
    let xml = said.before(writeResponse({ ...said, id: responseId }, assertion))
    if (said.signs === 'response' || said.signs === 'both')
      xml = signXml(xml, responseId, key, said)
    return said.after(xml)
  }

  return {
    entityId,
    metadata: writeProviderMetadata(
      { issuer: entityId, certificate: key.certificate },
      'https://provider.test/sso',
    ).replace(
      '<md:SingleSignOnService',
      `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${logoutAt}"/>$&`,
    ),
    write,
    sign: (xml, id) => signXml(xml, id, key),
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
      const signature = createSign(hash).update(covered).sign(key.privateKey, 'base64')
      return `${covered}&Signature=${escape(signature)}`
    },
    respond: async (address, more) => Buffer.from(await write(address, more)).toString('base64'),
  }
}

function inSession(assertion: string, index: string | null): string {
  return index === null
    ? assertion
    : assertion.replace('<saml:AuthnStatement', `$& SessionIndex="${index}"`)
}

/** What a browser brings in the address that it was sent to. */
export function readRequest(address: string): { id: string; consumer: string; issuer: string } {
  const { id, consumer, issuer } = readSamlRequest(new URL(address).searchParams, 'redirect')!
  return { id, consumer: consumer!, issuer }
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
