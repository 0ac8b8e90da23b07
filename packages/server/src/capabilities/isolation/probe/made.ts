import { cannotLook } from '../../../foundation/look.ts'
import type { Answer } from '../../../outside/request.ts'
import type { Canaries, Operation } from './canaries.ts'
import {
  isSuccess,
  namesOf,
  namesShared,
  objectsOf,
  type Made,
  type Making,
  type Name,
  type Objects,
  type Send,
  type Trial,
} from './trial.ts'
import type { Words } from './words.ts'

export function openMaking(canaries: Canaries, { send, remember }: Words): Making {
  const made: Made[] = []
  return {
    made,
    async send(as, operation, objects, aside) {
      const answer = await send(as, operation, objects, aside)
      if (operation.makes !== undefined && isSuccess(answer.status)) {
        const id = idIn(answer, operation)
        made.push({ by: as, name: operation.makes, id, objects })
        if (as.tenant !== null) remember(id, as.tenant)
      }
      return answer
    },
    async remove(from) {
      for (const one of made.splice(from).toReversed()) await takeAway(canaries, send, one)
    },
  }
}

async function takeAway(canaries: Canaries, send: Send, made: Made): Promise<void> {
  const { by, name, id, objects } = made
  const removal = takerOf(canaries, name)
  if (!removal) throw cannotLook(`no operation takes away the ${name} that was made`)
  const statuses: number[] = []
  // Also as the other: whose it became is what was tried. 404: a trial did it already.
  for (const tenant of by.tenant === 'b' ? (['b', 'a'] as const) : (['a', 'b'] as const)) {
    const { status } = await send({ tenant }, removal, { ...objects, [name]: id })
    statuses.push(status)
    if (isSuccess(status)) return
  }
  if (statuses.every((status) => status === 404 || status === 410)) return
  throw cannotLook(`${removal.name} does not take away what was made (${statuses.join(', ')})`)
}

/** Makes one of each thing that can be taken away again, as far as the app lets it. */
export async function makeEach({ send }: Making, canaries: Canaries, tenant: Name): Promise<void> {
  for (const operation of makersOf(canaries)) {
    await send({ tenant }, operation, objectsOf(canaries, tenant))
  }
}

/** What makes something that is for one tenant alone. */
export function makersOf(canaries: Canaries): Operation[] {
  return canaries.operations.filter(
    (one) => one.makes !== undefined && !one.public && !namesShared(one, canaries),
  )
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

/** What reads the object that was made for a trial; undefined where none was, or nothing does. */
export function readingOfMade({
  canaries,
  operation,
  owner,
  objects,
}: Trial): Operation | undefined {
  const own = objectsOf(canaries, owner)
  const name = Object.keys(objects).find((one) => objects[one] !== own[one])
  return canaries.operations.find(
    (one) =>
      one.method === 'GET' &&
      one !== operation &&
      name !== undefined &&
      namesOf(one).at(-1) === name,
  )
}
