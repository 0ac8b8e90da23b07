import { Failure } from '../../foundation/failure.ts'
import { tagged } from '../../foundation/look.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { needApplied } from '../claims/edition.ts'

/** What a tag of a service gives a runner: to speak for the app and its tenants, or to push its policies. */
export type Power = 'app-runner' | 'policy-runner'

/** Refuses a runner that no service names, `app-runner:web`. People and others are not asked. */
export async function needPower(tx: Transaction, power: Power): Promise<void> {
  const { kind, id } = tx.scope.actor
  if (kind !== 'runner') return
  const { systems } = await needApplied(tx)
  const services = systems.subjects.filter(({ type }) => type === 'service')
  if (services.some((one) => tagged(one, power).includes(id))) return
  throw new Failure('not-allowed', `no service of systems.yaml has the tag ${power}:${id}`, {
    fix: `give it to the service whose ${power === 'app-runner' ? 'app' : 'pipeline'} holds this key`,
  })
}
