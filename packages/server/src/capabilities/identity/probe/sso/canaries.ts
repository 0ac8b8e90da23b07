import type { System } from '@kept/page'
import { cannotLook } from '../../../../foundation/look.ts'
import { openProvider, type SealedProvider, type Side, type SigningKey } from '../provider/keys.ts'
import { guestPrefix } from '../guests.ts'
import type { Users, Vouched } from '../users.ts'

/** A canary tenant's user, and the provider that vouches for it. */
export interface Canary {
  side: Side
  user: Vouched
  email: string
  domain: string
  /** By what the provider knows the user. */
  subject: string
  issuer: string
  clientId: string
  key: SigningKey
}

export type Canaries = Readonly<Record<Side, Canary>>

/** What a provider says of somebody. */
export interface Person {
  subject: string
  email: string
}

export const personOf = ({ subject, email }: Canary): Person => ({ subject, email })

/** Somebody else of a tenant's domain. */
export function strangerOf({ subject, domain }: Canary, name = 'other'): Person {
  return { subject: `${subject}-${name}`, email: `${guestPrefix}${name}@${domain}` }
}

/** A name that begins with another's: its address is one of `by`, and would be `of`'s if it were cut short. */
export function lookAlike(of: Canary, by: Canary): { cut: Person; rest: Person } {
  return {
    cut: personOf(of),
    rest: { subject: '-and-more', email: `.${by.domain}` },
  }
}

/** Both canaries, with the keys that this look signs by. */
export function openCanaries(
  subject: System,
  { a, b }: Users,
  providers: readonly SealedProvider[],
  key: Uint8Array,
): Canaries {
  if (!a || !b) {
    throw cannotLook(
      `the secret of ${subject.id} names no users of two canary tenants: {"signIn": {"a": {"email"}, "b": {"email"}}}`,
    )
  }
  const toCanary = (side: Side, user: Vouched): Canary => {
    const provider = providers.find((one) => one.side === side)
    if (!provider) {
      throw cannotLook(
        `no test provider was made for ${subject.id}: an owner asks POST /api/probe/providers`,
      )
    }
    const { issuer, clientId, certificate } = provider
    const { privateKey } = openProvider(key, provider)
    return {
      side,
      user,
      email: user.email.toLowerCase(),
      domain: user.email.slice(user.email.lastIndexOf('@') + 1).toLowerCase(),
      subject: clientId,
      issuer,
      clientId,
      key: { privateKey, certificate },
    }
  }
  const canaries = { a: toCanary('a', a), b: toCanary('b', b) }
  if (
    isWithin(canaries.a.domain, canaries.b.domain) ||
    isWithin(canaries.b.domain, canaries.a.domain)
  ) {
    throw cannotLook(
      `the two canaries of ${subject.id} are of one domain, so that neither is foreign`,
    )
  }
  return canaries
}

/** A test provider speaks for the canaries' own domains, whatever a look tries, and for nobody else's. */
export function mustBeCanary({ a, b }: Canaries, { email }: Person): void {
  const domain = email.slice(email.lastIndexOf('@') + 1)
  if (isWithin(domain, a.domain) || isWithin(domain, b.domain)) return
  throw new TypeError('a test provider speaks for canaries alone')
}

function isWithin(domain: string, of: string): boolean {
  return domain === of || domain.endsWith(`.${of}`)
}
