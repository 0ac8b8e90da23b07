export { GuardFailure, type FailureCode } from './failure.ts'
export { Principal, trustedPrincipal, type Identity, type Kind } from './principal.ts'
export { verifyToken, type TokenKeys, type TokenOptions } from './verify/token.ts'
export { verifySession, type Session, type SessionLookup } from './verify/session.ts'
export { openKeptSessions, type KeptSession, type KeptSessions } from './verify/kept-sessions.ts'
export type { KeptSessionsOptions } from './verify/kept-sessions.ts'
export { fromFetch, fromNode, type Incoming, type Verify } from './verify/incoming.ts'
export {
  openGuard,
  type Allowed,
  type Guard,
  type GuardEvent,
  type GuardOptions,
  type Request,
} from './guard.ts'
export type { Query, Scope } from './scope.ts'
export type { ScopeOptions } from './opening.ts'
export type { Key } from './seal.ts'
export {
  addKey,
  removeKey,
  rowCondition,
  rowPolicy,
  schemaSql,
  type KeyLimits,
  type Mode,
  type RowPolicy,
  type SchemaOptions,
  type Statement,
} from './schema.ts'
export { outboxSql, type OutboxOptions } from './records/outbox.ts'
export { openBundle, type Bundle, type BundleOptions } from './bundle/bundle.ts'
export type { Grant } from './bundle/read.ts'
export { found } from './requests/found.ts'
export type { AdmissionOptions, Report, RequestGuard } from './requests/admission.ts'
export type { Declaration, Route } from './requests/declaration.ts'
