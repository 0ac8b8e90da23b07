import { LedgerError } from './error.ts'
import { hashSize, sha256, type Hash, type Sha256 } from './hash.ts'
import { append, checkSize, emptyFrontier, rootOf, type Frontier, type ReadHash } from './tree.ts'

/** Hashes in a full tile, entries in a full bundle. */
export const tileWidth = 256
const tileHeight = 8

/** A tile of hashes at a level, or a bundle of entries; narrower than 256 it is partial. */
export interface TileAddress {
  level: number | 'entries'
  index: number
  width: number
}

export interface Tile {
  address: TileAddress
  bytes: Uint8Array
}

/** Fetches a tile or bundle; null when there is none. */
export type ReadTile = (address: TileAddress) => Uint8Array | null | Promise<Uint8Array | null>

/**
 * What growing a log from one size to another writes: full tiles that became full and the partial
 * ones of the new size, lowest level first, each level's bundles and hashes beside each other.
 */
export function tilesBetween(from: number, to: number): TileAddress[] {
  checkSize(from)
  checkSize(to)
  const addresses: TileAddress[] = []
  for (let level = 0, unit = 1; to >= unit; level++, unit *= tileWidth) {
    const [old, now] = [Math.floor(from / unit), Math.floor(to / unit)]
    if (old >= now) continue
    for (let index = Math.floor(old / tileWidth); index * tileWidth < now; index++) {
      const width = Math.min(tileWidth, now - index * tileWidth)
      if (level === 0) addresses.push({ level: 'entries', index, width })
      addresses.push({ level, index, width })
    }
  }
  return addresses
}

/** All that must be kept of a tree to go on writing its tiles: each level's unfinished tile. */
export interface TileEdge {
  readonly frontier: Frontier
  readonly partial: readonly (readonly Hash[])[]
}

export const emptyEdge: TileEdge = { frontier: emptyFrontier, partial: [] }

/**
 * Appends leaf hashes and hands back the new edge with every hash tile to be written: those that
 * became full, and the partial ones of the new size. A partial tile is never hashed into the level
 * above.
 */
export function growTiles(
  edge: TileEdge,
  leaves: Iterable<Hash>,
  hash: Sha256 = sha256,
): { edge: TileEdge; tiles: Tile[] } {
  const partial = edge.partial.map((hashes) => [...hashes])
  const grown = new Set<TileAddress['level']>()
  const tiles: Tile[] = []
  const frontier = append(edge.frontier, leaves, hash, (height, index, node) => {
    if (height % tileHeight !== 0) return
    const level = height / tileHeight
    const hashes = (partial[level] ??= [])
    grown.add(level)
    if (hashes.push(node) < tileWidth) return
    tiles.push(makeTile(level, Math.floor(index / tileWidth), hashes))
    partial[level] = []
  })
  const grownEdge = { frontier, partial }
  const last = partialTiles(grownEdge).filter((tile) => grown.has(tile.address.level))
  return { edge: grownEdge, tiles: [...tiles, ...last] }
}

/** The unfinished tiles of a tree, lowest level first. */
export function partialTiles({ frontier, partial }: TileEdge): Tile[] {
  const unfinished = partial.map((hashes, level) =>
    makeTile(level, Math.floor(frontier.size / tileWidth ** (level + 1)), hashes),
  )
  return unfinished.filter((tile) => tile.address.width > 0)
}

function makeTile(level: number, index: number, hashes: readonly Hash[]): Tile {
  const bytes = new Uint8Array(hashes.length * hashSize)
  hashes.forEach((hash, i) => bytes.set(hash, i * hashSize))
  return { address: { level, index, width: hashes.length }, bytes }
}

/** The edge of a log of this size, from its partial tiles. */
export async function readEdge(
  size: number,
  readTile: ReadTile,
  hash: Sha256 = sha256,
): Promise<TileEdge> {
  checkSize(size)
  const partial: Hash[][] = []
  for (let level = 0; tileWidth ** level <= size; level++) {
    const width = Math.floor(size / tileWidth ** level) % tileWidth
    const index = Math.floor(size / tileWidth ** (level + 1))
    partial.push(width ? await readHashes({ level, index, width }, readTile) : [])
  }
  const hashes = partial.toReversed().flatMap((one) => append(emptyFrontier, one, hash).hashes)
  return { frontier: { size, hashes }, partial }
}

/**
 * Reads the nodes of a log of this size out of its tiles, for proofs and frontiers. Each tile is
 * fetched once and kept, so make a reader for a proof and let it go. What it reads is not yet
 * verified: verify the proof.
 */
export function readHashFromTiles(
  size: number,
  readTile: ReadTile,
  hash: Sha256 = sha256,
): ReadHash {
  checkSize(size)
  const kept = new Map<string, Promise<Hash[]>>()
  return async (height, index) => {
    const level = Math.floor(height / tileHeight)
    const count = 2 ** (height % tileHeight)
    const tile = Math.floor((index * count) / tileWidth)
    const offset = (index * count) % tileWidth
    const width = Math.min(tileWidth, Math.floor(size / tileWidth ** level) - tile * tileWidth)
    if (!(offset + count <= width))
      throw new LedgerError(
        'size-out-of-range',
        `a log of ${size} entries has no node ${index} of height ${height}`,
      )
    const address = { level, index: tile, width }
    const path = formatTilePath(address)
    if (!kept.has(path)) kept.set(path, readHashes(address, readTile))
    const hashes = (await kept.get(path)!).slice(offset, offset + count)
    return rootOf(append(emptyFrontier, hashes, hash), hash)
  }
}

async function readHashes(address: TileAddress, readTile: ReadTile): Promise<Hash[]> {
  const bytes = await readTile(address)
  if (!bytes) throw new LedgerError('tile-missing', `${formatTilePath(address)} is not there`)
  return decodeTile(bytes, address).slice(0, address.width)
}

/** The hashes of a tile; the full tile may stand in for a partial one, as the spec allows. */
export function decodeTile(bytes: Uint8Array, address: TileAddress): Hash[] {
  const count = bytes.length / hashSize
  if (!Number.isInteger(count) || count < address.width || count > tileWidth) {
    const path = formatTilePath(address)
    throw new LedgerError(
      'tile-malformed',
      `${path} has ${bytes.length} bytes: ${address.width} hashes are ${address.width * hashSize}`,
    )
  }
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * hashSize, (i + 1) * hashSize))
}

/** Writes an address as C2SP tlog-tiles does: `tile/0/x001/234.p/5`. */
export function formatTilePath({ level, index, width }: TileAddress): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0')
  const elements = digits.match(/\d{3}/g)!
  const path = elements.map((part, i) => (i < elements.length - 1 ? `x${part}` : part)).join('/')
  return `tile/${level}/${path}${width < tileWidth ? `.p/${width}` : ''}`
}

// Six elements of three digits are as far as exact numbers go.
const tilePath = /^tile\/(entries|\d|[1-5]\d|6[0-3])\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/

/** Reads a path under a log's prefix; throws `tile-path-malformed` for any other spelling. */
export function parseTilePath(path: string): TileAddress {
  const [, level = '', digits = '', width] = tilePath.exec(path) ?? []
  const address: TileAddress = {
    level: level === 'entries' ? level : Number(level),
    index: Number(digits.replaceAll(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  }
  const isNumber = Number.isSafeInteger(address.index) && address.width > 0
  // Writing it again refuses leading zeros, and a partial tile that is as wide as a full one.
  if (isNumber && formatTilePath(address) === path) return address
  throw new LedgerError('tile-path-malformed', `"${path.slice(0, 100)}" is no path of a tile`)
}
