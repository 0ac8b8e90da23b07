import type { Answer } from '../../../outside/request.ts'
import { isShared, likeThem, tryAcross } from './across.ts'
import { areToldApart, outlineOf } from './shape.ts'
import { isSuccess, namesOf, objectsOf, type Caller, type Objects, type Trial } from './trial.ts'

/** What is asked about an object instead of it: whether it is as somebody knows it, and its headers. */
export async function tryHeads(trial: Trial): Promise<string | null> {
  const { operation } = trial
  if (operation.method !== 'GET' || operation.public || namesOf(operation).length === 0) return null
  if (isShared(trial)) return null
  return (await tryConditions(trial)) ?? (await tryHead(trial))
}

/** Asked whether the object is still as its owner saw it, the app answers as for one that is not there. */
async function tryConditions(trial: Trial): Promise<string | null> {
  const { send, operation, owner, stranger, canaries } = trial
  const { headers } = await send({ tenant: owner }, operation, objectsOf(canaries, owner))
  const { etag, 'last-modified': modified } = headers
  const conditions = [
    ...(etag === undefined ? [] : [{ 'if-none-match': etag }]),
    ...(modified === undefined ? [] : [{ 'if-modified-since': modified }]),
  ]
  for (const condition of conditions) {
    const why = await tryAcross(trial, { tenant: stranger }, { headers: condition })
    if (why !== null) return `${why}, when asked with ${Object.keys(condition).join()}`
  }
  return null
}

/** HEAD may be unknown, but must not tell what is there: not to the stranger, nor to nobody. */
async function tryHead(trial: Trial): Promise<string | null> {
  const { send, objects } = trial
  const operation = { ...trial.operation, method: 'HEAD' as const }
  for (const caller of [{ tenant: trial.stranger }, { tenant: null }] satisfies Caller[]) {
    const ask = (about: Objects) => send(caller, operation, about)
    const there = () => ask(objects)
    if (await areToldApart(there, () => ask(likeThem(objects)), whatIsSaid)) {
      return 'HEAD answers unlike for a missing object'
    }
  }
  return null
}

function whatIsSaid(answer: Answer): string {
  const size = isSuccess(answer.status) ? String(answer.headers['content-length']) : ''
  return `${outlineOf(answer)} ${size}`
}
