import { encodeEntry, type SigningKey } from '@kept/ledger'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { append } from '../ledger/append.ts'
import { liveGrants, said } from './grants.ts'
import { readPolicies } from './policies.ts'

/** An app believes a bundle for 15 minutes, and a clock that differs by up to one, in milliseconds. */
export const [bundleLasts, tolerated] = [900_000, 60_000]

/** By what apps know that a bundle is ours. */
export interface BundleKey {
  /** The 32 bytes of the public key, in base64: what an app is configured with. */
  key: string
  /** Ed25519 over the bytes of a body. */
  sign: SigningKey['sign']
}

export interface Bundle {
  /** Canonical JSON (RFC 8785): exactly these bytes, as UTF-8, are signed. */
  body: string
  /** Base64. */
  signature: string
  /** Which key signed; an app trusts the one that it was configured with, and never this. */
  key: string
}

/** All that an app needs to go on without us for a while. */
export async function makeBundle(tx: Transaction, { key, sign }: BundleKey): Promise<Bundle> {
  await noteKey(tx, key)
  const grants = await liveGrants(tx)
  const body = encodeEntry({
    version: 1,
    issuedAt: said(tx.now),
    validUntil: said(tx.now + bundleLasts),
    policies: await readPolicies(tx),
    grants: grants.map(({ id, staff, tenant, reason, answeredAt, until }) => ({
      id,
      staff,
      tenant,
      reason,
      from: said(answeredAt!),
      until: said(until),
    })),
  })
  return {
    body: new TextDecoder().decode(body),
    signature: Buffer.from(await sign(body)).toString('base64'),
    key,
  }
}

/** A key that signs for the first time is an entry: whoever changes it cannot do so unseen. */
async function noteKey(tx: Transaction, key: string): Promise<void> {
  const row = await tx.row`
    insert into access.keys (key, at) values (${key}, ${at(tx.now)})
    on conflict do nothing returning key`
  if (row) await append(tx, 'access.bundle-key', { key })
}
