import type { Collector } from '../../../foundation/capability.ts'
import { secondFactorCollector } from './second-factor.ts'

/** The looks at sign-ins: of the company's own apps, and of this portal. */
export const collectors: readonly Collector[] = [secondFactorCollector]
