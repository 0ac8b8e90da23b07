import { randomBytes } from 'node:crypto'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { digestOf } from './secrets.ts'

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const count = 10

/** New ones, instead of all before: each is good once, for who has lost every other factor. */
export async function makeRecoveryCodes(tx: Transaction, account: string): Promise<string[]> {
  const codes = Array.from({ length: count }, makeCode)
  await tx.rows`delete from identity.recovery_codes where account = ${account}`
  for (const code of codes) {
    await tx.rows`insert into identity.recovery_codes (account, hash)
      values (${account}, ${digestOf(account + bare(code))})`
  }
  return codes
}

/** 79 bits: 16 of 31 letters, none of which looks like another. */
function makeCode(): string {
  let code = ''
  while (code.length < 16) {
    for (const byte of randomBytes(24))
      if (byte < 248 && code.length < 16) code += letters[byte % letters.length]
  }
  return code.match(/.{4}/g)!.join('-')
}

/** How many are still good. */
export async function countRecoveryCodes(tx: Transaction, account: string): Promise<number> {
  const row = await tx.row<{ count: number }>`
    select count(*)::integer as count from identity.recovery_codes
    where account = ${account} and used_at is null`
  return row!.count
}

function bare(code: string): string {
  return code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** @throws Failure `wrong-credentials` */
export async function proveRecovery(tx: Transaction, account: string, code: string): Promise<void> {
  const row = await tx.row`
    update identity.recovery_codes set used_at = ${at(tx.now)}
    where account = ${account} and hash = ${digestOf(account + bare(code))} and used_at is null
    returning account`
  if (!row) throw new Failure('wrong-credentials', 'this code is wrong, or was used before')
}
