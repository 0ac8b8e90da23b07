import { writeSync } from 'node:fs'
import pg from 'pg'
import { z } from 'zod'
import { append } from '../src/capabilities/ledger/append.ts'
import { sequence, sequenceSteps } from '../src/capabilities/ledger/sequence.ts'
import { operation } from '../src/foundation/operation.ts'
import { systemTime } from '../src/foundation/time.ts'
import { openGate } from '../src/gate.ts'
import { testLog } from './log.ts'

/**
 * A process that appends entries through the gate and sequences them, both without pause, to be
 * killed. On channel 3 it says each step it comes to, and each entry whose transaction was
 * acknowledged; a line there is written before the next step begins.
 */
export interface Task {
  url: string
  /** What its entries begin with. */
  name: string
  /** Kills itself at the so-many-th time it comes to a step; null to be killed from outside. */
  end: { step: Step; time: number } | null
}

const appendSteps = ['before insert', 'after insert', 'after commit'] as const
export const steps = [
  ...appendSteps,
  ...sequenceSteps,
  'before commit of the batch',
  'after commit of the batch',
] as const
export type Step = (typeof steps)[number]

function comeTo(step: Step, end: Task['end']): void {
  writeSync(3, `step ${step}\n`)
  if (end?.step === step && --end.time === 0) process.kill(process.pid, 'SIGKILL')
}

async function run({ url, name, end }: Task): Promise<never> {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  const gate = openGate(pool, systemTime, {
    authenticate: () => Promise.reject(new Error('nobody asks from outside')),
    authorize: () => true,
    record: () => Promise.resolve(),
  })
  const nothing = z.object({})
  const worker = { actor: { kind: 'worker', id: name } } as const
  const write = operation({
    action: 'tests.write',
    says: 'Appends one entry',
    input: z.object({ id: z.string() }),
    output: nothing,
    async run(tx, { id }) {
      comeTo('before insert', end)
      await append(tx, 'tests.write', id)
      comeTo('after insert', end)
      return {}
    },
  })
  const batch = operation({
    action: 'tests.sequence',
    says: 'Sequences what waits',
    input: nothing,
    output: nothing,
    async run(tx) {
      await sequence(tx, testLog, (step) => comeTo(step, end))
      comeTo('before commit of the batch', end)
      return {}
    },
  })
  const writing = async (writer: number) => {
    for (let i = 0; ; i++) {
      const id = `${name}-${writer}-${i}`
      await gate.enter({ caller: worker, operation: write, input: { id } })
      comeTo('after commit', end)
      writeSync(3, `acknowledged ${id}\n`)
    }
  }
  const sequencing = async () => {
    for (;;) {
      await gate.enter({ caller: worker, operation: batch, input: {} })
      comeTo('after commit of the batch', end)
    }
  }
  return Promise.race([writing(1), writing(2), sequencing()])
}

if (import.meta.main) await run(JSON.parse(process.argv[2]!) as Task)
