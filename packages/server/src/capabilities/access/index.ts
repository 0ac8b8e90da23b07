import { join } from 'node:path'
import type { Capability } from '../../foundation/capability.ts'
import { route } from '../../foundation/operation.ts'
import { collectors } from './collect.ts'
import { holdings } from './holdings.ts'
import { accessJobs } from './jobs.ts'
import { accessOperations, type AccessSettings } from './operations.ts'

/** The policies of an app. */
const large = 1024 * 1024

export function access(settings: AccessSettings): Capability {
  const operations = accessOperations(settings)
  return {
    name: 'access',
    migrations: join(import.meta.dirname, 'migrations'),
    operations: Object.values(operations),
    policy: join(import.meta.dirname, 'policy.cedar'),
    routes: [
      route('GET', '/api/grants', operations.list),
      route('POST', '/api/grants', operations.request),
      route('POST', '/api/grants/{grant}/allow', operations.allow),
      route('POST', '/api/grants/{grant}/refuse', operations.refuse),
      route('POST', '/api/grants/{grant}/end', operations.end),
      route('GET', '/api/reads', operations.reads),
      route('GET', '/api/bundle', operations.showBundle),
      route('GET', '/api/bundle/key', operations.showKey),
      route('POST', '/api/policies', operations.pushPolicies, { mostBytes: large }),
      route('GET', '/api/services/{service}/routes', operations.showRoutes),
      route('POST', '/api/services/{service}/reviews', operations.reviewApi),
    ],
    jobs: accessJobs(operations),
    beats: [{ every: 5, operation: operations.sendOut }],
    collectors,
    holdings,
  }
}
