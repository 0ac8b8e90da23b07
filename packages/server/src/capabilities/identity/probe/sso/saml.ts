import type { SigningKey } from '../provider/keys.ts'
import {
  makeSamlId,
  signXml,
  writeAssertion,
  writeResponse,
  type SamlSaying,
} from '../provider/saml.ts'
import type { BegunOf } from './begin.ts'
import { mustBeCanary, personOf, type Person } from './canaries.ts'
import type { Answering, Reply } from './oidc.ts'

/** What a response says and is signed by; what is left out is as it should be. */
export interface SamlTwist {
  person?: Person
  says?: Partial<SamlSaying>
  /** Null signs nothing. */
  key?: SigningKey | null
  /** Where it says that it goes. */
  destination?: string
  /** Changes the assertion before it is signed. */
  before?: (assertion: string) => string
  /** Changes the response after that. */
  after?: (response: string) => string
  /** Writes the response around an assertion itself. */
  wrap?: Wrap
}

/**
 * A response of what was signed for somebody else than this app, and an assertion that nobody signed: only the
 * one that a service should not read says what it would take.
 */
export type Wrap = (parts: {
  /** Signed, for another audience. */
  genuine: string
  /** Not signed. */
  forged: string
  /** Puts assertions into a response. */
  respond: (inner: string) => string
  sign: (xml: string, id: string) => string
  responseId: string
}) => string

const formats = 'urn:oasis:names:tc:SAML:1.1:nameid-format:'
const emailFormat = `${formats}emailAddress`

/** Answers a request as the provider that it came to. */
export function answerSaml(
  { canaries, now }: Answering,
  { canary, asked }: BegunOf<'saml'>,
  twist: SamlTwist = {},
): Reply {
  const { person = personOf(canary), key = canary.key, destination = asked.consumer } = twist
  mustBeCanary(canaries, person)
  const isNamedByAddress = asked.format === emailFormat
  const said: SamlSaying = {
    now,
    issuer: canary.issuer,
    nameId: isNamedByAddress ? person.email : person.subject,
    format: isNamedByAddress ? emailFormat : 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    attributes: { email: person.email, displayName: `Kept canary ${canary.side}` },
    // Says nothing of factors.
    context: 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified',
    audience: asked.issuer,
    recipient: asked.consumer,
    inResponseTo: asked.id,
    holds: 300_000,
    assertionId: makeSamlId(),
    ...twist.says,
  }
  const responseId = makeSamlId()
  const { issuer, inResponseTo } = said
  const respond = (inner: string) =>
    writeResponse({ now: said.now, id: responseId, issuer, destination, inResponseTo }, inner)
  const sign = (xml: string, id: string) => (key === null ? xml : signXml(xml, id, key))
  const write = (): string => {
    if (twist.wrap) {
      const other = { ...said, ...elsewhere(asked), assertionId: makeSamlId() }
      const genuine = sign(writeAssertion(other), other.assertionId)
      return twist.wrap({ genuine, forged: writeAssertion(said), respond, sign, responseId })
    }
    const { before = (xml) => xml } = twist
    return sign(respond(sign(before(writeAssertion(said)), said.assertionId)), responseId)
  }
  const { after = (xml) => xml } = twist
  return {
    address: asked.consumer,
    form: {
      SAMLResponse: Buffer.from(after(write())).toString('base64'),
      ...(asked.relayState !== null && { RelayState: asked.relayState }),
    },
  }
}

/** What is said to a service that is not this one. */
export function elsewhere({ issuer, consumer }: { issuer: string; consumer: string }) {
  return { audience: `${issuer}/another`, recipient: `${consumer}/another` }
}
