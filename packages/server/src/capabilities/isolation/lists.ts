import { cannotLook } from '../../foundation/look.ts'
import { leaks, toldBy } from './across.ts'
import { parse } from './canaries.ts'
import { isSuccess, mustSucceed, objectsOf, type Aside, type Trial } from './trial.ts'
import { holds } from './values.ts'

/**
 * A list of the stranger's shows its own object, none of the owner's, and nothing that tells of one: as
 * it is, and with each value that it may be asked with. The owner asks first, so that an answer kept for
 * everybody is the owner's.
 */
export async function tryList(trial: Trial): Promise<string | null> {
  const { operation, owner, canaries } = trial
  for (const aside of variants(trial)) {
    const { send } = trial
    const first = await send({ tenant: owner }, operation, objectsOf(canaries, owner), aside)
    if (!isSuccess(first.status) && aside.query === undefined) mustSucceed(first, operation, owner)
    const why = await askAsStranger(trial, aside)
    if (why === null) continue
    const [asked] = Object.keys(aside.query ?? {})
    return asked === undefined || operation.public ? why : `${why}, when asked with ${asked}`
  }
  if (operation.method !== 'GET' || operation.public) return null
  const { body } = await trial.send({ tenant: owner }, operation, objectsOf(canaries, owner))
  if (!isEmptyList(body)) return null
  throw cannotLook(`${operation.name} lists nothing of a canary: give it one`)
}

/** A list without anything in it, as it is or under a name. */
function isEmptyList(body: string): boolean {
  const said = parse(body)
  const lists = Object.values(Array.isArray(said) ? [said] : Object(said)).filter(Array.isArray)
  return lists.length > 0 && lists.every((list) => list.length === 0)
}

/** Values are those of the owner where they name its objects. */
function variants({ operation, canaries, owner }: Trial): Aside[] {
  const objects = objectsOf(canaries, owner)
  const filled = (value: string) =>
    value.replaceAll(/\{(\w+)\}/g, (all, name) => objects[name] ?? all)
  const queries = Object.entries(operation.query ?? {}).flatMap(([name, values]) =>
    values.map((value) => ({ query: { [name]: filled(value) } })),
  )
  // Without anything again at the end: what a list was asked with may be kept for the next.
  return queries.length === 0 ? [{}] : [{}, ...queries, {}]
}

async function askAsStranger(trial: Trial, aside: Aside): Promise<string | null> {
  const { canaries, send, operation, stranger, owner } = trial
  const ask = () => send({ tenant: stranger }, operation, objectsOf(canaries, stranger), aside)
  const answer = await ask()
  if (aside.query === undefined) mustSucceed(answer, operation, stranger)
  if (answer.status === 429) throw cannotLook(`${operation.name} was refused (status 429)`)
  const sent = Object.values(aside.query ?? {})
  const isOwners = (id: string) => !sent.includes(id) && holds(answer.body, id)
  const shared = new Set(Object.values(objectsOf(canaries, stranger)))
  const others = Object.values(objectsOf(canaries, owner)).filter((id) => !shared.has(id))
  if (others.some(isOwners)) return 'it lists an object of another tenant'
  const told = toldBy(trial, answer).filter((value) => !sent.includes(value))
  if (told.length === 0) return null
  const again = toldBy(trial, await ask())
  return told.some((value) => again.includes(value)) ? leaks : null
}
