import { Secret, TOTP } from 'otpauth'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import type { Account } from './accounts.ts'
import { openSecret, sealSecret } from './secrets.ts'

/** RFC 6238 as every app on a telephone knows it: SHA-1, six digits, 30 seconds. */
const period = 30

function open(secret: Uint8Array, label = ''): TOTP {
  const held = new Secret({ buffer: new Uint8Array(secret).buffer })
  return new TOTP({ issuer: 'Kept', label, secret: held, algorithm: 'SHA1', digits: 6, period })
}

/** Makes a secret that counts once a code of it was given. */
export async function beginTotp(
  tx: Transaction,
  key: Uint8Array,
  account: Account,
): Promise<{ secret: string; uri: string }> {
  const held = new Secret({ size: 20 })
  const bytes = new Uint8Array(held.buffer)
  const row = await tx.row`
    insert into identity.totp (account, secret, step, added_at)
    values (${account.id}, ${sealSecret(key, bytes, account.id)}, 0, ${at(tx.now)})
    on conflict (account) do update set secret = excluded.secret, step = 0, added_at = excluded.added_at
    where identity.totp.confirmed_at is null returning account`
  if (!row) {
    throw new Failure('conflict', 'this account has an authenticator app already', {
      fix: 'remove it first',
    })
  }
  return { secret: held.base32, uri: open(bytes, account.email).toString() }
}

/**
 * Takes a code of the present interval, the one before or the one after, once: of two requests with one code
 * the second finds it used.
 *
 * @throws Failure `wrong-credentials`
 */
export async function proveTotp(
  tx: Transaction,
  key: Uint8Array,
  { account, code, confirms = false }: { account: string; code: string; confirms?: boolean },
): Promise<void> {
  const row = await tx.row<{ secret: Buffer }>`
    select secret from identity.totp
    where account = ${account} and (confirmed_at is not null) <> ${confirms}`
  const secret = row && openSecret(key, row.secret, account)
  const delta = secret && open(secret).validate({ token: code, timestamp: tx.now, window: 1 })
  const step = Math.floor(tx.now / 1000 / period) + (delta ?? 0)
  const taken =
    delta !== null &&
    (await tx.row`
      update identity.totp set step = ${step}, confirmed_at = coalesce(confirmed_at, ${at(tx.now)})
      where account = ${account} and step < ${step} returning account`)
  if (taken) return
  throw new Failure('wrong-credentials', 'this code is wrong, or was used before', {
    fix: 'wait for the next one; see that your telephone has the right time',
  })
}
