import { randomUUID } from 'node:crypto'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'

export const roles = ['owner', 'member'] as const
export type Role = (typeof roles)[number]

export interface Account {
  id: string
  tenant: string | null
  name: string
  email: string
  role: Role
}

/** An address as it is compared: what looks alike to people must not be two. */
export function spellEmail(email: string): string {
  const spelled = email.normalize('NFKC').trim().toLowerCase()
  if (/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(spelled) && spelled.length <= 254) return spelled
  throw new Failure(
    'bad-input',
    '/email: write it in plain letters, a name of a domain in punycode',
  )
}

/** The account of an address in the realm that the transaction is in, or null. */
export async function findAccount(tx: Transaction, email: string): Promise<Account | null> {
  return await tx.row<Account>`
    select id, tenant, name, email, role from identity.accounts
    where email = ${spellEmail(email)} and removed_at is null
      and tenant is not distinct from nullif(current_setting('kept.tenant', true), '')`
}

/** @throws Failure `not-found`, for another tenant's too */
export async function needAccount(tx: Transaction, id: string): Promise<Account> {
  const account = await tx.row<Account>`
    select id, tenant, name, email, role from identity.accounts
    where id = ${id} and removed_at is null
      and tenant is not distinct from ${tx.scope.actor.tenant ?? null}`
  if (account) return account
  throw new Failure('not-found', 'there is no such account')
}

/** The account of who asks. */
export async function ownAccount(tx: Transaction): Promise<Account> {
  return await needAccount(tx, tx.scope.actor.account ?? '00000000-0000-0000-0000-000000000000')
}

/** @throws Failure `conflict` where the address or name is taken */
export async function addAccount(
  tx: Transaction,
  { tenant, name, email, role, by }: Omit<Account, 'id'> & { by: string },
): Promise<Account> {
  const id = randomUUID()
  const row = await tx.row<Account>`
    insert into identity.accounts (id, tenant, name, email, role, added_at, added_by)
    values (${id}, ${tenant}, ${name}, ${spellEmail(email)}, ${role}, ${at(tx.now)}, ${by})
    on conflict do nothing returning id, tenant, name, email, role`
  if (row) return row
  throw new Failure('conflict', 'an account has this name or address already', {
    fix: 'choose another name, or sign in',
  })
}

/** Takes somebody out: sessions and keys end in the same transaction. */
export async function removeAccount(tx: Transaction, id: string): Promise<void> {
  const account = await needAccount(tx, id)
  await mustKeepOwner(tx, account)
  await tx.rows`update identity.accounts set removed_at = ${at(tx.now)} where id = ${id}`
  await endAccess(tx, id)
  await tx.rows`update identity.invitations set ended_at = ${at(tx.now)}
    where account = ${id} and ended_at is null and used_at is null`
  await forgetProofs(tx, id)
}

/** Nothing that lets an account in now does any more: it must sign in anew. */
export async function endAccess(tx: Transaction, account: string): Promise<void> {
  await tx.rows`update identity.sessions set ended_at = ${at(tx.now)}
    where account = ${account} and ended_at is null`
  await tx.rows`update identity.api_keys set ended_at = ${at(tx.now)}
    where account = ${account} and ended_at is null`
  // What they made for others could be made for themselves.
  await tx.rows`update identity.invitations i set ended_at = ${at(tx.now)} from identity.accounts a
    where a.id = ${account} and i.used_at is null and i.ended_at is null
      and (i.made_by = a.id::text or a.tenant is null and i.made_by = a.name)`
}

/** Nothing that was set up to prove an account does so any more. */
export async function forgetProofs(tx: Transaction, account: string): Promise<void> {
  await tx.rows`delete from identity.passwords where account = ${account}`
  await tx.rows`delete from identity.totp where account = ${account}`
  await tx.rows`delete from identity.passkeys where account = ${account}`
  await tx.rows`delete from identity.recovery_codes where account = ${account}`
}

/** What somebody may do changes: they sign in anew. */
export async function setRole(tx: Transaction, id: string, role: Role): Promise<void> {
  const account = await needAccount(tx, id)
  if (account.role === role) return
  if (role !== 'owner') await mustKeepOwner(tx, account)
  await tx.rows`update identity.accounts set role = ${role} where id = ${id}`
  await endAccess(tx, id)
}

/** Whoever makes or takes out owners of a realm takes turns. */
export async function lockOwners(tx: Transaction, tenant: string | null): Promise<void> {
  await tx.rows`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${`identity.owners:${tenant ?? ''}`}, 0))`
}

/** Whether a realm has an owner, `but` this one. */
export async function hasOwner(
  tx: Transaction,
  tenant: string | null,
  but: string | null = null,
): Promise<boolean> {
  const row = await tx.row`select from identity.accounts
    where tenant is not distinct from ${tenant} and role = 'owner' and removed_at is null
      and id is distinct from ${but}`
  return row !== null
}

/** A realm without an owner could never be managed again. */
async function mustKeepOwner(tx: Transaction, { id, role, tenant }: Account): Promise<void> {
  if (role !== 'owner') return
  await lockOwners(tx, tenant)
  if (await hasOwner(tx, tenant, id)) return
  throw new Failure('conflict', 'this is the last owner', {
    fix: 'make somebody else an owner first',
  })
}

export interface ListedAccount extends Account {
  factors: string[]
  addedAt: number
  seenAt: number | null
}

/** The accounts of a realm, by name. */
export async function listAccounts(
  tx: Transaction,
  tenant: string | null,
): Promise<ListedAccount[]> {
  const rows = await tx.rows<Account & { added_at: Date; seen_at: Date | null; factors: string[] }>`
    select a.id, a.tenant, a.name, a.email, a.role, a.added_at,
      (select max(used_at) from identity.sessions s where s.account = a.id) as seen_at,
      array_remove(array[
        case when exists (select from identity.passwords p where p.account = a.id) then 'password' end,
        case when exists (select from identity.totp t where t.account = a.id and confirmed_at is not null) then 'totp' end,
        case when exists (select from identity.passkeys k where k.account = a.id) then 'passkey' end
      ], null) as factors
    from identity.accounts a
    where a.removed_at is null and a.role <> 'canary' and a.tenant is not distinct from ${tenant}
    order by a.name, a.email`
  return rows.map(({ added_at: addedAt, seen_at: seenAt, ...account }) => ({
    ...account,
    addedAt: addedAt.getTime(),
    seenAt: seenAt?.getTime() ?? null,
  }))
}
