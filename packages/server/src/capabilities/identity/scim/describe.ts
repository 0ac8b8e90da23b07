import { Failure } from '../../../foundation/failure.ts'
import { schemas } from './protocol.ts'

const attribute = (name: string, more: object = {}) => ({
  name,
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
})

const several = (name: string, subAttributes: object[], more: object = {}) =>
  attribute(name, { type: 'complex', multiValued: true, subAttributes, ...more })

const schemaList = (base: string) => [
  {
    id: schemas.user,
    name: 'User',
    description: 'Somebody with an account; the address is needed, in emails or as the userName',
    attributes: [
      attribute('userName', { required: true, uniqueness: 'server' }),
      attribute('name', {
        type: 'complex',
        subAttributes: ['formatted', 'givenName', 'familyName'].map((one) => attribute(one)),
      }),
      attribute('displayName'),
      several('emails', [
        attribute('value'),
        attribute('type'),
        attribute('primary', { type: 'boolean' }),
      ]),
      attribute('active', { type: 'boolean' }),
      several('groups', [attribute('value'), attribute('display')], { mutability: 'readOnly' }),
    ],
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schemas.user}` },
  },
  {
    id: schemas.group,
    name: 'Group',
    description: 'Several users; an owner of the tenant may say that they are owners',
    attributes: [
      attribute('displayName', { required: true }),
      several('members', [
        attribute('value', { mutability: 'immutable', caseExact: true }),
        attribute('display', { mutability: 'readOnly' }),
      ]),
    ],
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schemas.group}` },
  },
]

const resourceTypes = (base: string) =>
  (['User', 'Group'] as const).map((name) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint: `/${name}s`,
    schema: name === 'User' ? schemas.user : schemas.group,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  }))

const config = (base: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: mostResults },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A token that an owner of the tenant made',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
})

export const mostResults = 200

/** What this server says of itself (RFC 7644 section 4): a document, or a list. */
export function describe(origin: string, document: string, id: string | null): object {
  const base = `${origin}/scim/v2`
  const lists: Record<string, readonly { id: string }[]> = {
    Schemas: schemaList(base),
    ResourceTypes: resourceTypes(base),
  }
  if (document === 'ServiceProviderConfig' && id === null) return config(base)
  const list = Object.hasOwn(lists, document) ? lists[document]! : []
  const one = list.find((each) => each.id === id)
  if (one) return one
  if (list.length === 0 || id !== null)
    throw new Failure('not-found', 'there is nothing at this address')
  return {
    schemas: [schemas.list],
    totalResults: list.length,
    startIndex: 1,
    itemsPerPage: list.length,
    Resources: list,
  }
}
