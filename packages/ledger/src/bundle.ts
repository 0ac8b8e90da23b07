import { LedgerError } from './error.ts'
import { formatTilePath, tileWidth, type ReadTile, type TileAddress } from './tiles.ts'

/** The longest entry in bytes: its length is written in 16 bits. */
export const longestEntry = 65_535

/**
 * Entries as C2SP tlog-tiles bundles them: each after its length, 16 bits, big-endian. A bundle
 * grows by what this makes of the further entries. Throws `entry-too-long`.
 */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const length = entries.reduce((sum, entry) => sum + 2 + entry.length, 0)
  const bytes = new Uint8Array(length)
  let at = 0
  for (const entry of entries) {
    if (entry.length > longestEntry) {
      const message = `an entry has ${entry.length} bytes; the longest is ${longestEntry}`
      throw new LedgerError('entry-too-long', message)
    }
    bytes.set([entry.length >> 8, entry.length & 0xff], at)
    bytes.set(entry, at + 2)
    at += 2 + entry.length
  }
  return bytes
}

/** The entries of a bundle, which share its memory. Throws `bundle-malformed`. */
export function decodeBundle(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const start = at + 2
    const end = start + (bytes[at]! << 8) + (bytes[at + 1] ?? 0)
    if (end > bytes.length || entries.length === tileWidth) {
      const message = `the bundle breaks off in entry ${entries.length}, or has more than ${tileWidth}`
      throw new LedgerError('bundle-malformed', message)
    }
    entries.push(bytes.subarray(start, end))
    at = end
  }
  return entries
}

/** The entries of a log of this size, one bundle in memory at a time. */
export async function* readEntries(size: number, readTile: ReadTile): AsyncGenerator<Uint8Array> {
  for (let index = 0; index * tileWidth < size; index++) {
    const width = Math.min(tileWidth, size - index * tileWidth)
    const address: TileAddress = { level: 'entries', index, width }
    const bytes = await readTile(address)
    if (!bytes) throw new LedgerError('tile-missing', `${formatTilePath(address)} is not there`)
    const entries = decodeBundle(bytes)
    if (entries.length < width) {
      const message = `${formatTilePath(address)} has ${entries.length} entries`
      throw new LedgerError('bundle-malformed', message)
    }
    yield* entries.slice(0, width)
  }
}
