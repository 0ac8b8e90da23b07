import { leaks, likeThem, toldBy } from './across.ts'
import type { Operation } from './canaries.ts'
import { idIn, makersOf } from './made.ts'
import { areToldApart, outlineOf } from './shape.ts'
import { isSuccess, namesOf, objectsOf, type Objects, type Trial } from './trial.ts'

/** An id of the stranger's own among the owner's, in a list of ids, opens no door to the others. */
export async function tryMixed(trial: Trial): Promise<string | null> {
  const { operation, send, stranger, objects, canaries } = trial
  const name = listedIn(operation)
  if (name === null || operation.public || objects[name] === undefined) return null
  if (objects[name] === objectsOf(canaries, stranger)[name]) return null
  const own = await ownOf(trial, name)
  if (own === null) return null
  const mixed = mix(operation, name)
  const ask = (others: Objects) => send({ tenant: stranger }, mixed, { ...others, [ownOne]: own })
  const there = () => ask(objects)
  if (await areToldApart(there, () => ask(likeThem(objects)), outlineOf)) {
    return "another tenant's object beside an own one answers unlike a missing one"
  }
  return toldBy({ ...trial, operation: mixed }, await there()).length > 0 ? leaks : null
}

const ownOne = 'ownOne'

/** The object whose ids a list in the body takes. */
function listedIn({ body }: Operation): string | null {
  return /\["\{(\w+)\}"\]/.exec(JSON.stringify(body ?? ''))?.[1] ?? null
}

function mix(operation: Operation, name: string): Operation {
  const text = JSON.stringify(operation.body)
  const both = text.replaceAll(`["{${name}}"]`, `["{${ownOne}}","{${name}}"]`)
  return { ...operation, body: JSON.parse(both) as NonNullable<Operation['body']> }
}

/** One of the stranger's that may come to harm: made for it, or its own where the operation is repeatable. */
async function ownOf(trial: Trial, name: string): Promise<string | null> {
  const { canaries, making, operation, stranger } = trial
  const own = objectsOf(canaries, stranger)
  const maker = makersOf(canaries).find(({ makes }) => makes === name)
  if (maker !== undefined) {
    const answer = await making.send({ tenant: stranger }, maker, own)
    if (isSuccess(answer.status)) return idIn(answer, maker)
  }
  return operation.control === undefined && namesOf(operation).includes(name) ? own[name]! : null
}
