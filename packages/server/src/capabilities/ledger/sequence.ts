import {
  append,
  hashLeaf,
  rootOf,
  signCheckpoint,
  tileHeight,
  type Frontier,
  type Hash,
  type Signer,
} from '@kept/ledger'
import { at, type Transaction } from '../../foundation/transaction.ts'
import { sha256 } from './hash.ts'

/** Which log this is, and what signs its checkpoints. */
export interface LogIdentity {
  /** Names the log in its checkpoints: `security.example.com/ledger`. */
  origin: string
  signer: Signer
  /** What others verify its checkpoints with. */
  key: string
}

/** An entry that waits, or is being appended: what it is found by, and its bytes. */
export interface Waiting {
  ticket: string
  body: Uint8Array
}

/** At most so many entries a transaction: enough to spread its cost, few enough to commit soon. */
const batch = 2048

/**
 * Moves what waits into the log: entries, complete subtrees, a signed checkpoint and the new head in
 * one transaction, so that a kill at any step leaves the log as it was and the rest waiting. Returns
 * whether more may wait.
 */
export async function sequence(tx: Transaction, log: LogIdentity): Promise<boolean> {
  if (!(await tx.row`select 1 from ledger.outbox limit 1`)) return false
  const head = await lockHead(tx)
  const waiting = await tx.rows<Waiting>`
    select ticket, body from ledger.outbox order by ticket limit ${batch}`
  if (waiting.length === 0) return false
  await extend(tx, log, head, waiting)
  await tx.rows`delete from ledger.outbox where ticket = any(${waiting.map(({ ticket }) => ticket)}::bigint[])`
  return waiting.length === batch
}

/** Sequencers take turns here. */
async function lockHead(tx: Transaction): Promise<Frontier> {
  const row = await tx.row<{ size: string; hashes: Buffer[] }>`
    select size, hashes from ledger.head for update`
  return { size: Number(row!.size), hashes: row!.hashes }
}

async function extend(
  tx: Transaction,
  log: LogIdentity,
  head: Frontier,
  entries: readonly Waiting[],
): Promise<void> {
  const leaves = entries.map(({ body }) => hashLeaf(body, sha256))
  const subtrees: { level: number; index: number; hash: Hash }[] = []
  const next = append(head, leaves, sha256, (height, index, hash) => {
    if (height > 0 && height % tileHeight === 0)
      subtrees.push({ level: height / tileHeight, index, hash })
  })
  await tx.rows`insert into ledger.entries (index, ticket, leaf, body)
    select ${head.size} + n - 1, ticket, leaf, body
    from unnest(${entries.map(({ ticket }) => ticket)}::bigint[], ${leaves}::bytea[],
      ${entries.map(({ body }) => body)}::bytea[]) with ordinality as t (ticket, leaf, body, n)`
  if (subtrees.length > 0) {
    await tx.rows`insert into ledger.subtrees (level, index, hash)
      select * from unnest(${subtrees.map(({ level }) => level)}::smallint[],
        ${subtrees.map(({ index }) => index)}::bigint[], ${subtrees.map(({ hash }) => hash)}::bytea[])`
  }
  await tx.rows`update ledger.head set size = ${next.size}, hashes = ${next.hashes}::bytea[]`
  await checkpoint(tx, log, next)
}

/** Every size the log was ever seen at has its checkpoint, and none is forgotten. */
async function checkpoint(tx: Transaction, log: LogIdentity, head: Frontier): Promise<void> {
  const { origin, signer } = log
  const root = rootOf(head, sha256)
  const note = await signCheckpoint({ origin, size: head.size, root, extensions: [] }, [signer])
  await tx.rows`insert into ledger.checkpoints (size, note, at)
    values (${head.size}, ${note}, ${at(tx.now)})`
}
