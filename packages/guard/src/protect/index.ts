export { apply, type Applying } from './apply.ts'
export { findBypasses } from './bypasses.ts'
export { check } from './check.ts'
export { reading, withDatabase } from './connect.ts'
export { type Decision } from './decision.ts'
export { migration } from './migration.ts'
export { confirm, noPlan, planToFile, readPlan, type Plan } from './plan.ts'
export { findUncovered, type Hole } from './policies.ts'
export { protect, type Protection } from './protect.ts'
export { isSealed } from './seal.ts'
export { findStandingTenants, readStanding, type Standing } from './standing.ts'
export { sayTenant } from './tenant.ts'
export {
  findAppRoles,
  findGuises,
  findStrays,
  findTenantTables,
  firstOfUsers,
  reachable,
  readTenantTables,
  type AppRole,
  type Scoping,
  type TenantTable,
} from './tenant-tables.ts'
export { type Finding, type Step } from './work.ts'
