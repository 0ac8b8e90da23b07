import { cannotLook } from '../../foundation/look.ts'
import type { Answer } from '../../outside/request.ts'
import type { Canaries, Operation } from './canaries.ts'
import {
  isSuccess,
  namesOf,
  objectsOf,
  type Caller,
  type Making,
  type Name,
  type Objects,
  type Send,
  type Trial,
} from './trial.ts'

interface Made {
  by: Caller
  name: string
  id: string
  objects: Objects
}

export function openMaking(canaries: Canaries, send: Send): Making {
  const made: Made[] = []
  return {
    async send(as, operation, objects, aside) {
      const answer = await send(as, operation, objects, aside)
      if (operation.makes !== undefined && isSuccess(answer.status)) {
        made.push({ by: as, name: operation.makes, id: idIn(answer, operation), objects })
      }
      return answer
    },
    async removeAll() {
      for (const { by, name, id, objects } of made.splice(0).toReversed()) {
        const removal = takerOf(canaries, name)
        if (!removal) throw cannotLook(`no operation takes away the ${name} that was made`)
        const statuses: number[] = []
        // Also as the other: whose it became is what was tried. 404: a trial did it already.
        for (const tenant of by.tenant === 'b' ? (['b', 'a'] as const) : (['a', 'b'] as const)) {
          const { status } = await send({ tenant }, removal, { ...objects, [name]: id })
          statuses.push(status)
          if (isSuccess(status)) break
        }
        if (statuses.every((status) => isSuccess(status) || status === 404 || status === 410))
          continue
        throw cannotLook(
          `${removal.name} does not take away what was made (${statuses.join(', ')})`,
        )
      }
    },
  }
}

function takerOf(canaries: Canaries, name: string): Operation | undefined {
  return canaries.operations.find(
    (one) => one.method === 'DELETE' && one.control === undefined && namesOf(one).at(-1) === name,
  )
}

/** The id that an answer gives to what was made: `id` of its JSON, or the end of its Location. */
export function idIn({ body, headers }: Answer, { name }: Operation): string {
  const { id } = read(body) as { id?: unknown }
  if (typeof id === 'string' || typeof id === 'number') return String(id)
  const last = headers.location?.split(/[/?#]/).findLast((part) => part !== '')
  if (last !== undefined) return decodeURIComponent(last)
  throw cannotLook(`${name} does not say the id of what it made, as id or in its Location`)
}

function read(body: string): object {
  try {
    return Object(JSON.parse(body)) as object
  } catch {
    return {}
  }
}

/**
 * The owner's objects for one operation: one that writes is tried on an object made for it, where the app
 * makes such, so that the canaries' own stay as they are.
 */
export async function makeOwn(
  { send }: Making,
  canaries: Canaries,
  operation: Operation,
  owner: Name,
): Promise<Objects> {
  const objects = objectsOf(canaries, owner)
  if (operation.method === 'GET' || operation.control !== undefined) return objects
  const name = namesOf({ ...operation, body: undefined }).at(-1)
  const maker = canaries.operations.find(({ makes }) => makes !== undefined && makes === name)
  if (name === undefined || maker === undefined) {
    if (operation.method !== 'DELETE') return objects
    throw cannotLook(`nothing makes what ${operation.name} takes away: give it a control`)
  }
  const answer = await send({ tenant: owner }, maker, objects)
  if (!isSuccess(answer.status)) {
    throw cannotLook(`${maker.name} fails for canary ${owner} (status ${answer.status})`)
  }
  return { ...objects, [name]: idIn(answer, maker) }
}

/** What the owner reads of an object that was made for a trial; null where none was, or nothing reads it. */
export async function readMade(trial: Trial): Promise<string | null> {
  const { canaries, send, operation, owner, objects } = trial
  const own = objectsOf(canaries, owner)
  const name = Object.keys(objects).find((one) => objects[one] !== own[one])
  const reading = canaries.operations.find(
    (one) => one.method === 'GET' && name !== undefined && namesOf(one).at(-1) === name,
  )
  if (!reading || reading === operation) return null
  const { status, body } = await send({ tenant: owner }, reading, objects)
  return `${status} ${body}`
}
