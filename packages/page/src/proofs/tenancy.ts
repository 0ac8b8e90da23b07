import { proof } from '../proof.ts'
import { count, day, none, only } from './terms.ts'

export const tenancyProofs = [
  proof({
    id: 'tenancy.shared',
    means: 'Customers share database clusters; none gets one of its own unless the page says so.',
    params: {
      dedicated: {
        type: 'word',
        of: ['none', 'some'],
        says: 'whether some customers have a database of their own; not said when absent',
      },
    },
    connect: 'the tenant register and the databases it places tenants on',
    example: '[Customers share our database clusters](kept:tenancy.shared?dedicated=none)',
    needs: (need) => [
      need.observed({
        kind: 'database.placement',
        of: ['database'],
        age: day,
        // Tenants that share another database, by the register.
        fields: { sharedTenants: 'count', dedicatedTenants: 'count', sharedElsewhere: 'count?' },
        holds: (seen, params) => [
          seen.sharedTenants < 2 &&
            !isOwn(seen) &&
            `${count(seen.sharedTenants, 'tenant')} on it: nobody shares it`,
          params.dedicated === 'none' &&
            none(seen.dedicatedTenants, 'tenant% on a database of their own'),
        ],
        figure: (seen) =>
          isOwn(seen)
            ? seen.dedicatedTenants > 0
              ? 'the own database of a tenant'
              : 'no tenant on it'
            : `${count(seen.sharedTenants, 'tenant')} share it`,
        good: { sharedTenants: 118, dedicatedTenants: 0 },
        bad: { sharedTenants: 118, dedicatedTenants: 1 },
      }),
    ],
  }),
  proof({
    id: 'tenancy.dedicated',
    means: 'A customer can have a database of its own, and its data really is there.',
    params: {},
    connect: 'the tenant register and the databases it places tenants on',
    example: '[Enterprise customers can have their own database](kept:tenancy.dedicated)',
    needs: (need) => [
      need.observed({
        kind: 'service.placement-routing',
        of: ['service'],
        age: day,
        fields: { dedicatedTenants: 'some', misrouted: 'count' },
        holds: (seen) => [
          none(seen.misrouted, 'row% of a dedicated tenant in a database of others'),
        ],
        figure: (seen) =>
          `${count(seen.dedicatedTenants, 'tenant')} on a database of its own, none misrouted`,
        good: { dedicatedTenants: 2, misrouted: 0 },
        bad: { dedicatedTenants: 2, misrouted: 3 },
      }),
    ],
  }),
  proof({
    id: 'tenancy.segregated',
    means: 'Every table with customer data carries the customer key and a forced row policy on it.',
    params: { by: { type: 'list', says: 'the only fields that separate customers' } },
    connect: 'the databases of the app, for a collector that reads their row policies',
    example: '[Customer data is separated by customer id](kept:tenancy.segregated?by=customer-id)',
    needs: (need) => [
      need.observed({
        kind: 'database.row-security',
        of: ['database'],
        age: day,
        fields: { tables: 'some', uncovered: 'count', keys: 'words?' },
        requires: (params) => (params.by ? ['keys'] : []),
        holds: (seen, params) => [
          seen.tables === 0 && 'no table with customer data was found',
          none(seen.uncovered, 'way% around the row policies'),
          only(params.by, seen.keys, (extra) => `some tables are separated by ${extra}`),
        ],
        figure: (seen) => `${count(seen.tables, 'table')} under a forced row policy`,
        good: { tables: 14, uncovered: 0, keys: ['customer-id'] },
        bad: { tables: 14, uncovered: 0, keys: ['customer-id', 'branch'] },
      }),
    ],
  }),
]

interface Shared {
  sharedTenants: number
  sharedElsewhere: number | undefined
}

/** A database of one tenant's own, or of none, takes nothing from a promise that the others share theirs. */
function isOwn({ sharedTenants, sharedElsewhere = 0 }: Shared): boolean {
  return sharedTenants === 0 && sharedElsewhere > 1
}
