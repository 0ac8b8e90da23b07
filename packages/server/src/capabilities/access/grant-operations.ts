import { z } from 'zod'
import { operation } from '../../foundation/operation.ts'
import {
  answerGrant,
  endGrant,
  listGrants,
  requestGrant,
  said,
  states,
  type Grant,
} from './grants.ts'
import { before, limit, name } from './shapes.ts'
import { mayAnswer, needOwnTenant, needVoice } from './speaker.ts'

const grantId = z.strictObject({ grant: z.uuid() })
/** Who signed in to a tenant's portal speaks for it; a runner says for which user of which tenant. */
const word = grantId.extend({ tenant: name.optional(), by: name.optional() })
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

/** The operations on who of the staff may see a tenant's data. */
export const grantOperations = {
  request: operation({
    action: 'access.request',
    says: 'Asks a tenant to let the person who asks see its data, for a reason and at most 8 hours',
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
    input: word,
    output: committed,
    entry: ({ grant: id }, { commitment }) => ({ grant: id, commitment }),
    async run(tx, { grant: id, ...whose }) {
      await mayAnswer(tx)
      return await answerGrant(tx, { grant: id, voice: await needVoice(tx, whose), allowed: true })
    },
  }),

  refuse: operation({
    action: 'access.refuse',
    says: 'Refuses what the staff asked for, by the word of a user of the tenant',
    input: word,
    output: committed,
    entry: ({ grant: id }, { commitment }) => ({ grant: id, commitment }),
    async run(tx, { grant: id, ...whose }) {
      await mayAnswer(tx)
      return await answerGrant(tx, { grant: id, voice: await needVoice(tx, whose), allowed: false })
    },
  }),

  end: operation({
    action: 'access.end',
    says: 'Ends a grant early or takes a request back; a runner says for which user of the tenant',
    input: word,
    output: committed.extend({ endedAt: z.string() }),
    entry: ({ grant: id }, { commitment }) => ({ grant: id, commitment }),
    async run(tx, { grant: id, ...whose }) {
      const { kind, id: own } = tx.scope.actor
      if (kind === 'runner' || kind === 'member') {
        return await endGrant(tx, { grant: id, ...(await needVoice(tx, whose)) })
      }
      return await endGrant(tx, { grant: id, tenant: whose.tenant ?? null, by: own })
    },
  }),

  list: operation({
    action: 'access.list',
    says: 'Grants, newest first, of a tenant or all; `next` is the `before` of the page that follows',
    input: z.strictObject({ tenant: name.optional(), grant: z.uuid().optional(), before, limit }),
    output: z.object({ grants: z.array(grant), next: z.string().nullable() }),
    async run(tx, asked) {
      const tenant = await needOwnTenant(tx, asked.tenant)
      const { grants, next } = await listGrants(tx, {
        grant: undefined,
        before: undefined,
        ...asked,
        tenant,
      })
      return { grants: grants.map(toShown), next }
    },
  }),
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
