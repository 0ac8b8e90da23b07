import type { Answer } from '../../../outside/request.ts'
import { headerNames } from './values.ts'

/**
 * Whether two answers look alike to somebody who may not know which is which: the same type, and the
 * same form of JSON or the same length of text. Values differ by right: an id, a time, a request's number.
 */
export function sameShape(one: Answer, other: Answer): boolean {
  return shapeOf(one) === shapeOf(other)
}

function shapeOf({ headers, body }: Answer): string {
  return `${headers['content-type'] ?? ''} ${bodyShape(body)}`
}

/**
 * Whether what is there can be told from what is not, by what is looked at of both answers: each alike
 * every time, and not like the other. The order is one in which no two servers take turns.
 */
export async function areToldApart(
  there: () => Promise<Answer>,
  missing: () => Promise<Answer>,
  look: (answer: Answer) => string,
): Promise<boolean> {
  const [one, other] = [look(await there()), look(await missing())]
  if (one === other) return false
  for (const isThere of [false, true, false, true, true, false, true, false, false, true]) {
    const again = look(await (isThere ? there() : missing()))
    if (again !== (isThere ? one : other)) return false
  }
  return true
}

/** Status, type, form and names of headers of an answer, in one text. */
export function outlineOf(answer: Answer): string {
  const names = [...headerNames(answer)].toSorted().join(' ')
  return `${answer.status} ${shapeOf(answer)} ${names}`
}

function bodyShape(body: string): string {
  try {
    return JSON.stringify(formOf(JSON.parse(body), 0))
  } catch {
    return `text of ${body.length}`
  }
}

/** Names and types, sorted; deeper than this nothing is compared. */
function formOf(value: unknown, depth: number): unknown {
  if (depth > 20 || value === null || typeof value !== 'object') {
    return value === null ? 'null' : typeof value
  }
  if (Array.isArray(value)) return value.map((one) => formOf(one, depth + 1))
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => [name, formOf(one, depth + 1)])
}
