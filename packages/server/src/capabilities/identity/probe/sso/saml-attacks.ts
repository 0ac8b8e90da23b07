import type { SigningKey } from '../provider/keys.ts'
import {
  anybody,
  asOfA,
  asUserOfA,
  attackBy,
  crossedAttacks,
  foreign,
  type Attack,
  type Protocol,
  type Twisted,
} from './attacks.ts'
import { lookAlike, type Canary } from './canaries.ts'
import { answerSaml, elsewhere, type SamlTwist } from './saml.ts'
import { wraps } from './wraps.ts'

const saml: Protocol<'saml', SamlTwist> = { kind: 'saml', called: 'a response', answer: answerSaml }

const [minute, day] = [60_000, 86_400_000]

/** `stranger` is a key that nobody was told of. */
export function samlAttacks(stranger: SigningKey): Attack[] {
  const plain: Record<string, Twisted<'saml', SamlTwist>> = {
    ...foreign,
    'another customer’s provider that gives itself out as this one’s': {
      from: 'b',
      counts: asOfA,
      whom: 'user',
      twist: ({ canaries: { a } }) => ({ says: { issuer: a.issuer } }),
    },
    'a response of another customer’s provider': {
      from: 'a',
      counts: anybody,
      twist: ({ canaries: { b } }) => ({ says: { issuer: b.issuer }, key: b.key }),
    },
    'a response that another customer’s key signed': {
      from: 'a',
      counts: anybody,
      twist: ({ canaries: { b } }) => ({ key: b.key }),
    },
    'a response that a key signed which nobody knows': {
      from: 'a',
      counts: anybody,
      twist: () => ({ key: stranger }),
    },
    'a response that nobody signed': { from: 'a', counts: anybody, twist: () => ({ key: null }) },
    'a response that was changed after it was signed': {
      from: 'a',
      counts: anybody,
      twist: () => ({ after: (xml) => xml.replaceAll('>Kept canary', '>Another canary') }),
    },
    'an assertion for another service (audience)': {
      from: 'a',
      counts: anybody,
      twist: (_, asked) => ({ says: { audience: elsewhere(asked).audience } }),
    },
    'an assertion for any service (no audience)': {
      from: 'a',
      counts: anybody,
      twist: () => ({ says: { audience: null } }),
    },
    'an assertion for another address (recipient)': {
      from: 'a',
      counts: anybody,
      twist: (_, asked) => {
        const { recipient } = elsewhere(asked)
        return { says: { recipient }, destination: recipient }
      },
    },
    'an assertion that was over': {
      from: 'a',
      counts: anybody,
      twist: ({ answering: { now } }) => ({ says: { now: now - day } }),
    },
    'an assertion that was over ten minutes ago': {
      from: 'a',
      counts: anybody,
      // More than clocks may differ by; it holds for five.
      twist: ({ answering: { now } }) => ({ says: { now: now - 15 * minute } }),
    },
    'an assertion that names no request': {
      from: 'a',
      counts: anybody,
      twist: () => ({ says: { inResponseTo: null } }),
    },
    'an assertion for a request that nobody made': {
      from: 'a',
      counts: anybody,
      twist: (_, { id }) => ({ says: { inResponseTo: `${id}-another` } }),
    },
    'a name with a comment in it, of another customer’s provider': {
      from: 'b',
      counts: asOfA,
      twist: ({ canaries: { a, b } }) => commented(a, b),
    },
    'a name with a comment in it': {
      from: 'a',
      counts: asUserOfA,
      twist: ({ canaries: { a, b } }) => commented(a, b),
    },
    ...Object.fromEntries(
      Object.entries(wraps).map(([name, wrap]): [string, Twisted<'saml', SamlTwist>] => [
        `an unsigned assertion ${name}`,
        { from: 'a', counts: anybody, twist: () => ({ wrap }) },
      ]),
    ),
  }
  return [
    ...Object.entries(plain).map(([name, twisted]) => attackBy(saml, name, twisted)),
    ...crossedAttacks(saml, (answering, begun, { consumer: address }) =>
      address === begun.asked.consumer ? null : { ...answerSaml(answering, begun), address },
    ),
  ]
}

/** A signature does not cover comments, and whoever reads a text up to one reads another name than was signed. */
function commented(of: Canary, by: Canary): SamlTwist {
  const { cut, rest } = lookAlike(of, by)
  const person = { subject: cut.subject + rest.subject, email: cut.email + rest.email }
  return {
    person,
    before: (xml) =>
      xml
        .replaceAll(`>${person.subject}<`, `>${cut.subject}<!---->${rest.subject}<`)
        .replaceAll(`>${person.email}<`, `>${cut.email}<!---->${rest.email}<`),
  }
}
