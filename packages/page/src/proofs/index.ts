import { kindsOf, type Proof } from '../proof.ts'
import { accessProofs } from './access.ts'
import { changesProofs } from './changes.ts'
import { continuityProofs } from './continuity.ts'
import { dataRightsProofs } from './data-rights.ts'
import { disclosureProofs } from './disclosure.ts'
import { findingsProofs } from './findings.ts'
import { identityProofs } from './identity.ts'
import { incidentsProofs } from './incidents.ts'
import { isolationProofs } from './isolation.ts'
import { monitoringProofs } from './monitoring.ts'
import { pagingProofs } from './paging.ts'
import { registersProofs } from './registers.ts'
import { tenancyProofs } from './tenancy.ts'
import { transportProofs } from './transport.ts'
import { vaultProofs } from './vault.ts'

/** The whole vocabulary, by capability, in the order a page usually speaks of them. */
export const proofs: readonly Proof[] = [
  ...tenancyProofs,
  ...isolationProofs,
  ...identityProofs,
  ...accessProofs,
  ...transportProofs,
  ...vaultProofs,
  ...registersProofs,
  ...changesProofs,
  ...findingsProofs,
  ...disclosureProofs,
  ...monitoringProofs,
  ...pagingProofs,
  ...incidentsProofs,
  ...continuityProofs,
  ...dataRightsProofs,
]

/** Every kind of evidence that some proof reads. */
export const kindsRead: ReadonlySet<string> = new Set(
  proofs.flatMap(({ needs }) => needs.flatMap(kindsOf)),
)

const byId = new Map(proofs.map((proof) => [proof.id, proof]))

/** The proof of an id, or undefined when the vocabulary has none. */
export function findProof(id: string): Proof | undefined {
  return byId.get(id)
}
