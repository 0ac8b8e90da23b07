import type { Answer } from '../../../outside/request.ts'
import { parse, type Canaries, type Operation } from './canaries.ts'
import { ownName } from './sample.ts'
import { outlineOf } from './shape.ts'
import { isSuccess, namesOf, objectsOf, type Name, type Send } from './trial.ts'
import { freshWord } from './words.ts'

/** What each canary searches for, by the operation that must be told what. */
export type Searches = Map<Operation, Partial<Record<Name, string>>>

/** Sends what a canary's own things are called where something must be searched for. */
export function searchingWith(searches: Searches, send: Send): Send {
  return (as, operation, objects, aside) => {
    const own = searches.get(operation)?.[as.tenant ?? 'a'] ?? 'canary'
    return send(as, operation, { [ownName]: own, ...objects }, aside)
  }
}

/** Finds for each such operation a name of the canary's own that it finds something by. */
export async function findSearches(
  searches: Searches,
  canaries: Canaries,
  send: Send,
  tenant: Name,
): Promise<void> {
  const searching = canaries.operations.filter((one) => one.path.includes(`{${ownName}}`))
  if (searching.length === 0) return
  const names = await readNames(canaries, send, tenant)
  for (const operation of searching) {
    const search = (text: string) =>
      send({ tenant }, operation, { ...objectsOf(canaries, tenant), [ownName]: text })
    const nothing = outlineOf(await search(freshWord()))
    const findsSome = (answer: Answer) => isSuccess(answer.status) && outlineOf(answer) !== nothing
    let found = names[0]
    for (const name of names) {
      if (!findsSome(await search(name))) continue
      found = name
      break
    }
    if (found !== undefined)
      searches.set(operation, { ...searches.get(operation), [tenant]: found })
  }
}

const called = /name|title|subject|label|mail|number|reference/i
const mostNames = 12

/** What the canary's objects are called, as a whole and by the first word, before other texts of theirs. */
async function readNames(canaries: Canaries, send: Send, tenant: Name): Promise<string[]> {
  const texts: [place: string, text: string][] = []
  for (const operation of canaries.operations) {
    if (operation.method !== 'GET' || operation.public || namesOf(operation).length === 0) continue
    const { body } = await send({ tenant }, operation, objectsOf(canaries, tenant))
    JSON.stringify(parse(body) ?? null, (place, value: unknown) => {
      if (typeof value === 'string' && /^\p{L}.{2,59}$/u.test(value)) texts.push([place, value])
      return value
    })
  }
  const isName = ([place]: readonly [string, string]) => called.test(place)
  const inTurn = [...texts.filter(isName), ...texts.filter((one) => !isName(one))]
  const all = inTurn.flatMap(([, text]) => [text, text.split(/\s/)[0]!])
  return [...new Set(all)].slice(0, mostNames)
}
