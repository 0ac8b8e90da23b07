import { parse, type Canaries, type Operation } from './canaries.ts'
import { ownName } from './sample.ts'
import { outlineOf } from './shape.ts'
import { namesOf, objectsOf, type Name, type Send, type Setting } from './trial.ts'
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
  { canaries, making: { send }, called }: Pick<Setting, 'canaries' | 'making' | 'called'>,
  tenant: Name,
): Promise<void> {
  const names = called[tenant].flatMap((text) => [text, text.split(/\s/)[0]!])
  for (const operation of canaries.operations) {
    if (!operation.path.includes(`{${ownName}}`)) continue
    const search = async (text: string) => {
      const objects = { ...objectsOf(canaries, tenant), [ownName]: text }
      return outlineOf(await send({ tenant }, operation, objects))
    }
    const nothing = await search(freshWord())
    for (const name of new Set(names.slice(0, mostNames))) {
      if ((await search(name)) === nothing) continue
      searches.set(operation, { ...searches.get(operation), [tenant]: name })
      break
    }
  }
}

const isName = ([place]: readonly [place: string, text: string]) =>
  /name|title|subject|label|mail|number|reference/i.test(place)
const mostNames = 24

/** What the canary's objects are called, before other texts of theirs. */
export async function readNames(canaries: Canaries, send: Send, tenant: Name): Promise<string[]> {
  const texts: [place: string, text: string][] = []
  for (const operation of canaries.operations) {
    if (operation.method !== 'GET' || operation.public || namesOf(operation).length === 0) continue
    const { body } = await send({ tenant }, operation, objectsOf(canaries, tenant))
    JSON.stringify(parse(body) ?? null, (place, value: unknown) => {
      if (typeof value === 'string' && /^\p{L}.{2,59}$/u.test(value)) texts.push([place, value])
      return value
    })
  }
  const inTurn = [...texts.filter(isName), ...texts.filter((one) => !isName(one))]
  return [...new Set(inTurn.map(([, text]) => text))]
}
