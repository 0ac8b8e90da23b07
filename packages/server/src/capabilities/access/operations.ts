import { z } from 'zod'
import { Failure } from '../../foundation/failure.ts'
import { operation } from '../../foundation/operation.ts'
import { needPower } from '../claims/powers.ts'
import { makeBundle, type BundleKey } from './bundle.ts'
import { mostDetail, mostText } from './drain.ts'
import { grantOperations } from './grant-operations.ts'
import { listOutboxes, noteDrain, prepareDrain, sendOut } from './outboxes.ts'
import { pushPolicies } from './policies.ts'
import { keepRecords, kinds, listRecords } from './records.ts'
import { reviewOperations } from './review-operations.ts'
import { before, limit, name } from './shapes.ts'
import { needOwnTenant } from './speaker.ts'

/** What this capability needs of those that it does not know. */
export interface AccessSettings {
  bundles: BundleKey
}

const nothing = z.strictObject({})
const system = z.string().min(1).max(100)
const drained = z.strictObject({
  place: z.string().max(40),
  at: z.string().max(100),
  tenant: z.string().max(2 * mostText),
  actor: z.string().max(2 * mostText),
  kind: z.string().max(2 * mostText),
  action: z.string().max(2 * mostText),
  detail: z
    .string()
    .max(2 * mostDetail)
    .nullable(),
  bytes: z.int().nonnegative(),
  digest: z.string().max(44),
})

/** The operations on who of the staff may see a tenant's data, and on what was seen. */
export function accessOperations({ bundles }: AccessSettings) {
  return {
    ...grantOperations,

    reads: operation({
      action: 'access.reads',
      says: 'What was recorded of a tenant’s data: reads of the staff row by row, its own counted by the minute, or events',
      input: z.strictObject({
        tenant: name.optional(),
        kind: z.enum(kinds).default('staff-read'),
        grant: z.uuid().optional(),
        before,
        limit,
      }),
      output: z.object({
        records: z.array(
          z.object({
            id: z.string(),
            at: z.string().nullable(),
            database: z.string(),
            actor: z.string(),
            kind: z.string(),
            action: z.string(),
            detail: z.string().nullable(),
            isCut: z.boolean(),
            grant: z.string().nullable(),
            isCovered: z.boolean().nullable(),
            entry: z.number().nullable(),
          }),
        ),
        next: z.string().nullable(),
        outboxes: z.array(
          z.object({
            database: z.string(),
            drainedAt: z.string().nullable(),
            awaySince: z.string().nullable(),
          }),
        ),
      }),
      async run(tx, input) {
        const tenant = await needOwnTenant(tx, input.tenant)
        if (tenant === null) throw new Failure('bad-input', '/tenant: whose data it is about')
        const asked = { grant: undefined, before: undefined, ...input, tenant }
        return { ...(await listRecords(tx, asked)), outboxes: await listOutboxes(tx) }
      },
    }),

    showBundle: operation({
      action: 'access.show-bundle',
      says: 'All that an app needs to go on by itself for 15 minutes: policies and live grants, signed',
      input: nothing,
      output: z.object({ body: z.string(), signature: z.string(), key: z.string() }),
      async run(tx) {
        await needPower(tx, 'app-runner')
        return await makeBundle(tx, bundles)
      },
    }),

    showKey: operation({
      action: 'access.show-key',
      says: 'The public key that bundles are signed with: Ed25519, 32 bytes in base64',
      input: nothing,
      output: z.object({ key: z.string() }),
      run: () => Promise.resolve({ key: bundles.key }),
    }),

    pushPolicies: operation({
      action: 'access.push-policies',
      says: 'Takes the app’s own policies from its pipeline; what it was before is in no bundle any more',
      input: z.strictObject({
        schema: z.string().max(1_000_000),
        policies: z.record(name, z.string().max(1_000_000)),
      }),
      output: z.object({ version: z.number(), digest: z.string() }),
      entry: (_, output) => output,
      async run(tx, input) {
        await needPower(tx, 'policy-runner')
        return await pushPolicies(tx, input)
      },
    }),

    ...reviewOperations,

    sendOut: operation({
      action: 'access.send-out',
      says: 'Sends out the drains of outboxes that are due',
      input: nothing,
      output: z.object({ sent: z.number() }),
      run: async (tx) => ({ sent: await sendOut(tx) }),
    }),

    prepareDrain: operation({
      action: 'access.prepare-drain',
      says: 'The database whose outbox is drained',
      input: z.strictObject({ database: system }),
      output: z.custom<Awaited<ReturnType<typeof prepareDrain>>>(),
      run: (tx, { database }) => prepareDrain(tx, database),
    }),

    keepRecords: operation({
      action: 'access.keep-records',
      says: 'Takes rows of an outbox over, each with an entry in the ledger, those that are new',
      input: z.strictObject({ database: system, rows: z.array(drained).max(1000) }),
      output: z.object({ kept: z.number() }),
      run: async (tx, input) => ({ kept: await keepRecords(tx, input) }),
    }),

    noteDrain: operation({
      action: 'access.note-drain',
      says: 'Notes how a drain ended',
      input: z.strictObject({
        database: system,
        why: z.string().max(1000).nullable(),
        emptyAt: z.number().nullable(),
      }),
      output: z.object({ isNews: z.boolean() }),
      run: async (tx, input) => ({ isNews: await noteDrain(tx, input) }),
    }),
  }
}

export type AccessOperations = ReturnType<typeof accessOperations>
