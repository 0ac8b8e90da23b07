import { randomUUID } from 'node:crypto'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { readApplied } from '../claims/edition.ts'
import {
  addAccount,
  endAccess,
  forgetProofs,
  hasOwner,
  lockOwners,
  needAccount,
  spellEmail,
  type Account,
  type Role,
} from './accounts.ts'
import { bringSecret, enterRealm } from './realm.ts'
import { digestOf, makeSecret } from './secrets.ts'

/** Milliseconds for which a link is good. */
const patience = 24 * 3_600_000

export interface Invited {
  tenant: string | null
  email: string | null
  role: Role
  /** What they are to be called; their own choice when absent. */
  name?: string | null
  /** Whose factors are made anew. */
  account?: string | null
}

/** Makes a one-time link. It is told to who asked and kept nowhere. */
export async function invite(
  tx: Transaction,
  { tenant, email, role, name = null, account = null }: Invited,
): Promise<{ id: string; token: string; endsAt: number }> {
  const id = randomUUID()
  const token = makeSecret('link')
  const endsAt = tx.now + patience
  await tx.rows`
    insert into identity.invitations (id, hash, tenant, email, role, name, account, made_at, made_by, ends_at)
    values (${id}, ${digestOf(token)}, ${tenant}, ${email === null ? null : spellEmail(email)}, ${role},
      ${name}, ${account}, ${at(tx.now)}, ${tx.scope.actor.id}, ${at(endsAt)})`
  return { id, token, endsAt }
}

/**
 * The first owner of the staff, while there is none. A later link ends the earlier ones, so that one that went
 * astray is worth nothing once another was asked for.
 */
export async function inviteFirstOwner(
  tx: Transaction,
): Promise<{ id: string; token: string; endsAt: number } | null> {
  await lockOwners(tx, null)
  if (await hasOwner(tx, null)) return null
  await tx.rows`update identity.invitations set ended_at = ${at(tx.now)}
    where tenant is null and account is null and email is null and used_at is null and ended_at is null`
  return await invite(tx, { tenant: null, email: null, role: 'owner' })
}

/**
 * The first owner of a tenant's portal. Once there is one the staff make no more: they could let themselves in
 * there, and allow what they asked for.
 */
export async function inviteTenantOwner(
  tx: Transaction,
  { tenant, email }: { tenant: string; email: string },
): Promise<{ id: string; token: string; endsAt: number }> {
  await lockOwners(tx, tenant)
  if (!(await hasOwner(tx, tenant))) return await invite(tx, { tenant, email, role: 'owner' })
  throw new Failure('conflict', 'this tenant has an owner, who invites others', {
    fix: 'ask an owner of the tenant for a link',
  })
}

/** A way back for somebody who lost all factors: those that there are end with the link's use. */
export async function inviteAgain(
  tx: Transaction,
  account: string,
): Promise<{ id: string; token: string; endsAt: number }> {
  const { tenant, email, role } = await needAccount(tx, account)
  return await invite(tx, { tenant, email, role, account })
}

/** Behind a `#`, which no server and no log ever sees. */
export function joinLink(origin: string, token: string): string {
  return `${origin}/console/join#${token}`
}

interface Row {
  id: string
  tenant: string | null
  email: string | null
  role: Role
  name: string | null
  account: string | null
  made_by: string
}

/** What a link is for; the same refusal for one that is over, used or never was. */
export async function readInvitation(tx: Transaction, token: string): Promise<Row> {
  const digest = await bringSecret(tx, token)
  const row = await tx.row<Row>`
    select id, tenant, email, role, name, account, made_by from identity.invitations
    where hash = ${digest} and used_at is null and ended_at is null and ends_at > ${at(tx.now)}`
  if (row) return row
  throw new Failure('wrong-credentials', 'this link is over, or was used before', {
    fix: 'ask whoever sent it for another; kept up prints the first owner’s',
  })
}

/** Uses a link up, and hands back the account that it made or opened again. */
export async function acceptInvitation(
  tx: Transaction,
  { token, name, email }: { token: string; name: string | null; email: string | null },
): Promise<Account> {
  const invitation = await readInvitation(tx, token)
  await enterRealm(tx, invitation.tenant)
  const used = await tx.row`update identity.invitations set used_at = ${at(tx.now)}
    where id = ${invitation.id} and used_at is null returning id`
  if (!used) throw new Failure('wrong-credentials', 'this link was used just now')
  return invitation.account === null
    ? await makeAccount(tx, invitation, { name, email })
    : await reopen(tx, invitation.account)
}

async function makeAccount(
  tx: Transaction,
  { id, tenant, email, role, name, made_by: by }: Row,
  given: { name: string | null; email: string | null },
): Promise<Account> {
  const address = email ?? given.email
  if (address === null) throw new Failure('bad-input', '/email: say your address')
  const called = name ?? given.name
  if (called === null) throw new Failure('bad-input', '/name: say what you are called')
  // The operator's own link says no address, and leaves the choice to whoever has it.
  if (tenant === null && email !== null && name === null) await mustBeFree(tx, called)
  if (role === 'owner') await becomeFirst(tx, { id, tenant })
  return await addAccount(tx, { tenant, name: called, email: address, role, by })
}

/**
 * A member of the staff who is called as somebody of systems.yaml is taken for them: they would speak and approve
 * in that name. Only an owner says that it is theirs.
 */
async function mustBeFree(tx: Transaction, name: string): Promise<void> {
  const people = (await readApplied(tx))?.systems.runners.filter(
    ({ holder }) => holder === 'person',
  )
  if (!people?.some(({ id }) => spell(id) === spell(name))) return
  throw new Failure('conflict', `${name} is somebody in systems.yaml`, {
    fix: 'choose another name, or ask an owner for a link that says this one is yours',
  })
}

function spell(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

/** With the first owner every other link to become one ends: whoever made it was to make the first and no more. */
async function becomeFirst(
  tx: Transaction,
  { id, tenant }: Pick<Row, 'id' | 'tenant'>,
): Promise<void> {
  await lockOwners(tx, tenant)
  if (await hasOwner(tx, tenant)) return
  await tx.rows`update identity.invitations set ended_at = ${at(tx.now)}
    where tenant is not distinct from ${tenant} and role = 'owner' and account is null
      and used_at is null and ended_at is null and id <> ${id}`
}

/** Whatever was proved before is proved no more: sessions, keys and factors end. */
async function reopen(tx: Transaction, id: string): Promise<Account> {
  const account = await tx.row<Account>`
    select id, tenant, name, email, role from identity.accounts where id = ${id} and removed_at is null`
  if (!account) throw new Failure('wrong-credentials', 'this link is over, or was used before')
  await endAccess(tx, id)
  await forgetProofs(tx, id)
  return account
}
