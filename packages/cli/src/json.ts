import { cleanJson } from './typeset.ts'

/**
 * Writes JSON, indented. What an iterator yields is written one by one, so that a report of 100,000
 * claims is never in memory as one text; nothing in it reaches a terminal as a control character.
 */
export function* toJson(value: unknown): Generator<string> {
  yield* write(value, '')
  yield '\n'
}

function* write(value: unknown, indent: string): Generator<string> {
  const inner = `${indent}  `
  if (typeof value !== 'object' || value === null) yield leaf(value, indent)
  else if (Array.isArray(value)) {
    yield* brackets(
      value.values().map((item) => write(item, inner)),
      indent,
    )
  } else if (Symbol.iterator in value) {
    const items = Iterator.from(value as Iterable<unknown>)
    yield* brackets(
      items.map((item) => [leaf(item, inner)]),
      indent,
    )
  } else {
    const pairs = Object.entries(value).map(([key, one]) => named(key, write(one, inner)))
    yield* brackets(pairs, indent, '{}')
  }
}

function* named(key: string, value: Iterable<string>): Generator<string> {
  yield `${leaf(key, '')}: `
  yield* value
}

function* brackets(
  items: Iterable<Iterable<string>>,
  indent: string,
  [open, close] = '[]',
): Generator<string> {
  let empty = true
  for (const item of items) {
    yield `${empty ? open : ','}\n${indent}  `
    yield* item
    empty = false
  }
  yield empty ? `${open}${close}` : `\n${indent}${close}`
}

function leaf(value: unknown, indent: string): string {
  return cleanJson(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${indent}`)
}
