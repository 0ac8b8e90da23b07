import { z } from 'zod'
import { job, type Job } from '../../foundation/capability.ts'
import { noMail, type PublishingOperations } from './operations.ts'

export function publishingJobs(operations: PublishingOperations): Job[] {
  return [
    job({
      name: 'publishing.send',
      says: 'Sends one mail of the outbox',
      input: z.strictObject({ mail: z.uuid() }),
      async run(work, { mail }) {
        const { message } = await work.ask(operations.readMail, { mail })
        if (!message) return
        if (work.outside.mail === null) throw noMail()
        const { accepted, reply } = await work.outside.mail(message)
        await work.ask(operations.keepReply, { mail, accepted, reply })
      },
    }),
  ]
}
