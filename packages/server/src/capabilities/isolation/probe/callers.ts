import { cannotLook } from '../../../foundation/look.ts'
import { leaks, toldBy, tryAcross } from './across.ts'
import { isSuccess, namesOf, objectsOf, type Trial } from './trial.ts'

/** Somebody without a token is refused, whatever is asked, and learns nothing from the refusal. */
export async function tryNobody(trial: Trial): Promise<string | null> {
  const { send, operation, objects } = trial
  if (operation.public) return null
  const answer = await send({ tenant: null }, operation, objects)
  if (isSuccess(answer.status)) return 'it is done for somebody without a token'
  return toldBy(trial, answer).length > 0 ? `${leaks}, without a token` : null
}

/**
 * The lesser role of the stranger reaches no further than the stranger, and that of the owner does only
 * what the app says it may.
 */
export async function tryLesser(trial: Trial): Promise<string | null> {
  const { canaries, send, operation, owner, stranger, objects, hasLesser } = trial
  if (!hasLesser || operation.public) return null
  const mayDo = canaries.lesser!.includes(operation.name)
  if (namesOf(operation).length > 0) {
    const why = await tryAcross(trial, { tenant: stranger, lesser: true })
    if (why !== null) return `${why}, with the lesser role`
  }
  if (mayDo && operation.method !== 'GET') return null
  const own = mayDo ? objectsOf(canaries, owner) : objects
  const { status } = await send({ tenant: owner, lesser: true }, operation, own)
  if (status === 401) {
    throw cannotLook(`${operation.name} was refused to the lesser role (status ${status})`)
  }
  if (mayDo && !isSuccess(status)) {
    throw cannotLook(`${operation.name} fails for the lesser role, which may do it (${status})`)
  }
  return !mayDo && isSuccess(status) ? 'it is done for a role that may not do it' : null
}
