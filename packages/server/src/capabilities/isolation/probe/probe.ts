import { cannotLook } from '../../../foundation/look.ts'
import type { Answer } from '../../../outside/request.ts'
import { tryAcross } from './across.ts'
import { tryLesser, tryNobody } from './callers.ts'
import type { Canaries, Operation } from './canaries.ts'
import { tryContradictions } from './contradictions.ts'
import { tryList } from './lists.ts'
import { findEchoes } from './echoes.ts'
import { tryHeads } from './heads.ts'
import { findInterference } from './interference.ts'
import { makeOwn, openMaking, readingOfMade } from './made.ts'
import { tryMixed } from './mixed.ts'
import { tryNamed } from './named.ts'
import { tryPages } from './pages.ts'
import { differing, isChanged, lost, saidAt, scoped } from './places.ts'
import { findPromotion } from './promotion.ts'
import { findSearches, readNames, searchingWith, type Searches } from './searches.ts'
import { sweep } from './sweep.ts'
import { findTaken } from './taken.ts'
import {
  isReading,
  mustSucceed,
  namesOf,
  objectsOf,
  type Name,
  type Send,
  type Setting,
  type Trial,
} from './trial.ts'
import { holds, textOf, valuesOf } from './values.ts'
import { openWords } from './words.ts'

export interface Crossing {
  operation: string
  why: string
}

export interface Probed {
  /** Operations tried across, each in both directions. */
  operations: number
  crossings: Crossing[]
}

/**
 * Tries every operation of one canary on the objects of the other: as the other, as its lesser user, as
 * nobody. The answer must be the one for an object that is not there, in status, form and headers, and
 * say nothing that the owner alone sees of its objects. The control: the owner succeeds, before and after,
 * and finds its objects as they were. What is made for a trial is removed by whoever made it.
 */
export async function probe(canaries: Canaries, send: Send, hasLesser = false): Promise<Probed> {
  const probed: Probed = { operations: 0, crossings: [] }
  if (hasLesser && canaries.lesser === undefined) {
    throw cannotLook('the app does not say at `lesser` what the lesser role may do')
  }
  const onCrossing = ({ name }: Operation, why: string) => addCrossing(probed, name, why)
  const searches: Searches = new Map()
  const searching = searchingWith(searches, send)
  const words = openWords(canaries, searching, mostRequests(canaries), onCrossing)
  const making = openMaking(canaries, words)
  const asked = { a: new Set<string>(), b: new Set<string>() }
  try {
    try {
      const called = {
        a: await readNames(canaries, making.send, 'a'),
        b: await readNames(canaries, making.send, 'b'),
      }
      const app = { canaries, making, called }
      for (const tenant of ['a', 'b'] as const) await findSearches(searches, app, tenant)
      const echoing = { a: await findEchoes(app, 'a'), b: await findEchoes(app, 'b') }
      const setting = { ...app, hasLesser, asked, echoing, volatile: new Set<string>() }
      for (const way of ways) await probeOneWay(setting, way, probed)
      for (const way of ways) await findTaken(setting, way, onCrossing)
      for (const way of ways) await findInterference(setting, way, onCrossing)
      await sweep(setting, onCrossing)
      for (const tenant of ['a', 'b'] as const) await findPromotion(setting, tenant, onCrossing)
    } finally {
      await making.remove(0)
    }
  } catch (error) {
    // What crossed was seen, and often is why nothing works after it.
    if (probed.crossings.length === 0) throw error
  }
  return probed
}

type Way = readonly [owner: Name, stranger: Name]
const ways: readonly Way[] = [
  ['a', 'b'],
  ['b', 'a'],
]

/** Far more than any app has needed; each operation costs about the same. */
const mostRequests = ({ operations }: Canaries) => 1000 + 100 * operations.length

/** Each once. */
function addCrossing({ crossings }: Probed, operation: string, why: string): void {
  if (crossings.some((one) => one.operation === operation && one.why === why)) return
  crossings.push({ operation, why })
}

async function probeOneWay(setting: Setting, way: Way, probed: Probed): Promise<void> {
  const [owner, stranger] = way
  const { canaries, making } = setting
  const { send } = making
  const [before, again] = await readTwice(setting, owner)
  for (const [operation, answer] of before) mustSucceed(answer, operation, owner)
  const secrets = findSecrets(before, again, await readOwn(canaries, send, stranger))
  const { trials, failure } = await prepare(setting, way, secrets)
  const tryEach = async (some: readonly Trial[]) => {
    for (const trial of some) {
      probed.operations++
      const why = await tryAll(trial)
      if (why !== null) addCrossing(probed, trial.operation.name, why)
    }
  }
  const findChanged = async (read: ReadonlyMap<Operation, Answer>, compare: typeof differing) => {
    for (const [operation, answer] of read) {
      if (canaries.global?.includes(operation.name)) continue
      const ask = async () =>
        saidAt(await send({ tenant: owner }, operation, objectsOf(canaries, owner)))
      if (!(await isChanged(operation, saidAt(answer), ask, setting.volatile, compare))) continue
      addCrossing(probed, operation.name, changed)
    }
  }
  // From here on the owner only reads, so that what it reads otherwise was changed by others. But first,
  // a count or an index that follows late may still follow what the owner made: no text goes by that.
  const [made] = await readTwice(setting, owner)
  await tryEach(trials.filter(({ operation }) => isReading(operation) && !isAskedWith(operation)))
  await findChanged(made, lost)
  const [still] = await readTwice(setting, owner)
  await tryEach(trials.filter((one) => !isReading(one.operation)))
  await findChanged(still, differing)
  // Last, for what the stranger asked with may come back to it from then on.
  await tryEach(trials.filter(({ operation }) => isReading(operation) && isAskedWith(operation)))
  if (failure !== null) throw failure
  for (const trial of trials) await control(trial)
}

const isAskedWith = ({ described }: Operation) => (described?.texts ?? []).length > 0

interface Prepared {
  trials: Trial[]
  /** Why the first operation that cannot be tried cannot, after all others were. */
  failure: Error | null
}

/** What the owner makes and does for the trials of all operations. Whether it may is seen at the end. */
async function prepare(
  setting: Setting,
  [owner, stranger]: Way,
  secrets: readonly string[],
): Promise<Prepared> {
  const { canaries, making } = setting
  const { send } = making
  const prepared: Prepared = { trials: [], failure: null }
  for (const operation of inOrder(canaries.operations)) {
    try {
      const objects = await makeOwn(making, canaries, operation, owner)
      const isOfAll = namesOf(operation).length === 0 && !isReading(operation)
      if (isOfAll) await send({ tenant: owner }, operation, objects)
      prepared.trials.push({ ...setting, send, operation, owner, stranger, objects, secrets })
    } catch (error) {
      prepared.failure ??= error as Error
    }
  }
  return prepared
}

const changed = 'what it reads was changed from another tenant'

const attempts = [
  tryAsStranger,
  tryPages,
  tryHeads,
  tryMixed,
  tryNamed,
  tryNobody,
  tryLesser,
  tryContradictions,
]

async function tryAll(trial: Trial): Promise<string | null> {
  const { send, owner, objects, volatile } = trial
  const reading = readingOfMade(trial)
  const read = async () => reading && saidAt(await send({ tenant: owner }, reading, objects))
  const before = await read()
  for (const attempt of attempts) {
    const why = await attempt(trial)
    if (why !== null) return why
  }
  if (!reading) return null
  return (await isChanged(reading, before!, async () => (await read())!, volatile)) ? changed : null
}

/** What takes an object away comes last. */
function inOrder(operations: readonly Operation[]): Operation[] {
  return operations.toSorted(
    (a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
  )
}

function tryAsStranger(trial: Trial): Promise<string | null> {
  if (namesOf(trial.operation).length === 0) return tryList(trial)
  return tryAcross(trial, { tenant: trial.stranger })
}

/** What the owner's own reads give, and again; what differs is volatile. */
async function readTwice({ canaries, making, volatile }: Setting, owner: Name) {
  const first = await readOwn(canaries, making.send, owner)
  const again = await readOwn(canaries, making.send, owner)
  for (const [operation, answer] of first) {
    const places = differing(saidAt(answer), saidAt(again.get(operation)!))
    for (const place of places) volatile.add(scoped(operation, place))
  }
  return [first, again] as const
}

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
