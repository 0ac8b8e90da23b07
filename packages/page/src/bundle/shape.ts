import { readInstant } from '../duration.ts'

/** What a value of JSON must be; a trailing `?` allows null. Objects have these fields and no others. */
export type Shape =
  | 'any'
  | 'text'
  | 'text?'
  | 'number'
  | 'instant'
  | 'instant?'
  | readonly [Shape]
  | { readonly [field: string]: Shape }

export interface Mismatch {
  at: string
  says: string
}

/** The first place where a value has another shape, or null. */
export function findMismatch(value: unknown, shape: Shape, at: string): Mismatch | null {
  if (typeof shape === 'string') return isPlain(value, shape) ? null : says(at, shape)
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return says(at, 'list')
    const [each] = shape as readonly [Shape]
    return firstOf(value.entries(), ([i, one]) => findMismatch(one, each, `${at}[${i}]`))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return says(at, 'object')
  const extra = Object.keys(value).find((key) => !Object.hasOwn(shape, key))
  if (extra !== undefined) return { at, says: `it has no field "${extra}"` }
  return firstOf(Object.entries(shape), ([key, each]) =>
    findMismatch(Object.hasOwn(value, key) ? value[key as never] : undefined, each, `${at}.${key}`),
  )
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => Mismatch | null): Mismatch | null {
  for (const item of items) {
    const found = find(item)
    if (found) return found
  }
  return null
}

function isPlain(value: unknown, shape: string): boolean {
  if (shape === 'any') return value !== undefined
  if (shape.endsWith('?') && value === null) return true
  if (shape === 'number') return Number.isSafeInteger(value) && (value as number) >= 0
  if (typeof value !== 'string') return false
  return !shape.startsWith('instant') || readInstant(value) !== null
}

function says(at: string, shape: string): Mismatch {
  const wanted: Record<string, string> = {
    list: 'a list',
    object: 'an object',
    number: 'a whole number',
    any: 'given',
    text: 'a text',
    instant: 'a time with an offset',
  }
  return { at, says: `it must be ${wanted[shape.replace('?', '')]}` }
}
