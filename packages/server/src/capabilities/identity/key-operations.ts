import { z } from 'zod'
import { operation } from '../../foundation/operation.ts'
import { endKey, listKeys, makeKey } from './keys.ts'
import { nothing } from './shapes.ts'
import { mustBeFresh } from './sessions.ts'

const scope = z
  .string()
  .regex(/^(?!identity\.)[a-z-]+\.(?:\*|[a-z-]+)$/, 'an action, or all of a capability: claims.*')

/** The operations on API keys of who asks. */
export function keyOperations() {
  return {
    keys: operation({
      action: 'identity.list-keys',
      says: 'The API keys of who asks: what they may do, until when, and when they were last used',
      input: nothing,
      output: z.object({
        keys: z.array(
          z.object({
            id: z.string(),
            label: z.string(),
            scopes: z.array(z.string()),
            madeAt: z.number(),
            endsAt: z.number(),
            usedAt: z.number().nullable(),
          }),
        ),
      }),
      run: async (tx) => ({ keys: await listKeys(tx) }),
    }),
    makeKey: operation({
      action: 'identity.make-key',
      says: 'Makes an API key for some actions and at most a year, shown once',
      input: z.strictObject({
        label: z.string().trim().min(1).max(100),
        scopes: z.array(scope).min(1).max(50),
        days: z.int().min(1).max(366),
      }),
      output: z.object({ id: z.string(), key: z.string(), endsAt: z.number() }),
      secret: true,
      entry: ({ scopes, days }, { id }) => ({ key: id, scopes, days }),
      async run(tx, input) {
        await mustBeFresh(tx)
        return await makeKey(tx, input)
      },
    }),
    endKey: operation({
      action: 'identity.end-key',
      says: 'Ends an API key',
      input: z.strictObject({ key: z.uuid() }),
      output: z.object({}),
      entry: ({ key }) => ({ key }),
      async run(tx, { key }) {
        await endKey(tx, key)
        return {}
      },
    }),
  }
}
