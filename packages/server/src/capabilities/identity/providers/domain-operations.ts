import { z } from 'zod'
import { Failure } from '../../../foundation/failure.ts'
import { enqueue } from '../../../foundation/jobs.ts'
import { operation } from '../../../foundation/operation.ts'
import type { Outside } from '../../../foundation/outside.ts'
import { readTxt } from '../../../outside/txt.ts'
import { nothing, type IdentitySettings } from '../shapes.ts'
import { mustBeFresh } from '../sessions.ts'
import {
  addDomain,
  findDue,
  keepLook,
  listDomains,
  needDomain,
  recordOf,
  removeDomain,
  type Looked,
} from './domains.ts'

const domain = z.string().min(3).max(300)
const named = z.strictObject({ domain })
const record = z.object({ domain: z.string(), record: z.string(), value: z.string() })
const looked = z.union([
  z.strictObject({ records: z.array(z.string().max(2000)).max(1000) }),
  z.strictObject({ trouble: z.string().max(2000) }),
])

/** What DNS says now; that it says nothing is no answer. */
export async function lookFor(outside: Outside, name: string): Promise<Looked> {
  try {
    const records = await readTxt(outside, recordOf(name))
    return { records: records.filter((one) => one.length <= 2000).slice(0, 1000) }
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-connected')
      return { trouble: error.message }
    throw error
  }
}

/** The operations on the domains that a tenant shows to be its own. */
export function domainOperations({ outside }: IdentitySettings) {
  return {
    domains: operation({
      action: 'identity.list-domains',
      says: 'The domains of a tenant, and whether DNS shows that they are its own',
      input: nothing,
      output: z.object({
        domains: z.array(
          record.extend({
            verifiedAt: z.number().nullable(),
            seenAt: z.number().nullable(),
            until: z.number().nullable(),
            checkedAt: z.number().nullable(),
            trouble: z.string().nullable(),
          }),
        ),
      }),
      run: async (tx) => ({ domains: await listDomains(tx, tx.scope.actor.tenant!) }),
    }),
    addDomain: operation({
      action: 'identity.add-domain',
      says: 'Says which TXT record shows that a domain is the tenant’s',
      input: named,
      output: record,
      entry: (_, { domain: name }) => ({ domain: name }),
      async run(tx, { domain: name }) {
        await mustBeFresh(tx)
        return await addDomain(tx, tx.scope.actor.tenant!, name)
      },
    }),
    checkDomain: operation({
      action: 'identity.check-domain',
      says: 'Looks for the TXT record of a domain now',
      input: named,
      output: z.object({ verified: z.boolean(), trouble: z.string().nullable() }),
      entry: ({ domain: name }, { verified }) => ({ domain: name, verified }),
      async ahead(work, { domain: name }) {
        const spelled = await work.first((tx) => needDomain(tx, tx.scope.actor.tenant!, name))
        return { spelled, seen: await lookFor(outside, spelled) }
      },
      async run(tx, _, { spelled, seen }) {
        const tenant = tx.scope.actor.tenant!
        const verified = await keepLook(tx, { tenant, domain: spelled, looked: seen })
        const all = await listDomains(tx, tenant)
        return { verified, trouble: all.find((one) => one.domain === spelled)?.trouble ?? null }
      },
    }),
    removeDomain: operation({
      action: 'identity.remove-domain',
      says: 'Gives a domain up: nobody is let in by an address of it any more',
      input: named,
      output: z.object({}),
      entry: ({ domain: name }) => ({ domain: name }),
      async run(tx, { domain: name }) {
        await mustBeFresh(tx)
        const tenant = tx.scope.actor.tenant!
        await removeDomain(tx, tenant, await needDomain(tx, tenant, name))
        return {}
      },
    }),
    checkDomains: operation({
      action: 'identity.check-domains',
      says: 'Has domains looked for again that were not for a day, and gives up those not seen for a week',
      input: nothing,
      output: z.object({ due: z.number() }),
      async run(tx) {
        const due = await findDue(tx)
        for (const one of due)
          await enqueue(tx, 'identity.look-for-domain', one, `domain:${one.tenant}:${one.domain}`)
        return { due: due.length }
      },
    }),
    keepLook: operation({
      action: 'identity.keep-look',
      says: 'Keeps what DNS said of a domain',
      input: z.strictObject({ tenant: z.string(), domain, looked }),
      output: z.object({ verified: z.boolean() }),
      run: async (tx, input) => ({ verified: await keepLook(tx, input) }),
    }),
  }
}

export type DomainOperations = ReturnType<typeof domainOperations>
