export { GuardFailure, type FailureCode } from './failure.ts'
export { Principal, trustedPrincipal, type Identity } from './principal.ts'
export { openGuard, type Guard, type GuardEvent, type GuardOptions, type Request } from './guard.ts'
export type { Query, Scope } from './scope.ts'
export type { ScopeOptions } from './opening.ts'
export type { Key } from './seal.ts'
export {
  addKey,
  removeKey,
  rowCondition,
  rowPolicy,
  schemaSql,
  type Mode,
  type RowPolicy,
  type SchemaOptions,
  type Statement,
} from './schema.ts'
