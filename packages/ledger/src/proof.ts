import { LedgerError } from './error.ts'
import { equalBytes, hashNode, hashSize, sha256, type Hash, type Sha256 } from './hash.ts'
import { checkSize, readRange, rootOf, emptyFrontier, splitPoint, type ReadHash } from './tree.ts'

/** The audit path of one entry, leaf to root: PATH of RFC 6962 section 2.1.1. */
export async function proveInclusion(
  index: number,
  size: number,
  read: ReadHash,
  hash: Sha256 = sha256,
): Promise<Hash[]> {
  checkSize(size)
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new LedgerError('size-out-of-range', `entry ${index} is not in a log of ${size} entries`)
  return collectSiblings(size, read, hash, (middle) => index < middle)
}

/**
 * That a log of the first size is the beginning of one of the second: PROOF of RFC 6962 section
 * 2.1.2. Empty when the first is empty or the sizes are equal.
 */
export async function proveConsistency(
  first: number,
  second: number,
  read: ReadHash,
  hash: Sha256 = sha256,
): Promise<Hash[]> {
  checkSize(first)
  checkSize(second)
  if (first > second)
    throw new LedgerError('size-out-of-range', `${first} entries do not begin a log of ${second}`)
  if (first === 0) return []
  return collectSiblings(second, read, hash, (middle) => first <= middle, first)
}

/** Walks down from the root and keeps what lies at the other side; the lowest comes first. */
async function collectSiblings(
  size: number,
  read: ReadHash,
  hash: Sha256,
  goesLeft: (middle: number) => boolean,
  end?: number,
): Promise<Hash[]> {
  const proof: Hash[] = []
  let [from, to] = [0, size]
  while (to - from > 1 && to !== end) {
    const middle = from + splitPoint(to - from)
    const left = goesLeft(middle)
    proof.push(
      await (left ? readRange(middle, to, read, hash) : readRange(from, middle, read, hash)),
    )
    ;[from, to] = left ? [from, middle] : [middle, to]
  }
  // A subtree that ends with the first log is part of the proof, unless it is the whole first log.
  if (end !== undefined && from > 0) proof.push(await readRange(from, to, read, hash))
  return proof.toReversed()
}

export interface Inclusion {
  index: number
  size: number
  /** The hash of the entry: `hashLeaf(entry)`. */
  leaf: Hash
  proof: readonly Hash[]
  root: Hash
}

/** RFC 9162 section 2.1.3.2. */
export function verifyInclusion(claim: Inclusion, hash: Sha256 = sha256): boolean {
  const { index, size, leaf, proof, root } = claim
  if (!isSize(index) || !isSize(size) || index >= size) return false
  if (![leaf, root, ...proof].every(isHash)) return false
  let [first, last, node] = [index, size - 1, leaf]
  for (const sibling of proof) {
    if (last === 0) return false
    if (isOdd(first) || first === last) {
      node = hashNode(sibling, node, hash)
      ;[first, last] = skipLevels(first, last)
    } else node = hashNode(node, sibling, hash)
    ;[first, last] = [half(first), half(last)]
  }
  return last === 0 && equalBytes(node, root)
}

export interface Consistency {
  first: number
  second: number
  firstRoot: Hash
  secondRoot: Hash
  proof: readonly Hash[]
}

/** RFC 9162 section 2.1.4.2; an empty first log needs the root of nothing and an empty proof. */
export function verifyConsistency(claim: Consistency, hash: Sha256 = sha256): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim
  if (!isSize(first) || !isSize(second) || first > second) return false
  if (![firstRoot, secondRoot, ...proof].every(isHash)) return false
  if (first === 0 && !equalBytes(firstRoot, rootOf(emptyFrontier, hash))) return false
  if (first === second) return proof.length === 0 && equalBytes(firstRoot, secondRoot)
  return first === 0 ? proof.length === 0 : growsInto(claim, hash)
}

function growsInto(claim: Consistency, hash: Sha256): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim
  let [low, high] = [first - 1, second - 1]
  while (isOdd(low)) [low, high] = [half(low), half(high)]
  // A first log that is one full subtree is where the path begins; the proof leaves it out.
  const path = low === 0 ? [firstRoot, ...proof] : proof
  const [start, ...siblings] = path
  if (!start) return false
  let [old, now] = [start, start]
  for (const sibling of siblings) {
    if (high === 0) return false
    if (isOdd(low) || low === high) {
      old = hashNode(sibling, old, hash)
      now = hashNode(sibling, now, hash)
      ;[low, high] = skipLevels(low, high)
    } else now = hashNode(now, sibling, hash)
    ;[low, high] = [half(low), half(high)]
  }
  return high === 0 && equalBytes(old, firstRoot) && equalBytes(now, secondRoot)
}

/** On the right edge a node without a sibling rises until it is somebody's right child. */
function skipLevels(low: number, high: number): [number, number] {
  while (low !== 0 && !isOdd(low)) [low, high] = [half(low), half(high)]
  return [low, high]
}

// Bit operators would cut sizes at 32 bits.
const isOdd = (n: number) => n % 2 === 1
const half = (n: number) => Math.floor(n / 2)
const isSize = (n: number) => Number.isSafeInteger(n) && n >= 0
const isHash = (hash: Hash) => hash.length === hashSize
