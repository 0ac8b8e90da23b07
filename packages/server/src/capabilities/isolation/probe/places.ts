import { setTimeout } from 'node:timers/promises'
import type { Answer } from '../../../outside/request.ts'
import { parse, type Operation } from './canaries.ts'
import { headerNames } from './values.ts'

/** What an answer says, by the place where it says it. */
export type Places = ReadonlyMap<string, string>

/** The same header means the same in all answers. */
export const scoped = (operation: Operation, place: string) =>
  place.startsWith('header ') ? place : `${operation.name} ${place}`

export function differing(one: Places, other: Places): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (place) => one.get(place) !== other.get(place),
  )
}

/** The places of texts that are nowhere any more. */
export function lost(before: Places, now: Places): string[] {
  const all = new Set(now.values())
  return [...before].flatMap(([place, said]) =>
    said.startsWith('"') && !all.has(said) ? [place] : [],
  )
}

/** The status, each header that tells something, and what the body says. */
export function placesOf(answer: Answer): Places {
  const places = new Map(saidAt(answer))
  for (const name of headerNames(answer)) {
    places.set(`header ${name}`, String(answer.headers[name]))
  }
  return places
}

/** The status, and each leaf of JSON or each line of a text. */
export function saidAt({ status, body }: Answer): Places {
  const places = new Map([['status', String(status)]])
  addLeaves(places, 'body', parse(body) ?? body.split('\n'), 0)
  return places
}

function addLeaves(places: Map<string, string>, at: string, value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > 20) {
    places.set(at, JSON.stringify(value))
    return
  }
  for (const [name, one] of Object.entries(value))
    addLeaves(places, `${at}/${name}`, one, depth + 1)
}

/** A signed address, and all that says how long ago something was, are others after so long. */
const aWhile = 1100

/**
 * Whether something is read otherwise than before. What is another each time does not count, and is added
 * to what is known of it; nor does the time of the last change or visit, which moves on without either.
 */
export async function isChanged(
  operation: Operation,
  before: Places,
  ask: () => Promise<Places>,
  volatile: Set<string>,
  compare = differing,
): Promise<boolean> {
  const now = await ask()
  const isMoved = () =>
    compare(before, now).some(
      (place) => !volatile.has(scoped(operation, place)) && !movesOn(place, before, now),
    )
  if (!isMoved()) return false
  await setTimeout(aWhile)
  // The first may still say when the one before it was asked.
  await ask()
  for (const place of differing(now, await ask())) volatile.add(scoped(operation, place))
  return isMoved()
}

const lastTime = /updat|modif|chang|touch|last|seen|activ|access|used|sync/i
const time = /^"?(?:\d{4}-\d\d-\d\d[t ]\d\d:\d\d\S*|1\d{9}(?:\.\d+|\d{3})?)"?$/i

function movesOn(place: string, before: Places, now: Places): boolean {
  const [one, other] = [before.get(place), now.get(place)]
  if (one === undefined || other === undefined || !time.test(one) || !time.test(other)) return false
  return lastTime.test(place.slice(place.lastIndexOf('/') + 1)) && one < other
}
