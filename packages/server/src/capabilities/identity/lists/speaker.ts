import { didYouMean, maySpeak, type System } from '@kept/page'
import { Failure } from '../../../foundation/failure.ts'
import type { Transaction } from '../../../foundation/transaction.ts'
import { needApplied } from '../../claims/edition.ts'

/** A system of systems.yaml whose accounts are listed. @throws Failure `not-found` */
export async function needPeople(tx: Transaction, id: string): Promise<System> {
  const { systems } = await needApplied(tx)
  const people = systems.subjects.filter(({ type }) => type === 'people')
  const system = people.find((one) => one.id === id)
  if (system) return system
  const ids = people.map((one) => one.id)
  const near = didYouMean(id, ids)
  throw new Failure('not-found', `systems.yaml has no list of accounts "${id}"`, {
    fix: near ? `did you mean ${near}?` : `name one of its section people: ${ids.join(', ')}`,
  })
}

/**
 * Who may push a list is who may say what it shows. What a person's key signs is that person's word, which
 * would come out of a collector as more: no policy lets persons push.
 *
 * @throws Failure `not-allowed`
 */
export async function mustSpeak(tx: Transaction, kind: string, system: string): Promise<void> {
  const { systems } = await needApplied(tx)
  const { id } = tx.scope.actor
  const speaker = systems.runners.find((one) => one.id === id)
  if (speaker && maySpeak(speaker, kind, system)) return
  throw new Failure('not-allowed', `${id} may not speak of ${kind} about ${system}`, {
    fix: 'register it for that kind and system in systems.yaml',
  })
}
