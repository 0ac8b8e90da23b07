import { cannotLook } from '../../../foundation/look.ts'
import type { Answer } from '../../../outside/request.ts'
import { leaks, toldBy } from './across.ts'
import { parse } from './canaries.ts'
import { isReading, mustSucceed, objectsOf, type Aside, type Trial } from './trial.ts'
import { holds, isTelling } from './values.ts'

/**
 * A list of the stranger's shows its own object, none of the owner's, and nothing that tells of one: as
 * it is, and with each value that it may be asked with. The owner asks first, so that an answer kept for
 * everybody is the owner's; what does something, it did before all trials.
 */
export async function tryList(trial: Trial): Promise<string | null> {
  const { operation, stranger, owner, canaries } = trial
  for (const aside of variants(trial)) {
    if (isReading(operation)) {
      const first = await trial.send(
        { tenant: owner },
        operation,
        objectsOf(canaries, owner),
        aside,
      )
      if (aside.query === undefined) mustSucceed(first, operation, owner)
    }
    const why = await askAsStranger(trial, aside)
    if (why === null) continue
    const [asked] = Object.keys(aside.query ?? {})
    return asked === undefined || operation.public ? why : `${why}, when asked with ${asked}`
  }
  for (const name of operation.described?.texts ?? []) {
    for (const value of tellingOf(trial)) {
      trial.asked[stranger].add(value.toLowerCase())
      const why = await askAsStranger(trial, { query: { [name]: value } })
      if (why !== null) return `${why}, when asked with a value of that tenant as ${name}`
    }
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

const isMail = (value: string) => /^\S+@\S+$/.test(value)

/** Some of the owner's values that somebody else may know and look for: addresses, names, numbers. */
function tellingOf({ secrets, canaries, owner, called }: Trial): string[] {
  const ids = new Set(Object.values(objectsOf(canaries, owner)).map((id) => id.toLowerCase()))
  const telling = secrets.filter((value) => isTelling(value) && !ids.has(value))
  const asWritten = (value: string) =>
    called[owner].find((one) => one.toLowerCase() === value) ?? value
  const some = (fits: (value: string) => boolean, most: number) =>
    telling.filter(fits).slice(0, most).map(asWritten)
  return [
    ...some(isMail, 4),
    ...some((value) => /\s/.test(value) && value.length <= 60, 2),
    ...some((value) => !isMail(value) && !/\s/.test(value) && value.length <= 40, 2),
  ]
}

/** What is wrong with what the stranger is told when it asks for a list, or null. */
async function askAsStranger(trial: Trial, aside: Aside): Promise<string | null> {
  const { canaries, send, operation, stranger } = trial
  const ask = () => send({ tenant: stranger }, operation, objectsOf(canaries, stranger), aside)
  const answer = await ask()
  if (aside.query === undefined) mustSucceed(answer, operation, stranger)
  const sent = Object.values(aside.query ?? {}).flatMap((value) => [value, value.toLowerCase()])
  return await whatIsListed(trial, answer, ask, sent)
}

/** A number that says how many or where, and might be an id by chance. */
const counting = /"\w*(?:total|count|limit|offset|page|size|next|prev)\w*"\s*:\s*"?\d+\b/gi

/** Looks for what is the owner's; a value must be there when asked again, for a number may be by chance. */
export async function whatIsListed(
  trial: Trial,
  answer: Answer,
  ask: () => Promise<Answer>,
  sent: readonly string[],
): Promise<string | null> {
  const { canaries, stranger, owner, operation } = trial
  if (trial.echoing[stranger].has(operation)) return null
  const said = answer.body.replaceAll(counting, '')
  const isOwners = (id: string) => !sent.includes(id) && holds(said, id)
  const shared = new Set(Object.values(objectsOf(canaries, stranger)))
  const others = Object.values(objectsOf(canaries, owner)).filter((id) => !shared.has(id))
  if (others.some(isOwners)) return 'it lists an object of another tenant'
  const told = toldBy(trial, answer).filter((value) => !sent.includes(value))
  if (told.length === 0) return null
  const again = toldBy(trial, await ask())
  return told.some((value) => again.includes(value)) ? leaks : null
}
