import { Failure } from '../../foundation/failure.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { needPower } from '../claims/powers.ts'
import { ownAccount } from '../identity/accounts.ts'
import { mustBeFresh } from '../identity/sessions.ts'

/** A user of a tenant who says something: themselves, or by the word that the app's runner passes on. */
export interface Voice {
  tenant: string
  by: string
  /** Of whom Kept itself knows who they are. */
  account: { id: string; email: string } | null
}

/** @throws Failure `bad-input` where a runner names no user, or somebody signed in names another */
export async function needVoice(
  tx: Transaction,
  { tenant, by }: { tenant?: string | undefined; by?: string | undefined },
): Promise<Voice> {
  await needPower(tx, 'app-runner')
  if (tx.scope.actor.kind !== 'member') {
    if (tenant === undefined || by === undefined) throw needsTenant('tenant and by')
    return { tenant, by, account: null }
  }
  if (by !== undefined) {
    const fix = 'leave it out'
    throw new Failure('bad-input', '/by: who signs in speaks for nobody but themselves', { fix })
  }
  const { id, name, email } = await ownAccount(tx)
  return { tenant: tenant ?? tx.scope.tenant!, by: name, account: { id, email } }
}

/** What lets somebody in needs a factor proved just now; a key proves none, and has a scope that says so. */
export async function mayAnswer(tx: Transaction): Promise<void> {
  const { kind, scopes } = tx.scope.actor
  if (kind === 'member' && scopes === undefined) await mustBeFresh(tx)
}

/** Whose grants and records are asked for: of a user their own tenant's, and of an app one tenant's at a time. */
export async function needOwnTenant(
  tx: Transaction,
  tenant: string | undefined,
): Promise<string | null> {
  await needPower(tx, 'app-runner')
  if (tenant !== undefined) return tenant
  if (tx.scope.actor.kind === 'runner') throw needsTenant('tenant')
  return tx.scope.tenant
}

export function needsTenant(what: string): Failure {
  return new Failure('bad-input', `a runner speaks for a tenant: ${what} is missing`)
}
