import { randomBytes, randomUUID } from 'node:crypto'
import { commit, encodeEntry, saltSize, type Json } from '@kept/ledger'
import type { Instant } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { enterRealm } from '../identity/realm.ts'
import type { Voice } from './speaker.ts'

/** A grant ends by itself this long after it was asked for, at the latest: 8 hours, in milliseconds. */
export const longest = 8 * 3_600_000

export const states = ['waiting', 'live', 'refused', 'ended', 'over'] as const
/** `ended` by somebody, `over` by time alone. */
export type State = (typeof states)[number]

export interface Grant {
  id: string
  staff: string
  tenant: string
  reason: string
  askedAt: Instant
  /** When the tenant allowed or refused it. */
  answeredAt: Instant | null
  answeredBy: string | null
  until: Instant
  endedAt: Instant | null
  endedBy: string | null
  state: State
}

interface Row {
  seq: string
  id: string
  staff: string
  tenant: string
  reason: string
  asked_at: Date
  until: Date
  salt: Buffer
  allowed: boolean | null
  answered_at: Date | null
  answered_by: string | null
  ended_at: Date | null
  ended_by: string | null
}

/** A member of the staff asks, for themselves, to see a tenant's data until an instant. */
export async function requestGrant(
  tx: Transaction,
  { tenant, reason, until }: { tenant: string; reason: string; until: Instant },
): Promise<{ grant: string; commitment: string }> {
  if (until <= tx.now) {
    throw new Failure('bad-input', '/until: it lies in the past', { fix: 'name a later time' })
  }
  if (until > tx.now + longest) {
    throw new Failure(
      'bad-input',
      '/until: a grant lasts at most 8 hours from when it is asked for',
      {
        fix: `ask until ${new Date(tx.now + longest).toISOString()} or earlier, and again afterwards`,
      },
    )
  }
  const grant = randomUUID()
  const salt = randomBytes(saltSize)
  const staff = tx.scope.actor.id
  await tx.rows`
    insert into access.grants (id, staff, tenant, reason, asked_at, until, salt)
    values (${grant}, ${staff}, ${tenant}, ${reason}, ${at(tx.now)}, ${at(until)}, ${salt})`
  return { grant, commitment: commitTo({ grant, staff, tenant, reason, until: said(until) }, salt) }
}

/** The tenant allows or refuses, by the word of a user of it: once, in time, and never the asker's own. */
export async function answerGrant(
  tx: Transaction,
  { grant, voice, allowed }: { grant: string; voice: Voice; allowed: boolean },
): Promise<{ commitment: string }> {
  const { tenant, by, account } = voice
  const known = await needGrant(tx, grant, tenant)
  if (plain(by) === plain(known.staff) || (await isStaff(tx, known.staff, voice))) {
    throw new Failure('second-person', 'nobody allows what they asked for themselves', {
      fix: 'let another user of the tenant answer',
    })
  }
  const { state } = toGrant(known, tx.now)
  if (state !== 'waiting') throw answered(state)
  const runner = account === null ? tx.scope.actor.id : null
  const row = await tx.row`
    insert into access.answers (id, allowed, at, by, runner, account)
    values (${grant}, ${allowed}, ${at(tx.now)}, ${by}, ${runner}, ${account?.id ?? null})
    on conflict do nothing returning id`
  if (!row) throw answered('answered')
  return { commitment: commitTo({ grant, allowed, by }, known.salt) }
}

/** Whether who answers is at the address of who asked, under whatever name. */
async function isStaff(tx: Transaction, staff: string, { account }: Voice): Promise<boolean> {
  if (account === null) return false
  await enterRealm(tx, null)
  const same = await tx.row`
    select from identity.accounts
    where tenant is null and name = ${staff} and email = ${account.email}`
  await enterRealm(tx, tx.scope.tenant)
  return same !== null
}

function answered(state: string): Failure {
  return new Failure('conflict', `the grant waits for no answer: it is ${state}`, {
    fix: 'let the staff ask anew',
  })
}

/** A name as a person reads it: no other spelling of it is another person. */
function plain(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

/** Ends a grant or takes a request back, early. Whoever ends one takes nothing from anybody but staff. */
export async function endGrant(
  tx: Transaction,
  { grant, tenant, by }: { grant: string; tenant: string | null; by: string },
): Promise<{ endedAt: string; commitment: string }> {
  const known = await needGrant(tx, grant, tenant)
  const { state } = toGrant(known, tx.now)
  if (state !== 'waiting' && state !== 'live') {
    throw new Failure('conflict', `there is nothing to end: it is ${state}`)
  }
  const row = await tx.row`
    insert into access.ends (id, at, by) values (${grant}, ${at(tx.now)}, ${by})
    on conflict do nothing returning id`
  if (!row) throw new Failure('conflict', 'there is nothing to end: it is ended')
  return { endedAt: said(tx.now), commitment: commitTo({ grant, endedBy: by }, known.salt) }
}

/** A grant of a tenant, or of any when it is null. Another tenant's looks like one that is not there. */
async function needGrant(tx: Transaction, grant: string, tenant: string | null): Promise<Row> {
  const row = await tx.row<Row>`
    select g.*, a.allowed, a.at as answered_at, a.by as answered_by, e.at as ended_at, e.by as ended_by
    from access.grants g left join access.answers a using (id) left join access.ends e using (id)
    where g.id = ${grant} and (${tenant}::text is null or g.tenant = ${tenant})`
  if (row) return row
  throw new Failure('not-found', 'there is no such grant')
}

/** Grants, newest first: a tenant's, or all, or the one; `next` is where the next page begins. */
export async function listGrants(
  tx: Transaction,
  asked: {
    tenant: string | null
    grant: string | undefined
    before: string | undefined
    limit: number
  },
): Promise<{ grants: Grant[]; next: string | null }> {
  const { tenant, limit, grant = null, before = '9223372036854775807' } = asked
  const rows = await tx.rows<Row>`
    select g.*, a.allowed, a.at as answered_at, a.by as answered_by, e.at as ended_at, e.by as ended_by
    from access.grants g left join access.answers a using (id) left join access.ends e using (id)
    where seq < ${before}::bigint and (${tenant}::text is null or tenant = ${tenant})
      and (${grant}::uuid is null or g.id = ${grant})
    order by seq desc limit ${limit + 1}`
  const shown = rows.slice(0, limit)
  return {
    grants: shown.map((row) => toGrant(row, tx.now)),
    next: rows.length > limit ? shown.at(-1)!.seq : null,
  }
}

/** Those that hold now: allowed, not ended, and not over. */
export async function liveGrants(tx: Transaction): Promise<Grant[]> {
  const rows = await tx.rows<Row>`
    select g.*, a.allowed, a.at as answered_at, a.by as answered_by, null as ended_at, null as ended_by
    from access.grants g join access.answers a using (id)
    where until > ${at(tx.now)} and allowed and a.at <= ${at(tx.now)}
      and not exists (select from access.ends e where e.id = g.id)
    order by seq`
  return rows.map((row) => toGrant(row, tx.now))
}

function toGrant(row: Row, now: Instant): Grant {
  return {
    id: row.id,
    staff: row.staff,
    tenant: row.tenant,
    reason: row.reason,
    askedAt: row.asked_at.getTime(),
    answeredAt: row.answered_at?.getTime() ?? null,
    answeredBy: row.answered_by,
    until: row.until.getTime(),
    endedAt: row.ended_at?.getTime() ?? null,
    endedBy: row.ended_by,
    state: stateOf(row, now),
  }
}

/** Judged whenever it is asked: no job has to end a grant. */
function stateOf({ allowed, until, ended_at: endedAt }: Row, now: Instant): State {
  if (allowed === false) return 'refused'
  if (endedAt !== null) return 'ended'
  if (now >= until.getTime()) return 'over'
  return allowed === null ? 'waiting' : 'live'
}

/** What the ledger has of something with names in it: nothing, until somebody shows salt and words. */
export function commitTo(value: Json, salt: Uint8Array): string {
  return Buffer.from(commit(encodeEntry(value), salt)).toString('base64')
}

export function said(instant: Instant): string {
  return new Date(instant).toISOString()
}
