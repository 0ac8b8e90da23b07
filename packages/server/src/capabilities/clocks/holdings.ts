import type { Holding } from '../../foundation/capability.ts'

/** A clock names its case by the id that its owner gives it, and no person. */
export const holdings: readonly Holding[] = []
