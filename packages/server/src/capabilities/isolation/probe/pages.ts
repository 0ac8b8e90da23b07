import type { Answer } from '../../../outside/request.ts'
import { parse } from './canaries.ts'
import { cursors } from './described.ts'
import { whatIsListed } from './lists.ts'
import { isSuccess, objectsOf, type Trial } from './trial.ts'

const sizes = /^(?:page_?)?(?:limit|size|count|first|take)$|per_?page|page_?size/i
const places = /^(?:offset|skip|start)$|offset/i
const numbers = /^page(?:_?(?:no|number|index))?$/i
/** The second page of a list may be the last of the stranger's, and what comes after it the owner's. */
const mostPages = 4

type Query = Readonly<Record<string, string>>

/** A list goes on with what is the stranger's own, by each way to go on that it has, and then it ends. */
export async function tryPages(trial: Trial): Promise<string | null> {
  const { operation, send, stranger, canaries } = trial
  if (operation.method !== 'GET' || operation.public) return null
  const ask = (query: Query) =>
    send({ tenant: stranger }, operation, objectsOf(canaries, stranger), { query })
  const whole = await ask({})
  const names = Object.keys(operation.query ?? {})
  const [size, place, number] = [sizes, places, numbers].map((one) =>
    names.find((name) => one.test(name)),
  )
  const entries = lengthOf(whole.body)
  // All but one: then the second page holds the last that is its own.
  const least: Query = size && entries > 1 ? { [size]: String(entries - 1) } : {}
  const starts: Query[] = [
    least,
    ...(size ? [{ [size]: '1' }] : []),
    ...(place ? [{ [place]: String(entries) }, { [place]: String(Math.max(0, entries - 1)) }] : []),
    ...(number
      ? [
          { ...least, [number]: '2' },
          { ...least, [number]: '3' },
        ]
      : []),
  ]
  for (const start of starts) {
    const why = await follow(trial, ask, start)
    if (why !== null) return `${why}, on a further page`
  }
  return null
}

async function follow(
  trial: Trial,
  ask: (query: Query) => Promise<Answer>,
  start: Query,
): Promise<string | null> {
  let query: Query | null = start
  for (let page = 0; page < mostPages && query !== null; page++) {
    const current: Query = query
    const answer = await ask(current)
    if (!isSuccess(answer.status)) return null
    const sent = Object.values(current)
    const why = await whatIsListed(trial, answer, () => ask(current), sent)
    if (why !== null) return why
    query = nextOf(trial, answer, current)
  }
  return null
}

/** What asks for the next page: the query of a link to it, or the cursor that the answer names. */
function nextOf({ operation }: Trial, { body, headers }: Answer, query: Query): Query | null {
  const link = /<([^>]*)>\s*;[^,]*\brel="?next\b/i.exec(String(headers['link'] ?? ''))?.[1]
  const named = textsIn(parse(body)).filter(([name]) =>
    /next|cursor|continu|token|after/i.test(name),
  )
  const linked = link ?? named.find(([, value]) => /^(?:https?:\/|\/|\?)\S*\?|^\?/.test(value))?.[1]
  if (linked !== undefined) {
    return Object.fromEntries(URL.parse(linked, 'http://app')?.searchParams ?? [])
  }
  const name = Object.keys(operation.query ?? {}).find((one) => cursors.test(one))
  const [cursor] = named
  return name === undefined || cursor === undefined ? null : { ...query, [name]: cursor[1] }
}

/** Each text of an answer beside its lists, with its name. */
function textsIn(value: unknown, name = ''): [name: string, value: string][] {
  if (typeof value === 'string') return value === '' ? [] : [[name, value]]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([own, one]) => textsIn(one, `${name} ${own}`))
}

/** How many entries a list has: those of its longest array. */
function lengthOf(body: string): number {
  const said = parse(body)
  const lists = Object.values(Array.isArray(said) ? [said] : Object(said)).filter(Array.isArray)
  return Math.max(0, ...lists.map((list) => list.length))
}
