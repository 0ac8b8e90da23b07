import { z } from 'zod'
import { job, type Job, type JobContext } from '../../foundation/capability.ts'
import { Failure } from '../../foundation/failure.ts'
import type { LedgerOperations } from './operations.ts'
import type { Witness } from './witness.ts'

const nothing = z.strictObject({})

export function ledgerJobs(operations: LedgerOperations, witnesses: readonly Witness[]): Job[] {
  return [
    job({
      name: 'ledger.check',
      says: 'Looks over the whole log, and tells the operator of what is wrong with it',
      input: nothing,
      async run(work) {
        const { findings } = await work.ask(operations.checkWhenDue, {})
        for (const { code, message } of findings) {
          work.log({ note: `the ledger is damaged: ${code}: ${message}` })
        }
      },
    }),
    job({
      name: 'ledger.witness',
      says: 'Has each witness cosign the newest checkpoint',
      input: nothing,
      async run(work) {
        const results = await Promise.allSettled(
          witnesses.map((witness) => beWitnessed(work, operations, witness)),
        )
        const failed = results.find((result) => result.status === 'rejected')
        if (failed) throw failed.reason
      },
    }),
  ]
}

/** A witness that saw more or less than we remember says what it saw, and is asked once more. */
async function beWitnessed(
  work: JobContext,
  operations: LedgerOperations,
  { url, key }: Witness,
): Promise<void> {
  let { old } = await work.ask(operations.showWitnessed, { key })
  for (const isLast of [false, true]) {
    const { request } = await work.ask(operations.askWitness, { old })
    if (!request) return
    const answer = await submit(url, request.body, work.signal)
    const { text } = answer
    if (answer.ok) {
      await work.ask(operations.addCosignature, { size: request.size, key, line: text })
      return
    }
    if (answer.status !== 409 || isLast) {
      throw new Failure('not-connected', `the witness at ${url} answered ${answer.status}`, {
        fix: 'see that the witness knows the key of this log',
      })
    }
    old = Number(text.trim())
  }
}

/** Milliseconds that a witness may take, and bytes that it may say: a cosignature has some hundred. */
const patience = 10_000
const mostBytes = 16 * 1024

async function submit(url: string, body: string, signal: AbortSignal) {
  try {
    const answer = await fetch(`${url}/add-checkpoint`, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    })
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of answer.body ?? []) {
      size += part.length
      if (size > mostBytes) throw new RangeError('it says too much')
      parts.push(part)
    }
    return { ok: answer.ok, status: answer.status, text: Buffer.concat(parts).toString('utf8') }
  } catch (error) {
    signal.throwIfAborted()
    throw new Failure(
      'not-connected',
      `the witness at ${url} gives no answer that can be read`,
      {},
      error,
    )
  }
}
