import { randomInt, randomUUID } from 'node:crypto'
import { cannotLook } from '../../../foundation/look.ts'
import type { Answer } from '../../../outside/request.ts'
import {
  isSuccess,
  namesOf,
  objectsOf,
  type Aside,
  type Caller,
  type Objects,
  type Trial,
} from './trial.ts'
import { areToldApart, outlineOf, sameShape } from './shape.ts'
import { headerNames, holds, isTelling, textOf } from './values.ts'

/** What is wrong when somebody of another tenant asks for the owner's object, or null. */
export async function tryAcross(
  trial: Trial,
  caller: Caller,
  aside: Aside = {},
): Promise<string | null> {
  const { operation, objects } = trial
  if (isShared(trial)) return null
  const crossed = await sendAcross(trial, caller, objects, aside)
  if (isSuccess(crossed.status)) return 'it is done on the object of another tenant'
  const absent = await sendAcross(trial, caller, likeThem(objects), aside)
  if (isSuccess(absent.status)) {
    throw cannotLook(`${operation.name} succeeds on an object that is not there`)
  }
  const there = () => sendAcross(trial, caller, objects, aside)
  const missing = () => sendAcross(trial, caller, likeThem(objects), aside)
  if (isLeaking(trial, crossed, absent)) {
    // By chance a number of a request is one of the owner's.
    const second = await missing()
    if (isLeaking(trial, await there(), second)) return leaks
  }
  const why = whatTells(crossed, absent)
  return why !== null && (await areToldApart(there, missing, outlineOf)) ? why : null
}

/** What both canaries have alike belongs to neither. */
export function isShared({ canaries, operation, objects, stranger }: Trial): boolean {
  const others = objectsOf(canaries, stranger)
  return namesOf(operation).every((name) => objects[name] === others[name])
}

async function sendAcross(
  { send, operation, stranger }: Trial,
  caller: Caller,
  objects: Objects,
  aside: Aside,
): Promise<Answer> {
  const answer = await send(caller, operation, objects, aside)
  if (answer.status !== 401) return answer
  throw cannotLook(`${operation.name} was refused to canary ${stranger} (status ${answer.status})`)
}

export const leaks = 'its answer holds what only another tenant may see'

/** How the answer for the owner's object differs from that for a missing one, or null. */
function whatTells(crossed: Answer, absent: Answer): string | null {
  if (crossed.status !== absent.status) {
    return `another tenant's object answers ${crossed.status}, a missing one ${absent.status}`
  }
  if (!sameShape(crossed, absent)) return "another tenant's object answers unlike a missing one"
  const [names, others] = [headerNames(crossed), headerNames(absent)]
  const apart = [...names, ...others].filter((name) => names.has(name) !== others.has(name))
  if (apart.length === 0) return null
  return `another tenant's object answers with other headers than a missing one: ${apart.join(', ')}`
}

/**
 * Whether an answer to the stranger holds a value of the owner: any that the answer for a missing object
 * does not hold, and what is said of one thing alone wherever it is. What the stranger sent may come back.
 */
function isLeaking(trial: Trial, crossed: Answer, absent: Answer): boolean {
  const [there, missing] = [textOf(crossed), textOf(absent)]
  return trial.secrets.some(
    (value) =>
      holds(there, value) && !isSent(trial, value) && (isTelling(value) || !holds(missing, value)),
  )
}

/** The owner's values that an answer to somebody else holds, and that could not be there by chance. */
export function toldBy(trial: Trial, answer: Answer): string[] {
  if (trial.echoing[trial.stranger].has(trial.operation)) return []
  const text = textOf(answer)
  return trial.secrets.filter(
    (value) => isTelling(value) && !isSent(trial, value) && holds(text, value),
  )
}

/** Whether the stranger itself names a value when it asks, or an id that the value is made of. */
export function isSent(trial: Trial, value: string): boolean {
  const { operation, objects, stranger } = trial
  if ([...trial.asked[stranger]].some((one) => holds(one, value))) return true
  const asked = `${operation.path} ${JSON.stringify(operation.body ?? '')}`.toLowerCase()
  const names = new Set([...asked.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
  const ids = Object.entries(objects).flatMap(([name, id]) =>
    names.has(name.toLowerCase()) ? [id.toLowerCase()] : [],
  )
  return holds(asked, value) || ids.some((id) => holds(value, id) || holds(id, value))
}

/** Objects that are not there, with ids of the same form. */
export function likeThem(objects: Objects): Objects {
  return Object.fromEntries(Object.entries(objects).map(([name, id]) => [name, anotherLike(id)]))
}

/** An id of the same form that belongs to nobody: a UUID, or the same kinds of characters. */
function anotherLike(id: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(id) && id.length === 36) return randomUUID()
  return id.replace(/\d|[a-z]|[A-Z]/g, (unit) => {
    const base = /\d/.test(unit) ? '0' : /[a-z]/.test(unit) ? 'a' : 'A'
    return String.fromCharCode(base.charCodeAt(0) + randomInt(base === '0' ? 10 : 26))
  })
}
