/** Where in a request a client may have named a tenant. */
export interface Places {
  headers: Iterable<readonly [string, string]>
  query: Iterable<readonly [string, string]>
  params: Readonly<Record<string, unknown>>
  body: unknown
}

export const usualNames: readonly string[] = ['tenant', 'tenant_id']

/** `tenant_id`, `tenantId` and `Tenant-ID` are one name. */
export function normalise(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/**
 * The first place that names another tenant than this one, or null. Such an id decides nothing, but who
 * sends one is mistaken or tries something. Only what looks like an id of this app's tenants is compared: a
 * UUID where the own is one, digits where it is digits, else any text; under the name itself, or under names
 * that say it is an id. Bodies are looked into as far as they were parsed.
 */
export function findContradiction(
  tenant: string,
  names: ReadonlySet<string>,
  { headers, query, params, body }: Places,
): string | null {
  const differs = comparerOf(tenant)
  const placeOf = placer(names)
  const first = (pairs: Iterable<readonly [string, unknown]>, toName = (name: string) => name) =>
    [...pairs].find(([name, value]) => findIn({ [toName(name)]: value }, placeOf, differs) !== null)
  const header = first(headers, (name) => name.replace(/^x-/i, ''))
  if (header) return `header ${clean(header[0])}`
  const inQuery = first(query)
  if (inQuery) return `query ${clean(inQuery[0])}`
  const inPath = first(Object.entries(params))
  if (inPath) return `path ${clean(inPath[0])}`
  const name = findIn(body, placeOf, differs)
  return name === null ? null : `body ${clean(name)}`
}

/** It goes into a record, and is the client's own text. */
function clean(name: string): string {
  return name.replace(/[^\w.[\]-]/g, '').slice(0, 100)
}

/** Under which name of a tenant a value stands: null under none. */
type PlaceOf = (name: string, above: string | null) => string | null

/** Parsers read `filter[tenant_id]`, `tenant_id[]` and `filter.tenant_id` as objects and lists. */
function placer(names: ReadonlySet<string>): PlaceOf {
  const known = new Map<string, string[]>()
  return (name, above) => {
    let parts = known.get(name)
    if (!parts) known.set(name, (parts = name.split(/[[\].]+/).map(normalise)))
    return parts.reduce<string | null>((place, part) => {
      if (names.has(part)) return name
      return part === '' || identifying.has(part) ? place : null
    }, above)
  }
}

/** What stands between a tenant's name and its id, `{ tenant: { id } }`; what else is told of it is no id. */
const identifying = new Set(
  ['id', 'uuid', 'value', 'eq', 'equals', 'is', 'in', 'any', 'connect', 'where', 'set'], // prettier-ignore
)

/** Goes through the value without recursion: how deep it is, its sender decides. */
function findIn(
  value: unknown,
  placeOf: PlaceOf,
  differs: (said: string) => boolean,
): string | null {
  const waiting: { value: unknown; place: string | null }[] = [{ value, place: null }]
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    const { value: inner, place } = one
    if (Array.isArray(inner)) {
      for (const each of inner) waiting.push({ value: each, place })
    } else if (isNested(inner)) {
      for (const [name, each] of Object.entries(inner)) {
        waiting.push({ value: each, place: placeOf(name, place) })
      }
    } else if (place !== null && isNamed(inner) && differs(String(inner))) return place
  }
  return null
}

/** Objects of JSON and of forms; bytes and streams are nobody's names. */
function isNested(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function isNamed(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

/** As PostgreSQL reads one: with and without hyphens and braces. */
const uuid = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/gi
const digits = /^\d+$/

/** Whether a text names another tenant, by the form of the own. */
function comparerOf(tenant: string): (said: string) => boolean {
  const own = toPlain(tenant)
  if (/^[0-9a-f]{32}$/.test(own) && tenant.match(uuid)?.[0] === tenant) {
    return (said) => (said.match(uuid) ?? []).some((one) => toPlain(one) !== own)
  }
  if (digits.test(tenant)) {
    const isOther = (one: string) => digits.test(one) && one !== tenant
    return (said) => said.split(/[\s,;]+/).some(isOther)
  }
  return (said) => said.trim() !== '' && said.trim() !== tenant
}

function toPlain(said: string): string {
  return said.replaceAll('-', '').toLowerCase()
}
