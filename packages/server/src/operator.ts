import { digest } from './capabilities/claims/apply.ts'
import type { ClaimsOperations } from './capabilities/claims/operations.ts'
import type { Operation } from './foundation/operation.ts'
import type { Kept } from './server.ts'

export interface Applied {
  version: number
  /** The id of the proposal that waits for people, or null. */
  proposal: string | null
  changes: readonly { kind: string; id: string; says: string }[]
  /** Whether the page and its systems are as they were. */
  same: boolean
}

/** The operator asks through the gate like everybody. */
export async function askAsOperator<Name extends keyof ClaimsOperations>(
  { gate, capabilities }: Kept,
  action: Operation['action'],
  input: unknown,
) {
  const routes = capabilities.flatMap((one) => one.routes ?? [])
  const { operation } = routes.find((one) => one.operation.action === action)!
  const actor = { kind: 'operator', id: 'operator' } as const
  const output = await gate.enter({ caller: { actor }, operation, input })
  return output as Awaited<ReturnType<ClaimsOperations[Name]['run']>>
}

/** The one-time link of the first owner of the console; null once there is one. */
export async function inviteFirstOwner({ gate, capabilities }: Kept): Promise<string | null> {
  const operations = capabilities.flatMap((one) => one.operations ?? []) as Operation[]
  const operation = operations.find(({ action }) => action === 'identity.invite-first-owner')!
  const caller = { actor: { kind: 'operator', id: 'operator' } } as const
  const { link } = (await gate.enter({ caller, operation, input: {} })) as { link: string | null }
  return link
}

/** A page that is in force as it stands makes no entry in the ledger. */
export async function applyChanged(
  kept: Kept,
  { page, systems }: { page: string; systems: string },
): Promise<Applied> {
  const edition = await askAsOperator<'showEdition'>(kept, 'claims.show-edition', {})
  if (edition.page === digest(page) && edition.systems === digest(systems)) {
    return { version: edition.version, proposal: null, changes: [], same: true }
  }
  const applied = await askAsOperator<'apply'>(kept, 'claims.apply', { page, systems })
  return { ...applied, same: false }
}
