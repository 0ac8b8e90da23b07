import { join } from 'node:path'
import type { Capability } from '../../foundation/capability.ts'
import { route } from '../../foundation/operation.ts'
import { holdings } from './holdings.ts'
import { identityOperations } from './operations.ts'
import type { IdentitySettings } from './shapes.ts'

export function identity(settings: IdentitySettings): Capability {
  const operations = identityOperations(settings)
  const asked = { session: true, limited: true } as const
  return {
    name: 'identity',
    migrations: join(import.meta.dirname, 'migrations'),
    operations: Object.values(operations),
    policy: join(import.meta.dirname, 'policy.cedar'),
    routes: [
      route('POST', '/api/sign-in', operations.signIn, asked),
      route('POST', '/api/sign-out', operations.signOut, { session: true }),
      route('GET', '/api/session', operations.show),
      route('POST', '/api/session/totp', operations.proveTotp, { session: true }),
      route('POST', '/api/session/recovery', operations.proveRecovery, { session: true }),
      route('GET', '/api/sessions', operations.sessions),
      route('DELETE', '/api/sessions/{session}', operations.endSession),
      route('POST', '/api/sessions/end', operations.endSessions),
      route('PUT', '/api/account/password', operations.setPassword),
      route('POST', '/api/account/totp', operations.beginTotp),
      route('POST', '/api/account/totp/confirm', operations.confirmTotp, { session: true }),
      route('DELETE', '/api/account/totp', operations.removeTotp),
      route('POST', '/api/account/recovery-codes', operations.makeRecoveryCodes),
      route('POST', '/api/invitations/show', operations.showInvitation, { limited: true }),
      route('POST', '/api/invitations/accept', operations.accept, asked),
      route('GET', '/api/keys', operations.keys),
      route('POST', '/api/keys', operations.makeKey),
      route('DELETE', '/api/keys/{key}', operations.endKey),
      route('GET', '/api/people', operations.people),
      route('POST', '/api/people', operations.invite),
      route('POST', '/api/people/{account}/link', operations.inviteAgain),
      route('PUT', '/api/people/{account}/role', operations.setRole),
      route('DELETE', '/api/people/{account}', operations.remove),
      route('POST', '/api/tenants/{tenant}/owner', operations.inviteTenantOwner),
      route('GET', '/api/settings', operations.showSettings),
      route('PUT', '/api/settings', operations.setSettings),
    ],
    holdings,
  }
}
