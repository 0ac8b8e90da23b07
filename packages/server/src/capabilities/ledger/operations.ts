import { parseTilePath, type TileAddress } from '@kept/ledger'
import { z } from 'zod'
import { Failure } from '../../foundation/failure.ts'
import { enqueue } from '../../foundation/jobs.ts'
import { documentOf, operation } from '../../foundation/operation.ts'
import { begin } from './begin.ts'
import { check, checkWhenDue, isCheckDue } from './check.ts'
import { proveEntry, proveGrowth, readCheckpoint, readTile, readWaiting } from './read.ts'
import { sequence, type LogIdentity } from './sequence.ts'
import {
  addCosignature,
  askWitness,
  isUnwitnessed,
  readWitnessed,
  type Witness,
} from './witness.ts'

const size = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const proof = z.object({
  index: z.number(),
  entry: z.string(),
  size: z.number(),
  path: z.array(z.string()),
  checkpoint: z.string(),
})

const findings = z.array(z.object({ code: z.string(), message: z.string() }))

/** The operations of the log of one Kept. */
export function ledgerOperations(log: LogIdentity, witnesses: readonly Witness[]) {
  return {
    showCheckpoint: operation({
      action: 'ledger.show-checkpoint',
      says: 'The newest checkpoint of the ledger, a C2SP signed note; with a size, the one of that size',
      input: z.strictObject({ size: size.optional() }),
      output: documentOf,
      async run(tx, input) {
        const note = await readCheckpoint(tx, input.size)
        if (note === null) throw new Failure('not-found', 'there is no such checkpoint')
        const headers = { 'cache-control': 'no-cache' }
        return { type: 'text/plain; charset=utf-8', body: note, headers }
      },
    }),

    showTile: operation({
      action: 'ledger.show-tile',
      says: 'A tile of hashes or a bundle of entries, at the address that C2SP tlog-tiles gives it',
      input: z.strictObject({ '*': z.string().max(200) }),
      output: documentOf,
      async run(tx, input) {
        const body = await readTile(tx, readAddress(`tile/${input['*']}`))
        if (!body) throw new Failure('not-found', 'the ledger does not reach this tile')
        const headers = { 'cache-control': 'public, max-age=31536000, immutable' }
        return { type: 'application/octet-stream', body, headers }
      },
    }),

    proveEntry: operation({
      action: 'ledger.prove-entry',
      says: 'An entry with its inclusion proof and the checkpoint it leads to',
      input: z.strictObject({ index: size }),
      output: proof,
      run: (tx, { index }) => proveEntry(tx, index),
    }),

    proveGrowth: operation({
      action: 'ledger.prove-growth',
      says: 'That the log of one size is the beginning of the log of another',
      input: z.strictObject({ first: size, second: size }),
      output: z.object({ first: z.number(), second: z.number(), path: z.array(z.string()) }),
      run: (tx, { first, second }) => proveGrowth(tx, first, second),
    }),

    showKey: operation({
      action: 'ledger.show-key',
      says: 'Which log this is, the key that its checkpoints are signed with, and for how many seconds the oldest entry has waited for its place',
      input: z.strictObject({}),
      output: z.object({ origin: z.string(), key: z.string(), waiting: z.number() }),
      run: async (tx) => ({ origin: log.origin, key: log.key, waiting: await readWaiting(tx) }),
    }),

    begin: operation({
      action: 'ledger.begin',
      says: 'Says which log this is, at the first start for good, and refuses every other',
      input: z.strictObject({}),
      output: z.object({}),
      async run(tx) {
        await begin(tx, log)
        return {}
      },
    }),

    sequence: operation({
      action: 'ledger.sequence',
      says: 'Moves what waits into the log',
      input: z.strictObject({}),
      output: z.object({ more: z.boolean() }),
      run: async (tx) => ({ more: await sequence(tx, log) }),
    }),

    check: operation({
      action: 'ledger.check',
      says: 'Looks over the whole log, every entry, tile and checkpoint, and keeps what it finds',
      input: z.strictObject({}),
      output: z.object({ size: z.number(), findings }),
      run: (tx) => check(tx, log),
    }),

    checkWhenDue: operation({
      action: 'ledger.check-when-due',
      says: 'Looks over the whole log, once a day',
      input: z.strictObject({}),
      output: z.object({ findings }),
      run: async (tx) => (await checkWhenDue(tx, log)) ?? { findings: [] },
    }),

    sendOut: operation({
      action: 'ledger.send-out',
      says: 'Sends out the look of the day, and the newest checkpoint to witnesses that lack it',
      input: z.strictObject({}),
      output: z.object({ sent: z.number() }),
      async run(tx) {
        const due = [
          ...((await isCheckDue(tx)) ? ['ledger.check'] : []),
          ...((await isUnwitnessed(tx, witnesses)) ? ['ledger.witness'] : []),
        ]
        for (const name of due) await enqueue(tx, name, {}, name)
        return { sent: due.length }
      },
    }),

    showWitnessed: operation({
      action: 'ledger.show-witnessed',
      says: 'What a witness cosigned last',
      input: z.strictObject({ key: z.string() }),
      output: z.object({ old: z.number() }),
      run: async (tx, { key }) => ({ old: await readWitnessed(tx, key) }),
    }),

    askWitness: operation({
      action: 'ledger.ask-witness',
      says: 'What to send to a witness that saw the log at a size',
      input: z.strictObject({ old: size }),
      output: z.object({ request: z.object({ size: z.number(), body: z.string() }).nullable() }),
      run: async (tx, { old }) => ({ request: await askWitness(tx, old) }),
    }),

    addCosignature: operation({
      action: 'ledger.add-cosignature',
      says: 'Keeps what a witness signed under a checkpoint',
      input: z.strictObject({ size, key: z.string(), line: z.string().max(1000) }),
      output: z.object({}),
      async run(tx, input) {
        await addCosignature(tx, input)
        return {}
      },
    }),
  }
}

export type LedgerOperations = ReturnType<typeof ledgerOperations>

function readAddress(path: string): TileAddress {
  try {
    return parseTilePath(path)
  } catch {
    throw new Failure('not-found', `"${path}" is no path of a tile`)
  }
}
