import { join } from 'node:path'
import type { Capability } from '../../foundation/capability.ts'
import { route, type Route } from '../../foundation/operation.ts'
import { holdings } from './holdings.ts'
import { identityOperations, type IdentityOperations } from './operations.ts'
import { collectorsOf } from './collect.ts'
import { documentPath } from './probe/document.ts'
import { tellClient } from './probe/provider/operations.ts'
import { tellFailure } from './scim/protocol.ts'
import { domainJobs } from './providers/jobs.ts'
import { listCollectors, type StaffSettings } from './lists/collect.ts'
import { listOperations } from './lists/operations.ts'
import type { IdentitySettings } from './shapes.ts'

export function identity(settings: IdentitySettings & StaffSettings): Capability {
  const operations = identityOperations(settings)
  const asked = { session: true, limited: true } as const
  return {
    name: 'identity',
    migrations: join(import.meta.dirname, 'migrations'),
    operations: [...Object.values(operations), ...Object.values(listOperations)],
    policy: join(import.meta.dirname, 'policy.cedar'),
    routes: [
      route('POST', '/api/sign-in', operations.signIn, asked),
      route('POST', '/api/sign-out', operations.signOut, { session: true }),
      route('GET', '/api/session', operations.show),
      route('POST', '/api/session/totp', operations.proveTotp, { session: true }),
      route('POST', '/api/session/recovery', operations.proveRecovery, { session: true }),
      route('POST', '/api/passkeys/ask', operations.askPasskey, { limited: true }),
      route('POST', '/api/sign-in/passkey', operations.signInByPasskey, asked),
      route('POST', '/api/session/passkey', operations.provePasskey, { session: true }),
      route('GET', '/api/account/passkeys', operations.passkeys),
      route('POST', '/api/account/passkeys/begin', operations.beginPasskey),
      route('POST', '/api/account/passkeys', operations.addPasskey, { session: true }),
      route('DELETE', '/api/account/passkeys/{passkey}', operations.removePasskey),
      route('GET', '/api/sessions', operations.sessions),
      route('DELETE', '/api/sessions/{session}', operations.endSession),
      route('POST', '/api/sessions/end', operations.endSessions),
      route('PUT', '/api/account/password', operations.setPassword, { session: true }),
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
      route('GET', documentPath, operations.describeSignIn, { document: true, cached: true }),
      ...appRoutes(operations),
      ...providerRoutes(operations),
      ...directoryRoutes(operations),
      ...listRoutes(),
      ...testProviderRoutes(operations),
    ],
    collectors: [
      ...listCollectors(settings),
      ...collectorsOf(settings, operations.findTestProviders),
    ],
    jobs: domainJobs(operations),
    beats: [{ every: 3600, operation: operations.checkDomains }],
    holdings,
  }
}

/** How the company's own apps share the portal's sign-in. */
function appRoutes(operations: IdentityOperations): Route[] {
  return [
    route('GET', '/api/apps/{app}/enter', operations.enterApp, { document: true }),
    route('POST', '/api/app-sessions', operations.beginAppSession),
    route('POST', '/api/app-sessions/check', operations.checkAppSession),
    route('POST', '/api/app-sessions/end', operations.endAppSession),
  ]
}

/** A tenant's domains and connections, and the way to a provider and back. */
function providerRoutes(operations: IdentityOperations): Route[] {
  const going = { challenge: true, limited: true } as const
  // Only a way that was begun leads on from there, and each begins within the limit.
  const coming = { document: true, challenge: true } as const
  const leaving = { document: true, foreign: true, limited: true } as const
  return [
    route('GET', '/api/domains', operations.domains),
    route('POST', '/api/domains', operations.addDomain),
    route('POST', '/api/domains/{domain}/check', operations.checkDomain),
    route('DELETE', '/api/domains/{domain}', operations.removeDomain),
    route('GET', '/api/connections', operations.connections),
    route('POST', '/api/connections/oidc', operations.addOidc),
    route('POST', '/api/connections/saml', operations.addSaml, { mostBytes: 128 * 1024 }),
    route('PUT', '/api/connections/{connection}/enabled', operations.enableConnection),
    route('PUT', '/api/connections/{connection}/secret', operations.replaceClientSecret),
    route('PUT', '/api/connections/{connection}/metadata', operations.replaceMetadata, {
      mostBytes: 128 * 1024,
    }),
    route('DELETE', '/api/connections/{connection}', operations.removeConnection),
    route('GET', '/api/connections/{connection}/trials', operations.trials),
    route('POST', '/api/connections/{connection}/trials', operations.tryConnection, going),
    route('POST', '/api/sso', operations.begin, going),
    route('GET', '/api/sso/finish', operations.finish, coming),
    route('GET', '/api/sso/{connection}/callback', operations.callback, coming),
    route('GET', '/api/sso/{connection}/metadata', operations.describeUs, { document: true }),
    route('POST', '/api/sso/{connection}/acs', operations.consume, {
      document: true,
      foreign: true,
      limited: true,
      mostBytes: 256 * 1024,
    }),
    route('GET', '/api/sso/{connection}/logout', operations.logout, { ...leaving, query: true }),
    route('POST', '/api/sso/{connection}/logout', operations.logoutByForm, {
      ...leaving,
      mostBytes: 64 * 1024,
    }),
  ]
}

/** What other systems say of their accounts. */
function listRoutes(): Route[] {
  const { list, show, push, pushPolicy } = listOperations
  return [
    route('GET', '/api/account-lists', list),
    route('GET', '/api/account-lists/{system}', show),
    route('POST', '/api/account-lists/{system}', push, { mostBytes: 24 * 1024 * 1024 }),
    route('POST', '/api/password-policies/{system}', pushPolicy),
  ]
}

/** A tenant's directory: what its owner says of it, and what it says itself by SCIM. */
function directoryRoutes(operations: IdentityOperations): Route[] {
  const scim = { document: true, tells: tellFailure } as const
  const large = { ...scim, mostBytes: 1024 * 1024 }
  return [
    route('GET', '/api/directory/tokens', operations.directoryTokens),
    route('POST', '/api/directory/tokens', operations.makeDirectoryToken),
    route('DELETE', '/api/directory/tokens/{token}', operations.endDirectoryToken),
    route('GET', '/api/directory/groups', operations.directoryGroups),
    route('PUT', '/api/directory/groups/{group}/owners', operations.setOwningGroup),
    route('GET', '/scim/v2/Users', operations.listUsers, scim),
    route('POST', '/scim/v2/Users', operations.addUser, scim),
    route('GET', '/scim/v2/Users/{user}', operations.showUser, scim),
    route('PUT', '/scim/v2/Users/{user}', operations.replaceUser, scim),
    route('PATCH', '/scim/v2/Users/{user}', operations.patchUser, scim),
    route('DELETE', '/scim/v2/Users/{user}', operations.removeUser, scim),
    route('GET', '/scim/v2/Groups', operations.listGroups, scim),
    route('POST', '/scim/v2/Groups', operations.addGroup, large),
    route('GET', '/scim/v2/Groups/{group}', operations.showGroup, scim),
    route('PUT', '/scim/v2/Groups/{group}', operations.replaceGroup, large),
    route('PATCH', '/scim/v2/Groups/{group}', operations.patchGroup, large),
    route('DELETE', '/scim/v2/Groups/{group}', operations.removeGroup, scim),
    route('GET', '/scim/v2/{document}', operations.describeScim, scim),
    route('GET', '/scim/v2/{document}/{part}', operations.describeScimPart, scim),
  ]
}

/** The providers that a probe acts as: what an owner of the staff is told of them, and the apps that ask them. */
function testProviderRoutes(operations: IdentityOperations): Route[] {
  const asked = { document: true, authorization: true, tells: tellClient } as const
  const base = '/probe/providers/{service}/{side}'
  const open = { document: true, cached: true } as const
  return [
    route('POST', '/api/probe/providers', operations.openTestProviders),
    route('GET', `${base}/.well-known/openid-configuration`, operations.describeTestProvider, open),
    route('GET', `${base}/jwks`, operations.showTestKeys, open),
    route('GET', `${base}/metadata`, operations.showTestMetadata, open),
    route('POST', `${base}/token`, operations.exchangeTestCode, asked),
    route('GET', `${base}/userinfo`, operations.showTestUser, asked),
  ]
}
