import { z } from 'zod'
import { operation } from '../../../foundation/operation.ts'
import { mustBeFresh } from '../sessions.ts'
import { nothing, type IdentitySettings } from '../shapes.ts'
import { listGroups, setOwning } from './groups.ts'
import { takeTurn } from './protocol.ts'
import { endToken, listTokens, makeToken } from './tokens.ts'

/** The operations of a tenant's owner on its directory: who may write to it, and what a group means. */
export function directoryOperations({ origin }: IdentitySettings) {
  return {
    directoryTokens: operation({
      action: 'identity.list-directory-tokens',
      says: 'The tokens that a tenant’s directory may come with',
      input: nothing,
      output: z.object({
        /** What the directory is told as its address. */
        base: z.string(),
        tokens: z.array(
          z.object({
            id: z.string(),
            label: z.string(),
            madeAt: z.number(),
            endsAt: z.number(),
            usedAt: z.number().nullable(),
          }),
        ),
      }),
      run: async (tx) => ({ base: `${origin}/scim/v2`, tokens: await listTokens(tx) }),
    }),
    makeDirectoryToken: operation({
      action: 'identity.make-directory-token',
      says: 'Makes a token for a tenant’s directory (SCIM), for at most two years, shown once',
      input: z.strictObject({
        label: z.string().trim().min(1).max(100),
        days: z.int().min(1).max(731).default(366),
      }),
      output: z.object({ id: z.string(), token: z.string(), endsAt: z.number() }),
      secret: true,
      entry: ({ days }, { id }) => ({ token: id, days }),
      async run(tx, input) {
        await mustBeFresh(tx)
        return await makeToken(tx, input)
      },
    }),
    endDirectoryToken: operation({
      action: 'identity.end-directory-token',
      says: 'Ends a token of a tenant’s directory',
      input: z.strictObject({ token: z.uuid() }),
      output: z.object({}),
      entry: ({ token }) => ({ token }),
      async run(tx, { token }) {
        await endToken(tx, token)
        return {}
      },
    }),
    directoryGroups: operation({
      action: 'identity.list-directory-groups',
      says: 'The groups that a tenant’s directory keeps, and which of them makes owners',
      input: nothing,
      output: z.object({
        groups: z.array(
          z.object({
            id: z.string(),
            displayName: z.string(),
            owners: z.boolean(),
            members: z.number(),
          }),
        ),
      }),
      async run(tx) {
        const page = { startIndex: 1, count: 200 }
        const { rows } = await listGroups(tx, tx.scope.actor.tenant!, page)
        return { groups: rows.map((row) => ({ ...row, members: row.members.length })) }
      },
    }),
    setOwningGroup: operation({
      action: 'identity.set-owning-group',
      says: 'Says whether the members of a group of the directory are owners',
      input: z.strictObject({ group: z.uuid(), owners: z.boolean() }),
      output: z.object({}),
      entry: (input) => input,
      async run(tx, input) {
        await mustBeFresh(tx)
        await setOwning(tx, await takeTurn(tx), input)
        return {}
      },
    }),
  }
}
