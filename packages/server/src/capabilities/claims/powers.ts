import { Failure } from '../../foundation/failure.ts'
import { tagged } from '../../foundation/look.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { needApplied } from './edition.ts'

/** What a tag of a service gives a runner, and how it is said. */
export const powers = {
  'app-runner': 'speaks for the app and its tenants',
  'policy-runner': 'pushes the policies of the app',
  'sign-in-runner': 'asks who is signed in to the app',
} as const
export type Power = keyof typeof powers

/**
 * The services that name the runner who asks, `app-runner:web`; it refuses one that none names. People and
 * others are not asked, and no service is named for them.
 */
export async function needPower(tx: Transaction, power: Power): Promise<string[]> {
  const { kind, id } = tx.scope.actor
  if (kind !== 'runner') return []
  const { systems } = await needApplied(tx)
  const services = systems.subjects.filter(({ type }) => type === 'service')
  const own = services.filter((one) => tagged(one, power).includes(id))
  if (own.length > 0) return own.map((one) => one.id)
  throw new Failure('not-allowed', `no service of systems.yaml has the tag ${power}:${id}`, {
    fix: `give it to the service whose ${power === 'policy-runner' ? 'pipeline' : 'app'} holds this key`,
  })
}
