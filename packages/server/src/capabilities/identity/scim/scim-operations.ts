import { z } from 'zod'
import type { Failure } from '../../../foundation/failure.ts'
import { operation, type Json } from '../../../foundation/operation.ts'
import type { Transaction } from '../../../foundation/transaction.ts'
import type { IdentitySettings } from '../shapes.ts'
import { describe, mostResults } from './describe.ts'
import * as groups from './groups.ts'
import { readPatch } from './patch.ts'
import {
  choose,
  takeTurn,
  tell,
  tellList,
  tellResource,
  type Resource,
  type Told,
} from './protocol.ts'
import * as users from './users.ts'

const told = z.custom<Told>()
const id = z.string().min(1).max(200)
const number = z.coerce.number().int()
const shown = {
  attributes: z.string().max(1000).optional(),
  excludedAttributes: z.string().max(1000).optional(),
}
const listed = z.object({
  filter: z.string().optional(),
  startIndex: number.default(1).transform((one) => Math.max(1, Math.min(one, 1_000_000_000))),
  count: number.default(100).transform((one) => Math.max(0, Math.min(one, mostResults))),
  ...shown,
})
const body = z.looseObject({})

/** What is kept of a write, and of one that was refused: which resource and why, and whose address never. */
const recorded = {
  secret: true,
  entry: (_: unknown, { about, status = 200 }: Told): Json => ({ about, status }),
  refusal: (_: unknown, { code, detail: { scimType } }: Failure): Json => ({
    refused: code,
    ...(typeof scimType === 'string' && { scimType }),
  }),
} as const

/** What is left of a body once the path's own parts are out of it. */
function without(input: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([key]) => key !== name))
}

function tenantOf(tx: Transaction): string {
  return tx.scope.actor.tenant!
}

/** SCIM 2.0 (RFC 7643, 7644): a tenant's directory keeps its users and groups here. */
export function scimOperations({ origin }: IdentitySettings) {
  const showUser = async (tx: Transaction, tenant: string, one: string): Promise<Resource> =>
    users.toResource(await users.needUser(tx, tenant, one), origin)
  const showGroup = async (tx: Transaction, tenant: string, one: string): Promise<Resource> =>
    groups.toResource(await groups.needGroup(tx, tenant, one), origin)

  return {
    describeScim: operation({
      action: 'identity.scim-describe',
      says: 'What this SCIM server can do: ServiceProviderConfig, Schemas, ResourceTypes',
      input: z.object({ document: id }),
      output: told,
      run: (_, { document }) => Promise.resolve(tell(describe(origin, document, null))),
    }),
    describeScimPart: operation({
      action: 'identity.scim-describe-part',
      says: 'One schema or resource type of this SCIM server',
      input: z.object({ document: id, part: id }),
      output: told,
      run: (_, { document, part }) => Promise.resolve(tell(describe(origin, document, part))),
    }),
    listUsers: operation({
      action: 'identity.scim-list-users',
      says: 'The users of a tenant, filtered and page by page',
      input: listed,
      output: told,
      async run(tx, { attributes, excludedAttributes, ...page }) {
        const { rows, total } = await users.listUsers(tx, tenantOf(tx), page)
        const all = rows.map((row) =>
          choose(users.toResource(row, origin), { attributes, excludedAttributes }),
        )
        return tellList(all, total, page)
      },
    }),
    addUser: operation({
      action: 'identity.scim-add-user',
      says: 'Makes an account for a user of the directory',
      input: body,
      output: told,
      ...recorded,
      async run(tx, input) {
        const tenant = await takeTurn(tx)
        const made = await users.addUser(tx, tenant, users.readUser(input))
        return tellResource(await showUser(tx, tenant, made), 201)
      },
    }),
    showUser: operation({
      action: 'identity.scim-show-user',
      says: 'One user of a tenant',
      input: z.object({ user: id, ...shown }),
      output: told,
      async run(tx, { user, ...shows }) {
        return tellResource(choose(await showUser(tx, tenantOf(tx), user), shows))
      },
    }),
    replaceUser: operation({
      action: 'identity.scim-replace-user',
      says: 'Replaces what the directory says of a user; not active any more, they are out at once',
      input: body.extend({ user: id }),
      output: told,
      ...recorded,
      async run(tx, { user, ...given }) {
        const tenant = await takeTurn(tx)
        const before = await users.needUser(tx, tenant, user)
        await users.replaceUser(tx, tenant, before, users.readUser(given, before))
        await groups.syncOwners(tx, tenant)
        return tellResource(await showUser(tx, tenant, user))
      },
    }),
    patchUser: operation({
      action: 'identity.scim-patch-user',
      says: 'Changes parts of what the directory says of a user',
      input: body.extend({ user: id }),
      output: told,
      ...recorded,
      async run(tx, input) {
        const tenant = await takeTurn(tx)
        const before = await users.needUser(tx, tenant, input.user)
        const after = users.patchUser(before, readPatch(without(input, 'user')))
        await users.replaceUser(tx, tenant, before, after)
        await groups.syncOwners(tx, tenant)
        return tellResource(await showUser(tx, tenant, input.user))
      },
    }),
    removeUser: operation({
      action: 'identity.scim-remove-user',
      says: 'Takes a user out: sessions and keys end at once',
      input: z.object({ user: id }),
      output: told,
      ...recorded,
      async run(tx, { user }) {
        const tenant = await takeTurn(tx)
        const before = await users.needUser(tx, tenant, user)
        await users.removeUser(tx, before)
        return tell(null, { status: 204, about: before.id })
      },
    }),
    listGroups: operation({
      action: 'identity.scim-list-groups',
      says: 'The groups of a tenant’s directory, filtered and page by page',
      input: listed,
      output: told,
      async run(tx, { attributes, excludedAttributes, ...page }) {
        const { rows, total } = await groups.listGroups(tx, tenantOf(tx), page)
        const all = rows.map((row) =>
          choose(groups.toResource(row, origin), { attributes, excludedAttributes }),
        )
        return tellList(all, total, page)
      },
    }),
    addGroup: operation({
      action: 'identity.scim-add-group',
      says: 'Keeps a group of the directory',
      input: body,
      output: told,
      ...recorded,
      async run(tx, input) {
        const tenant = await takeTurn(tx)
        const made = await groups.addGroup(tx, tenant, groups.readGroup(input))
        return tellResource(await showGroup(tx, tenant, made), 201)
      },
    }),
    showGroup: operation({
      action: 'identity.scim-show-group',
      says: 'One group of a tenant’s directory',
      input: z.object({ group: id, ...shown }),
      output: told,
      async run(tx, { group, ...shows }) {
        return tellResource(choose(await showGroup(tx, tenantOf(tx), group), shows))
      },
    }),
    replaceGroup: operation({
      action: 'identity.scim-replace-group',
      says: 'Replaces a group and its members',
      input: body.extend({ group: id }),
      output: told,
      ...recorded,
      async run(tx, { group, ...given }) {
        const tenant = await takeTurn(tx)
        const before = await groups.needGroup(tx, tenant, group)
        await groups.replaceGroup(tx, tenant, before, groups.readGroup(given))
        return tellResource(await showGroup(tx, tenant, group))
      },
    }),
    patchGroup: operation({
      action: 'identity.scim-patch-group',
      says: 'Changes a group: its name, or who is in it',
      input: body.extend({ group: id }),
      output: told,
      ...recorded,
      async run(tx, input) {
        const tenant = await takeTurn(tx)
        const before = await groups.needGroup(tx, tenant, input.group)
        const after = groups.patchGroup(before, readPatch(without(input, 'group')))
        await groups.replaceGroup(tx, tenant, before, after)
        return tellResource(await showGroup(tx, tenant, input.group))
      },
    }),
    removeGroup: operation({
      action: 'identity.scim-remove-group',
      says: 'Forgets a group; whom it made an owner is a member again',
      input: z.object({ group: id }),
      output: told,
      ...recorded,
      async run(tx, { group }) {
        const tenant = await takeTurn(tx)
        const before = await groups.needGroup(tx, tenant, group)
        await groups.removeGroup(tx, tenant, before.id)
        return tell(null, { status: 204, about: before.id })
      },
    }),
  }
}
