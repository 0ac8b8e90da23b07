import type { Collector } from '../../foundation/capability.ts'
import { addressListsCollector } from './probe/address-lists.ts'
import { passwordPolicyCollector } from './probe/password-policy.ts'
import type { TestProviderOperations } from './probe/provider/operations.ts'
import { secondFactorCollector } from './probe/second-factor.ts'
import { singleSignOnCollector } from './probe/sso/collect.ts'
import { providerWays } from './probe/sso/provider-ways.ts'
import type { IdentitySettings } from './shapes.ts'

/** The looks at sign-ins: of the company's own apps, and of this portal. */
export function collectorsOf(
  settings: IdentitySettings,
  find: TestProviderOperations['findTestProviders'],
): Collector[] {
  return [
    secondFactorCollector((at, owner, subject, context) =>
      providerWays(at, subject, owner, { context, key: settings.key, find }),
    ),
    passwordPolicyCollector,
    addressListsCollector,
    singleSignOnCollector(settings, find),
  ]
}
