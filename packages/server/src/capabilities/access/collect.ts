import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Observation } from '../../foundation/capability.ts'
import { cannotLook, collector, seen } from '../../foundation/look.ts'
import { takeTurn } from '../../outside/turn.ts'
import { compare, documentedRoutes, fillings, isPlain, sayRoute } from './documented.ts'
import {
  openGuarded,
  read,
  readCanary,
  readReport,
  readReports,
  type Guarded,
  type Report,
} from './report.ts'
import { reviewOperations } from './review-operations.ts'
import { nameOf, type ServedRoute } from './reviews.ts'

const hour = 3600

/** How many routes are really asked for, to see whether the guard counts them and whether they are served. */
const mostTried = 5
/** How often each, so that what is not counted shows beside the reports, which may count themselves. */
const [times, mostReports] = [5, 3]

/** Every request was decided: by the guard's two counters, and by requests of our own that must show in them. */
export const decisionsCollector = collector({
  kind: 'service.decisions',
  of: ['service'],
  every: 300,
  timeout: 60,
  async collect(subject, context) {
    const guarded = await openGuarded(subject, context)
    return await takeTurn(`decisions of ${guarded.service.base}`, () => lookAtDecisions(guarded))
  },
})

async function lookAtDecisions(guarded: Guarded): Promise<Observation> {
  const { each, routes } = await readReports(guarded)
  const plain = routes.filter((route) => route.method === 'GET' && isPlain(route.path))
  const asked = plain.slice(0, mostTried).flatMap(({ path }) => Array<string>(times).fill(path))
  const before = each.size === 1 ? await readReport(guarded) : null
  for (const path of asked) await guarded.service.ask(guarded.tokens.a, 'GET', path)
  const missing = before === null ? 0 : await countMissing(guarded, before, asked.length)
  const after = await readReports(guarded)
  const said = [
    ...(after.undecided > 0 ? [`${after.undecided} answered without a decision`] : []),
    ...(missing > 0 ? [`at least ${missing} of ${asked.length} of our own were not counted`] : []),
  ]
  const measured = { requests: after.requests, undecided: after.undecided + missing }
  return seen(measured, said.length > 0 ? said.join('; ') : null)
}

/**
 * How many of so many requests are surely in no counter; others' may hide some, and never make one up.
 * With several processes nobody knows which of them answered: then only what each counts is told.
 */
async function countMissing(guarded: Guarded, before: Report, sent: number): Promise<number> {
  let missing = sent
  for (let reports = 0; reports < mostReports && missing > 0; reports++) {
    // What was answered may be counted a moment later.
    if (reports > 0) await sleep(100)
    const now = await readReport(guarded)
    if (now.instance !== before.instance || now.since !== before.since) return 0
    missing = Math.max(0, sent - (now.requests - before.requests))
  }
  return missing
}

/** The document lists exactly the routes that are served: as the guard knows them, and as they answer. */
export const routesCollector = collector({
  kind: 'service.routes',
  of: ['service'],
  every: hour,
  timeout: 120,
  async collect(subject, context) {
    const guarded = await openGuarded(subject, context)
    const { service, tokens } = guarded
    const { openapi } = await readCanary(guarded)
    if (openapi === undefined) throw cannotLook(`${service.base} names no OpenAPI document`)
    const where = `${service.base}${openapi}`
    const documented = documentedRoutes(await read(service, tokens.a, openapi), where)
    const { routes } = await readReports(guarded)
    const served = routes.filter(({ path }) => path !== openapi)
    const { undocumented, unserved } = compare(served, documented)
    const plain = documented.filter(({ method, path }) => method === 'GET' && isPlain(path))
    const absent = await findAbsent(
      guarded,
      plain.slice(0, mostTried).map(({ path }) => path),
    )
    const missing = new Set([...unserved, ...absent.map((path) => `GET ${path}`)])
    const said = [
      ...undocumented.map((one) => `${one} is served but not documented`),
      ...[...missing].map((one) => `${one} is documented but not served`),
    ]
    const measured = {
      routes: served.length,
      undocumented: undocumented.length,
      unserved: missing.size,
    }
    return seen(measured, sayFirst(said))
  },
})

/** Which of some addresses answer like one that is surely not there. */
async function findAbsent({ service, tokens }: Guarded, paths: readonly string[]) {
  if (paths.length === 0) throw cannotLook('the document has no GET without parameters to try')
  const nowhere = await service.ask(tokens.a, 'GET', `/kept-${randomUUID()}`)
  if (nowhere.status < 400 || nowhere.status >= 500) {
    throw cannotLook(`an address that is not there answers with status ${nowhere.status}`)
  }
  const absent: string[] = []
  for (const path of paths) {
    const { status } = await service.ask(tokens.a, 'GET', path)
    if (status === 401) throw cannotLook(`GET ${path} does not take the token of the canary`)
    if ([nowhere.status, 404, 405, 501].includes(status)) absent.push(path)
  }
  return absent
}

/** Every route is denied by default: nobody gets anything, and no one where nothing is decided. */
export const routePolicyCollector = collector({
  kind: 'service.route-policy',
  of: ['service'],
  every: hour,
  timeout: 300,
  async collect(subject, context) {
    const guarded = await openGuarded(subject, context)
    const { objects } = await readCanary(guarded)
    const { routes } = await readReports(guarded)
    const closed = routes.filter((route) => !route.public && route.method !== 'OPTIONS')
    const open: string[] = []
    for (const route of closed) {
      const why = isHarmless(route) ? await findOpening(guarded, route, objects) : null
      if (why !== null) open.push(`${sayRoute(route)}: ${why}`)
    }
    const unknown = closed.filter((route) => route.action === null && !isHarmless(route))
    if (open.length === 0 && unknown.length > 0) {
      const which = unknown.slice(0, 10).map(sayRoute).join(', ')
      throw cannotLook(
        `no action is declared for ${which}, and to try it could change something: declare one`,
      )
    }
    return seen({ routes: routes.length, open: open.length }, sayFirst(open))
  },
})

/** A pattern that is no path, as a regular expression is none, cannot be filled. */
function isHarmless({ method, path }: ServedRoute): boolean {
  return (method === 'GET' || method === 'ALL') && path.startsWith('/')
}

async function findOpening(
  { service, tokens }: Guarded,
  { path, action }: ServedRoute,
  objects: readonly string[],
): Promise<string | null> {
  const ids = objects.length > 0 ? objects : [randomUUID()]
  for (const way of fillings(path, ids)) {
    const nobody = await service.ask(null, 'GET', way)
    if (nobody.status < 300) return 'it answers without a token'
    if (action !== null) continue
    const canary = await service.ask(tokens.a, 'GET', way)
    if (canary.status < 300) return 'it answers though no action is declared'
  }
  return null
}

/** What a person reviewed, held against the routes that are served now. */
export const reviewCollector = collector({
  kind: 'service.api-review',
  of: ['service'],
  every: hour,
  timeout: 60,
  async collect(subject, context) {
    const { routes } = await readReports(await openGuarded(subject, context))
    const seenNow = { service: subject.id, routes }
    const { review } = await context.ask(reviewOperations.keepRoutes, seenNow)
    if (review === null) {
      throw cannotLook(`nobody reviewed the routes of ${subject.id} yet: kept api review`)
    }
    const known = new Set(review.routes.map(nameOf))
    const unreviewed = routes.filter((route) => !known.has(nameOf(route)))
    const measured = {
      reviewed: routes.length - unreviewed.length,
      reviewedOn: review.day,
      review: review.id,
    }
    const note = sayFirst(unreviewed.map((one) => `${sayRoute(one)} is newer than the review`))
    return measured.reviewed === 0 ? seen(measured, note) : seen(measured, null, note)
  },
})

function sayFirst(said: readonly string[]): string | null {
  if (said.length === 0) return null
  return [...said.slice(0, 10), ...(said.length > 10 ? [`and ${said.length - 10} more`] : [])].join(
    '; ',
  )
}

export const collectors = [
  decisionsCollector,
  routesCollector,
  routePolicyCollector,
  reviewCollector,
]
