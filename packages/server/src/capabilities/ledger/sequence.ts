import {
  append,
  openCheckpoint,
  parseVerifierKey,
  rootOf,
  signCheckpoint,
  type Frontier,
  type Hash,
  type Signer,
} from '@kept/ledger'
import { Failure } from '../../foundation/failure.ts'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { sha256, verifyEd25519 } from './hash.ts'
import { readCheckpoint } from './read.ts'

/** Which log this is, and what signs its checkpoints. */
export interface LogIdentity {
  /** Names the log in its checkpoints: `security.example.com/ledger`. */
  origin: string
  signer: Signer
  /** What others verify its checkpoints with. */
  key: string
}

/**
 * At most so many entries a transaction: enough to spread its cost, few enough that callers commit soon
 * beside it and that a kill loses little work.
 */
const batch = 1536

/** Told of each step that a sequencer has come to: for tests that end it there. */
export type OnStep = (step: SequenceStep) => void
export const sequenceSteps = [
  'head locked',
  'entries moved',
  'subtrees added',
  'checkpoint added',
  'head moved',
] as const
export type SequenceStep = (typeof sequenceSteps)[number]

/**
 * Moves what waits into the log: entries, complete subtrees, a signed checkpoint and the new head in
 * one transaction, so that a kill at any step leaves the log as it was and the rest waiting. Returns
 * whether more may wait.
 */
export async function sequence(
  tx: Transaction,
  log: LogIdentity,
  onStep: OnStep = () => {},
): Promise<boolean> {
  // By its index: what was moved lies dead in the table until the next vacuum.
  if (!(await tx.row`select 1 from ledger.outbox order by ticket limit 1`)) return false
  const head = await lockHead(tx)
  await trustHead(tx, head, log)
  onStep('head locked')
  const leaves = await moveEntries(tx, head)
  if (leaves.length === 0) return false
  onStep('entries moved')
  await tx.rows`select ledger.add_subtrees()`
  onStep('subtrees added')
  const next = append(head, leaves, sha256)
  await addCheckpoint(tx, log, next)
  onStep('checkpoint added')
  await tx.rows`update ledger.head set size = ${next.size}, hashes = ${next.hashes}::bytea[]`
  onStep('head moved')
  return leaves.length >= batch
}

/** Sequencers take turns here. */
async function lockHead(tx: Transaction): Promise<Frontier> {
  const row = await tx.row<{ size: string; hashes: Buffer[] }>`
    select size, hashes from ledger.head for update`
  return { size: Number(row!.size), hashes: row!.hashes }
}

/**
 * Goes on only from what was signed: whoever writes another head into the database gets no signature
 * under what follows from it.
 */
async function trustHead(tx: Transaction, head: Frontier, log: LogIdentity): Promise<void> {
  const note = await readCheckpoint(tx)
  const isNew = note === null && head.size === 0 && head.hashes.length === 0
  if (isNew || (note !== null && isSigned(note, head, log))) return
  throw new Failure('internal', 'the ledger does not end as its newest checkpoint says', {
    fix: 'restore its database from a backup; until then entries wait, and kept verify says what is wrong',
  })
}

function isSigned(note: string, head: Frontier, { origin, key }: LogIdentity): boolean {
  try {
    const keys = [parseVerifierKey(key, verifyEd25519)]
    const { size, root } = openCheckpoint(note, { origin, keys })
    return size === head.size && Buffer.compare(root, rootOf(head, sha256)) === 0
  } catch {
    return false
  }
}

/**
 * Moves entries from the outbox to the end of the log, oldest ticket first, and hands back the leaf
 * hashes (RFC 6962 section 2.1) of all that lies beyond the head. The bodies stay in the database, which
 * hashes faster than they travel.
 */
async function moveEntries(tx: Transaction, head: Frontier): Promise<Hash[]> {
  await tx.rows`select ledger.move_entries(${batch})`
  const row = await tx.row<{ leaves: Buffer | null }>`
    select string_agg(leaf, ''::bytea order by index) as leaves
    from ledger.entries where index >= ${head.size}`
  const leaves = row!.leaves ?? Buffer.alloc(0)
  return Array.from({ length: leaves.length / 32 }, (_, i) => leaves.subarray(i * 32, i * 32 + 32))
}

/** Every size the log was ever seen at has its checkpoint, and none is forgotten. */
async function addCheckpoint(tx: Transaction, log: LogIdentity, head: Frontier): Promise<void> {
  const { origin, signer } = log
  const root = rootOf(head, sha256)
  const note = await signCheckpoint({ origin, size: head.size, root, extensions: [] }, [signer])
  await tx.rows`insert into ledger.checkpoints (size, note, at)
    values (${head.size}, ${note}, ${at(tx.now)})`
}
