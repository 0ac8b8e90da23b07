import type { Holding } from '../../foundation/capability.ts'

/** The people in systems.yaml, by the names the page shows. */
export const holdings: readonly Holding[] = [
  {
    table: 'claims.versions',
    holds: 'names and public keys of the people in systems.yaml, and who applied a page',
    personal: ['systems', 'by'],
    tenant: false,
  },
  {
    table: 'claims.proposals',
    holds: 'names and public keys of the people in systems.yaml, and who proposed or approved',
    personal: ['systems', 'proposed_by', 'approved_by'],
    tenant: false,
  },
]
