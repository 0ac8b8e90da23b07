import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { isIP } from 'node:net'
import { Failure } from '../../foundation/failure.ts'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import type { Account } from './accounts.ts'
import { digestOf } from './secrets.ts'

/** How long somebody may take at their authenticator, milliseconds. */
const patience = 5 * 60_000

/** Whom passkeys are made for: WebAuthn knows names, no addresses (W3C WebAuthn Level 3, section 5.1.3). */
export function partyOf(origin: string): string {
  const { hostname } = new URL(origin)
  if (isIP(hostname.replaceAll(/[[\]]/g, '')) === 0) return hostname
  throw new Failure('not-connected', `passkeys need a name, and ${hostname} is an address`, {
    fix: 'open this Kept by a name, as http://localhost:4180, and start it with --origin',
  })
}

type Purpose = 'passkey-new' | 'passkey'

async function keepChallenge(
  tx: Transaction,
  purpose: Purpose,
  { challenge, account }: { challenge: string; account: string | null },
): Promise<void> {
  await tx.rows`delete from identity.challenges where ends_at <= ${at(tx.now)}`
  await tx.rows`insert into identity.challenges (hash, purpose, account, data, ends_at)
    values (${digestOf(challenge)}, ${purpose}, ${account}, ${json({})}::jsonb, ${at(tx.now + patience)})`
}

/** Takes a challenge that was handed to this account, or to a stranger: nobody can a second time. */
async function takeChallenge(
  tx: Transaction,
  purpose: Purpose,
  { challenge, account }: { challenge: string; account: string | null },
): Promise<boolean> {
  const row = await tx.row`delete from identity.challenges
    where hash = ${digestOf(challenge)} and purpose = ${purpose} and ends_at > ${at(tx.now)}
      and account is not distinct from ${account} returning hash`
  return row !== null
}

/** What a browser needs to make a passkey of this account. */
export async function beginPasskey(
  tx: Transaction,
  origin: string,
  account: Account,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const known = await tx.rows<{ id: string; transports: string[] }>`
    select id, transports from identity.passkeys where account = ${account.id}`
  const options = await generateRegistrationOptions({
    rpName: 'Kept',
    rpID: partyOf(origin),
    userID: new Uint8Array(Buffer.from(account.id.replaceAll('-', ''), 'hex')),
    userName: account.email,
    userDisplayName: account.name,
    excludeCredentials: known,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await keepChallenge(tx, 'passkey-new', { challenge: options.challenge, account: account.id })
  return options
}

/** @throws Failure `wrong-credentials` */
export async function addPasskey(
  tx: Transaction,
  origin: string,
  given: { account: string; label: string; response: RegistrationResponseJSON },
): Promise<void> {
  const { account, label, response } = given
  const verified = await verifyRegistrationResponse({
    response,
    expectedOrigin: origin,
    expectedRPID: partyOf(origin),
    requireUserVerification: true,
    expectedChallenge: (challenge) => takeChallenge(tx, 'passkey-new', { challenge, account }),
  }).catch(refuse)
  if (!verified.verified) throw wrong()
  const { credential } = verified.registrationInfo
  const row = await tx.row`
    insert into identity.passkeys (id, account, public_key, counter, transports, label, added_at)
    values (${credential.id}, ${account}, ${Buffer.from(credential.publicKey)}, ${credential.counter},
      ${credential.transports ?? []}, ${label}, ${at(tx.now)})
    on conflict do nothing returning id`
  if (!row) throw new Failure('conflict', 'this passkey is known already')
}

/** What a browser needs to prove one: of this account, or of whoever it is. */
export async function askPasskey(
  tx: Transaction,
  origin: string,
  account: string | null,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const known =
    account === null
      ? []
      : await tx.rows<{ id: string; transports: string[] }>`
          select id, transports from identity.passkeys where account = ${account}`
  const options = await generateAuthenticationOptions({
    rpID: partyOf(origin),
    allowCredentials: known,
    userVerification: 'required',
  })
  await keepChallenge(tx, 'passkey', { challenge: options.challenge, account })
  return options
}

/**
 * Which account a passkey proves. `asked` is whose challenge it must answer: an account's, or a stranger's.
 * A counter that does not rise is a copy (W3C WebAuthn Level 3, section 6.1.1).
 *
 * @throws Failure `wrong-credentials`
 */
export async function provePasskey(
  tx: Transaction,
  origin: string,
  { asked, response }: { asked: string | null; response: AuthenticationResponseJSON },
): Promise<Account> {
  const row = await tx.row<
    Account & { public_key: Buffer; counter: string; transports: string[]; key: string }
  >`
    select a.id, a.tenant, a.name, a.email, a.role, k.public_key, k.counter, k.transports, k.id as key
    from identity.passkeys k join identity.accounts a on a.id = k.account
    where k.id = ${response.id} and a.removed_at is null
      and (${asked}::uuid is null or a.id = ${asked})
      and a.tenant is not distinct from nullif(current_setting('kept.tenant', true), '')`
  if (!row) throw wrong()
  const { public_key: publicKey, counter, transports, key, ...account } = row
  const verified = await verifyAuthenticationResponse({
    response,
    expectedOrigin: origin,
    expectedRPID: partyOf(origin),
    requireUserVerification: true,
    credential: {
      id: key,
      publicKey: new Uint8Array(publicKey),
      counter: Number(counter),
      transports,
    },
    expectedChallenge: (challenge) => takeChallenge(tx, 'passkey', { challenge, account: asked }),
  }).catch(refuse)
  if (!verified.verified) throw wrong()
  const { newCounter } = verified.authenticationInfo
  const taken = await tx.row`
    update identity.passkeys set counter = ${newCounter}, used_at = ${at(tx.now)}
    where id = ${key} and (counter < ${newCounter} or ${newCounter} = 0) returning id`
  if (!taken) throw wrong()
  return account
}

/** What the library has against an answer tells whoever sent it nothing. */
function refuse(error: unknown): never {
  if (error instanceof Failure) throw error
  throw wrong(error)
}

function wrong(cause?: unknown): Failure {
  const fix = 'try again, or sign in by password'
  return new Failure('wrong-credentials', 'this passkey proves nothing here', { fix }, cause)
}

export interface ListedPasskey {
  id: string
  label: string
  addedAt: number
  usedAt: number | null
}

export async function listPasskeys(tx: Transaction, account: string): Promise<ListedPasskey[]> {
  const rows = await tx.rows<{ id: string; label: string; added_at: Date; used_at: Date | null }>`
    select id, label, added_at, used_at from identity.passkeys
    where account = ${account} order by added_at`
  return rows.map(({ id, label, added_at: added, used_at: used }) => ({
    id,
    label,
    addedAt: added.getTime(),
    usedAt: used?.getTime() ?? null,
  }))
}
