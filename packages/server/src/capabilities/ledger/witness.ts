import {
  parseCheckpoint,
  parseNote,
  parseWitnessKey,
  readCosignatures,
  type Checkpoint,
} from '@kept/ledger'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { verifyEd25519 } from './hash.ts'
import { proveGrowth, readCheckpoint } from './read.ts'

/** Somebody who cosigns checkpoints, so that two histories cannot be shown to two readers. */
export interface Witness {
  /** Where it takes checkpoints: the submission prefix of C2SP tlog-witness. */
  url: string
  /** `name+id+base64`, C2SP tlog-cosignature. */
  key: string
}

/** What a witness of this key cosigned last; 0 when it never did. */
export async function readWitnessed(tx: Transaction, key: string): Promise<number> {
  const row = await tx.row<{ size: string }>`
    select size from ledger.cosignatures where witness = ${key} order by size desc limit 1`
  return Number(row?.size ?? 0)
}

/** Whether one of these witnesses has not cosigned the newest checkpoint. */
export async function isUnwitnessed(
  tx: Transaction,
  witnesses: readonly Witness[],
): Promise<boolean> {
  const row = await tx.row`
    select 1 from unnest(${witnesses.map(({ key }) => key)}::text[]) as w (key)
    cross join (select max(size) as size from ledger.checkpoints) newest
    where newest.size is not null and not exists (select 1 from ledger.cosignatures c
      where c.size = newest.size and c.witness = w.key) limit 1`
  return row !== null
}

/**
 * The body of an add-checkpoint request, C2SP tlog-witness: what the witness saw last, the proof that
 * the log grew from it, and the newest checkpoint. Null when it has seen the newest. A witness that
 * saw more than there is has caught the log cut back, which is an error.
 */
export async function askWitness(
  tx: Transaction,
  old: number,
): Promise<{ size: number; body: string } | null> {
  const note = await readCheckpoint(tx)
  const size = note === null ? 0 : open(note).size
  if (old > size) {
    throw new Failure('conflict', `a witness saw ${old} entries of a ledger that has ${size}`, {
      fix: 'find out who cut the ledger back: restore it from a backup that has them all',
    })
  }
  if (note === null || size === old) return null
  const { path } = await proveGrowth(tx, old, size)
  return { size, body: [`old ${old}`, ...path, '', note].join('\n') }
}

/** Keeps a cosignature once it holds: a false one would spoil the checkpoint for every reader. */
export async function addCosignature(
  tx: Transaction,
  { size, key, line }: { size: number; key: string; line: string },
): Promise<void> {
  const note = await readCheckpoint(tx, size)
  if (note === null) throw new Failure('not-found', `the ledger has no checkpoint of ${size}`)
  const witnesses = [parseWitnessKey(key, verifyEd25519)]
  const { met } = readCosignatures(`${note}${line}`, { witnesses, quorum: 1 })
  if (!met) {
    throw new Failure('bad-signature', `the witness's signature under ${size} does not hold`, {
      fix: "see that the witness's key in the configuration is the one it signs with",
    })
  }
  await tx.rows`insert into ledger.cosignatures (size, witness, line, at)
    values (${size}, ${key}, ${line}, ${at(tx.now)}) on conflict do nothing`
}

function open(note: string): Checkpoint {
  return parseCheckpoint(parseNote(note).text)
}
