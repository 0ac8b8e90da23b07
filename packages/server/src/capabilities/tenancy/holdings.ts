import type { Holding } from '../../foundation/capability.ts'

export const holdings: readonly Holding[] = [
  {
    table: 'tenancy.tenants',
    holds: 'the ids of tenants, as the company names them, until they are removed',
    personal: [],
    tenant: true,
  },
  {
    table: 'tenancy.placements',
    holds: 'on which cluster each tenant is and was, and who placed it there',
    personal: ['by'],
    tenant: true,
  },
  {
    table: 'tenancy.reviews',
    holds: 'who verified which cluster is to be created where',
    personal: ['reviewed_by'],
    tenant: false,
  },
  {
    table: 'tenancy.clusters',
    holds: 'who registered a cluster',
    personal: ['registered_by'],
    tenant: false,
  },
]
