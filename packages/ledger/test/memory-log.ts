import { hash as nodeHash } from 'node:crypto'
import { encodeBundle } from '../src/bundle.ts'
import { signCheckpoint } from '../src/checkpoint.ts'
import { signingKey } from '../src/ed25519.ts'
import { hashLeaf, type Hash, type Sha256 } from '../src/hash.ts'
import { formatVerifierKey, noteSigner, parseVerifierKey } from '../src/note.ts'
import { emptyEdge, formatTilePath, growTiles, tilesBetween, tileWidth } from '../src/tiles.ts'
import type { ReadTile } from '../src/tiles.ts'
import { append, emptyFrontier, rootOf } from '../src/tree.ts'

/** The hash function of a server; as a string of bytes it passes fastest into plain arrays. */
export const fastSha256: Sha256 = (bytes) => {
  const hash = new Uint8Array(32)
  hash.set(Buffer.from(nodeHash('sha256', bytes, 'binary'), 'binary'))
  return hash
}

export const origin = 'kept.test/log'
const key = signingKey(new Uint8Array(32).fill(7))
export const signer = noteSigner(origin, key)
export const verifierKey = formatVerifierKey(origin, key.publicKey)
export const keys = [parseVerifierKey(verifierKey)]

export function makeEntries(count: number, seed = ''): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => new TextEncoder().encode(`${seed}entry ${i}`))
}

export function rootAt(entries: readonly Uint8Array[], size: number): Hash {
  const leaves = entries.slice(0, size).map((entry) => hashLeaf(entry, fastSha256))
  return rootOf(append(emptyFrontier, leaves, fastSha256), fastSha256)
}

export function checkpointOf(entries: readonly Uint8Array[], size: number): Promise<string> {
  return signCheckpoint({ origin, size, root: rootAt(entries, size), extensions: [] }, [signer])
}

/** Every tile and bundle that a log writes that signs a checkpoint at each of these sizes. */
export function writeTiles(
  entries: readonly Uint8Array[],
  sizes: readonly number[],
): Map<string, Uint8Array> {
  const written = new Map<string, Uint8Array>()
  let edge = emptyEdge
  for (const size of sizes) {
    const from = edge.frontier.size
    const leaves = entries.slice(from, size).map((entry) => hashLeaf(entry, fastSha256))
    const grown = growTiles(edge, leaves, fastSha256)
    for (const { address, bytes } of grown.tiles) written.set(formatTilePath(address), bytes)
    for (const address of tilesBetween(from, size)) {
      if (address.level !== 'entries') continue
      const start = address.index * tileWidth
      const bundle = encodeBundle(entries.slice(start, start + address.width))
      written.set(formatTilePath(address), bundle)
    }
    edge = grown.edge
  }
  return written
}

export function reader(tiles: ReadonlyMap<string, Uint8Array>): ReadTile {
  return (address) => tiles.get(formatTilePath(address)) ?? null
}
