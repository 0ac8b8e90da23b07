import { randomUUID } from 'node:crypto'
import { Failure } from '../../../foundation/failure.ts'
import { at, type Actor, type Transaction } from '../../../foundation/transaction.ts'
import { bringSecret, enterRealm } from '../realm.ts'
import { digestOf, makeSecret } from '../secrets.ts'

const day = 86_400_000
/** How exactly the last use is known, in milliseconds: each would be a write else. */
const grain = 60_000

export interface DirectoryToken {
  id: string
  label: string
  madeAt: number
  endsAt: number
  usedAt: number | null
}

export async function makeToken(
  tx: Transaction,
  { label, days }: { label: string; days: number },
): Promise<{ id: string; token: string; endsAt: number }> {
  const { id: by, tenant } = tx.scope.actor
  const id = randomUUID()
  const token = makeSecret('scim')
  const endsAt = tx.now + days * day
  await tx.rows`
    insert into identity.directory_tokens (id, hash, tenant, label, made_at, made_by, ends_at)
    values (${id}, ${digestOf(token)}, ${tenant}, ${label}, ${at(tx.now)}, ${by}, ${at(endsAt)})`
  return { id, token, endsAt }
}

export async function listTokens(tx: Transaction): Promise<DirectoryToken[]> {
  const rows = await tx.rows<{
    id: string
    label: string
    made_at: Date
    ends_at: Date
    used_at: Date | null
  }>`
    select id, label, made_at, ends_at, used_at from identity.directory_tokens
    where tenant = ${tx.scope.actor.tenant ?? null} and ended_at is null and ends_at > ${at(tx.now)}
    order by made_at desc`
  return rows.map(({ made_at: made, ends_at: ends, used_at: used, ...row }) => ({
    ...row,
    madeAt: made.getTime(),
    endsAt: ends.getTime(),
    usedAt: used?.getTime() ?? null,
  }))
}

export async function endToken(tx: Transaction, id: string): Promise<void> {
  const row = await tx.row`
    update identity.directory_tokens set ended_at = ${at(tx.now)}
    where id = ${id} and tenant = ${tx.scope.actor.tenant ?? null} and ended_at is null returning id`
  if (!row) throw new Failure('not-found', 'there is no such token')
}

export function isDirectoryToken(bearer: string): boolean {
  return bearer.startsWith('kept_scim_')
}

/** A tenant's directory, by the token that one of its owners made. */
export async function byDirectory(tx: Transaction, token: string): Promise<Actor> {
  const digest = await bringSecret(tx, token)
  const row = await tx.row<{ id: string; tenant: string; used_at: Date | null }>`
    select id, tenant, used_at from identity.directory_tokens
    where hash = ${digest} and ended_at is null and ends_at > ${at(tx.now)}`
  if (!row) {
    throw new Failure('not-signed-in', 'this token is over', {
      fix: 'have an owner of your company’s account make another',
    })
  }
  await enterRealm(tx, row.tenant)
  if (row.used_at === null || row.used_at.getTime() + grain <= tx.now) {
    await tx.rows`update identity.directory_tokens set used_at = ${at(tx.now)} where id = ${row.id}`
  }
  return { kind: 'directory', id: row.id, tenant: row.tenant }
}
