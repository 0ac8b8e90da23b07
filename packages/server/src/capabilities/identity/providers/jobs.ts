import { z } from 'zod'
import { job, type Job } from '../../../foundation/capability.ts'
import { lookFor, type DomainOperations } from './domain-operations.ts'

export function domainJobs(operations: DomainOperations): Job[] {
  return [
    job({
      name: 'identity.look-for-domain',
      says: 'Looks for the TXT record of a tenant’s domain',
      input: z.strictObject({ tenant: z.string(), domain: z.string() }),
      async run(work, { tenant, domain }) {
        const looked = await lookFor(work.outside, domain)
        await work.ask(operations.keepLook, { tenant, domain, looked })
      },
    }),
  ]
}
