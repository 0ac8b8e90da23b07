import { z } from 'zod'
import { documentOf, operation } from '../../../foundation/operation.ts'
import { readRules } from '../rules.ts'
import { nothing } from '../shapes.ts'
import { keptDocument } from './kept.ts'

/** What a look at Kept's own portal asks, beside what any visitor can. */
export const probeOperations = {
  describeSignIn: operation({
    action: 'identity.describe-sign-in',
    says: 'How a probe asks the sign-in of this portal: what other apps publish at the same address',
    input: nothing,
    output: documentOf,
    async run(tx) {
      const body = JSON.stringify(keptDocument(await readRules(tx)))
      return { type: 'application/json', body }
    },
  }),
  /** What no tenant may ask: over all of them. */
  countSignIns: operation({
    action: 'identity.count-sign-ins',
    says: 'How many accounts have a password older than the rule, and how many tenants a list of networks',
    input: nothing,
    output: z.object({ offersAddresses: z.boolean(), older: z.number(), lists: z.number() }),
    async run(tx) {
      const { offersAddresses, passwordLength } = await readRules(tx)
      const row = await tx.row<{ older: number; lists: number }>`
        select (select count(*)::integer from identity.passwords p join identity.accounts a on a.id = p.account
            where p.minimum < ${passwordLength} and a.removed_at is null) as older,
          (select count(*)::integer from identity.settings where addresses is not null) as lists`
      return { offersAddresses, ...row! }
    },
  }),
}
