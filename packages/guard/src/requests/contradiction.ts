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
 * sends one is mistaken or tries something. Bodies are looked into as far as they were parsed.
 */
export function findContradiction(
  tenant: string,
  names: ReadonlySet<string>,
  { headers, query, params, body }: Places,
): string | null {
  const known = new Map<string, boolean>()
  const isName = (name: string) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const is = namesTenant(name, names)
    known.set(name, is)
    return is
  }
  const differs = (value: unknown) => isAnother(value, tenant)
  for (const [name, value] of headers) {
    if (isName(name.replace(/^x-/i, '')) && differs(value)) return `header ${clean(name)}`
  }
  for (const [name, value] of query) {
    if (isName(name) && differs(value)) return `query ${clean(name)}`
  }
  for (const [name, value] of Object.entries(params)) {
    if (isName(name) && differs(value)) return `path ${clean(name)}`
  }
  const name = findInBody(body, isName, differs)
  return name === null ? null : `body ${clean(name)}`
}

/** It goes into a record, and is the client's own text. */
function clean(name: string): string {
  return name.replace(/[^\w.[\]-]/g, '').slice(0, 100)
}

/** Parsers read `filter[tenant_id]`, `tenant_id[]` and `filter.tenant_id` as objects and lists. */
function namesTenant(name: string, names: ReadonlySet<string>): boolean {
  return name.split(/[[\].]+/).some((part) => names.has(normalise(part)))
}

/** Goes through the body without recursion: how deep it is, its sender decides. */
function findInBody(
  body: unknown,
  isName: (name: string) => boolean,
  differs: (value: unknown) => boolean,
): string | null {
  const waiting = [body]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (!isNested(value)) continue
    for (const [name, inner] of Object.entries(value)) {
      if (isName(name) && differs(inner)) return name
      waiting.push(inner)
    }
  }
  return null
}

/** Objects and lists of JSON and of forms; bytes and streams are nobody's names. */
function isNested(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A list names several tenants, an object one by its id. What is empty names none. */
function isAnother(value: unknown, tenant: string): boolean {
  const all: unknown[] = Array.isArray(value) ? value : [value]
  return all.some((one) => {
    const said = isNested(one) ? (one as { id?: unknown }).id : one
    return isScalar(said) && said !== '' && !isSame(String(said), tenant)
  })
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isSame(said: string, tenant: string): boolean {
  const areUuids = uuid.test(said) && uuid.test(tenant)
  return areUuids ? said.toLowerCase() === tenant.toLowerCase() : said === tenant
}
