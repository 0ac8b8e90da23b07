import { join } from 'node:path'
import type { Capability } from '../../foundation/capability.ts'
import { route } from '../../foundation/operation.ts'
import { holdings } from './holdings.ts'
import { ledgerJobs } from './jobs.ts'
import { ledgerOperations } from './operations.ts'
import type { LogIdentity } from './sequence.ts'
import type { Witness } from './witness.ts'

export function ledger(log: LogIdentity, witnesses: readonly Witness[]): Capability {
  const operations = ledgerOperations(log, witnesses)
  return {
    name: 'ledger',
    migrations: join(import.meta.dirname, 'migrations'),
    operations: Object.values(operations),
    policy: join(import.meta.dirname, 'policy.cedar'),
    begin: operations.begin,
    routes: [
      route('GET', '/ledger/checkpoint', operations.showCheckpoint, { document: true }),
      route('GET', '/ledger/tile/*', operations.showTile, { document: true }),
      route('GET', '/ledger/key', operations.showKey),
      route('GET', '/ledger/entries/{index}', operations.proveEntry),
      route('GET', '/ledger/growth', operations.proveGrowth),
      route('POST', '/ledger/check', operations.check),
    ],
    jobs: ledgerJobs(operations, witnesses),
    beats: [
      { every: 1, operation: operations.sequence },
      { every: 60, operation: operations.sendOut },
    ],
    holdings,
  }
}
