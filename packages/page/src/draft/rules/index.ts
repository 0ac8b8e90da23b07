import { accessRules } from './access.ts'
import { changesRules } from './changes.ts'
import { continuityRules } from './continuity.ts'
import { dataRightsRules } from './data-rights.ts'
import { disclosureRules } from './disclosure.ts'
import { findingsRules } from './findings.ts'
import { identityRules } from './identity.ts'
import { incidentsRules } from './incidents.ts'
import { isolationRules } from './isolation.ts'
import { monitoringRules } from './monitoring.ts'
import { registersRules } from './registers.ts'
import type { Rule } from './rule.ts'
import { tenancyRules } from './tenancy.ts'
import { transportRules } from './transport.ts'
import { vaultRules } from './vault.ts'

export type { Rule }

/** Every kind of promise, in the order of the vocabulary. */
export const rules: readonly Rule[] = [
  ...tenancyRules,
  ...isolationRules,
  ...identityRules,
  ...accessRules,
  ...transportRules,
  ...vaultRules,
  ...registersRules,
  ...changesRules,
  ...findingsRules,
  ...disclosureRules,
  ...monitoringRules,
  ...incidentsRules,
  ...continuityRules,
  ...dataRightsRules,
]
