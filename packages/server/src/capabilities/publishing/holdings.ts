import type { Holding } from '../../foundation/capability.ts'

export const holdings: readonly Holding[] = [
  {
    table: 'publishing.subscriptions',
    holds: 'mail addresses of those who want to be told of changes, until they leave',
    personal: ['address'],
    tenant: false,
  },
]
