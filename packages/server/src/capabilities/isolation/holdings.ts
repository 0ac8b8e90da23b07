import type { Holding } from '../../foundation/capability.ts'

/** Of what is tried it keeps nothing: what is seen becomes evidence, which belongs to claims. */
export const holdings: readonly Holding[] = [
  {
    table: 'isolation.moves',
    holds: 'which tenant was moved from where to where, when and by whom',
    personal: ['started_by'],
    tenant: true,
  },
]
