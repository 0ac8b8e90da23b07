import { hash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../../../../foundation/failure.ts'
import { at, type Transaction } from '../../../../foundation/transaction.ts'
import { digestOf, openSecret, sealSecret } from '../../secrets.ts'

/** Milliseconds within which a code, and the access token that it is exchanged for, must be used. */
export const codeHolds = 60_000

const code = z.object({
  /** The provider that gave it. */
  issuer: z.string(),
  clientId: z.string(),
  redirect: z.string(),
  /** Of PKCE (RFC 7636), with S256; null where the client sent none. */
  challenge: z.string().nullable(),
  /** Written and signed by the look that gave it: whoever exchanges a code signs nothing. */
  idToken: z.string(),
  /** What userinfo says. */
  claims: z.record(z.string(), z.unknown()),
  endsAt: z.number(),
})
export type Code = z.output<typeof code>

const access = code.pick({ issuer: true, claims: true, endsAt: true })

/** A code holds what it stands for, under a seal of Kept's: nothing need be kept until it comes back. */
export function sealCode(key: Uint8Array, data: Code): string {
  return seal(key, data, 'code')
}

interface Exchange {
  issuer: string
  clientId: string
  code: string
  redirect: string
  verifier: string | null
}

/** @throws Failure `bad-input` whatever is wrong with it */
export function openCode(key: Uint8Array, now: number, asked: Exchange): Code {
  const data = code.safeParse(open(key, asked.code, 'code')).data
  const isSound =
    data !== undefined &&
    data.endsAt > now &&
    data.issuer === asked.issuer &&
    data.clientId === asked.clientId &&
    data.redirect === asked.redirect &&
    isVerified(data.challenge, asked.verifier)
  if (!isSound) throw refused()
  return data
}

function isVerified(challenge: string | null, verifier: string | null): boolean {
  if (challenge === null) return verifier === null
  return verifier !== null && isSame(hash('sha256', verifier, 'base64url'), challenge)
}

/** A code works once. */
export async function takeCode(tx: Transaction, sealed: string, endsAt: number): Promise<void> {
  await tx.rows`delete from identity.test_codes where ends_at <= ${at(tx.now)}`
  const taken = await tx.row`
    insert into identity.test_codes (hash, ends_at) values (${digestOf(sealed)}, ${at(endsAt)})
    on conflict do nothing returning hash`
  if (!taken) throw refused()
}

export function sealAccess(key: Uint8Array, { issuer, claims, endsAt }: Code): string {
  return seal(key, { issuer, claims, endsAt }, 'access')
}

/** What userinfo says to who has it; null where it is none, or over. */
export function openAccess(
  key: Uint8Array,
  now: number,
  { issuer, token }: { issuer: string; token: string },
): Code['claims'] | null {
  const data = access.safeParse(open(key, token, 'access')).data
  return data && data.issuer === issuer && data.endsAt > now ? data.claims : null
}

type Label = 'code' | 'access'

function seal(key: Uint8Array, data: object, label: Label): string {
  const plain = Buffer.from(JSON.stringify(data))
  return sealSecret(key, plain, `identity.test-${label}`).toString('base64url')
}

function open(key: Uint8Array, sealed: string, label: Label): unknown {
  try {
    const bytes = Buffer.from(sealed, 'base64url')
    return JSON.parse(openSecret(key, bytes, `identity.test-${label}`).toString('utf8'))
  } catch {
    return null
  }
}

export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other))
}

function refused(): Failure {
  return new Failure('bad-input', 'this code is not for this client, or over', {
    error: 'invalid_grant',
  })
}
