import type { Holding } from '../../foundation/capability.ts'

const secrets = (table: string, holds: string): Holding => ({
  table: `identity.${table}`,
  holds,
  personal: [],
  tenant: true,
})

export const holdings: readonly Holding[] = [
  {
    table: 'identity.accounts',
    holds: 'who may sign in: the staff, and each tenant’s users',
    personal: ['name', 'email', 'added_by'],
    tenant: true,
  },
  {
    table: 'identity.sessions',
    holds: 'who is signed in since when, from where and by what',
    personal: ['agent', 'address'],
    tenant: true,
  },
  {
    table: 'identity.invitations',
    holds: 'whom a one-time link was made for',
    personal: ['email', 'made_by'],
    tenant: true,
  },
  secrets('app_sessions', 'hashes of the tokens by which apps know sessions that they share'),
  secrets('passwords', 'hashes of passwords'),
  secrets('totp', 'sealed secrets of authenticator apps'),
  secrets('passkeys', 'public keys of passkeys, and what their owners call them'),
  secrets('recovery_codes', 'hashes of recovery codes'),
  secrets('api_keys', 'hashes of API keys, what they may do and when they were last used'),
  {
    table: 'identity.connections',
    holds: 'a tenant’s providers, and who added them',
    personal: ['made_by'],
    tenant: true,
  },
  {
    table: 'identity.subjects',
    holds: 'by which name a provider knows an account',
    personal: ['subject'],
    tenant: true,
  },
  {
    table: 'identity.trials',
    holds: 'what a provider said of the owner who tried its connection, for 30 days',
    personal: ['sent'],
    tenant: true,
  },
  {
    table: 'identity.challenges',
    holds: 'sign-ins on their way, for minutes; of SAML with the address that a provider sent',
    personal: ['data'],
    tenant: true,
  },
  {
    table: 'identity.directory_tokens',
    holds: 'hashes of the tokens of a tenant’s directory, and who made them',
    personal: ['made_by'],
    tenant: true,
  },
  {
    table: 'identity.directory_users',
    holds: 'what a tenant’s directory says of its users',
    personal: ['user_name', 'external_id', 'display_name', 'given_name', 'family_name'],
    tenant: true,
  },
  {
    table: 'identity.account_lists',
    holds: 'the accounts of other systems that employees have, until the next list',
    personal: ['entries'],
    tenant: false,
  },
  secrets('directory_groups', 'the groups of a tenant’s directory'),
  secrets('directory_members', 'who is in which of them'),
  secrets('domains', 'domains that a tenant says are its own'),
  secrets('verified_domains', 'those that DNS shows to be'),
  secrets('assertions', 'hashes of assertions that were taken'),
  secrets('settings', 'what a tenant asks of its users'),
  {
    table: 'identity.test_providers',
    holds:
      'the providers that a probe acts as for canary tenants of the company’s own apps, and who made them',
    personal: ['made_by'],
    tenant: false,
  },
  {
    table: 'identity.test_codes',
    holds: 'hashes of codes of such a provider that were taken, for a minute',
    personal: [],
    tenant: false,
  },
]
