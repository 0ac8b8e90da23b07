import type { Holding } from '../../foundation/capability.ts'

/** It keeps nothing: what is seen becomes evidence, which belongs to claims. */
export const holdings: readonly Holding[] = []
