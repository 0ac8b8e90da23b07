import { join } from 'node:path'
import type { Capability } from '../../foundation/capability.ts'
import { route } from '../../foundation/operation.ts'
import { collectors } from './collect.ts'
import { holdings } from './holdings.ts'
import { isolationJobs } from './jobs.ts'
import { moveOperations as moves } from './move/move-operations.ts'

export const isolation: Capability = {
  name: 'isolation',
  migrations: join(import.meta.dirname, 'migrations'),
  operations: Object.values(moves),
  policy: join(import.meta.dirname, 'policy.cedar'),
  routes: [
    route('GET', '/api/moves', moves.list),
    route('POST', '/api/moves', moves.start),
    route('POST', '/api/moves/{move}/cancel', moves.cancel),
  ],
  jobs: isolationJobs,
  beats: [{ every: 30, operation: moves.resume }],
  collectors,
  holdings,
}
