import { randomInt, randomUUID } from 'node:crypto'
import { cannotLook } from '../../foundation/look.ts'
import type { Answer } from '../../outside/request.ts'
import type { Canaries, Operation } from './canaries.ts'
import { sameShape } from './shape.ts'
import { headerNames, holds, isTelling, textOf, valuesOf } from './values.ts'

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
 * object that is not there, in status, form and headers, and say nothing that the owner alone sees of
 * its objects. The control: the owner succeeds, before and after, and finds its objects as they were.
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
  const secrets = findSecrets(before, again, await readOwn(canaries, send, stranger))
  for (const operation of canaries.operations) {
    probed.operations++
    const trial = { canaries, send, operation, owner, stranger, secrets }
    const why = await (isList(operation) ? tryList(trial) : tryAcross(trial))
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

/**
 * What the owner sees of its objects, twice the same, and the stranger does not see of its own: what both
 * see, as a currency or a state, is nobody's secret.
 */
function findSecrets(
  before: ReadonlyMap<Operation, Answer>,
  again: ReadonlyMap<Operation, Answer>,
  strangers: ReadonlyMap<Operation, Answer>,
): string[] {
  const repeated = new Set([...again.values()].flatMap((answer) => [...valuesOf(answer)]))
  const values = new Set([...before.values()].flatMap((answer) => [...valuesOf(answer)]))
  const known = [...strangers.values()].map(textOf)
  return [...values].filter(
    (value) => repeated.has(value) && !known.some((text) => holds(text, value)),
  )
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

interface Trial {
  canaries: Canaries
  send: Send
  operation: Operation
  owner: Name
  stranger: Name
  /** Values that only the owner sees. */
  secrets: readonly string[]
}

async function tryAcross(trial: Trial): Promise<string | null> {
  const { canaries, operation, owner } = trial
  const objects = objectsOf(canaries, owner)
  const crossed = await sendAcross(trial, objects)
  if (isSuccess(crossed.status)) return 'it is done on the object of another tenant'
  const absent = await sendAcross(trial, likeThem(objects))
  if (isSuccess(absent.status)) {
    throw cannotLook(`${operation.name} succeeds on an object that is not there`)
  }
  if (crossed.status !== absent.status) {
    return `another tenant's object answers ${crossed.status}, a missing one ${absent.status}`
  }
  if (!sameShape(crossed, absent)) return "another tenant's object answers unlike a missing one"
  const why = whatTells(trial, crossed, absent)
  if (why === null) return null
  // By chance a number of a request is one of the owner's, and some headers come only with a first answer.
  const second = await sendAcross(trial, likeThem(objects))
  return whatTells(trial, await sendAcross(trial, objects), second) === null ? null : why
}

async function sendAcross({ send, operation, stranger }: Trial, objects: Objects): Promise<Answer> {
  const answer = await send(stranger, operation, objects)
  if (answer.status !== 401 && answer.status !== 429) return answer
  throw cannotLook(`${operation.name} was refused to canary ${stranger} (status ${answer.status})`)
}

const leaks = 'its answer holds what only another tenant may see'

function whatTells(trial: Trial, crossed: Answer, absent: Answer): string | null {
  if (isLeaking(trial, crossed, absent)) return leaks
  const [names, others] = [headerNames(crossed), headerNames(absent)]
  const apart = [
    ...[...names].filter((name) => !others.has(name)),
    ...[...others].filter((name) => !names.has(name)),
  ]
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

/** Whether the stranger itself names a value when it asks, or an id that the value is made of. */
function isSent({ canaries, operation, owner }: Trial, value: string): boolean {
  const asked = `${operation.path} ${JSON.stringify(operation.body ?? '')}`.toLowerCase()
  const names = new Set([...asked.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
  const ids = Object.entries(objectsOf(canaries, owner)).flatMap(([name, id]) =>
    names.has(name.toLowerCase()) ? [id.toLowerCase()] : [],
  )
  return holds(asked, value) || ids.some((id) => holds(value, id) || holds(id, value))
}

/** A list of the stranger's shows its own object, none of the owner's, and nothing that tells of one. */
async function tryList(trial: Trial): Promise<string | null> {
  const { canaries, send, operation, owner, stranger } = trial
  const ask = async () => {
    const answer = await send(stranger, operation, objectsOf(canaries, stranger))
    mustSucceed(answer, operation, stranger)
    return answer
  }
  const { body, ...rest } = await ask()
  const [own, others] = [stranger, owner].map((name) =>
    Object.values(objectsOf(canaries, name)).filter((id) => holds(body, id)),
  )
  if (others!.length > 0) return 'it lists an object of another tenant'
  const isRead = operation.method === 'GET'
  if (isRead && own!.length === 0) throw cannotLook(`${operation.name} lists no object of a canary`)
  const telling = trial.secrets.filter((value) => isTelling(value) && !isSent(trial, value))
  const shown = telling.filter((value) => holds(textOf({ ...rest, body }), value))
  if (shown.length === 0) return null
  const again = textOf(await ask())
  return shown.some((value) => holds(again, value)) ? leaks : null
}

function likeThem(objects: Objects): Objects {
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
