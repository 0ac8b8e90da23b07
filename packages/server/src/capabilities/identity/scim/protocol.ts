import { Failure, type FailureCode } from '../../../foundation/failure.ts'
import type { Document } from '../../../foundation/operation.ts'
import type { Transaction } from '../../../foundation/transaction.ts'

/** RFC 7644 section 3.12. */
type ScimType =
  | 'invalidFilter'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'

export function refuse(code: FailureCode, message: string, scimType?: ScimType): Failure {
  return new Failure(code, message, scimType === undefined ? {} : { scimType })
}

export const schemas = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
} as const

const type = 'application/scim+json; charset=utf-8'

/** A failure as clients of SCIM read it. */
export function tellFailure({ status, message, code, detail }: Failure): Document {
  const scimType =
    detail['scimType'] ??
    ({ 'bad-input': 'invalidValue', 'bad-json': 'invalidSyntax' } as Record<string, string>)[code]
  const body = {
    schemas: [schemas.error],
    status: String(status),
    ...(status === 400 || status === 409 ? { scimType: scimType ?? 'uniqueness' } : {}),
    detail: message,
  }
  return { type, body: JSON.stringify(body), headers: { 'cache-control': 'no-store' } }
}

export interface Resource {
  id: string
  meta: { resourceType: string; created: string; lastModified: string; location: string }
  [attribute: string]: unknown
}

/** A document of SCIM, and which resource of ours it is about. */
export type Told = Document & { about: string | null }

export function tell(body: object | null, more: Partial<Told> = {}): Told {
  return {
    type,
    body: body === null ? '' : JSON.stringify(body),
    about: null,
    ...more,
    headers: { 'cache-control': 'no-store', ...more.headers },
  }
}

export function tellResource(resource: Resource, status = 200): Told {
  const headers = { location: resource.meta.location }
  return tell(resource, { status, headers, about: resource.id })
}

export interface Page {
  startIndex: number
  count: number
}

export function tellList(resources: readonly object[], total: number, { startIndex }: Page): Told {
  return tell({
    schemas: [schemas.list],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  })
}

function namesOf(list: string): Set<string> {
  return new Set(list.split(',').map((one) => one.trim().toLowerCase().split('.')[0]!))
}

/** Of a resource only what was asked for; its id always (RFC 7644 section 3.9). */
export function choose<R extends Resource>(
  resource: R,
  {
    attributes,
    excludedAttributes,
  }: { attributes?: string | undefined; excludedAttributes?: string | undefined },
): R {
  const wanted = attributes === undefined ? null : namesOf(attributes)
  const unwanted = excludedAttributes === undefined ? null : namesOf(excludedAttributes)
  const chosen = Object.entries(resource).filter(([name]) => {
    const spelled = name.toLowerCase()
    if (['id', 'schemas', 'meta'].includes(spelled)) return true
    return (wanted?.has(spelled) ?? true) && !(unwanted?.has(spelled) ?? false)
  })
  return Object.fromEntries(chosen) as R
}

/** A value of a body by its name, in whatever case it is written (RFC 7643 section 2.1). */
export function pick(body: Readonly<Record<string, unknown>>, name: string): unknown {
  const wanted = name.toLowerCase()
  const found = Object.keys(body).find((key) => key.toLowerCase() === wanted)
  return found === undefined ? undefined : body[found]
}

/** Changes of one tenant's directory, and first sign-ins there, take turns. */
export async function takeTurn(tx: Transaction): Promise<string> {
  const { tenant } = tx.scope.actor
  await tx.rows`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(${`identity.entry:${tenant}`}, 0))`
  return tenant!
}
