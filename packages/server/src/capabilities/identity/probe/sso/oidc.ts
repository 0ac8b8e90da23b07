import { codeHolds, sealCode } from '../provider/codes.ts'
import type { SigningKey } from '../provider/keys.ts'
import { writeToken, type Claims, type Signing } from '../provider/tokens.ts'
import type { BegunOf } from './begin.ts'
import { mustBeCanary, personOf, type Canaries, type Person } from './canaries.ts'

/** What an ID token says and is signed by; what is left out is as it should be. */
export interface OidcTwist {
  person?: Person
  claims?: Claims
  key?: SigningKey
  signing?: Signing
}

/** An answer of the provider, on its way back by a browser. */
export interface Reply {
  address: string
  form: Record<string, string> | null
}

export interface Answering {
  canaries: Canaries
  now: number
  /** Seals codes. */
  key: Uint8Array
}

/** Answers a request as the provider that it came to. */
export function answerOidc(
  { canaries, now, key }: Answering,
  { canary, asked }: BegunOf<'oidc'>,
  { person = personOf(canary), claims, key: by = canary.key, signing }: OidcTwist = {},
): Reply {
  mustBeCanary(canaries, person)
  const { issuer, clientId } = canary
  const seconds = Math.floor(now / 1000)
  const profile = {
    sub: person.subject,
    email: person.email,
    email_verified: true,
    name: `Kept canary ${canary.side}`,
  }
  const said = {
    iss: issuer,
    aud: clientId,
    iat: seconds,
    exp: seconds + 300,
    ...(asked.nonce !== null && { nonce: asked.nonce }),
    ...profile,
    ...claims,
  }
  const idToken = writeToken(said, by, signing)
  const { redirect, challenge } = asked
  const endsAt = now + codeHolds
  const code = sealCode(key, {
    issuer,
    clientId,
    redirect,
    challenge,
    idToken,
    claims: profile,
    endsAt,
  })
  return toReply(asked, {
    ...(asked.wantsCode && { code }),
    ...(asked.isInFront && { id_token: idToken }),
    ...(asked.state !== null && { state: asked.state }),
    iss: issuer,
  })
}

function toReply(
  { redirect, isPosted }: BegunOf<'oidc'>['asked'],
  said: Record<string, string>,
): Reply {
  if (isPosted) return { address: redirect, form: said }
  const url = new URL(redirect)
  for (const [name, value] of Object.entries(said)) url.searchParams.set(name, value)
  return { address: url.href, form: null }
}
