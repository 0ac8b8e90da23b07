import { hash, randomUUID } from 'node:crypto'
import { encodeEntry } from '@kept/ledger'
import { calendarDay } from '@kept/page'
import { Failure } from '../../foundation/failure.ts'
import { at, json, type Transaction } from '../../foundation/transaction.ts'
import { hurry } from '../claims/collections.ts'
import { needApplied } from '../claims/edition.ts'
import { said } from './grants.ts'

/** A route of an app, as its guard tells it: which action is decided before it is served. */
export interface ServedRoute {
  method: string
  path: string
  /** Null where nothing is decided. */
  action: string | null
  public: boolean
}

/** The name of exactly this list of routes, in whatever order. */
export function digestOf(routes: readonly ServedRoute[]): string {
  return hash('sha256', encodeEntry(inOrder(routes)), 'hex')
}

export function inOrder(routes: readonly ServedRoute[]) {
  const plain = routes.map(({ method, path, action, public: isPublic }) => ({
    method,
    path,
    action,
    public: isPublic,
  }))
  return plain.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

export function nameOf({ method, path, action, public: isPublic }: ServedRoute): string {
  return `${path} ${method} ${action ?? ''} ${isPublic}`
}

/** What a person reviewed last of a service. */
export interface Review {
  id: string
  digest: string
  at: string
  day: string
  by: string
  routes: ServedRoute[]
}

/** Keeps the list that a service serves now, for people to review; hands back what was reviewed last. */
export async function keepRoutes(
  tx: Transaction,
  { service, routes }: { service: string; routes: readonly ServedRoute[] },
): Promise<{ digest: string; review: Review | null }> {
  const digest = digestOf(routes)
  await tx.rows`
    insert into access.route_lists (service, digest, routes, seen_at)
    values (${service}, ${digest}, ${json(inOrder(routes))}, ${at(tx.now)})
    on conflict (service, digest) do update set seen_at = excluded.seen_at`
  return { digest, review: await lastReview(tx, service) }
}

async function lastReview(tx: Transaction, service: string): Promise<Review | null> {
  const row = await tx.row<Omit<Review, 'at'> & { at: Date }>`
    select r.id, r.digest, r.at, r.day, r.by, l.routes
    from access.reviews r join access.route_lists l using (service, digest)
    where r.service = ${service} order by r.at desc, r.id limit 1`
  return row === null ? null : { ...row, at: said(row.at.getTime()) }
}

interface Seen {
  digest: string
  routes: ServedRoute[]
  seen_at: Date
}

/** The list that was seen last, and what was reviewed last. */
export async function showRoutes(tx: Transaction, service: string) {
  const list = await needList(tx, service)
  return {
    digest: list.digest,
    routes: list.routes,
    seenAt: said(list.seen_at.getTime()),
    review: await lastReview(tx, service),
  }
}

async function needList(tx: Transaction, service: string): Promise<Seen> {
  const row = await tx.row<Seen>`
    select digest, routes, seen_at from access.route_lists where service = ${service}
    order by seen_at desc, digest limit 1`
  if (row) return row
  throw new Failure('not-found', `no routes of ${service} were seen yet`, {
    fix: 'let the collector of service.api-review look: kept check --now',
  })
}

/** A list that nobody saw for longer than this is not what is served, in milliseconds. */
const fresh = 86_400_000

/** A person says to have reviewed who may reach each route of a list: the one that is served now. */
export async function reviewApi(
  tx: Transaction,
  { service, digest }: { service: string; digest: string },
): Promise<{ review: string; routes: number; day: string }> {
  const list = await needList(tx, service)
  if (list.digest !== digest || list.seen_at.getTime() < tx.now - fresh) {
    throw new Failure('conflict', `that is not the list that ${service} serves now`, {
      fix: `look at it again: kept api show ${service}`,
    })
  }
  const { page } = await needApplied(tx)
  const review = randomUUID()
  const day = calendarDay(tx.now, page.timeZone)
  await tx.rows`
    insert into access.reviews (id, service, digest, at, day, by)
    values (${review}, ${service}, ${digest}, ${at(tx.now)}, ${day}, ${tx.scope.actor.id})`
  await hurry(tx, { kind: 'service.api-review', subject: service })
  return { review, routes: list.routes.length, day }
}
