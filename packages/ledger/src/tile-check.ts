import type { Findings } from './finding.ts'
import { equalBytes, hashSize, type Hash, type Sha256 } from './hash.ts'
import {
  decodeTile,
  emptyEdge,
  formatTilePath,
  growTiles,
  partialTiles,
  tileWidth,
  type ReadTile,
  type Tile,
  type TileAddress,
} from './tiles.ts'

/** Reads a log's tiles from the lowest level and holds the higher levels against them. */
export interface TileCheck {
  /** The leaf hashes of a range within one tile; fewer when they are not there. */
  read: (from: number, to: number) => Promise<Hash[]>
  /** Holds the unfinished tiles of the higher levels against what was read. */
  finish: () => Promise<void>
}

export function checkTiles(readTile: ReadTile, findings: Findings, hash: Sha256): TileCheck {
  let edge = emptyEdge
  let held: { index: number; hashes: Hash[] } = { index: -1, hashes: [] }

  async function hold(address: TileAddress): Promise<Hash[]> {
    const { index, width } = address
    const isHeld = held.index === index && held.hashes.length >= width
    if (isHeld) return held.hashes
    const hashes = await readLeaves(address, readTile, findings)
    const before = held.index === index ? held.hashes : []
    // A wider tile must begin with what the narrower one said.
    if (hashes.length > 0 && before.some((one, i) => !equalBytes(one, hashes[i]!)))
      addChanged(findings, address, 'it does not begin with the narrower tile that it continues')
    if (hashes.length > 0) held = { index, hashes }
    return hashes
  }

  async function compareTile({ address, bytes }: Tile): Promise<void> {
    const found = await readTile(address)
    if (!found) addMissing(findings, address)
    else if (!equalBytes(found, bytes))
      addChanged(findings, address, 'it and the tiles below it do not agree')
  }

  return {
    async read(from, to) {
      const index = Math.floor(from / tileWidth)
      const start = index * tileWidth
      const hashes = await hold({ level: 0, index, width: to - start })
      const leaves = hashes.slice(from - start, to - start)
      const grown = growTiles(edge, leaves, hash)
      edge = grown.edge
      const full = grown.tiles.filter((tile) => isAbove(tile) && tile.address.width === tileWidth)
      for (const tile of full) await compareTile(tile)
      return leaves
    },
    async finish() {
      for (const tile of partialTiles(edge).filter(isAbove)) await compareTile(tile)
    },
  }
}

const isAbove = ({ address }: Tile) => address.level !== 0

/** The full tile if there is one: the partial ones before it may have been deleted. */
async function readLeaves(
  address: TileAddress,
  readTile: ReadTile,
  findings: Findings,
): Promise<Hash[]> {
  const full = { ...address, width: tileWidth }
  for (const one of address.width < tileWidth ? [full, address] : [full]) {
    const bytes = await readTile(one)
    if (!bytes) continue
    if (bytes.length === one.width * hashSize) return decodeTile(bytes, one)
    addChanged(findings, one, `it has ${bytes.length} bytes and not ${one.width * hashSize}`)
  }
  addMissing(findings, address)
  return []
}

function addChanged(findings: Findings, address: TileAddress, why: string): void {
  const path = formatTilePath(address)
  findings.add('tile-changed', { tile: path }, `${path} cannot be as it was written: ${why}`)
}

function addMissing(findings: Findings, address: TileAddress): void {
  const path = formatTilePath(address)
  findings.add('tile-missing', { tile: path }, `${path} is not there, or cannot be read`)
}
