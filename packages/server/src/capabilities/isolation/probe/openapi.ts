import { z } from 'zod'
import { cannotLook } from '../../../foundation/look.ts'
import { parse, type Canaries, type Operation } from './canaries.ts'
import { describeMore, type Parameter } from './described.ts'
import { anyWord, ownName, ownWord, sampleOf, type Sampling, type Schema } from './sample.ts'

const document = z.looseObject({
  openapi: z.string().regex(/^3\.[01]\./, 'only OpenAPI 3.0 and 3.1 are read'),
  servers: z.array(z.looseObject({ url: z.string() })).optional(),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
})

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const

interface Described {
  operationId?: string
  security?: readonly Record<string, unknown>[]
  parameters?: readonly unknown[]
  requestBody?: unknown
}

/**
 * The operations of an app, by its OpenAPI document (3.0 or 3.1, as JSON): each path and method, with a
 * body made of its schema and the objects of the canaries in the place of parameters of their name:
 * `{invoice}`, `{invoice_id}`, `{invoiceId}`, or `{id}` behind `/invoices/`. One that cannot be tried is
 * no reason to leave it out: then nothing is known.
 */
export function operationsOf(text: string, canaries: Canaries, where: string): Operation[] {
  const reading = document.safeParse(parse(text))
  if (!reading.success) {
    const [issue] = reading.error.issues
    throw cannotLook(
      `${where} is no OpenAPI document: /${issue!.path.map(String).join('/')}: ${issue!.message}`,
    )
  }
  const { paths, servers, security } = reading.data
  const prefix = new URL(servers?.[0]?.url ?? '/', 'http://app').pathname.replace(/\/$/, '')
  const follow = (schema: unknown) => dereference(schema, reading.data, where)
  const said = new Map(canaries.operations.map((one) => [one.name, one]))
  const found = Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method): Operation[] => {
      if (item[method] === undefined) return []
      const described = item[method] as Described
      const name = described.operationId ?? `${method.toUpperCase()} ${path}`
      const known = said.get(name)
      if (known) return [known]
      const parameters = [
        ...((item['parameters'] ?? []) as unknown[]),
        ...(described.parameters ?? []),
      ]
      const operation = { name, method: method.toUpperCase() as Operation['method'], path }
      const isPublic = isOpen(described.security ?? security ?? [{}])
      const all = { canaries, follow, parameters: parameters as Parameter[] }
      return [
        { ...describe(operation, described, all), ...(isPublic && { public: true as const }) },
      ]
    }),
  )
  const listed = new Set(found.map(({ name }) => name))
  const all = [
    ...found.map((one) => prefixed(one, prefix, said)),
    ...canaries.operations.filter(({ name }) => !listed.has(name)),
  ]
  return all.map((one) => withMade(one, all, canaries))
}

/** `security: []` asks nothing, and so does an empty alternative. */
function isOpen(security: readonly Record<string, unknown>[]): boolean {
  return security.length === 0 || security.some((one) => Object.keys(one).length === 0)
}

function prefixed(one: Operation, prefix: string, said: Map<string, Operation>): Operation {
  return said.has(one.name) ? one : { ...one, path: prefix + one.path }
}

interface Around {
  canaries: Canaries
  parameters: readonly Parameter[]
  follow: (schema: unknown) => Schema
}

function describe(
  { name, method, path }: Pick<Operation, 'name' | 'method' | 'path'>,
  { requestBody }: Described,
  { canaries, follow, parameters: given }: Around,
): Operation {
  const known = Object.keys(canaries.tenants.a.objects)
  const sampling: Sampling = {
    where: name,
    objectOf: (property) => {
      const object = objectNamed(property, null, known)
      return object === null ? null : `{${object}}`
    },
    follow,
    isGlobal: (property) => canaries.global?.includes(`${name}.${property}`) ?? false,
  }
  const parameters = given.map((one) => follow(one) as unknown as Parameter)
  const filled = path.replaceAll(/\{([^{}]+)\}/g, (_, parameter: string, at: number) => {
    const object = objectNamed(parameter, path.slice(0, at), known)
    if (object !== null) return `{${object}}`
    throw cannotLook(
      `the canaries have no object for {${parameter}} of ${method} ${path}, so that ${name} cannot be tried`,
    )
  })
  const inQuery = parameters.filter((one) => one.in === 'query')
  const sampleFor = (one: Parameter) =>
    one.example ?? sampleOf(one.schema ?? { type: 'string' }, sampling, one.name)
  const isSearched = (sample: unknown) =>
    method === 'GET' && (sample === `{${anyWord}}` || sample === `{${ownWord}}`)
  const valueOf = (one: Parameter) =>
    isSearched(sampleFor(one)) ? `{${ownName}}` : wordOf(sampleFor(one))
  const needed = inQuery.filter(({ required }) => required)
  const search = needed.map((one) => `${one.name}=${encode(valueOf(one))}`).join('&')
  const query = Object.fromEntries(
    inQuery.filter(({ required }) => !required).map((one) => [one.name, choicesOf(one, sampling)]),
  )
  const schema = method === 'GET' || method === 'HEAD' ? undefined : bodyOf(requestBody, sampling)
  const body = schema === undefined ? undefined : sampleOf(schema, sampling)
  return {
    name,
    method,
    path: search === '' ? filled : `${filled}?${search}`,
    ...(Object.keys(query).length > 0 && { query }),
    ...(body !== undefined && { body: body as NonNullable<Operation['body']> }),
    described: describeMore(parameters, schema, body, sampling),
  }
}

/** What a query says of a value; any word will do there. */
function wordOf(value: unknown): string {
  const word = typeof value === 'string' ? value : JSON.stringify(value)
  return word.replaceAll(`{${anyWord}}`, 'canary').replaceAll(`{${ownWord}}`, 'canary')
}

/** A placeholder stays as it is: the object comes later. */
function encode(value: string): string {
  return /^\{\w+\}$/.test(value) ? value : encodeURIComponent(value)
}

/** The values that a list may be asked with: each word of a few, else one that fits. */
function choicesOf({ name, schema, example }: Parameter, sampling: Sampling): string[] {
  const { enum: words, type } = sampling.follow(schema ?? {})
  if (sampling.objectOf(name) !== null) return [sampling.objectOf(name)!]
  if (type === 'boolean') return ['true', 'false']
  if (Array.isArray(words)) return words.slice(0, 20).map(String)
  return [wordOf(example ?? sampleOf(schema ?? { type: 'string' }, sampling, name))]
}

/** The schema of what is sent. */
function bodyOf(given: unknown, sampling: Sampling): unknown {
  if (given === undefined) return undefined
  const { content = {}, required } = sampling.follow(given) as {
    content?: Record<string, { schema?: unknown; example?: unknown }>
    required?: boolean
  }
  const type = Object.keys(content).find((one) => /^application\/(?:[\w.-]+\+)?json\b/.test(one))
  if (type === undefined) {
    if (!required) return undefined
    throw cannotLook(
      `${sampling.where} takes no JSON: say how it is tried, among the operations of the canaries`,
    )
  }
  const { schema = {}, example } = content[type]!
  return example === undefined ? schema : { ...sampling.follow(schema), example }
}

/** The object of the canaries that a parameter or property names, or null. */
function objectNamed(
  parameter: string,
  before: string | null,
  known: readonly string[],
): string | null {
  const bare = parameter.replace(/[-_]?(?:id|uuid|key|slug)$/i, '')
  const segment = before?.split('/').findLast((one) => one !== '' && !one.includes('{')) ?? ''
  const wanted = new Set([parameter, bare === '' ? segment : bare].map(plain))
  return known.find((one) => wanted.has(plain(one))) ?? null
}

/** `Tax-Codes` and `taxCode` are one name. */
function plain(name: string): string {
  const lower = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return lower
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1')
}

/**
 * POST to a collection makes what DELETE takes out of it; also when that is elsewhere, by the object's
 * name: POST `/projects/{project}/tasks` makes what DELETE `/tasks/{task}` takes away.
 */
function withMade(one: Operation, all: readonly Operation[], canaries: Canaries): Operation {
  if (one.makes !== undefined || one.method !== 'POST' || canaries.operations.includes(one))
    return one
  const takers = all.filter(({ method, path }) => method === 'DELETE' && path.endsWith('}'))
  const taker =
    takers.find(({ path }) => collectionOf(path) === one.path) ??
    takers.find(({ path }) => isMadeElsewhere(one, path, all))
  return taker ? { ...one, makes: objectAt(taker.path) } : one
}

const collectionOf = (path: string) => path.slice(0, path.lastIndexOf('/'))
const objectAt = (path: string) => path.slice(path.lastIndexOf('/') + 2, -1)
const folderOf = (path: string) => plain(path.slice(path.lastIndexOf('/') + 1))

/** Whether a collection is called as the one a DELETE takes out of, and only puts no known thing into it. */
function isMadeElsewhere(
  { path, body }: Operation,
  taken: string,
  all: readonly Operation[],
): boolean {
  const collection = collectionOf(taken)
  const isMadeThere = all.some((one) => one.method === 'POST' && one.path === collection)
  const isPutInto = JSON.stringify(body ?? '').includes(`{${objectAt(taken)}}`)
  return !isMadeThere && !isPutInto && folderOf(path) === folderOf(collection)
}

/** Follows `$ref` within the document. */
function dereference(schema: unknown, whole: unknown, where: string): Schema {
  let at = schema
  for (let steps = 0; steps < 20; steps++) {
    if (typeof at !== 'object' || at === null) return {}
    const { $ref: target } = at as { $ref?: unknown }
    if (typeof target !== 'string') return at as Schema
    if (!target.startsWith('#/')) throw cannotLook(`${where} refers to ${target}, outside itself`)
    at = target
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>(
        (value, part) => (value as Record<string, unknown> | undefined)?.[part],
        whole,
      )
  }
  throw cannotLook(`${where} refers in a circle`)
}
