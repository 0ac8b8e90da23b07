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
  secrets('passwords', 'hashes of passwords'),
  secrets('totp', 'sealed secrets of authenticator apps'),
  secrets('passkeys', 'public keys of passkeys, and what their owners call them'),
  secrets('recovery_codes', 'hashes of recovery codes'),
  secrets('api_keys', 'hashes of API keys, what they may do and when they were last used'),
  secrets('settings', 'what a tenant asks of its users'),
]
