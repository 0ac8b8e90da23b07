export { startCluster, type ClusterOptions, type Step } from './start.ts'
export type { Cluster } from './cluster.ts'
export type { Ending } from './watchdog-messages.ts'
export type { Settings } from './settings.ts'
export type { Address } from './url.ts'
export { ensureRole, type Role } from './role.ts'
export { scramVerifier } from './password.ts'
export {
  cloneDatabase,
  dropDatabase,
  ensureDatabase,
  type Clone,
  type Database,
} from './database.ts'
export { PostgresFailure, type FailureCode } from './failure.ts'
export { withClient } from './client.ts'
