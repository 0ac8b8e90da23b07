import type { Collector } from '../../../foundation/capability.ts'

/** The looks at sign-ins: of the company's own apps, and of this portal. */
export const collectors: readonly Collector[] = []
