import { LedgerError } from './error.ts'
import { checkHash, hashNode, sha256, type Hash, type Sha256 } from './hash.ts'

/**
 * All that must be kept of a tree to append to it: the roots of its full subtrees, largest first,
 * one for each bit that is set in its size.
 */
export interface Frontier {
  readonly size: number
  readonly hashes: readonly Hash[]
}

export const emptyFrontier: Frontier = { size: 0, hashes: [] }

/** Told of every node that will never change again: the `index`-th of its height, leaves at 0. */
export type Completed = (height: number, index: number, hash: Hash) => void

/**
 * Reads a complete node: the root of the entries from `index * 2^height` on, 2^height of them.
 */
export type ReadHash = (height: number, index: number) => Hash | Promise<Hash>

/** The frontier after these leaf hashes; the given one stays as it was. */
export function append(
  frontier: Frontier,
  leaves: Iterable<Hash>,
  hash: Sha256 = sha256,
  completed?: Completed,
): Frontier {
  const hashes = [...frontier.hashes]
  let size = frontier.size
  for (const leaf of leaves) {
    checkHash(leaf)
    hashes.push(raise(hashes, leaf, size++, hash, completed))
  }
  checkSize(size)
  return { size, hashes }
}

/** Joins a new leaf with the full subtrees at its left, as binary addition carries. */
function raise(
  hashes: Hash[],
  leaf: Hash,
  leafIndex: number,
  hash: Sha256,
  completed: Completed | undefined,
): Hash {
  let [node, index, height] = [leaf, leafIndex, 0]
  completed?.(height, index, node)
  while (index % 2 === 1) {
    node = hashNode(hashes.pop()!, node, hash)
    index = (index - 1) / 2
    completed?.(++height, index, node)
  }
  return node
}

/** The Merkle Tree Hash of RFC 6962 section 2.1; of no entries it is the hash of nothing. */
export function rootOf(frontier: Frontier, hash: Sha256 = sha256): Hash {
  if (frontier.hashes.length === 0) return hash(new Uint8Array(0))
  return frontier.hashes.reduceRight((right, left) => hashNode(left, right, hash))
}

/** The frontier of a tree of this size, from its complete nodes. */
export async function readFrontier(size: number, read: ReadHash): Promise<Frontier> {
  checkSize(size)
  const hashes: Hash[] = []
  let start = 0
  while (start < size) {
    const width = splitPoint(size - start + 1)
    hashes.push(await read(Math.log2(width), start / width))
    start += width
  }
  return { size, hashes }
}

/** The root of the entries from `from` up to `to`, a range that RFC 6962's recursion comes to. */
export async function readRange(
  from: number,
  to: number,
  read: ReadHash,
  hash: Sha256,
): Promise<Hash> {
  const width = to - from
  const left = splitPoint(width)
  if (left * 2 === width || width === 1) return read(Math.log2(width), from / width)
  const right = await readRange(from + left, to, read, hash)
  return hashNode(await readRange(from, from + left, read, hash), right, hash)
}

/** The largest power of two smaller than the width: where RFC 6962 divides a range. */
export function splitPoint(width: number): number {
  let left = 1
  while (left * 2 < width) left *= 2
  return left
}

/** Sizes are whole numbers that JavaScript holds exactly, below 2^53. */
export function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new LedgerError('size-out-of-range', `${size} is no size of a log: 0 to 2^53 - 1`)
}
