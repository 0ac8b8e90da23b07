import { hash, randomBytes, randomUUID } from 'node:crypto'
import { commit } from '@kept/ledger'
import { Failure } from '../../foundation/failure.ts'
import { enqueue } from '../../foundation/jobs.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { append } from '../ledger/append.ts'

/** How long a subscription waits to be confirmed, in milliseconds. */
const patience = 86_400_000
/** At most so many may wait at a time, so that a stranger cannot have us mail the world. */
const mostWaiting = 500

/**
 * Asks an address whether it wants to be told. The answer is the same whether it is subscribed
 * already or not, also where nobody is asked any more, so that nobody learns who is; and one address is asked at most once an hour.
 */
export async function askSubscriber(
  tx: Transaction,
  { address, origin }: { address: string; origin: string },
): Promise<void> {
  await tx.rows`delete from publishing.subscriptions
    where confirmed_at is null and asked_at <= ${at(tx.now - patience)}`
  const waiting = await tx.row<{ count: string }>`
    select count(*) from publishing.subscriptions where confirmed_at is null`
  if (Number(waiting!.count) >= mostWaiting) {
    throw new Failure('too-many', 'too many subscriptions wait to be confirmed', {
      fix: 'try again tomorrow, or follow the Atom feed',
    })
  }
  const known = await tx.row<{ id: string; confirmed_at: Date | null; asked_at: Date }>`
    select * from publishing.subscriptions where lower(address) = lower(${address}) for update`
  if (known?.confirmed_at || (known && known.asked_at.getTime() > tx.now - 3_600_000)) return
  const token = newToken()
  const id = known?.id ?? randomUUID()
  await tx.rows`
    insert into publishing.subscriptions (id, address, salt, token, leave, asked_at)
    values (${id}, ${address}, ${randomBytes(32)}, ${digest(token)}, ${newToken()}, ${at(tx.now)})
    on conflict (id) do update set token = excluded.token, asked_at = excluded.asked_at`
  await queueMail(tx, id, {
    subject: 'Confirm: tell me when a security promise changes',
    body: [
      'Somebody, hopefully you, asked to be told by mail when a promise on this page changes:',
      origin,
      '',
      'To confirm, open this address and press the button:',
      `${origin}/subscribe/confirm?token=${token}`,
      '',
      'If it was not you, do nothing: you will not hear from us again.',
    ].join('\n'),
  })
}

/** Confirms by the token that was mailed. False when it is not known any more. */
export async function confirmSubscriber(tx: Transaction, token: string): Promise<boolean> {
  const row = await tx.row<{ address: string; salt: Buffer; confirmed_at: Date | null }>`
    select * from publishing.subscriptions where token = ${digest(token)}
      and (confirmed_at is not null or asked_at > ${at(tx.now - patience)}) for update`
  if (!row) return false
  if (row.confirmed_at) return true
  await tx.rows`update publishing.subscriptions set confirmed_at = ${at(tx.now)}
    where token = ${digest(token)}`
  const commitment = commit(Buffer.from(row.address.toLowerCase()), row.salt)
  await append(tx, 'publishing.subscribe', {
    subscriber: Buffer.from(commitment).toString('base64'),
  })
  return true
}

/** Ends by the token of a mail; address and salt are gone, and what the ledger has says nothing any more. */
export async function endSubscriber(tx: Transaction, token: string): Promise<boolean> {
  const row = await tx.row<{ address: string; salt: Buffer; confirmed_at: Date | null }>`
    delete from publishing.subscriptions where leave = ${token} returning *`
  if (row?.confirmed_at) {
    const commitment = commit(Buffer.from(row.address.toLowerCase()), row.salt)
    await append(tx, 'publishing.unsubscribe', {
      subscriber: Buffer.from(commitment).toString('base64'),
    })
  }
  return row !== null
}

function newToken(): string {
  return randomBytes(24).toString('base64url')
}

function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

/** Puts a mail into the outbox; the worker sends it. */
async function queueMail(
  tx: Transaction,
  subscription: string,
  { subject, body }: { subject: string; body: string },
): Promise<void> {
  const id = randomUUID()
  await tx.rows`
    insert into publishing.outbox (id, subscription, subject, body, queued_at)
    values (${id}, ${subscription}, ${subject}, ${body}, ${at(tx.now)})`
  await enqueue(tx, 'publishing.send', { mail: id }, `publishing.send ${id}`)
}

/**
 * Asks again for mails that were not sent within an hour, for three days: of a worker that was killed,
 * or of a mail server that was away for longer than the queue's own patience.
 */
export async function resendMails(tx: Transaction): Promise<number> {
  const rows = await tx.rows`
    select kept.enqueue('publishing.send', json_build_object('mail', id), 'publishing.send ' || id)
    from publishing.outbox
    where sent_at is null and queued_at > ${at(tx.now - 3 * patience)}
      and queued_at < ${at(tx.now - 3_600_000)}`
  return rows.length
}

/** One for each subscriber, whose token for leaving ends it; the database makes them all at once. */
export async function queueMails(
  tx: Transaction,
  { subject, body }: { subject: string; body: string },
): Promise<number> {
  const rows = await tx.rows`
    with queued as (
      insert into publishing.outbox (id, subscription, subject, body, queued_at)
      select gen_random_uuid(), id, ${subject}, ${body} || leave, ${at(tx.now)}
      from publishing.subscriptions where confirmed_at is not null returning id
    )
    select kept.enqueue('publishing.send', json_build_object('mail', id), 'publishing.send ' || id)
    from queued`
  return rows.length
}
