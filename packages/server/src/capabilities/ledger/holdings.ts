import type { Holding } from '../../foundation/capability.ts'

/** Entries hold personal data only as commitments or sealed, so there is nothing to hand out or erase. */
export const holdings: readonly Holding[] = []
