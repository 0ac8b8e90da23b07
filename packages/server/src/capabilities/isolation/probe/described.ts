import type { Described } from './canaries.ts'
import { anyWord, ownWord, sampleOf, shapeOf, typeOf, type Sampling } from './sample.ts'

export interface Parameter {
  name: string
  in: string
  required?: boolean
  schema?: unknown
  example?: unknown
}

/** Where a list goes on is given by the app, and no word of ours. */
export const cursors = /cursor|token|after|before|marker|continu|starting|next/i

/** What an OpenAPI document says of an operation beyond how it is asked; `body` is what is sent. */
export function describeMore(
  parameters: readonly Parameter[],
  schema: unknown,
  body: unknown,
  sampling: Sampling,
): Described {
  const texts = parameters.filter((one) => one.in === 'query' && isFreeText(one, sampling))
  const key = parameters.find((one) => one.in === 'header' && /idempot/i.test(one.name))
  const properties = schema === undefined ? {} : shapeOf(schema, sampling).properties
  return {
    texts: texts.map(({ name }) => name),
    more: moreOf(properties, Object(body) as object, sampling),
    choices: choicesOf(properties, sampling),
    ...(key && { key: key.name }),
  }
}

function isFreeText({ name, schema }: Parameter, { follow, objectOf }: Sampling): boolean {
  const given = follow(schema ?? { type: 'string' })
  const { enum: words, format, pattern } = given
  const isFree = words === undefined && pattern === undefined
  const isText = typeOf(given) === 'string' && (format === undefined || format === 'email')
  return isText && isFree && objectOf(name) === null && !cursors.test(name)
}

const isOurs = (value: string) => value.includes(`{${anyWord}}`) || value.includes(`{${ownWord}}`)

/** The texts that a body may hold beside those it has, where any will do. */
function moreOf(
  properties: Record<string, unknown>,
  body: object,
  sampling: Sampling,
): Record<string, string> {
  const names = Object.keys(properties).filter((name) => !(name in body))
  const texts = names.flatMap((name) => {
    const schema = sampling.follow(properties[name])
    const { format, pattern } = schema
    if (
      typeOf(schema) !== 'string' ||
      pattern !== undefined ||
      ![undefined, 'email'].includes(format as never)
    )
      return []
    const value = sampleOf(properties[name], sampling, name)
    return [[name, String(value)]] as const
  })
  return Object.fromEntries(texts.filter(([, value]) => isOurs(value)))
}

function choicesOf(
  properties: Record<string, unknown>,
  { follow }: Sampling,
): Record<string, readonly unknown[]> {
  const choices = Object.entries(properties).map(([name, given]) => {
    const schema = follow(given)
    const words = typeOf(schema) === 'boolean' ? [true, false] : schema['enum']
    return [name, Array.isArray(words) ? (words as unknown[]) : []] as const
  })
  return Object.fromEntries(choices.filter(([, words]) => words.length > 0))
}
