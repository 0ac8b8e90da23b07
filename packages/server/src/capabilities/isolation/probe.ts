import { randomInt, randomUUID } from 'node:crypto'
import { cannotLook } from '../../foundation/look.ts'
import type { Answer } from '../../outside/request.ts'
import type { Canaries, Operation } from './canaries.ts'
import { sameShape } from './shape.ts'

export type Name = 'a' | 'b'
/** Asks the app as one canary. */
export type Send = (as: Name, operation: Operation, objects: Objects) => Promise<Answer>
export type Objects = Readonly<Record<string, string>>

export interface Crossing {
  operation: string
  why: string
}

export interface Probed {
  /** Operations tried across, each in both directions. */
  operations: number
  crossings: readonly Crossing[]
}

/**
 * Tries every operation of one canary on the objects of the other. Its answer must be the one for an
 * object that is not there, in status and form. The control: its owner succeeds, before and after, and
 * finds its objects as they were.
 */
export async function probe(canaries: Canaries, send: Send): Promise<Probed> {
  const probed = { operations: 0, crossings: [] as Crossing[] }
  try {
    await probeOneWay(canaries, send, ['a', 'b'], probed)
    await probeOneWay(canaries, send, ['b', 'a'], probed)
  } catch (error) {
    // What crossed was seen, and often is why nothing works after it.
    if (probed.crossings.length === 0) throw error
  }
  return probed
}

async function probeOneWay(
  canaries: Canaries,
  send: Send,
  [owner, stranger]: readonly [Name, Name],
  probed: { operations: number; crossings: Crossing[] },
): Promise<void> {
  const before = await readOwn(canaries, send, owner)
  const again = await readOwn(canaries, send, owner)
  for (const [operation, answer] of before) {
    mustSucceed(answer, operation, owner)
    if (again.get(operation)?.body === answer.body) continue
    throw cannotLook(`${operation.name} answers differently each time it is asked`)
  }
  for (const operation of canaries.operations) {
    probed.operations++
    const tryIt = isList(operation) ? tryList : tryAcross
    const why = await tryIt(canaries, send, operation, owner, stranger)
    if (why !== null) probed.crossings.push({ operation: operation.name, why })
  }
  for (const [operation, { status, body }] of await readOwn(canaries, send, owner)) {
    if (isSuccess(status) && before.get(operation)?.body === body) continue
    const why = 'what it reads was changed from another tenant'
    probed.crossings.push({ operation: operation.name, why })
  }
  for (const operation of canaries.operations) await control(canaries, send, operation, owner)
}

function isList({ path }: Operation): boolean {
  return !/\{\w+\}/.test(path)
}

function objectsOf(canaries: Canaries, name: Name): Objects {
  return canaries.tenants[name].objects
}

/** What the owner's own reads give. */
async function readOwn(
  canaries: Canaries,
  send: Send,
  owner: Name,
): Promise<Map<Operation, Answer>> {
  const read = new Map<Operation, Answer>()
  for (const operation of canaries.operations) {
    if (operation.method !== 'GET' || isList(operation)) continue
    read.set(operation, await send(owner, operation, objectsOf(canaries, owner)))
  }
  return read
}

async function control(
  canaries: Canaries,
  send: Send,
  operation: Operation,
  owner: Name,
): Promise<void> {
  const shown = canaries.operations.find(({ name }) => name === operation.control) ?? operation
  mustSucceed(await send(owner, shown, objectsOf(canaries, owner)), operation, owner)
}

function mustSucceed({ status }: Answer, { name }: Operation, owner: Name): void {
  if (isSuccess(status)) return
  throw cannotLook(`${name} fails for canary ${owner} on its own object (status ${status})`)
}

const isSuccess = (status: number) => status >= 200 && status < 300

async function tryAcross(
  canaries: Canaries,
  send: Send,
  operation: Operation,
  owner: Name,
  stranger: Name,
): Promise<string | null> {
  const objects = objectsOf(canaries, owner)
  const crossed = await send(stranger, operation, objects)
  if (isSuccess(crossed.status)) return 'it is done on the object of another tenant'
  const random = Object.fromEntries(
    Object.entries(objects).map(([name, id]) => [name, anotherLike(id)]),
  )
  const absent = await send(stranger, operation, random)
  for (const { status } of [crossed, absent]) {
    if (status === 401 || status === 429) {
      throw cannotLook(`${operation.name} was refused to canary ${stranger} (status ${status})`)
    }
  }
  if (isSuccess(absent.status)) {
    throw cannotLook(`${operation.name} succeeds on an object that is not there`)
  }
  if (crossed.status !== absent.status) {
    return `another tenant's object answers ${crossed.status}, a missing one ${absent.status}`
  }
  return sameShape(crossed, absent) ? null : "another tenant's object answers unlike a missing one"
}

/** A list of the stranger's shows its own object and none of the owner's. */
async function tryList(
  canaries: Canaries,
  send: Send,
  operation: Operation,
  owner: Name,
  stranger: Name,
): Promise<string | null> {
  const answer = await send(stranger, operation, objectsOf(canaries, stranger))
  mustSucceed(answer, operation, stranger)
  const [own, others] = [stranger, owner].map((name) =>
    Object.values(objectsOf(canaries, name)).filter((id) => holds(answer.body, id)),
  )
  if (others!.length > 0) return 'it lists an object of another tenant'
  const isRead = operation.method === 'GET'
  if (isRead && own!.length === 0) throw cannotLook(`${operation.name} lists no object of a canary`)
  return null
}

/** Whether a text holds an id as a whole: 12 is not in 3124. */
function holds(text: string, id: string): boolean {
  for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
    const around = [text[at - 1] ?? ' ', text[at + id.length] ?? ' ']
    if (!around.some((unit) => /[\p{L}\p{N}_-]/u.test(unit))) return true
  }
  return false
}

/** An id of the same form that belongs to nobody: a UUID, or the same kinds of characters. */
function anotherLike(id: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(id) && id.length === 36) return randomUUID()
  return id.replace(/\d|[a-z]|[A-Z]/g, (unit) => {
    const base = /\d/.test(unit) ? '0' : /[a-z]/.test(unit) ? 'a' : 'A'
    return String.fromCharCode(base.charCodeAt(0) + randomInt(base === '0' ? 10 : 26))
  })
}
