import { hash as nodeHash } from 'node:crypto'
import { signCheckpoint, signingKey, noteSigner, openCheckpoint } from '../src/index.ts'
import { append, emptyEdge, emptyFrontier, growTiles, hashLeaf, rootOf } from '../src/index.ts'
import { formatVerifierKey, parseVerifierKey, sha256, verifyLog } from '../src/index.ts'
import type { Hash, Sha256 } from '../src/index.ts'
import { paired, time, type Benchmark, type Row } from '../../../scripts/measure.ts'

/** A string of bytes lies in the heap of JavaScript; a Buffer for each hash would burden the collector. */
const native: Sha256 = (bytes) => {
  const hash = new Uint8Array(32)
  hash.set(Buffer.from(nodeHash('sha256', bytes, 'binary'), 'binary'))
  return hash
}
const hashes: [string, Sha256][] = [
  ['node:crypto', native],
  ['default hash', sha256],
]

const count = 100_000
const batch = 256
const entries = Array.from({ length: count }, (_, i) => new Uint8Array(256).fill(i))
const runs = 7

/** What the tree costs in memory; what a database adds is measured where the database is. */
const benchMerkle: Benchmark = async (say) => {
  const rows: Row[] = []
  for (const [name, hash] of hashes) {
    say(name)
    rows.push(...(await measure(name, hash)))
  }
  return [...rows, ...(await measureSignatures(say))]
}
export default benchMerkle

async function measure(name: string, hash: Sha256): Promise<Row[]> {
  const leaves = entries.map((entry) => hashLeaf(entry, hash))
  const perSecond = (seconds: number) => count / seconds
  const leaf = await paired(
    runs,
    () => entries.forEach((entry) => hashLeaf(entry, hash)),
    () => entries.forEach((entry) => hash(entry)),
  )
  const appended = await paired(
    runs,
    () => inBatches((some) => some.map((entry) => hashLeaf(entry, hash)), hash),
    () => chain(hash),
  )
  const tiles = await time(() => growInBatches(leaves, hash))
  return [
    row(`leaf hashes, 256 bytes, ${name}`, perSecond(leaf.a), 'a second'),
    row('  time against the bare hash', leaf.ratio, 'x'),
    row(`append in batches of ${batch}, with root, ${name}`, perSecond(appended.a), 'a second'),
    row('  time against a hash chain', appended.ratio, 'x'),
    row(`grow tiles in batches of ${batch}, leaves hashed, ${name}`, perSecond(tiles), 'a second'),
    row(`verify a log of ${count} entries, ${name}`, await verifyAll(leaves, hash), 'a second'),
  ]
}

function inBatches(hashAll: (some: Uint8Array[]) => Hash[], hash: Sha256): void {
  let frontier = emptyFrontier
  for (let from = 0; from < count; from += batch) {
    frontier = append(frontier, hashAll(entries.slice(from, from + batch)), hash)
    rootOf(frontier, hash)
  }
}

function growInBatches(leaves: readonly Hash[], hash: Sha256): void {
  let edge = emptyEdge
  for (let from = 0; from < count; from += batch) {
    ;({ edge } = growTiles(edge, leaves.slice(from, from + batch), hash))
  }
}

/** What a naive log does: each entry hashed together with the hash before it. */
function chain(hash: Sha256): void {
  let head: Uint8Array = new Uint8Array(32)
  for (const entry of entries) {
    const bytes = new Uint8Array(32 + entry.length)
    bytes.set(head)
    bytes.set(entry, 32)
    head = hash(bytes)
  }
}

const origin = 'kept.bench/log'
const key = signingKey(new Uint8Array(32).fill(1))
const keys = [parseVerifierKey(formatVerifierKey(origin, key.publicKey))]

async function verifyAll(leaves: readonly Hash[], hash: Sha256): Promise<number> {
  const root = rootOf(append(emptyFrontier, leaves, hash), hash)
  const head = { origin, size: count, root, extensions: [] }
  const checkpoints = [await signCheckpoint(head, [noteSigner(origin, key)])]
  const seconds = await time(async () => {
    const { findings } = await verifyLog({ origin, keys, checkpoints, entries, sha256: hash })
    if (findings.length > 0) throw new Error(findings[0]!.says)
  })
  return count / seconds
}

async function measureSignatures(say: Parameters<Benchmark>[0]): Promise<Row[]> {
  say('signatures')
  const root = sha256(new Uint8Array(0))
  const head = { origin, size: count, root, extensions: [] }
  const signer = noteSigner(origin, key)
  const note = await signCheckpoint(head, [signer])
  const times = 200
  const signing = await time(async () => {
    for (let i = 0; i < times; i++) await signCheckpoint(head, [signer])
  })
  const opening = await time(() => {
    for (let i = 0; i < times; i++) openCheckpoint(note, { origin, keys })
  })
  return [
    row('sign a checkpoint, default Ed25519', times / signing, 'a second'),
    row('verify a checkpoint, default Ed25519', times / opening, 'a second'),
  ]
}

function row(name: string, value: number, unit: string): Row {
  return { name, value, unit, target: null }
}
