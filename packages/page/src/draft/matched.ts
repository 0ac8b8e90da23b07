import type { Value } from '../params.ts'
import type { Taken } from './place.ts'

export function first(
  text: string,
  pattern: RegExp,
  value: (match: RegExpExecArray) => Value,
): Taken | null {
  for (const match of text.matchAll(pattern))
    return { value: value(match), from: match.index, to: match.index + match[0].length }
  return null
}

export function all(
  text: string,
  pattern: RegExp,
  value: (match: RegExpExecArray) => string,
): Taken | null {
  const matches = [...text.matchAll(pattern)]
  if (matches.length === 0) return null
  const last = matches.at(-1)!
  return {
    value: [...new Set(matches.map(value))],
    from: matches[0]!.index,
    to: last.index + last[0].length,
  }
}
