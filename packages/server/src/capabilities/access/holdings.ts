import type { Holding } from '../../foundation/capability.ts'

export const holdings: readonly Holding[] = [
  {
    table: 'access.grants',
    holds: 'who of the staff asked to see which tenant’s data, why and until when',
    personal: ['staff', 'reason'],
    tenant: true,
  },
  {
    table: 'access.answers',
    holds: 'which user of the tenant allowed or refused it',
    personal: ['by', 'account'],
    tenant: true,
  },
  {
    table: 'access.ends',
    holds: 'who ended it early',
    personal: ['by'],
    tenant: true,
  },
  {
    table: 'access.records',
    holds: 'who read or did what in a tenant’s data, as the app recorded it',
    personal: ['actor', 'detail'],
    tenant: true,
  },
  {
    table: 'access.policies',
    holds: 'which runner pushed the app’s policies',
    personal: [],
    tenant: false,
  },
  {
    table: 'access.reviews',
    holds: 'who reviewed the routes of a service',
    personal: ['by'],
    tenant: false,
  },
]
