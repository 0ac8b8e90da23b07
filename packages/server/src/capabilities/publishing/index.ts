import { join } from 'node:path'
import type { Capability } from '../../foundation/capability.ts'
import { route, type Route } from '../../foundation/operation.ts'
import { holdings } from './holdings.ts'
import { publishingJobs } from './jobs.ts'
import { publishingOperations, type PublishingOperations } from './operations.ts'
import type { Publication } from './views.ts'

export function publishing(publication: Publication): Capability {
  const operations = publishingOperations(publication)
  return {
    name: 'publishing',
    migrations: join(import.meta.dirname, 'migrations'),
    operations: Object.values(operations),
    policy: join(import.meta.dirname, 'policy.cedar'),
    routes: routesOf(operations),
    jobs: publishingJobs(operations),
    beats: [
      { every: 5, operation: operations.announce },
      { every: 3600, operation: operations.resend },
    ],
    holdings,
  }
}

function routesOf(operations: PublishingOperations): Route[] {
  const document = { document: true } as const
  const cached = { document: true, cached: true } as const
  const limited = { document: true, limited: true } as const
  return [
    route('GET', '/', operations.showPage, cached),
    route('GET', '/claims/{id}', operations.showClaim, cached),
    route('GET', '/changes', operations.showChanges, document),
    route('GET', '/feed.json', operations.showFeed, cached),
    route('GET', '/changes.atom', operations.showAtom, cached),
    route('GET', '/api/strips', operations.showStrips),
    route('GET', '/badge.svg', operations.showBadge, cached),
    route('GET', '/.well-known/security.txt', operations.showSecurityTxt, cached),
    route('GET', '/verify.js', operations.showVerifier, cached),
    route('GET', '/subscribe', operations.showSubscribe, document),
    route('POST', '/subscribe', operations.subscribe, limited),
    route('GET', '/subscribe/confirm', operations.showConfirm, document),
    route('POST', '/subscribe/confirm', operations.confirm, limited),
    route('GET', '/subscribe/end', operations.showEnd, document),
    route('POST', '/subscribe/end', operations.end, limited),
  ]
}
