import { at, json, type Transaction } from '../../../foundation/transaction.ts'
import { digestOf, makeSecret } from '../secrets.ts'
import type { IdentitySettings } from '../shapes.ts'
import { patience } from './challenges.ts'
import { listConnections, openConnectionSecret } from './connections.ts'
import { addressToSignOut, type LogoutMessage } from './saml-logout.ts'

/** Ends what a provider began for somebody, or those of these sessions that it names; returns how many. */
export async function endSessionsOf(
  tx: Transaction,
  connection: string,
  { nameId, indexes }: Pick<LogoutMessage, 'nameId' | 'indexes'>,
): Promise<number> {
  const rows = await tx.rows`
    update identity.sessions s set ended_at = ${at(tx.now)}
    from identity.subjects j
    where j.connection = ${connection} and j.subject = ${nameId} and s.account = j.account
      and s.provider = j.connection and s.ended_at is null
      and (${indexes.length} = 0 or s.provider_index is null or s.provider_index = any(${[...indexes]}))
    returning s.id`
  return rows.length
}

/** Where who signs out can sign out of their provider too, if that provider began the session and can. */
export async function findLogout(
  tx: Transaction,
  { origin, key }: Pick<IdentitySettings, 'origin' | 'key'>,
): Promise<string | null> {
  const { session = null, tenant = null } = tx.scope.actor
  const row = await tx.row<{
    provider: string
    subject: string
    index: string | null
    format: string | null
  }>`
    select s.provider, j.subject, s.provider_index as index, s.provider_format as format
    from identity.sessions s
      join identity.subjects j on j.connection = s.provider and j.account = s.account
    where s.id = ${session}`
  if (!row || tenant === null) return null
  const connection = (await listConnections(tx, tenant)).find(({ id }) => id === row.provider)
  if (connection?.kind !== 'saml' || connection.config.logout === null) return null
  // An XML id begins with a letter, and a state may be one.
  const id = makeSecret('state')
  await tx.rows`insert into identity.challenges (hash, purpose, data, ends_at)
    values (${digestOf(id)}, 'logout', ${json({ connection: connection.id })}::jsonb,
      ${at(tx.now + patience.provider)})`
  const privateKey = openConnectionSecret(key, connection)
  const { subject: nameId, index, format } = row
  return addressToSignOut(origin, connection, {
    id,
    now: tx.now,
    privateKey,
    nameId,
    index,
    format,
  })
}

/** Whether a provider answers a logout that was begun here; each is answered once. */
export async function takeLogout(
  tx: Transaction,
  { connection, id }: { connection: string; id: string },
): Promise<boolean> {
  const row = await tx.row`
    delete from identity.challenges where hash = ${digestOf(id)} and purpose = 'logout'
      and ends_at > ${at(tx.now)} and data ->> 'connection' = ${connection} returning hash`
  return row !== null
}
