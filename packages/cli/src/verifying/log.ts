import { join } from 'node:path'
import {
  decodeBundle,
  formatTilePath,
  hashSize,
  LedgerError,
  parseCheckpoint,
  parseNote,
  tileWidth,
  verifyLog,
  type LogFinding,
  type Place,
  type ReadTile,
} from '@kept/ledger'
import { sayLength } from '@kept/page'
import { Failure } from '../failure.ts'
import { remoteAt } from '../remote.ts'
import type { Terminal } from '../terminal.ts'
import { readKey, sha256 } from './bytes.ts'
import type { Brought, Verification } from './verification.ts'

/** A log as C2SP tlog-tiles lays it out, wherever it is read from. */
export interface LogCopy {
  checkpoint: string
  /** The key that comes with it. */
  key: string
  readTile: ReadTile
  /** For how many seconds the oldest entry has waited for its place in it. */
  waiting: number
}

/** The log of a running Kept: its checkpoint, tiles and bundles of entries under /ledger. */
export async function readUrl(url: string, terminal: Terminal): Promise<LogCopy> {
  const remote = remoteAt(url, terminal)
  const { key, waiting } = await remote.get('/ledger/key')
  const checkpoint = await remote.read('/ledger/checkpoint')
  if (!checkpoint) throw new Failure(remote.url, 'its ledger is empty', 'apply a page first')
  return {
    key,
    waiting,
    checkpoint: new TextDecoder().decode(checkpoint),
    readTile(address) {
      const path = formatTilePath(address).replace(/^tile\//, '')
      return remote.read('/ledger/tile/{path}', { params: { path: { path } } })
    },
  }
}

/** A copy of a log as files, `checkpoint` and `tile/...`; its key is the reader's own. */
export async function readFolder(
  folder: string,
  key: string | null,
  terminal: Terminal,
): Promise<LogCopy> {
  if (key === null) {
    const fix = 'give --key, as /ledger/key of the Kept shows it'
    throw new Failure(folder, 'a copy of a log brings no key along', fix)
  }
  const checkpoint = await terminal.read(join(folder, 'checkpoint'))
  return {
    key,
    waiting: 0,
    checkpoint: new TextDecoder().decode(checkpoint),
    readTile: (address) => terminal.readIfThere(join(folder, formatTilePath(address))),
  }
}

/** Reads every entry and tile, and holds them against the checkpoint and those that were kept. */
export async function verifyWholeLog(copy: LogCopy, brought: Brought): Promise<Verification> {
  const key = brought.key ?? copy.key
  const keys = [readKey(key, brought.key === null ? 'the log' : '--key')]
  const origin = keys[0]!.name
  const { findings, verified } = await verifyLog({
    origin,
    keys,
    checkpoints: [copy.checkpoint],
    earlier: brought.earlier,
    entries: readEntries(sizeOf(copy.checkpoint), copy.readTile),
    tiles: withNewest(copy),
    sha256,
  })
  return {
    findings: findings.map(toFinding),
    said: [
      `${origin}: ${verified} entries and their tiles have the root that was signed`,
      ...sayWaiting(copy.waiting),
    ],
    trusted:
      brought.key === null ? [`the key that came with it, ${key}; compare it, or give --key`] : [],
  }
}

/** Whoever copies a log has the tiles of its newest checkpoint: those of an earlier one begin them. */
function withNewest({ checkpoint, readTile }: LogCopy): ReadTile {
  const size = sizeOf(checkpoint)
  return async (address) => {
    const { level, index, width } = address
    const found = await readTile(address)
    if (found || level === 'entries') return found
    const most = Math.min(tileWidth, Math.floor(size / tileWidth ** level) - index * tileWidth)
    if (most <= width) return null
    const wider = await readTile({ level, index, width: most })
    return wider && wider.subarray(0, width * hashSize)
  }
}

/** The log grows each second; an entry that waits for more than a minute says that it stands still. */
export function sayWaiting(seconds: number): string[] {
  if (seconds <= 60) return []
  return [`the log stands still: an entry has waited for ${sayLength(seconds * 1000)}`]
}

function sizeOf(checkpoint: string): number {
  try {
    return parseCheckpoint(parseNote(checkpoint).text).size
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    // What is wrong with it is a finding of the verifier.
    return 0
  }
}

/** The entries as far as they are there: what is missing or cannot be read ends them. */
async function* readEntries(size: number, readTile: ReadTile): AsyncGenerator<Uint8Array> {
  for (let index = 0; index * tileWidth < size; index++) {
    const width = Math.min(tileWidth, size - index * tileWidth)
    const bytes =
      (await readTile({ level: 'entries', index, width })) ??
      (width < tileWidth ? await readTile({ level: 'entries', index, width: tileWidth }) : null)
    if (!bytes) return
    const entries = decode(bytes).slice(0, width)
    yield* entries
    if (entries.length < width) return
  }
}

function decode(bytes: Uint8Array): Uint8Array[] {
  try {
    return decodeBundle(bytes)
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return []
  }
}

function toFinding({ code, place, says }: LogFinding) {
  return { place: `${sayPlace(place)}: ${code}`, says }
}

function sayPlace(place: Place): string {
  if ('entries' in place) {
    const [first, last] = place.entries
    return first === last ? `entry ${first}` : `entries ${first} to ${last}`
  }
  if ('checkpoint' in place) return `checkpoint of ${place.checkpoint}`
  if ('position' in place) return 'checkpoint'
  if ('earlier' in place) return `--earlier ${place.earlier + 1}`
  return 'tile' in place ? place.tile : place.log
}
