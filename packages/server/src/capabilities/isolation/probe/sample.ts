import { cannotLook } from '../../../foundation/look.ts'

/** `{anyWord}` in a body is another word each time, so that a change by another tenant can be seen. */
export const anyWord = 'anyWord'
/** The same for what names one thing everywhere, as a mail address: two tenants never share one. */
export const ownWord = 'ownWord'
/** What a canary's own thing is called: what it searches for where it must search for something. */
export const ownName = 'ownName'
/** Whether a placeholder stands for no object. */
export const isWord = (name: string) => [anyWord, ownWord, ownName].includes(name)

/** Names of what one tenant may take from all others by right. */
const global =
  /^(?:id|uuid|guid)$|slug|domain|handle|user_?name|login|nick|phone|host|url|mail|key|code/i

export type Schema = Readonly<Record<string, unknown>>

/** What stands for values while one is made: objects of the canaries by name, and references. */
export interface Sampling {
  /** Says where, when no value can be made. */
  where: string
  /** `{invoice}` for a property that names an object of the canaries. */
  objectOf: (property: string) => string | null
  follow: (schema: unknown) => Schema
  /** Whether the app says that a property is no two tenants' by right. */
  isGlobal: (property: string) => boolean
}

/**
 * A value of a JSON Schema (as OpenAPI 3.0 and 3.1 use it): the one it gives as an example, else one made
 * of what it demands. A property that names an object of the canaries is always there, for an id in a
 * body is as good a way across as one in the path.
 */
export function sampleOf(given: unknown, sampling: Sampling, property = '', depth = 0): unknown {
  if (depth > 20) throw cannotLook(`${sampling.where} takes a value nested too deeply to be made`)
  const schema = sampling.follow(given)
  const own = property === '' ? null : sampling.objectOf(property)
  if (own !== null && !isCompound(schema) && typeOf(schema) !== 'array') return own
  if (isCompound(schema)) return sampleObject(schema, sampling, depth)
  const said = givenValue(schema)
  if (said !== undefined) return said
  const [one] = (schema['oneOf'] ?? schema['anyOf'] ?? []) as unknown[]
  if (one !== undefined) return sampleOf(one, sampling, property, depth + 1)
  switch (typeOf(schema)) {
    case 'string':
      return sampleText(schema, sampling, property)
    case 'integer':
    case 'number':
      return sampleNumber(schema)
    case 'boolean':
      return false
    case 'array': {
      const isNeeded = Number(schema['minItems'] ?? 0) > 0
      const item = isNeeded || own !== null || namesObject(schema['items'], sampling)
      return item ? [sampleOf(schema['items'], sampling, property, depth + 1)] : []
    }
    default:
      return null
  }
}

function isCompound(schema: Schema): boolean {
  return schema['allOf'] !== undefined || typeOf(schema) === 'object'
}

/** The type of a schema, without null. */
export function typeOf(schema: Schema): unknown {
  const type = schema['type']
  if (Array.isArray(type)) return type.find((one) => one !== 'null')
  return type ?? (schema['properties'] ? 'object' : undefined)
}

function givenValue(schema: Schema): unknown {
  for (const key of ['example', 'const', 'default']) {
    if (schema[key] !== undefined) return schema[key]
  }
  for (const key of ['examples', 'enum']) {
    if (Array.isArray(schema[key]) && schema[key].length > 0) return schema[key][0]
  }
  return undefined
}

export interface Shape {
  properties: Record<string, unknown>
  required: readonly string[]
  given: Record<string, unknown>
}

function sampleObject(schema: Schema, sampling: Sampling, depth: number): Record<string, unknown> {
  const { properties, required, given } = shapeOf(schema, sampling, depth)
  // What demands nothing would be a change of nothing.
  const isFree = required.length === 0
  const names = Object.keys(properties).filter(
    (name) =>
      isFree ||
      required.includes(name) ||
      sampling.objectOf(name) !== null ||
      namesObject(properties[name], sampling),
  )
  return {
    ...given,
    ...Object.fromEntries(
      names.flatMap((name) => {
        const isGiven = name in given && sampling.objectOf(name) === null
        return isGiven ? [] : [[name, sampleOf(properties[name], sampling, name, depth + 1)]]
      }),
    ),
  }
}

/** What an object may hold, must hold, and holds in the example of its schema. */
export function shapeOf(given: unknown, sampling: Sampling, depth = 0): Shape {
  if (depth > 20) throw cannotLook(`${sampling.where} takes a value nested too deeply to be made`)
  const schema = sampling.follow(given)
  const parts = ((schema['allOf'] ?? []) as unknown[]).map((one) =>
    shapeOf(one, sampling, depth + 1),
  )
  const said = givenValue(schema)
  const own: Shape = {
    properties: (schema['properties'] ?? {}) as Record<string, unknown>,
    required: (schema['required'] ?? []) as string[],
    given: (typeof said === 'object' ? said : {}) as Record<string, unknown>,
  }
  return [...parts, own].reduce((all, one) => ({
    properties: { ...all.properties, ...one.properties },
    required: [...all.required, ...one.required],
    given: { ...all.given, ...one.given },
  }))
}

/** Whether a list or an object of its own holds ids of objects: `lines: [{ product_id }]`. */
function namesObject(given: unknown, sampling: Sampling): boolean {
  const schema = sampling.follow(given)
  const inner = (typeOf(schema) === 'array' ? sampling.follow(schema['items']) : schema)[
    'properties'
  ]
  return Object.keys(inner ?? {}).some((name) => sampling.objectOf(name) !== null)
}

const formats: Record<string, string> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  email: 'canary@example.com',
  uri: 'https://example.com/',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
}

function sampleText(schema: Schema, { where, isGlobal }: Sampling, property: string): string {
  const { minLength = 0, maxLength = 100 } = schema as { minLength?: number; maxLength?: number }
  const isFree = schema['format'] === undefined && schema['pattern'] === undefined
  if (isFree && minLength <= 18 && maxLength >= 18) {
    return global.test(property) || isGlobal(property) ? `{${ownWord}}` : `{${anyWord}}`
  }
  if (schema['format'] === 'email' && schema['pattern'] === undefined && maxLength >= 30) {
    return `{${ownWord}}@example.com`
  }
  const text = formats[String(schema['format'])] ?? 'canary'
  const fitted = text.padEnd(minLength, 'y').slice(0, maxLength)
  const { pattern } = schema as { pattern?: string }
  if (pattern === undefined || matches(pattern, fitted)) return fitted
  throw cannotLook(`${where} takes a text of the form ${pattern}: give an example of one`)
}

/** The app gives the pattern, and this value is short: no pattern takes long on it but by nesting. */
function matches(pattern: string, text: string): boolean {
  if (pattern.length > 200 || /[+*}]\)?[+*{]/.test(pattern)) return false
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return false
  }
}

function sampleNumber(schema: Schema): number {
  const above = schema['exclusiveMinimum']
  const least = Number(schema['minimum'] ?? (typeof above === 'number' ? above + 1 : 1))
  return Math.max(least, Math.min(1, Number(schema['maximum'] ?? 1)))
}
