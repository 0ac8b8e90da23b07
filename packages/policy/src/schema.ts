import { readSchemaJson } from './cedar.ts'
import type { Reference, Value } from './policies.ts'

/** A type of the schema, as far as values are checked by it; `other` are Cedar's extensions. */
export type Type =
  | { is: 'Bool' | 'Long' | 'String' | 'other' }
  | { is: 'Entity'; name: string }
  | { is: 'Set'; of: Type }
  | { is: 'Record'; fields: Fields }

export type Fields = ReadonlyMap<string, Type>

export interface EntityType {
  attributes: Fields
  /** Types of all it may be in, directly or not. */
  ancestors: ReadonlySet<string>
}

export interface Action {
  uid: Reference
  /** All groups it is in, directly or not. */
  ancestors: readonly Reference[]
  principals: ReadonlySet<string>
  resources: ReadonlySet<string>
  context: Fields
}

export interface Schema {
  entities: ReadonlyMap<string, EntityType>
  /** By `Namespace::Action::"id"`, and by the id alone where one namespace has it. */
  actions: ReadonlyMap<string, Action>
}

type Json = NonNullable<ReturnType<typeof readSchemaJson>>
type Namespace = Json[string]
interface JsonType {
  type: string
  name?: string
  element?: JsonType
  attributes?: Record<string, JsonType>
}

/** Reads what deciding needs of a schema that was checked. */
export function readSchema(text: string): Schema {
  const json = readSchemaJson(text)
  if (json === null) throw new TypeError('the schema was not checked')
  const namespaces = Object.entries(json)
  const toType = typeReader(namespaces)
  return {
    entities: new Map(namespaces.flatMap((one) => readEntities(one, namespaces, toType))),
    actions: readActions(namespaces, toType),
  }
}

type ToType = (json: JsonType, namespace: string) => Type

function typeReader(namespaces: readonly [string, Namespace][]): ToType {
  const common = new Map(
    namespaces.flatMap(([namespace, { commonTypes = {} }]) =>
      Object.entries(commonTypes).map(([name, type]) => [
        qualify(namespace, name),
        { type, namespace },
      ]),
    ),
  )
  return function toType({ type, name, element, attributes = {} }, namespace): Type {
    switch (type.replace('__cedar::', '')) {
      case 'Bool':
      case 'Boolean':
        return { is: 'Bool' }
      case 'Long':
      case 'String':
        return { is: type.replace('__cedar::', '') as 'Long' | 'String' }
      case 'Entity':
        return { is: 'Entity', name: name! }
      case 'Set':
        return { is: 'Set', of: toType(element!, namespace) }
      case 'Record':
        return { is: 'Record', fields: toFields(attributes, namespace, toType) }
      default: {
        const known = common.get(qualify(namespace, type)) ?? common.get(type)
        return known ? toType(known.type, known.namespace) : { is: 'other' }
      }
    }
  }
}

function toFields(json: Record<string, JsonType>, namespace: string, toType: ToType): Fields {
  return new Map(Object.entries(json).map(([name, type]) => [name, toType(type, namespace)]))
}

function qualify(namespace: string, name: string): string {
  return namespace === '' || name.includes('::') ? name : `${namespace}::${name}`
}

function readEntities(
  [namespace, { entityTypes }]: [string, Namespace],
  all: readonly [string, Namespace][],
  toType: ToType,
): [string, EntityType][] {
  const parents = new Map(
    all.flatMap(([space, { entityTypes: types }]) =>
      Object.entries(types).map(([name, type]) => [
        qualify(space, name),
        'enum' in type ? [] : (type.memberOfTypes ?? []).map((one) => qualify(space, one)),
      ]),
    ),
  )
  return Object.entries(entityTypes).map(([name, type]) => {
    const shape = 'enum' in type ? undefined : type.shape
    const shaped = shape ? toType(shape, namespace) : null
    const qualified = qualify(namespace, name)
    const attributes = shaped?.is === 'Record' ? shaped.fields : new Map<string, Type>()
    return [qualified, { attributes, ancestors: closure(qualified, parents) }]
  })
}

function closure(name: string, parents: ReadonlyMap<string, readonly string[]>): Set<string> {
  // A set is walked as it grows.
  const found = new Set(parents.get(name))
  for (const one of found) for (const parent of parents.get(one) ?? []) found.add(parent)
  return found
}

function readActions(namespaces: readonly [string, Namespace][], toType: ToType) {
  const groups = new Map<string, readonly string[]>()
  const read = new Map<string, Omit<Action, 'ancestors'>>()
  for (const [namespace, { actions }] of namespaces) {
    for (const [id, { appliesTo, memberOf = [] }] of Object.entries(actions)) {
      const uid = { type: qualify(namespace, 'Action'), id }
      const context = appliesTo?.context
      const shaped = context ? toType(context, namespace) : null
      groups.set(
        sayUid(uid),
        memberOf.map((one) => sayUid({ id: one.id, type: one.type ?? uid.type })),
      )
      read.set(sayUid(uid), {
        uid,
        principals: new Set(appliesTo?.principalTypes.map((one) => qualify(namespace, one))),
        resources: new Set(appliesTo?.resourceTypes.map((one) => qualify(namespace, one))),
        context: shaped?.is === 'Record' ? shaped.fields : new Map(),
      })
    }
  }
  const actions = new Map<string, Action>()
  const bare = Map.groupBy(read.values(), ({ uid }) => uid.id)
  for (const [said, one] of read) {
    const ancestors = [...closure(said, groups)].map((name) => read.get(name)!.uid)
    actions.set(said, { ...one, ancestors })
    if (bare.get(one.uid.id)!.length === 1) actions.set(one.uid.id, { ...one, ancestors })
  }
  return actions
}

/** `Type::"id"`, as Cedar writes it. */
export function sayUid({ type, id }: Reference): string {
  return `${type}::${JSON.stringify(id)}`
}

/** Why values do not fit the fields of a type, or null. What is absent fails only where it is read. */
export function misfit(
  values: Readonly<Record<string, Value>>,
  fields: Fields,
  path: string,
): string | null {
  if (!isRecord(values)) return `${path} is no plain record`
  for (const [name, value] of Object.entries(values)) {
    const type = fields.get(name)
    const reason = type ? misfitOf(value, type, `${path}.${name}`) : `${path} has no "${name}"`
    if (reason !== null) return reason
  }
  return null
}

function misfitOf(value: Value, type: Type, path: string): string | null {
  switch (type.is) {
    case 'Bool':
      return typeof value === 'boolean' ? null : `${path} is no Bool`
    case 'Long':
      return Number.isSafeInteger(value) ? null : `${path} is no integer below 2^53`
    case 'String':
      return typeof value === 'string' && value.isWellFormed() ? null : `${path} is no String`
    case 'Set':
      if (!Array.isArray(value)) return `${path} is no Set`
      for (const one of value as readonly Value[]) {
        const reason = misfitOf(one, type.of, path)
        if (reason !== null) return reason
      }
      return null
    case 'Entity': {
      const named = isObject(value) ? value['__entity'] : undefined
      const { type: of, id } = (isObject(named) ? named : {}) as Partial<Reference>
      const fits = of === type.name && typeof id === 'string' && id.isWellFormed()
      return fits ? null : `${path} is no { __entity: { type: '${type.name}', id } }`
    }
    case 'Record':
      return misfit(value as Readonly<Record<string, Value>>, type.fields, path)
    case 'other': {
      const made = isObject(value) ? value['__extn'] : undefined
      const { fn, arg } = (isObject(made) ? made : {}) as Readonly<Record<string, Value>>
      const fits = typeof fn === 'string' && typeof arg === 'string'
      return fits ? null : `${path} is no { __extn: { fn, arg } }`
    }
  }
}

/** What the engine is not shown, an attribute that a forbid looks for, would not be there for it. */
function isRecord(values: unknown): boolean {
  if (!isObject(values)) return false
  const prototype: unknown = Object.getPrototypeOf(values)
  const isPlain = prototype === Object.prototype || prototype === null
  return isPlain && Reflect.ownKeys(values).length === Object.keys(values).length
}

function isObject(value: unknown): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
