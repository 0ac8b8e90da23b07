import { Failure } from '../../foundation/failure.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { isSecond, mustBeFresh } from './sessions.ts'
import { readSettings } from './settings.ts'

/** What is asked of somebody before anything else: to prove a factor, to set one up, a new password. */
export const needs = ['factor', 'enrolment', 'password'] as const
export type Need = (typeof needs)[number]

export interface Standing {
  proved: string[]
  owed: Need[]
  /** Factors that the account has set up. */
  totp: boolean
  passkeys: number
}

/** Where the session that asks stands. */
export async function findNeeds(tx: Transaction): Promise<Standing> {
  const { account = null, session = null, tenant = null } = tx.scope.actor
  const row = await tx.row<{
    factors: string[]
    owes: string | null
    totp: boolean
    passkeys: number
    role: string
  }>`
    select s.factors, s.owes, a.role,
      exists (select from identity.totp t where t.account = a.id and t.confirmed_at is not null) as totp,
      (select count(*)::integer from identity.passkeys k where k.account = a.id) as passkeys
    from identity.sessions s join identity.accounts a on a.id = s.account
    where s.id = ${session} and a.id = ${account}`
  if (!row) throw new Failure('not-signed-in', 'this needs a session', { fix: 'sign in' })
  const { factors: proved, owes, totp, passkeys, role } = row
  const { secondFactor, providerOnly } = await readSettings(tx, tenant)
  const breaksGlass = providerOnly && role === 'owner' && !proved.includes('provider')
  const hasOwn = (totp || passkeys > 0) && !proved.includes('provider')
  const isMissing = (secondFactor || breaksGlass || hasOwn) && !isSecond(proved)
  const owed: Need[] = []
  if (isMissing) owed.push(totp || passkeys > 0 ? 'factor' : 'enrolment')
  if (owes === 'password') owed.push('password')
  return { proved, owed, totp, passkeys }
}

/**
 * Who may set up a factor: whoever proved one just now; and for the first one a user of a tenant, or who came
 * by a one-time link. A password alone never makes a factor of the staff's.
 */
export async function mayEnrol(tx: Transaction): Promise<Standing> {
  const standing = await findNeeds(tx)
  const { owed, proved, totp, passkeys } = standing
  if (owed.includes('factor')) throw incomplete()
  if (owed.includes('enrolment')) {
    const isFirst = !totp && passkeys === 0
    if (isFirst && (tx.scope.actor.tenant !== undefined || proved.includes('link'))) return standing
    throw new Failure('not-allowed', 'a second factor is set up by a one-time link', {
      fix: 'ask an owner for a new link',
    })
  }
  await mustBeFresh(tx)
  return standing
}

/** A new password is for who proved all that is asked, but the password itself where it is owed. */
export async function mayChangePassword(tx: Transaction): Promise<void> {
  const { owed } = await findNeeds(tx)
  if (owed.includes('factor') || owed.includes('enrolment')) throw incomplete()
  if (!owed.includes('password')) await mustBeFresh(tx)
}

function incomplete(): Failure {
  return new Failure('not-signed-in', 'this sign-in is not complete', {
    fix: 'prove your second factor first',
  })
}
