import {
  decodeEntry,
  encodeBundle,
  parseCheckpoint,
  parseNote,
  proveConsistency,
  proveInclusion,
  readHashFromTiles,
  tileWidth,
  type Hash,
  type ReadHash,
  type ReadTile,
  type TileAddress,
} from '@kept/ledger'
import { Failure } from '../../foundation/failure.ts'
import type { Transaction } from '../../foundation/transaction.ts'
import { sha256 } from './hash.ts'

/** The size of the log. */
export async function readSize(tx: Transaction): Promise<number> {
  const row = await tx.row<{ size: string }>`select size from ledger.head`
  return Number(row!.size)
}

/** For how many seconds the oldest entry has waited for its place; 0 when none waits. */
export async function readWaiting(tx: Transaction): Promise<number> {
  const row = await tx.row<{ body: Buffer }>`
    select body from ledger.outbox order by ticket limit 1`
  const since = row === null ? Number.NaN : Date.parse(timeOf(row.body))
  return Number.isNaN(since) ? 0 : Math.max(0, Math.round((tx.now - since) / 1000))
}

/** When an entry was handed in, as it says itself; the server's role can hand in what says nothing. */
function timeOf(body: Uint8Array): string {
  try {
    return String((decodeEntry(body) as { at?: unknown } | null)?.at)
  } catch {
    return ''
  }
}

/** The newest checkpoint with all its signatures, or that of a size; null when there is none. */
export async function readCheckpoint(tx: Transaction, size?: number): Promise<string | null> {
  const row = await tx.row<{ note: string; lines: string[] }>`
    select note, array(select line from ledger.cosignatures c where c.size = p.size order by witness) as lines
    from ledger.checkpoints p
    where ${size ?? null}::bigint is null or size = ${size ?? null} order by size desc limit 1`
  return row ? row.note + row.lines.join('') : null
}

/** A tile or bundle of the log as it is now; null when the log does not reach it. */
export async function readTile(tx: Transaction, address: TileAddress): Promise<Uint8Array | null> {
  const { level, index, width } = address
  const from = index * tileWidth
  const to = from + width
  if (!Number.isSafeInteger(to)) return null
  if (level === 'entries') {
    const rows = await tx.rows<{ body: Buffer }>`
      select body from ledger.entries where index >= ${from} and index < ${to} order by index`
    return rows.length === width ? encodeBundle(rows.map(({ body }) => body)) : null
  }
  const rows =
    level === 0
      ? await tx.rows<{ hash: Buffer }>`
          select leaf as hash from ledger.entries where index >= ${from} and index < ${to} order by index`
      : await tx.rows<{ hash: Buffer }>`
          select hash from ledger.subtrees
          where level = ${level} and index >= ${from} and index < ${to} order by index`
  return rows.length === width ? Buffer.concat(rows.map(({ hash }) => hash)) : null
}

function reader(tx: Transaction): ReadTile {
  return (address) => readTile(tx, address)
}

/** An entry with all that shows it to be in the log, for somebody who trusts only the key. */
export interface EntryProof {
  index: number
  /** Base64. */
  entry: string
  size: number
  /** Audit path, leaf to root, base64. */
  path: string[]
  checkpoint: string
}

/** Proves an entry at the newest size whose checkpoint covers it. */
export async function proveEntry(tx: Transaction, index: number): Promise<EntryProof> {
  const row = await tx.row<{ body: Buffer }>`select body from ledger.entries where index = ${index}`
  const checkpoint = row && (await readCheckpoint(tx))
  if (!row || !checkpoint) {
    throw new Failure('not-found', `the ledger has no entry ${index}`, {
      fix: 'the newest checkpoint says how many there are',
    })
  }
  const { size } = parseCheckpoint(parseNote(checkpoint).text)
  const read = readHashFromTiles(size, reader(tx), sha256)
  const path = await proveInclusion(index, size, read, sha256)
  return { index, entry: row.body.toString('base64'), size, path: path.map(inBase64), checkpoint }
}

/** The audit paths of many entries at one size, base64, in the order they are asked for. */
export async function proveEntries(
  tx: Transaction,
  size: number,
  indexes: readonly number[],
): Promise<string[][]> {
  const read = remember(readHashFromTiles(size, reader(tx), sha256))
  const paths: string[][] = []
  for (const index of indexes) {
    paths.push((await proveInclusion(index, size, read, sha256)).map(inBase64))
  }
  return paths
}

/** Paths share most of their nodes. */
function remember(read: ReadHash): ReadHash {
  const known = new Map<string, Hash | Promise<Hash>>()
  return (height, index) => {
    const node = `${height} ${index}`
    const hash = known.get(node) ?? read(height, index)
    known.set(node, hash)
    return hash
  }
}

/** The last checkpoint of each day before this size, oldest first, and that its log begins this one. */
export async function proveDays(tx: Transaction, size: number) {
  const rows = await tx.rows<{ size: string; note: string }>`
    select size, note from (
      select distinct on (day) size, note, pg_catalog.date_trunc('day', at, 'UTC') as day
      from ledger.checkpoints where size > 0 and size < ${size}
      order by day desc, size desc limit 400) as days
    order by size`
  const read = remember(readHashFromTiles(size, reader(tx), sha256))
  const days: { checkpoint: string; path: string[] }[] = []
  for (const { size: first, note } of rows) {
    const path = await proveConsistency(Number(first), size, read, sha256)
    days.push({ checkpoint: note, path: path.map(inBase64) })
  }
  return days
}

/** That the log of one size begins the log of another; base64. */
export async function proveGrowth(tx: Transaction, first: number, second: number) {
  if (first > second || second > (await readSize(tx))) {
    throw new Failure('bad-input', `no log of ${second} entries begins with ${first}`)
  }
  const read = readHashFromTiles(second, reader(tx), sha256)
  const path = await proveConsistency(first, second, read, sha256)
  return { first, second, path: path.map(inBase64) }
}

/** Where the entry of a ticket stands, or null while it waits. */
export async function findIndex(tx: Transaction, ticket: bigint): Promise<number | null> {
  const row = await tx.row<{ index: string }>`
    select index from ledger.entries where ticket = ${ticket.toString()}`
  return row && Number(row.index)
}

function inBase64(hash: Hash): string {
  return Buffer.from(hash).toString('base64')
}
