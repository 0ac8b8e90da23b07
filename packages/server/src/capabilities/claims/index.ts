import { join } from 'node:path'
import type { Capability } from '../../foundation/capability.ts'
import { route } from '../../foundation/operation.ts'
import type { CollectorList } from './collections.ts'
import type { LogIdentity } from '../ledger/sequence.ts'
import { exportOperation } from './export.ts'
import { holdings } from './holdings.ts'
import { claimsJobs } from './jobs.ts'
import { claimsOperations } from './operations.ts'

/** A page with its systems, or a thousand pieces of evidence. */
const large = 12 * 1024 * 1024

/** `collectors` are those of all capabilities; the composition hands them in. */
export function claims(collectors: CollectorList, log: LogIdentity): Capability {
  const operations = claimsOperations(collectors)
  const exported = exportOperation(log)
  return {
    name: 'claims',
    migrations: join(import.meta.dirname, 'migrations'),
    operations: [...Object.values(operations), exported],
    policy: join(import.meta.dirname, 'policy.cedar'),
    routes: [
      route('GET', '/api/claims', operations.list),
      route('GET', '/api/claims/{id}', operations.show),
      route('GET', '/api/lapses', operations.foresee),
      route('GET', '/api/time', operations.tellTime),
      route('GET', '/api/export', exported, { document: true, limited: true }),
      route('GET', '/api/page', operations.showEdition),
      route('POST', '/api/page', operations.apply, { mostBytes: large }),
      route('GET', '/api/page/source', operations.showSource),
      route('POST', '/api/page/compare', operations.compare, { mostBytes: large }),
      route('GET', '/api/subjects', operations.listSubjects),
      route('GET', '/api/proposals', operations.listProposals),
      route('POST', '/api/proposals/{proposal}/approve', operations.approve),
      route('POST', '/api/proposals/{proposal}/decline', operations.decline),
      route('GET', '/api/evidence', operations.listEvidence),
      route('POST', '/api/evidence', operations.receive, { mostBytes: large }),
      route('GET', '/api/looks', operations.listLooks),
      route('POST', '/api/collect', operations.collect),
    ],
    jobs: claimsJobs(operations, collectors),
    beats: [
      { every: 1, operation: operations.sendOut },
      { every: 1, operation: operations.judgeWhenDue },
    ],
    holdings,
  }
}
