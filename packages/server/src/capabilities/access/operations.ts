import { z } from 'zod'
import { Failure } from '../../foundation/failure.ts'
import { operation } from '../../foundation/operation.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { needPower } from '../claims/powers.ts'
import { makeBundle, type BundleKey } from './bundle.ts'
import { mostDetail, mostText } from './drain.ts'
import {
  answerGrant,
  endGrant,
  listGrants,
  requestGrant,
  said,
  states,
  type Grant,
} from './grants.ts'
import { listOutboxes, noteDrain, prepareDrain, sendOut } from './outboxes.ts'
import { pushPolicies } from './policies.ts'
import { keepRecords, kinds, listRecords } from './records.ts'
import { reviewOperations } from './review-operations.ts'

/** What this capability needs of those that it does not know. */
export interface AccessSettings {
  bundles: BundleKey
}

const nothing = z.strictObject({})
const name = z.string().min(1).max(200)
const system = z.string().min(1).max(100)
const grantId = z.strictObject({ grant: z.uuid() })
const before = z
  .string()
  .regex(/^[1-9]\d{0,17}$/)
  .optional()
const limit = z.coerce.number().int().min(1).max(500).default(100)
const answer = grantId.extend({ tenant: name, by: name })
const committed = z.object({ commitment: z.string() })

const grant = z.object({
  id: z.string(),
  staff: z.string(),
  tenant: z.string(),
  reason: z.string(),
  askedAt: z.string(),
  answeredAt: z.string().nullable(),
  answeredBy: z.string().nullable(),
  until: z.string(),
  endedAt: z.string().nullable(),
  endedBy: z.string().nullable(),
  state: z.enum(states),
})

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
    request: operation({
      action: 'access.request',
      says: 'Asks a tenant to let the person who signs see its data, for a reason and at most 8 hours',
      input: z.strictObject({
        tenant: name,
        reason: z.string().trim().min(3).max(1000),
        until: z.iso.datetime({ offset: true }),
      }),
      output: committed.extend({ grant: z.string() }),
      entry: ({ until }, { grant: id, commitment }) => ({ grant: id, until, commitment }),
      run: (tx, { until, ...asked }) => requestGrant(tx, { ...asked, until: Date.parse(until) }),
    }),

    allow: operation({
      action: 'access.allow',
      says: 'Allows what the staff asked for, by the word of a user of the tenant',
      input: answer,
      output: committed,
      entry: ({ grant: id }, { commitment }) => ({ grant: id, commitment }),
      async run(tx, input) {
        await needPower(tx, 'app-runner')
        return await answerGrant(tx, { ...input, allowed: true })
      },
    }),

    refuse: operation({
      action: 'access.refuse',
      says: 'Refuses what the staff asked for, by the word of a user of the tenant',
      input: answer,
      output: committed,
      entry: ({ grant: id }, { commitment }) => ({ grant: id, commitment }),
      async run(tx, input) {
        await needPower(tx, 'app-runner')
        return await answerGrant(tx, { ...input, allowed: false })
      },
    }),

    end: operation({
      action: 'access.end',
      says: 'Ends a grant early or takes a request back; a runner says for which user of the tenant',
      input: grantId.extend({ tenant: name.optional(), by: name.optional() }),
      output: committed.extend({ endedAt: z.string() }),
      entry: ({ grant: id }, { commitment }) => ({ grant: id, commitment }),
      async run(tx, { grant: id, tenant, by }) {
        await needPower(tx, 'app-runner')
        if (tx.scope.actor.kind !== 'runner') {
          return await endGrant(tx, { grant: id, tenant: tenant ?? null, by: tx.scope.actor.id })
        }
        if (tenant === undefined || by === undefined) throw needsTenant('tenant and by')
        return await endGrant(tx, { grant: id, tenant, by })
      },
    }),

    list: operation({
      action: 'access.list',
      says: 'Grants, newest first, of a tenant or all; `next` is the `before` of the page that follows',
      input: z.strictObject({ tenant: name.optional(), before, limit }),
      output: z.object({ grants: z.array(grant), next: z.string().nullable() }),
      async run(tx, { tenant, ...page }) {
        await needOwnTenant(tx, tenant)
        const { grants, next } = await listGrants(tx, {
          tenant: tenant ?? null,
          before: undefined,
          ...page,
        })
        return { grants: grants.map(toShown), next }
      },
    }),

    reads: operation({
      action: 'access.reads',
      says: 'What was recorded of a tenant’s data: reads of the staff row by row, its own counted by the minute, or events',
      input: z.strictObject({
        tenant: name,
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
        await needPower(tx, 'app-runner')
        const asked = { grant: undefined, before: undefined, ...input }
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

/** An app asks for one tenant at a time; staff may see all grants at once. */
async function needOwnTenant(tx: Transaction, tenant: string | undefined): Promise<void> {
  await needPower(tx, 'app-runner')
  if (tx.scope.actor.kind === 'runner' && tenant === undefined) throw needsTenant('tenant')
}

function needsTenant(what: string): Failure {
  return new Failure('bad-input', `a runner speaks for a tenant: ${what} is missing`)
}

function toShown({ askedAt, answeredAt, until, endedAt, ...rest }: Grant) {
  return {
    ...rest,
    askedAt: said(askedAt),
    answeredAt: answeredAt === null ? null : said(answeredAt),
    until: said(until),
    endedAt: endedAt === null ? null : said(endedAt),
  }
}
