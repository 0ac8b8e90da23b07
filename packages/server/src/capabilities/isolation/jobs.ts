import { z } from 'zod'
import { job } from '../../foundation/capability.ts'
import { carryOut } from './move/move.ts'

export const isolationJobs = [
  job({
    name: 'isolation.move',
    says: 'Brings a tenant to another database, from where its move was left',
    input: z.strictObject({ move: z.uuid() }),
    run: (work, { move }) => carryOut(work, move),
  }),
]
