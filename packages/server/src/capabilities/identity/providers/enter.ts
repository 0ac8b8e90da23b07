import { Failure } from '../../../foundation/failure.ts'
import type { Session } from '../../../foundation/operation.ts'
import { at, type Transaction } from '../../../foundation/transaction.ts'
import { addAccount, findAccount, type Account } from '../accounts.ts'
import { enterRealm } from '../realm.ts'
import { readRules } from '../rules.ts'
import { beginSession } from '../sessions.ts'
import type { Asserted, Checks } from './checks.ts'
import type { Connection } from './connections.ts'
import { domainOf, verifiedDomains } from './domains.ts'

type Who = Pick<Asserted, 'subject' | 'email' | 'name' | 'isMultiple' | 'began'>

/** Whether the tenant may speak for an address at all. */
export function noteDomain(checks: Checks, email: string, domains: readonly string[]): boolean {
  const domain = domainOf(email)
  const isTheirs = domains.includes(domain)
  return checks.note(
    'domain',
    isTheirs,
    isTheirs ? `${domain} is a verified domain` : `${domain} is no verified domain of this tenant`,
    'foreign-address',
  )
}

/**
 * Lets somebody in whom a tenant's provider vouched for, into that tenant and no other realm. Who they are is
 * the provider's own name for them; the address only finds an account that no other name of that provider has.
 */
export async function enterByProvider(
  tx: Transaction,
  { id, tenant }: Pick<Connection, 'id' | 'tenant'>,
  who: Who,
  agent: string,
): Promise<{ session: Session; account: string }> {
  await enterRealm(tx, tenant)
  await mustBeOpen(tx, { id, tenant, email: who.email })
  // Two first sign-ins at once would make two accounts.
  await tx.rows`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${`identity.entry:${tenant}`}, 0))`
  const account = (await findLinked(tx, id, who)) ?? (await link(tx, { id, tenant }, who))
  const factors = who.isMultiple ? (['provider', 'mfa'] as const) : (['provider'] as const)
  const rules = await readRules(tx)
  const session = await beginSession(tx, account, {
    factors,
    rules,
    agent,
    provider: { id, format: null, index: null, ...who.began },
  })
  return { session, account: account.id }
}

/** A connection may have been disabled, or a domain lost, while somebody was at the provider. */
async function mustBeOpen(
  tx: Transaction,
  { id, tenant, email }: { id: string; tenant: string; email: string },
): Promise<void> {
  const open = await tx.row`
    select from identity.connections where id = ${id} and tenant = ${tenant} and enabled`
  if (!open) throw new Failure('not-found', 'no provider lets users in there')
  if ((await verifiedDomains(tx, tenant)).includes(domainOf(email))) return
  throw new Failure('foreign-address', `${domainOf(email)} is no verified domain of this tenant`, {
    check: 'domain',
    fix: 'ask an owner of your company’s account to verify it',
  })
}

/** The account that this subject of the connection is. */
async function findLinked(
  tx: Transaction,
  connection: string,
  { subject, email }: Who,
): Promise<Account | null> {
  const row = await tx.row<Account & { removed: boolean }>`
    select a.id, a.tenant, a.name, a.email, a.role, a.removed_at is not null as removed
    from identity.subjects s join identity.accounts a on a.id = s.account and a.tenant = s.tenant
    where s.connection = ${connection} and s.subject = ${subject}`
  if (!row) return null
  const { removed, ...account } = row
  if (!removed) return account
  // Whoever was asked in again is somebody again.
  const again = await findAccount(tx, email)
  if (!again) throw takenOut()
  await tx.rows`delete from identity.subjects where connection = ${connection} and subject = ${subject}`
  return null
}

/** Makes an account just in time, or links one of the tenant that no subject of this connection has. */
async function link(
  tx: Transaction,
  { id, tenant }: { id: string; tenant: string },
  { subject, email, name }: Who,
): Promise<Account> {
  const known = await findAccount(tx, email)
  if (!known) {
    const removed = await tx.row`select from identity.accounts
      where tenant = ${tenant} and email = ${email} and removed_at is not null`
    if (removed) throw takenOut()
  }
  const account =
    known ??
    (await addAccount(tx, {
      tenant,
      name: spellName(name) || email.slice(0, email.lastIndexOf('@')),
      email,
      role: 'member',
      by: `connection:${id}`,
    }))
  const linked = await tx.row`
    insert into identity.subjects (connection, subject, account, tenant, linked_at)
    values (${id}, ${subject}, ${account.id}, ${tenant}, ${at(tx.now)})
    on conflict do nothing returning subject`
  if (linked) return account
  throw new Failure('conflict', 'the provider knew the owner of this address by another name', {
    check: 'account',
    fix: 'ask an owner of your company’s account to remove the old account and invite you again',
  })
}

/** What somebody is called, as a line of text. */
export function spellName(name: string): string {
  return name
    .normalize('NFC')
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 100)
}

function takenOut(): Failure {
  return new Failure('taken-out', 'this account was taken out', {
    check: 'account',
    fix: 'ask an owner of your company’s account to invite you again',
  })
}
