import type { Collector } from '../../foundation/capability.ts'
import { addressListsCollector } from './probe/address-lists.ts'
import { passwordPolicyCollector } from './probe/password-policy.ts'
import { secondFactorCollector } from './probe/second-factor.ts'

/** The looks at sign-ins: of the company's own apps, and of this portal. */
export const collectors: readonly Collector[] = [
  secondFactorCollector,
  passwordPolicyCollector,
  addressListsCollector,
]
