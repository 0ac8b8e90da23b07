import { randomUUID } from 'node:crypto'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { digestOf, makeSecret } from './secrets.ts'

const day = 86_400_000

export interface ApiKey {
  id: string
  label: string
  scopes: string[]
  madeAt: number
  endsAt: number
  usedAt: number | null
}

/** A key of who asks: it can do no more than its scopes, and no longer than until its end. */
export async function makeKey(
  tx: Transaction,
  { label, scopes, days }: { label: string; scopes: readonly string[]; days: number },
): Promise<{ id: string; key: string; endsAt: number }> {
  const { account = null, tenant = null, session = null } = tx.scope.actor
  const id = randomUUID()
  const key = makeSecret('key')
  const endsAt = tx.now + days * day
  await tx.rows`
    insert into identity.api_keys (id, hash, account, tenant, label, scopes, factors, made_at, ends_at)
    select ${id}, ${digestOf(key)}, account, ${tenant}, ${label}, ${[...scopes]}, factors, ${at(tx.now)}, ${at(endsAt)}
    from identity.sessions where id = ${session} and account = ${account}`
  return { id, key, endsAt }
}

export async function listKeys(tx: Transaction): Promise<ApiKey[]> {
  const rows = await tx.rows<{
    id: string
    label: string
    scopes: string[]
    made_at: Date
    ends_at: Date
    used_at: Date | null
  }>`
    select id, label, scopes, made_at, ends_at, used_at from identity.api_keys
    where account = ${tx.scope.actor.account ?? null} and ended_at is null and ends_at > ${at(tx.now)}
    order by made_at desc`
  return rows.map((row) => ({
    id: row.id,
    label: row.label,
    scopes: row.scopes,
    madeAt: row.made_at.getTime(),
    endsAt: row.ends_at.getTime(),
    usedAt: row.used_at?.getTime() ?? null,
  }))
}

export async function endKey(tx: Transaction, id: string): Promise<void> {
  const row = await tx.row`
    update identity.api_keys set ended_at = ${at(tx.now)}
    where id = ${id} and account = ${tx.scope.actor.account ?? null} and ended_at is null returning id`
  if (!row) throw new Failure('not-found', 'there is no such key')
}
