import type { Checkpoint } from './checkpoint.ts'
import { noteDifferences, reportDifferences, type Differences } from './differences.ts'
import { collectFindings, type Findings, type LogFinding } from './finding.ts'
import { hashLeaf, sha256, type Hash, type Sha256 } from './hash.ts'
import { readCheckpoints, type History } from './history.ts'
import { checkTiles, type TileCheck } from './tile-check.ts'
import { formatTilePath, tileWidth, type ReadTile } from './tiles.ts'
import { advance, compare, startTrack, type Track } from './track.ts'

/** A log to be verified by its entries, by its tiles, or better by both. */
export interface LogToVerify extends History {
  entries?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
  tiles?: ReadTile
  sha256?: Sha256
}

export interface LogReport {
  /** Empty when all of it was read and holds. */
  findings: LogFinding[]
  /** The greatest size that entries and tiles both reach with the signed root. */
  verified: number
}

/**
 * Verifies a whole log. It reads each entry and tile once, in order, and keeps two frontiers, so
 * that a log of any size fits. What it throws is what its inputs throw: a log that could not be
 * read is not verified.
 */
export async function verifyLog(log: LogToVerify): Promise<LogReport> {
  const findings = collectFindings()
  const walk = startWalk(log, findings)
  try {
    let believed = 0
    for await (const checkpoint of readCheckpoints(log, findings)) {
      await walk.to(checkpoint)
      believed++
    }
    if (believed > 0) await walk.end()
    return { findings: findings.list(log.origin), verified: walk.verified() }
  } finally {
    await walk.close()
  }
}

interface Walk {
  to: (checkpoint: Checkpoint) => Promise<void>
  end: () => Promise<void>
  verified: () => number
  close: () => Promise<void>
}

function startWalk(log: LogToVerify, findings: Findings): Walk {
  const hash = log.sha256 ?? sha256
  const entries = log.entries ? startEntries(log.entries, hash) : null
  const tiles = log.tiles ? startTiles(checkTiles(log.tiles, findings, hash)) : null
  const sources: Source[] = [entries, tiles].filter((one) => one !== null)
  const differences: Differences = []

  async function walkTo(size: number): Promise<void> {
    let from = Math.max(0, ...sources.map((source) => source.track.frontier.size))
    while (from < size && sources.some((source) => !source.ended)) {
      const to = Math.min(size, (Math.floor(from / tileWidth) + 1) * tileWidth)
      const told = entries ? await pull(entries, from, to, hash) : []
      const kept = tiles ? await pull(tiles, from, to, hash) : []
      noteDifferences(differences, from, told, kept)
      from = to
    }
  }

  return {
    async to(checkpoint) {
      await walkTo(checkpoint.size)
      for (const { track } of sources) compare(track, checkpoint, findings, hash)
    },
    async end() {
      if (sources.length === 0) addNothing(findings, log.origin)
      if (tiles && !tiles.ended) await tiles.check.finish()
      if (entries && !entries.ended) await reportUnsigned(entries, findings)
      if (entries && tiles) reportDifferences(differences, entries.track, tiles.track, findings)
      if (entries) reportEntries(entries.track, tiles ? differences : [], findings)
      if (tiles) reportTiles(tiles.track, entries ? differences : [], findings)
    },
    verified: () =>
      sources.length === 0 ? 0 : Math.min(...sources.map((source) => source.track.matched)),
    close: async () => entries?.close(),
  }
}

/** Where leaf hashes come from; once it ended, nothing after the gap can be placed. */
interface Source {
  track: Track
  ended: boolean
  read: (from: number, to: number) => Promise<Hash[]>
}

async function pull(source: Source, from: number, to: number, hash: Sha256): Promise<Hash[]> {
  if (source.ended) return []
  const leaves = await source.read(from, to)
  source.ended = leaves.length < to - from
  advance(source.track, leaves, hash)
  return leaves
}

function startEntries(
  entries: NonNullable<LogToVerify['entries']>,
  hash: Sha256,
): Source & { close: () => Promise<void> } {
  const iterator =
    Symbol.asyncIterator in entries ? entries[Symbol.asyncIterator]() : entries[Symbol.iterator]()
  const read = async (from: number, to: number) => {
    const leaves: Hash[] = []
    while (leaves.length < to - from) {
      const next = await iterator.next()
      if (next.done) break
      leaves.push(hashLeaf(next.value, hash))
    }
    return leaves
  }
  const close = async () => void (await iterator.return?.())
  return { track: startTrack(), ended: false, read, close }
}

function startTiles(check: TileCheck): Source & { check: TileCheck } {
  return { track: startTrack(), ended: false, read: check.read, check }
}

function addNothing(findings: Findings, origin: string): void {
  const says = 'neither entries nor tiles were given, so only signatures were verified'
  findings.add('no-entries', { log: origin }, says)
}

async function reportUnsigned(entries: Source, findings: Findings): Promise<void> {
  const { size } = entries.track.frontier
  if ((await entries.read(size, size + 1)).length === 0) return
  const says = `no checkpoint speaks for the entries from ${size} on`
  findings.add('entry-unsigned', { entries: [size, size] }, says)
}

/** Where entries and tiles differ within what is disputed, the exact place is reported already. */
function isLocated({ matched, disputed }: Track, differences: Differences): boolean {
  return differences.some(({ first, last }) => last >= matched && first < disputed!.first)
}

function reportEntries(track: Track, differences: Differences, findings: Findings): void {
  const { matched, disputed } = track
  if (!disputed || isLocated(track, differences)) return
  const says =
    `among the entries ${matched} to ${disputed.first - 1} some are not what the checkpoint of ` +
    `${disputed.first} signed: edited, removed, added or reordered, or the log was signed anew`
  findings.add('entry-changed', { entries: [matched, disputed.first - 1] }, says)
}

function reportTiles(track: Track, differences: Differences, findings: Findings): void {
  const { matched, disputed } = track
  if (!disputed || isLocated(track, differences)) return
  const tile = formatTilePath({
    level: 0,
    index: Math.floor(matched / tileWidth),
    width: tileWidth,
  })
  const says = `from ${tile} on, the tiles have not the root that the checkpoint of ${disputed.first} signed`
  findings.add('tile-changed', { tile }, says)
}
