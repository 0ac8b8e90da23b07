export { findBypasses } from './bypasses.ts'
export { findUncovered, type Hole } from './policies.ts'
export { findStandingTenants, readStanding, type Standing } from './standing.ts'
export {
  findAppRoles,
  findGuises,
  findTenantTables,
  firstOfUsers,
  reachable,
  readTenantTables,
  type AppRole,
  type Scoping,
  type TenantTable,
} from './tenant-tables.ts'
