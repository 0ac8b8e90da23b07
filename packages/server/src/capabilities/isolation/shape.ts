import type { Answer } from '../../outside/request.ts'

/**
 * Whether two answers look alike to somebody who may not know which is which: the same type, and the
 * same form of JSON or the same length of text. Values differ by right: an id, a time, a request's number.
 */
export function sameShape(one: Answer, other: Answer): boolean {
  const [a, b] = [one, other].map(({ headers }) => headers['content-type'] ?? '')
  return a === b && shapeOf(one.body) === shapeOf(other.body)
}

function shapeOf(body: string): string {
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
