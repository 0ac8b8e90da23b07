import {
  anybody,
  asOfA,
  attackBy,
  crossedAttacks,
  foreign,
  type Attack,
  type Protocol,
  type Twisted,
} from './attacks.ts'
import { answerOidc, type OidcTwist } from './oidc.ts'
import type { SigningKey } from '../provider/keys.ts'

const oidc: Protocol<'oidc', OidcTwist> = { kind: 'oidc', called: 'an answer', answer: answerOidc }

const [minute, hour] = [60, 3600]

/** `stranger` is a key that nobody was told of. */
export function oidcAttacks(stranger: SigningKey): Attack[] {
  const plain: Record<string, Twisted<'oidc', OidcTwist>> = {
    ...foreign,
    'another customer’s provider that gives itself out as this one’s': {
      from: 'b',
      counts: asOfA,
      whom: 'user',
      twist: ({ canaries: { a } }) => ({ claims: { iss: a.issuer, aud: a.clientId } }),
    },
    'an ID token of another issuer': {
      from: 'a',
      counts: anybody,
      twist: ({ canaries: { b } }) => ({ claims: { iss: b.issuer } }),
    },
    'an ID token for another client': {
      from: 'a',
      counts: anybody,
      twist: ({ canaries: { b } }) => ({ claims: { aud: b.clientId } }),
    },
    'an ID token that another key signed': {
      from: 'a',
      counts: anybody,
      // What it fetches over TLS a client need not check a signature of (OpenID Connect Core, 3.1.3.7, 6).
      twist: ({ canaries: { a } }, { isInFront }) =>
        isInFront || a.issuer.startsWith('http:') ? { key: { ...stranger } } : null,
    },
    'an ID token that nobody signed (alg none)': {
      from: 'a',
      counts: anybody,
      twist: () => ({ signing: 'none' }),
    },
    'an ID token that its public key signed (HS256)': {
      from: 'a',
      counts: anybody,
      twist: () => ({ signing: 'HS256' }),
    },
    'an ID token that was over': {
      from: 'a',
      counts: anybody,
      twist: ({ answering: { now } }) => {
        const then = Math.floor(now / 1000) - 24 * hour
        return { claims: { iat: then, exp: then + hour } }
      },
    },
    'an ID token that was over ten minutes ago': {
      from: 'a',
      counts: anybody,
      // More than clocks may differ by.
      twist: ({ answering: { now } }) => {
        const then = Math.floor(now / 1000) - 15 * minute
        return { claims: { iat: then, exp: then + 5 * minute } }
      },
    },
    'an ID token without a nonce, where one was asked for': {
      from: 'a',
      counts: anybody,
      twist: (_, { nonce }) => (nonce === null ? null : { claims: { nonce: undefined } }),
    },
    'an ID token of another sign-in (nonce)': {
      from: 'a',
      counts: anybody,
      twist: (_, { nonce }) => (nonce === null ? null : { claims: { nonce: `${nonce}-another` } }),
    },
  }
  return [
    ...Object.entries(plain).map(([name, twisted]) => attackBy(oidc, name, twisted)),
    ...crossedAttacks(oidc, (answering, begun, { redirect }) => {
      if (redirect === begun.asked.redirect) return null
      return answerOidc(answering, { ...begun, asked: { ...begun.asked, redirect } })
    }),
  ]
}
