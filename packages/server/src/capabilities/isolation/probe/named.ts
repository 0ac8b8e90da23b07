import type { Answer } from '../../../outside/request.ts'
import { isSent, leaks, likeThem } from './across.ts'
import { idIn, makeOwn } from './made.ts'
import { areToldApart, outlineOf } from './shape.ts'
import { isReading, isSuccess, namesOf, objectsOf, type Objects, type Trial } from './trial.ts'
import { holds, textOf } from './values.ts'

/**
 * What the stranger may do with its own objects opens no door to one of the owner's that is named beside
 * them: each name in a body is the owner's in turn. Neither the answer tells of it, nor what is read then.
 */
export async function tryNamed(trial: Trial): Promise<string | null> {
  const { canaries, making, operation, stranger } = trial
  if (operation.public || operation.control !== undefined || isReading(operation)) return null
  const names = namedBeside(trial)
  if (names.length === 0) return null
  const own = await makeOwn(making, canaries, operation, stranger)
  for (const name of names) {
    const why = await tryOne(trial, own, name)
    if (why !== null) return `${why}, when its body names that tenant's ${name}`
  }
  return null
}

/** Names in the body, of what each canary has its own, beside others that the operation names. */
function namedBeside({ canaries, operation, owner, stranger }: Trial): string[] {
  const inPath = namesOf({ ...operation, body: undefined })
  const [others, own] = [objectsOf(canaries, owner), objectsOf(canaries, stranger)]
  const isForAll = (name: string) => canaries.global?.includes(`${operation.name}.${name}`)
  const all = namesOf(operation)
  return all.filter(
    (name) =>
      all.length > 1 && !inPath.includes(name) && others[name] !== own[name] && !isForAll(name),
  )
}

async function tryOne(trial: Trial, own: Objects, name: string): Promise<string | null> {
  const { canaries, send, making, operation, owner, stranger } = trial
  const foreign = { [name]: objectsOf(canaries, owner)[name]! }
  const ask = (named: Objects) => send({ tenant: stranger }, operation, { ...own, ...named })
  if (
    await areToldApart(
      () => ask(foreign),
      () => ask(likeThem(foreign)),
      outlineOf,
    )
  ) {
    await ask({})
    return "another tenant's object answers unlike a missing one"
  }
  const readWith = async (named: Objects) => {
    const from = making.made.length
    const answer = await ask(named)
    const read = await readAfter(trial, answer, own)
    // Back to its own, so that what is read next tells nothing of the owner's.
    if (operation.makes !== undefined) await making.remove(from)
    else if (isSuccess(answer.status)) await ask({})
    return [textOf(answer), ...read].join('\n')
  }
  // What it searched for is told with either.
  const sending = {
    ...trial,
    objects: foreign,
    asked: { a: new Set<string>(), b: new Set<string>() },
  }
  const secrets = trial.secrets.filter((one) => !isSent(sending, one))
  for (let times = 0; times < 2; times++) {
    const there = await readWith(foreign)
    const told = secrets.filter((one) => holds(there, one))
    if (told.length === 0) return null
    const missing = await readWith(likeThem(foreign))
    if (told.every((one) => holds(missing, one))) return null
  }
  return leaks
}

/** What the stranger reads of what it changed or made; all that it may read, once something was done. */
async function readAfter(trial: Trial, answer: Answer, own: Objects): Promise<string[]> {
  const { canaries, send, operation, stranger, echoing } = trial
  const { makes } = operation
  const isDone = isSuccess(answer.status)
  const objects = makes !== undefined && isDone ? { ...own, [makes]: idIn(answer, operation) } : own
  const changed = makes ?? namesOf({ ...operation, body: undefined }).at(-1)
  const reading = canaries.operations.filter(
    (one) =>
      one.method === 'GET' &&
      !one.public &&
      !echoing[stranger].has(one) &&
      !canaries.global?.includes(one.name) &&
      (isDone || namesOf(one).at(-1) === changed),
  )
  const read: string[] = []
  for (const one of reading) {
    read.push(textOf(await send({ tenant: stranger }, one, objects)))
  }
  return read
}
