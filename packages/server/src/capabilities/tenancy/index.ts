import { join } from 'node:path'
import type { Capability } from '../../foundation/capability.ts'
import { route } from '../../foundation/operation.ts'
import { collectors } from './collect.ts'
import { holdings } from './holdings.ts'
import { tenancyOperations as operations } from './operations.ts'

/** A thousand tenants. */
const large = 512 * 1024

export const tenancy: Capability = {
  name: 'tenancy',
  migrations: join(import.meta.dirname, 'migrations'),
  operations: Object.values(operations),
  policy: join(import.meta.dirname, 'policy.cedar'),
  routes: [
    route('GET', '/api/clusters', operations.listClusters),
    route('POST', '/api/clusters', operations.registerCluster),
    route('POST', '/api/cluster-reviews', operations.reviewCluster),
    route('GET', '/api/tenants', operations.listTenants),
    route('POST', '/api/tenants', operations.addTenants, { mostBytes: large }),
    route('GET', '/api/tenants/{tenant}', operations.showTenant),
    route('POST', '/api/tenants/{tenant}/remove', operations.removeTenant),
  ],
  collectors,
  holdings,
}
