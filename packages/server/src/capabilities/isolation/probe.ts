import { cannotLook } from '../../foundation/look.ts'
import type { Answer } from '../../outside/request.ts'
import { tryAcross } from './across.ts'
import { tryLesser, tryNobody } from './callers.ts'
import type { Canaries, Operation } from './canaries.ts'
import { tryContradictions } from './contradictions.ts'
import { tryList } from './lists.ts'
import { makeOwn, openMaking, readMade } from './made.ts'
import {
  isSuccess,
  mustSucceed,
  namesOf,
  objectsOf,
  type Name,
  type Send,
  type Trial,
} from './trial.ts'
import { holds, textOf, valuesOf } from './values.ts'

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
 * Tries every operation of one canary on the objects of the other: as the other, as its lesser user, as
 * nobody. The answer must be the one for an object that is not there, in status, form and headers, and
 * say nothing that the owner alone sees of its objects. The control: the owner succeeds, before and after,
 * and finds its objects as they were. What is made for a trial is removed by whoever made it.
 */
export async function probe(canaries: Canaries, send: Send, hasLesser = false): Promise<Probed> {
  const probed = { operations: 0, crossings: [] as Crossing[] }
  if (hasLesser && canaries.lesser === undefined) {
    throw cannotLook('the app does not say at `lesser` what the lesser role may do')
  }
  const making = openMaking(canaries, send)
  try {
    try {
      await probeOneWay({ canaries, making, hasLesser }, ['a', 'b'], probed)
      await probeOneWay({ canaries, making, hasLesser }, ['b', 'a'], probed)
    } finally {
      await making.removeAll()
    }
  } catch (error) {
    // What crossed was seen, and often is why nothing works after it.
    if (probed.crossings.length === 0) throw error
  }
  return probed
}

type Setting = Pick<Trial, 'canaries' | 'making' | 'hasLesser'>

async function probeOneWay(
  setting: Setting,
  [owner, stranger]: readonly [Name, Name],
  probed: { operations: number; crossings: Crossing[] },
): Promise<void> {
  const { canaries, making } = setting
  const { send } = making
  const before = await readOwn(canaries, send, owner)
  const again = await readOwn(canaries, send, owner)
  for (const [operation, answer] of before) {
    mustSucceed(answer, operation, owner)
    if (again.get(operation)?.body === answer.body) continue
    throw cannotLook(`${operation.name} answers differently each time it is asked`)
  }
  const secrets = findSecrets(before, again, await readOwn(canaries, send, stranger))
  const trials: Trial[] = []
  for (const operation of inOrder(canaries.operations)) {
    probed.operations++
    const objects = await makeOwn(making, canaries, operation, owner)
    const trial = { ...setting, send, operation, owner, stranger, objects, secrets }
    trials.push(trial)
    const why = await tryAll(trial)
    if (why !== null) probed.crossings.push({ operation: operation.name, why })
  }
  for (const [operation, { status, body }] of await readOwn(canaries, send, owner)) {
    if (isSuccess(status) && before.get(operation)?.body === body) continue
    probed.crossings.push({ operation: operation.name, why: changed })
  }
  for (const trial of trials) await control(trial)
}

const changed = 'what it reads was changed from another tenant'

async function tryAll(trial: Trial): Promise<string | null> {
  const made = await readMade(trial)
  for (const attempt of [tryAsStranger, tryNobody, tryLesser, tryContradictions]) {
    const why = await attempt(trial)
    if (why !== null) return why
  }
  return (await readMade(trial)) === made ? null : changed
}

/** What takes an object away comes last. */
function inOrder(operations: readonly Operation[]): Operation[] {
  return operations.toSorted(
    (a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
  )
}

const tryAsStranger = (trial: Trial) =>
  namesOf(trial.operation).length === 0
    ? tryList(trial)
    : tryAcross(trial, { tenant: trial.stranger })

/** What the owner's own reads give. */
async function readOwn(
  canaries: Canaries,
  send: Send,
  owner: Name,
): Promise<Map<Operation, Answer>> {
  const read = new Map<Operation, Answer>()
  for (const operation of canaries.operations) {
    if (operation.method !== 'GET' || namesOf(operation).length === 0) continue
    read.set(operation, await send({ tenant: owner }, operation, objectsOf(canaries, owner)))
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

/** The owner does it, or sees that what it was tried on is there. */
async function control({ canaries, send, operation, owner, objects }: Trial): Promise<void> {
  const shown = canaries.operations.find(({ name }) => name === operation.control)
  const own = shown ? objectsOf(canaries, owner) : objects
  mustSucceed(await send({ tenant: owner }, shown ?? operation, own), operation, owner)
}
